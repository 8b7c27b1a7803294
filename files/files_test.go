package files_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"pushcall/files"
	"pushcall/internal/filestest"
)

// expectFile checks the end of a file that from sends to to, on both sides.
func expectFile(t *testing.T, from, to *side, number int, state files.State, why files.Why) {
	t.Helper()
	for _, f := range []files.File{from.file(true, number), to.file(false, number)} {
		if f.State != state || f.Why != why || state == files.Done && f.Moved != f.Size {
			t.Errorf("file %+v, want state %d, why %d", f, state, why)
		}
	}
}

func TestFile(t *testing.T) {
	for _, size := range []int64{0, 1, files.PieceSize - 1, files.PieceSize, files.PieceSize + 1, 40*files.PieceSize + 5} {
		talking(t, func(t *testing.T, p *pair, alice, bob *side) {
			source, sink := &filestest.Source{Title: "../\u202ephoto.jpg", Octets: size}, &filestest.Sink{}
			alice.offers(source)
			wait(time.Second)
			expectFile(t, alice, bob, 1, files.Offered, files.NoWhy)
			if f := bob.file(false, 1); f.Name != "photo.jpg" || f.Size != size || f.Mine {
				t.Errorf("offered %+v", f)
			}
			bob.accepts(1, sink)
			wait(5 * time.Second)
			expectFile(t, alice, bob, 1, files.Done, files.NoWhy)
			if !sink.Has(source) {
				t.Errorf("%d octets are not what was sent", size)
			}
			if len(alice.drops)+len(bob.drops) > 0 {
				t.Errorf("dropped %v %v", alice.drops, bob.drops)
			}
		})
	}
}

func TestFilesBothWays(t *testing.T) {
	talking(t, func(t *testing.T, p *pair, alice, bob *side) {
		var sources []*filestest.Source
		var sinks []*filestest.Sink
		for i := range 5 {
			source := &filestest.Source{Title: "a", Octets: int64(i*20) * files.PieceSize, Seed: byte(i)}
			sources, sinks = append(sources, source), append(sinks, &filestest.Sink{}, &filestest.Sink{})
			alice.offers(source)
			bob.offers(source)
		}
		wait(time.Second)
		for i := range 5 {
			bob.accepts(i+1, sinks[2*i])
			alice.accepts(i+1, sinks[2*i+1])
		}
		wait(time.Second)
		if f := alice.file(true, 3); f.State != files.Moving || f.Rate == 0 || f.Left == 0 || f.Moved == 0 {
			t.Errorf("a file that moves: %+v", f)
		}
		wait(20 * time.Second)
		for i, source := range sources {
			expectFile(t, alice, bob, i+1, files.Done, files.NoWhy)
			expectFile(t, bob, alice, i+1, files.Done, files.NoWhy)
			if !sinks[2*i].Has(source) || !sinks[2*i+1].Has(source) {
				t.Errorf("file %d is not what was sent", i+1)
			}
		}
	})
}

// A transfer resumes after the path was away, over the same link or another.
func TestFileOutlivesALink(t *testing.T) {
	for name, cut := range map[string]func(p *pair){
		"the path comes back": func(p *pair) {
			p.change(func() { p.cut = true })
			wait(3 * time.Second)
			p.heal()
		},
		"another link": func(p *pair) {
			p.kill()
			wait(3 * time.Second)
			p.relink()
		},
	} {
		t.Run(name, func(t *testing.T) {
			talking(t, func(t *testing.T, p *pair, alice, bob *side) {
				there, back := &filestest.Source{Title: "there", Octets: 100 * files.PieceSize}, &filestest.Source{Title: "back", Octets: 100*files.PieceSize + 1, Seed: 1}
				atBob, atAlice := &filestest.Sink{}, &filestest.Sink{}
				alice.offers(there)
				bob.offers(back)
				wait(time.Second)
				bob.accepts(1, atBob)
				alice.accepts(1, atAlice)
				wait(time.Second)
				before := atBob.Octets()
				cut(p)
				alice.offers(&filestest.Source{Title: "meanwhile", Octets: 1})
				wait(10 * time.Second)
				if before == 0 || before == there.Octets {
					t.Fatalf("cut at %d of %d", before, there.Octets)
				}
				expectFile(t, alice, bob, 1, files.Done, files.NoWhy)
				expectFile(t, bob, alice, 1, files.Done, files.NoWhy)
				expectFile(t, alice, bob, 2, files.Offered, files.NoWhy)
				if !atBob.Has(there) || !atAlice.Has(back) {
					t.Error("what came is not what was sent")
				}
			})
		})
	}
}

// A side that accepts, refuses or cancels a file while there is no link tells the other
// over the next one.
func TestFileDecidedWithoutALink(t *testing.T) {
	talking(t, func(t *testing.T, p *pair, alice, bob *side) {
		for range 3 {
			alice.offers(&filestest.Source{Title: "a", Octets: 100 * files.PieceSize})
		}
		wait(time.Second)
		sink, late := &filestest.Sink{}, &filestest.Sink{}
		bob.accepts(1, sink)
		wait(500 * time.Millisecond)
		p.kill()
		alice.cancels(true, 1)
		bob.cancels(false, 2)
		bob.accepts(3, late)
		p.relink()
		wait(5 * time.Second)
		expectFile(t, alice, bob, 1, files.Cancelled, files.NoWhy)
		expectFile(t, alice, bob, 2, files.Refused, files.NoWhy)
		expectFile(t, alice, bob, 3, files.Done, files.NoWhy)
		if !sink.Aborted() || late.Aborted() {
			t.Error("the sinks are not as they should be")
		}
	})
}

func TestFileEnds(t *testing.T) {
	for _, test := range []struct {
		name  string
		do    func(alice, bob *side)
		state files.State
		why   files.Why
		byBob bool
	}{
		{"refused", func(alice, bob *side) { bob.cancels(false, 1) }, files.Refused, files.NoWhy, true},
		{"withdrawn", func(alice, bob *side) { alice.cancels(true, 1) }, files.Cancelled, files.NoWhy, false},
		{"cancelled by its receiver", func(alice, bob *side) {
			bob.accepts(1, &filestest.Sink{})
			wait(time.Second)
			bob.cancels(false, 1)
		}, files.Cancelled, files.NoWhy, true},
		{"cancelled by its sender", func(alice, bob *side) {
			bob.accepts(1, &filestest.Sink{})
			wait(time.Second)
			alice.cancels(true, 1)
		}, files.Cancelled, files.NoWhy, false},
		{"no room", func(alice, bob *side) { bob.accepts(1, &filestest.Sink{Room: 9 * files.PieceSize}) }, files.Failed, files.WhyRoom, false},
		{"written as something else", func(alice, bob *side) { bob.accepts(1, &filestest.Sink{Spoil: true}) }, files.Failed, files.WhyDamaged, false},
		{"the call ends", func(alice, bob *side) {
			bob.accepts(1, &filestest.Sink{})
			wait(time.Second)
			bob.pair.end()
		}, files.Failed, files.WhyEnded, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			talking(t, func(t *testing.T, p *pair, alice, bob *side) {
				alice.offers(&filestest.Source{Title: "a", Octets: 100 * files.PieceSize})
				wait(time.Second)
				test.do(alice, bob)
				wait(5 * time.Second)
				expectFile(t, alice, bob, 1, test.state, test.why)
				if f := bob.file(false, 1); f.ByMe != test.byBob {
					t.Errorf("by bob: %v", f.ByMe)
				}
				moved := alice.file(true, 1).Moved
				wait(time.Second)
				if alice.file(true, 1).Moved != moved {
					t.Error("it moves on")
				}
			})
		})
	}
}

func TestFileCannotBeRead(t *testing.T) {
	talking(t, func(t *testing.T, p *pair, alice, bob *side) {
		alice.offers(&filestest.Source{Title: "a", Octets: 100 * files.PieceSize, Fails: 50 * files.PieceSize})
		sink := &filestest.Sink{}
		wait(time.Second)
		bob.accepts(1, sink)
		wait(5 * time.Second)
		expectFile(t, alice, bob, 1, files.Failed, files.WhyRead)
		if !sink.Aborted() {
			t.Error("half a file is kept")
		}
	})
}

// A file that has changed since it was offered fails instead of being sent, even if the
// change is known only when its receiver asks for the rest over another link.
func TestFileChanged(t *testing.T) {
	for name, test := range map[string]struct{ size, took int64 }{
		"before it is accepted": {100 * files.PieceSize, 0},
		"empty":                 {0, 0},
		"over another link":     {100 * files.PieceSize, 5 * files.PieceSize},
	} {
		t.Run(name, func(t *testing.T) {
			talking(t, func(t *testing.T, p *pair, alice, bob *side) {
				source, sink := &filestest.Source{Title: "a", Octets: test.size}, &filestest.Sink{}
				alice.offers(source)
				wait(time.Second)
				if test.took > 0 {
					bob.accepts(1, sink)
					wait(time.Second)
				}
				p.change(func() { source.Altered = true })
				if test.took > 0 {
					p.kill()
					p.relink()
				} else {
					bob.accepts(1, sink)
				}
				wait(10 * time.Second)
				expectFile(t, alice, bob, 1, files.Failed, files.WhyRead)
				if !sink.Aborted() || sink.Octets() < test.took {
					t.Errorf("%d octets are kept", sink.Octets())
				}
			})
		})
	}
}

// Without progress both sides report it after 10 s and fail the file after 30 s, unless
// it progresses before.
func TestFileStandsStill(t *testing.T) {
	for name, test := range map[string]struct{ unread, unwritten int64 }{
		"it is never read":       {unread: 1},
		"its rest is never read": {unread: 50 * files.PieceSize},
		"it is never written":    {unwritten: 1},
	} {
		t.Run(name, func(t *testing.T) {
			talking(t, func(t *testing.T, p *pair, alice, bob *side) {
				source := &filestest.Source{Title: "a", Octets: 60 * files.PieceSize, Hangs: test.unread}
				sink, next := &filestest.Sink{Hangs: test.unwritten}, &filestest.Sink{}
				alice.offers(source)
				alice.offers(&filestest.Source{Title: "b", Octets: 90 * files.PieceSize}) // whose turn comes after that
				wait(time.Second)
				bob.accepts(1, sink)
				wait(4 * time.Second)
				bob.accepts(2, next)
				both := func() [2]files.File { return [2]files.File{alice.file(true, 1), bob.file(false, 1)} }
				for _, f := range both() {
					if f.Still > 0 {
						t.Errorf("after 5 s: %+v", f)
					}
				}
				wait(10 * time.Second)
				for _, f := range both() {
					if f.State != files.Moving || f.Still < files.StillTime || f.Still > 15*time.Second {
						t.Errorf("after 15 s: %+v", f)
					}
				}
				wait(40 * time.Second)
				expectFile(t, alice, bob, 1, files.Failed, files.WhyStuck)
				expectFile(t, alice, bob, 2, files.Done, files.NoWhy)
				if !sink.Aborted() || next.Aborted() {
					t.Error("the sinks are not as they should be")
				}
			})
		})
	}
}

// A file that stood still resumes, and the time without a path does not count as
// standing still.
func TestFileResumes(t *testing.T) {
	talking(t, func(t *testing.T, p *pair, alice, bob *side) {
		source, sink := &filestest.Source{Title: "a", Octets: 100 * files.PieceSize, Hangs: 50 * files.PieceSize}, &filestest.Sink{}
		alice.offers(source)
		wait(time.Second)
		bob.accepts(1, sink)
		wait(20 * time.Second)
		p.change(func() { p.cut = true })
		wait(15 * time.Second)
		if f := bob.file(false, 1); f.Still > 0 {
			t.Errorf("without a path: %+v", f)
		}
		p.heal()
		wait(15 * time.Second)
		for _, f := range []files.File{alice.file(true, 1), bob.file(false, 1)} {
			if f.State != files.Moving || f.Still == 0 {
				t.Errorf("it stands still: %+v", f)
			}
		}
		p.change(func() { source.Hangs = 0 })
		wait(time.Second)
		for _, f := range []files.File{alice.file(true, 1), bob.file(false, 1)} {
			if f.State == files.Moving && (f.Still > 0 || f.Rate == 0) {
				t.Errorf("it moves: %+v", f)
			}
		}
		wait(10 * time.Second)
		expectFile(t, alice, bob, 1, files.Done, files.NoWhy)
		if !sink.Has(source) {
			t.Error("what came is not what was sent")
		}
	})
}

// All of many files are offered, at most maxFiles at a time.
func TestFilesAtOnce(t *testing.T) {
	talking(t, func(t *testing.T, p *pair, alice, bob *side) {
		const all = 3*(files.MaxPast+files.MaxFiles) + 50
		for range all {
			alice.offers(&filestest.Source{Title: "a"})
		}
		wait(time.Second)
		if len(alice.files) != files.MaxFiles || len(bob.files) != files.MaxFiles || alice.queue != all-files.MaxFiles {
			t.Errorf("%d files, %d arrived, %d wait", len(alice.files), len(bob.files), alice.queue)
		}
		for n := range all {
			switch n % 4 {
			case 0:
				bob.cancels(false, n+1)
			case 1:
				alice.cancels(true, n+1)
			default:
				bob.accepts(n+1, &filestest.Sink{})
			}
			wait(20 * time.Millisecond)
		}
		wait(time.Second)
		if len(alice.files) != all || len(bob.files) != all || alice.queue != 0 {
			t.Errorf("%d files, %d arrived, %d wait", len(alice.files), len(bob.files), alice.queue)
		}
		for n := range all {
			want := []files.State{files.Refused, files.Cancelled, files.Done, files.Done}[n%4]
			if got := bob.file(false, n+1).State; got != want {
				t.Errorf("file %d is in state %d, want %d", n+1, got, want)
			}
		}
		if n := bob.transfers.Remembered(); n > files.MaxPast+files.MaxFiles {
			t.Errorf("%d files are remembered", n)
		}
		if len(alice.drops)+len(bob.drops) > 0 {
			t.Errorf("dropped %v, %v", alice.drops, bob.drops)
		}
	})
}

// Queued files are offered over the next link, and end with the call.
func TestFilesInQueue(t *testing.T) {
	talking(t, func(t *testing.T, p *pair, alice, bob *side) {
		for range files.MaxFiles + 2 {
			alice.offers(&filestest.Source{Title: "a"})
		}
		wait(time.Second)
		p.kill()
		alice.cancels(true, 1)
		p.relink()
		wait(10 * time.Second)
		if len(bob.files) != files.MaxFiles+1 || alice.queue != 1 {
			t.Errorf("%d files have come, %d wait", len(bob.files), alice.queue)
		}
		p.end()
		wait(time.Second)
		if len(alice.files) != files.MaxFiles+1 || alice.queue != 1 {
			t.Errorf("%d files, and %d were not offered", len(alice.files), alice.queue)
		}
	})
}

// A side that offers more than maxFiles at once gets a refusal with WhyMany.
func TestFilesTooMany(t *testing.T) {
	talking(t, func(t *testing.T, p *pair, alice, bob *side) {
		for n := range files.MaxFiles + 5 {
			alice.says(`{"type":"file","file":` + strconv.Itoa(n+2e15) + `,"name":"a","size":1}`)
		}
		wait(time.Second)
		if len(bob.files) != files.MaxFiles || !bob.dropped(files.ErrTooMany) {
			t.Errorf("%d files have come, dropped %v", len(bob.files), bob.drops)
		}
	})
}

// A signal that does not fit the state of its file changes nothing.
func TestFileSignalsOutOfPlace(t *testing.T) {
	talking(t, func(t *testing.T, p *pair, alice, bob *side) {
		alice.offers(&filestest.Source{Title: "a", Octets: 3 * files.PieceSize})
		wait(time.Second)
		say := func(from *side, text string) {
			number := strconv.Itoa(from.number(from == alice, 1))
			from.says(strings.ReplaceAll(text, `"file":1`, `"file":`+number))
			wait(100 * time.Millisecond)
		}
		for _, text := range []string{
			`{"type":"take","file":2,"at":0}`, `{"type":"take","file":1,"at":1}`, `{"type":"take","file":1,"at":1048576}`,
			`{"type":"got","file":1,"at":0}`, `{"type":"saved","file":1}`, `{"type":"got","file":7,"at":5}`,
			`{"type":"done","file":1,"digest":"` + strings.Repeat("00", 32) + `"}`, `{"type":"file","file":0}`, `{"type":"file","file":1,"size":-1}`,
		} {
			before := len(alice.drops)
			say(bob, text)
			if len(alice.drops) != before+1 {
				t.Errorf("%s is not dropped", text)
			}
		}
		for _, err := range alice.drops {
			if !errors.Is(err, files.ErrState) && !errors.Is(err, files.ErrSignal) {
				t.Errorf("dropped for %v", err)
			}
		}
		expectFile(t, alice, bob, 1, files.Offered, files.NoWhy)
		say(alice, `{"type":"done","file":1,"digest":"`+strings.Repeat("00", 32)+`"}`)
		expectFile(t, alice, bob, 1, files.Offered, files.NoWhy)
		bob.accepts(1, &filestest.Sink{})
		bob.accepts(1, &filestest.Sink{})
		wait(time.Second)
		expectFile(t, alice, bob, 1, files.Done, files.NoWhy)
		say(alice, `{"type":"withdraw","file":1}`)
		say(bob, `{"type":"refuse","file":1}`)
		say(alice, `{"type":"file","file":1,"name":"b","size":5}`) // is said to be saved
		expectFile(t, alice, bob, 1, files.Done, files.NoWhy)
	})
}
