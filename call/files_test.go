package call

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"
)

// talking has two people talk in a world.
func talking(t *testing.T, f func(t *testing.T, w *world, alice, bob *user)) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.expect(Connected, NoReason)
		f(t, w, alice, bob)
	})
}

// expectFile checks what became of a file that from sends to to, on both sides.
func expectFile(t *testing.T, from, to *user, number int, state FileState, why Why) {
	t.Helper()
	for _, f := range []File{from.file(true, number), to.file(false, number)} {
		if f.State != state || f.Why != why || state == FileDone && f.Moved != f.Size {
			t.Errorf("file %+v, want state %d, why %d", f, state, why)
		}
	}
}

func TestFile(t *testing.T) {
	for _, size := range []int64{0, 1, FilePiece - 1, FilePiece, FilePiece + 1, 40*FilePiece + 5} {
		talking(t, func(t *testing.T, w *world, alice, bob *user) {
			source, sink := &testSource{name: "../\u202ephoto.jpg", size: size}, &testSink{}
			alice.phone.SendFile(source)
			wait(time.Second)
			expectFile(t, alice, bob, 1, FileOffered, NoWhy)
			if f := bob.file(false, 1); f.Name != "photo.jpg" || f.Size != size || f.Mine {
				t.Errorf("offered %+v", f)
			}
			bob.accepts(1, sink)
			wait(5 * time.Second)
			expectFile(t, alice, bob, 1, FileDone, NoWhy)
			if !sink.has(source) {
				t.Errorf("%d octets are not what was sent", size)
			}
			if len(alice.drops)+len(bob.drops) > 0 {
				t.Errorf("dropped %v %v", alice.drops, bob.drops)
			}
		})
	}
}

func TestFilesBothWays(t *testing.T) {
	talking(t, func(t *testing.T, w *world, alice, bob *user) {
		var sources []*testSource
		var sinks []*testSink
		for i := range 5 {
			source := &testSource{name: "a", size: int64(i*20) * FilePiece, seed: byte(i)}
			sources, sinks = append(sources, source), append(sinks, &testSink{}, &testSink{})
			alice.phone.SendFile(source)
			bob.phone.SendFile(source)
		}
		wait(time.Second)
		for i := range 5 {
			bob.accepts(i+1, sinks[2*i])
			alice.accepts(i+1, sinks[2*i+1])
		}
		wait(time.Second)
		if f := alice.file(true, 3); f.State != FileMoving || f.Rate == 0 || f.Left == 0 || f.Moved == 0 {
			t.Errorf("a file that moves: %+v", f)
		}
		wait(20 * time.Second)
		for i, source := range sources {
			expectFile(t, alice, bob, i+1, FileDone, NoWhy)
			expectFile(t, bob, alice, i+1, FileDone, NoWhy)
			if !sinks[2*i].has(source) || !sinks[2*i+1].has(source) {
				t.Errorf("file %d is not what was sent", i+1)
			}
		}
	})
}

// A file goes on where it was, over the same link or another.
func TestFileOutlivesALink(t *testing.T) {
	for name, cut := range map[string]func(w *world){
		"the path comes back": func(w *world) {
			w.change(func() { w.cut = true })
			wait(quietTime + 200*time.Millisecond)
			w.heal()
		},
		"another link": (*world).kill,
	} {
		t.Run(name, func(t *testing.T) {
			talking(t, func(t *testing.T, w *world, alice, bob *user) {
				there, back := &testSource{name: "there", size: 100 * FilePiece}, &testSource{name: "back", size: 100*FilePiece + 1, seed: 1}
				atBob, atAlice := &testSink{}, &testSink{}
				alice.phone.SendFile(there)
				bob.phone.SendFile(back)
				wait(time.Second)
				bob.accepts(1, atBob)
				alice.accepts(1, atAlice)
				wait(time.Second)
				before := atBob.size
				cut(w)
				alice.phone.SendFile(&testSource{name: "meanwhile", size: 1})
				wait(10 * time.Second)
				alice.expect(Connected, NoReason)
				if before == 0 || before == there.size {
					t.Fatalf("cut at %d of %d", before, there.size)
				}
				expectFile(t, alice, bob, 1, FileDone, NoWhy)
				expectFile(t, bob, alice, 1, FileDone, NoWhy)
				expectFile(t, alice, bob, 2, FileOffered, NoWhy)
				if !atBob.has(there) || !atAlice.has(back) {
					t.Error("what came is not what was sent")
				}
			})
		})
	}
}

// What one decides while there is no link is known over the next.
func TestFileDecidedWithoutALink(t *testing.T) {
	talking(t, func(t *testing.T, w *world, alice, bob *user) {
		for range 3 {
			alice.phone.SendFile(&testSource{name: "a", size: 100 * FilePiece})
		}
		wait(time.Second)
		sink, late := &testSink{}, &testSink{}
		bob.accepts(1, sink)
		wait(500 * time.Millisecond)
		w.kill()
		wait(quietTime + 100*time.Millisecond)
		alice.cancels(true, 1)
		bob.cancels(false, 2)
		bob.accepts(3, late)
		wait(5 * time.Second)
		expectFile(t, alice, bob, 1, FileCancelled, NoWhy)
		expectFile(t, alice, bob, 2, FileRefused, NoWhy)
		expectFile(t, alice, bob, 3, FileDone, NoWhy)
		if !sink.aborted || late.aborted {
			t.Error("the sinks are not as they should be")
		}
	})
}

func TestFileEnds(t *testing.T) {
	for _, test := range []struct {
		name  string
		do    func(alice, bob *user)
		state FileState
		why   Why
		byBob bool
	}{
		{"refused", func(alice, bob *user) { bob.cancels(false, 1) }, FileRefused, NoWhy, true},
		{"withdrawn", func(alice, bob *user) { alice.cancels(true, 1) }, FileCancelled, NoWhy, false},
		{"cancelled by its receiver", func(alice, bob *user) {
			bob.accepts(1, &testSink{})
			wait(time.Second)
			bob.cancels(false, 1)
		}, FileCancelled, NoWhy, true},
		{"cancelled by its sender", func(alice, bob *user) {
			bob.accepts(1, &testSink{})
			wait(time.Second)
			alice.cancels(true, 1)
		}, FileCancelled, NoWhy, false},
		{"no room", func(alice, bob *user) { bob.accepts(1, &testSink{room: 9 * FilePiece}) }, FileFailed, WhyRoom, false},
		{"written as something else", func(alice, bob *user) { bob.accepts(1, &testSink{spoil: true}) }, FileFailed, WhyDamaged, false},
		{"hang up", func(alice, bob *user) {
			bob.accepts(1, &testSink{})
			wait(time.Second)
			bob.phone.HangUp()
		}, FileFailed, WhyEnded, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			talking(t, func(t *testing.T, w *world, alice, bob *user) {
				alice.phone.SendFile(&testSource{name: "a", size: 100 * FilePiece})
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
	talking(t, func(t *testing.T, w *world, alice, bob *user) {
		alice.phone.SendFile(&testSource{name: "a", size: 100 * FilePiece, fails: 50 * FilePiece})
		sink := &testSink{}
		wait(time.Second)
		bob.accepts(1, sink)
		wait(5 * time.Second)
		expectFile(t, alice, bob, 1, FileFailed, WhyRead)
		if !sink.aborted {
			t.Error("half a file is kept")
		}
	})
}

// What is known to be another file than was offered is not sent, be it only known
// when its receiver wants the rest over another link.
func TestFileChanged(t *testing.T) {
	for name, test := range map[string]struct{ size, took int64 }{
		"before it is accepted": {100 * FilePiece, 0},
		"empty":                 {0, 0},
		"over another link":     {100 * FilePiece, 5 * FilePiece},
	} {
		t.Run(name, func(t *testing.T) {
			talking(t, func(t *testing.T, w *world, alice, bob *user) {
				source, sink := &testSource{name: "a", size: test.size}, &testSink{}
				alice.phone.SendFile(source)
				wait(time.Second)
				if test.took > 0 {
					bob.accepts(1, sink)
					wait(time.Second)
				}
				w.change(func() { source.changed = true })
				if test.took > 0 {
					w.kill()
				} else {
					bob.accepts(1, sink)
				}
				wait(10 * time.Second)
				expectFile(t, alice, bob, 1, FileFailed, WhyRead)
				if !sink.aborted || sink.size < test.took {
					t.Errorf("%d octets are kept", sink.size)
				}
			})
		})
	}
}

// Both sides tell after 10 s that a file does not move, and end it after 30 s, or
// it goes on.
func TestFileStandsStill(t *testing.T) {
	for name, test := range map[string]struct{ unread, unwritten int64 }{
		"it is never read":       {unread: 1},
		"its rest is never read": {unread: 50 * FilePiece},
		"it is never written":    {unwritten: 1},
	} {
		t.Run(name, func(t *testing.T) {
			talking(t, func(t *testing.T, w *world, alice, bob *user) {
				source := &testSource{name: "a", size: 60 * FilePiece, hangs: test.unread}
				sink, next := &testSink{hangs: test.unwritten}, &testSink{}
				alice.phone.SendFile(source)
				alice.phone.SendFile(&testSource{name: "b", size: 90 * FilePiece}) // whose turn comes after that
				wait(time.Second)
				bob.accepts(1, sink)
				wait(4 * time.Second)
				bob.accepts(2, next)
				both := func() [2]File { return [2]File{alice.file(true, 1), bob.file(false, 1)} }
				for _, f := range both() {
					if f.Still > 0 {
						t.Errorf("after 5 s: %+v", f)
					}
				}
				wait(10 * time.Second)
				for _, f := range both() {
					if f.State != FileMoving || f.Still < fileStill || f.Still > 15*time.Second {
						t.Errorf("after 15 s: %+v", f)
					}
				}
				wait(40 * time.Second)
				expectFile(t, alice, bob, 1, FileFailed, WhyStuck)
				expectFile(t, alice, bob, 2, FileDone, NoWhy)
				if !sink.aborted || next.aborted {
					t.Error("the sinks are not as they should be")
				}
			})
		})
	}
}

// A file that stood still goes on, and what it stood still for while the path
// was lost does not count.
func TestFileGoesOn(t *testing.T) {
	talking(t, func(t *testing.T, w *world, alice, bob *user) {
		source, sink := &testSource{name: "a", size: 100 * FilePiece, hangs: 50 * FilePiece}, &testSink{}
		alice.phone.SendFile(source)
		wait(time.Second)
		bob.accepts(1, sink)
		wait(20 * time.Second)
		w.change(func() { w.cut = true })
		wait(15 * time.Second)
		if f := bob.file(false, 1); f.Still > 0 {
			t.Errorf("without a path: %+v", f)
		}
		w.heal()
		wait(15 * time.Second)
		for _, f := range []File{alice.file(true, 1), bob.file(false, 1)} {
			if f.State != FileMoving || f.Still == 0 {
				t.Errorf("it stands still: %+v", f)
			}
		}
		w.change(func() { source.hangs = 0 })
		wait(time.Second)
		for _, f := range []File{alice.file(true, 1), bob.file(false, 1)} {
			if f.State == FileMoving && (f.Still > 0 || f.Rate == 0) {
				t.Errorf("it moves: %+v", f)
			}
		}
		wait(10 * time.Second)
		expectFile(t, alice, bob, 1, FileDone, NoWhy)
		if !sink.has(source) {
			t.Error("what came is not what was sent")
		}
	})
}

// Of many files each is offered, as many at once as may be.
func TestFilesAtOnce(t *testing.T) {
	talking(t, func(t *testing.T, w *world, alice, bob *user) {
		const all = 3*(maxPast+maxFiles) + 50
		for range all {
			alice.phone.SendFile(&testSource{name: "a"})
		}
		wait(time.Second)
		if len(alice.files) != maxFiles || len(bob.files) != maxFiles || alice.queue != all-maxFiles {
			t.Errorf("%d files, %d arrived, %d wait", len(alice.files), len(bob.files), alice.queue)
		}
		for n := range all {
			switch n % 4 {
			case 0:
				bob.cancels(false, n+1)
			case 1:
				alice.cancels(true, n+1)
			default:
				bob.accepts(n+1, &testSink{})
			}
			wait(20 * time.Millisecond)
		}
		wait(time.Second)
		if len(alice.files) != all || len(bob.files) != all || alice.queue != 0 {
			t.Errorf("%d files, %d arrived, %d wait", len(alice.files), len(bob.files), alice.queue)
		}
		for n := range all {
			want := []FileState{FileRefused, FileCancelled, FileDone, FileDone}[n%4]
			if got := bob.file(false, n+1).State; got != want {
				t.Errorf("file %d is in state %d, want %d", n+1, got, want)
			}
		}
		if n := len(bob.phone.session.files.theirs.byNumber); n > maxPast+maxFiles {
			t.Errorf("%d files are remembered", n)
		}
		if len(alice.drops)+len(bob.drops) > 0 {
			t.Errorf("dropped %v, %v", alice.drops, bob.drops)
		}
	})
}

// What waits to be offered goes over the next link, and ends with the call.
func TestFilesInQueue(t *testing.T) {
	talking(t, func(t *testing.T, w *world, alice, bob *user) {
		for range maxFiles + 2 {
			alice.phone.SendFile(&testSource{name: "a"})
		}
		wait(time.Second)
		w.kill()
		wait(quietTime + 100*time.Millisecond)
		alice.cancels(true, 1)
		wait(10 * time.Second)
		alice.expect(Connected, NoReason)
		if len(bob.files) != maxFiles+1 || alice.queue != 1 {
			t.Errorf("%d files have come, %d wait", len(bob.files), alice.queue)
		}
		alice.phone.HangUp()
		wait(time.Second)
		if len(alice.files) != maxFiles+1 || alice.queue != 1 {
			t.Errorf("%d files, and %d were not offered", len(alice.files), alice.queue)
		}
	})
}

// Who offers more at once than that is told.
func TestFilesTooMany(t *testing.T) {
	talking(t, func(t *testing.T, w *world, alice, bob *user) {
		for n := range maxFiles + 5 {
			_ = alice.phone.session.link.peer.Send(`{"type":"file","file":` + strconv.Itoa(n+2e15) + `,"name":"a","size":1}`)
		}
		wait(time.Second)
		if len(bob.files) != maxFiles || !bob.dropped(ErrManyFiles) {
			t.Errorf("%d files have come, dropped %v", len(bob.files), bob.drops)
		}
	})
}

// What does not fit into the state of a file changes nothing.
func TestFileSignalsOutOfPlace(t *testing.T) {
	talking(t, func(t *testing.T, w *world, alice, bob *user) {
		alice.phone.SendFile(&testSource{name: "a", size: 3 * FilePiece})
		wait(time.Second)
		say := func(from *user, text string) {
			number := strconv.Itoa(from.number(from == alice, 1))
			_ = from.phone.session.link.peer.Send(strings.ReplaceAll(text, `"file":1`, `"file":`+number))
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
			if !errors.Is(err, ErrFileSignal) && !errors.Is(err, ErrSignal) {
				t.Errorf("dropped for %v", err)
			}
		}
		expectFile(t, alice, bob, 1, FileOffered, NoWhy)
		say(alice, `{"type":"done","file":1,"digest":"`+strings.Repeat("00", 32)+`"}`)
		expectFile(t, alice, bob, 1, FileOffered, NoWhy)
		bob.accepts(1, &testSink{})
		bob.accepts(1, &testSink{})
		wait(time.Second)
		expectFile(t, alice, bob, 1, FileDone, NoWhy)
		say(alice, `{"type":"withdraw","file":1}`)
		say(bob, `{"type":"refuse","file":1}`)
		say(alice, `{"type":"file","file":1,"name":"b","size":5}`) // is said to be saved
		expectFile(t, alice, bob, 1, FileDone, NoWhy)
	})
}

// Nothing about files is taken before the callee's person has answered.
func TestFilesNotBeforeTheAnswer(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		bob.auto = false
		bob.knows(alice)
		alice.phone.Dial(bob.card)
		wait(time.Second)
		bob.expect(Ringing, NoReason)
		alice.phone.SendFile(&testSource{name: "a"})
		wait(time.Second)
		_ = alice.phone.session.link.peer.Send(`{"type":"file","file":1,"name":"a","size":1}`)
		wait(time.Second)
		if len(bob.files) > 0 || !bob.dropped(ErrEarly) {
			t.Errorf("files %v, dropped %v", bob.files, bob.drops)
		}
	})
}

func TestMeter(t *testing.T) {
	var m meter
	now := time.Unix(0, 0)
	m.begin(100, now)
	if m.value() != 0 || m.left(1) != 0 {
		t.Error("there is a rate before anything was measured")
	}
	total := int64(100)
	for range 60 {
		now, total = now.Add(time.Second/2), total+500
		m.measure(total, now)
		if v := m.value(); v < 999 || v > 1001 {
			t.Fatalf("rate %v of 1000 in a second", v)
		}
	}
	if left := m.left(5000).Round(time.Millisecond); left != 5*time.Second {
		t.Errorf("left %v", left)
	}
	for range 6 {
		now = now.Add(time.Second)
		m.measure(total, now)
	}
	if v := m.value(); v < 200 || v > 300 {
		t.Errorf("after 6 s of nothing the rate is %v", v)
	}
	if m.left(1<<50) != 0 {
		t.Error("more than a hundred hours are told")
	}
}

// Whose page was closed in the middle is asked anew when the call goes on, and
// gets all of the file.
func TestFileForAnotherPage(t *testing.T) {
	talking(t, func(t *testing.T, w *world, alice, bob *user) {
		source, sink := &testSource{name: "a", size: 100 * FilePiece}, &testSink{}
		alice.phone.SendFile(source)
		wait(time.Second)
		bob.accepts(1, &testSink{})
		wait(time.Second)
		if f := alice.file(true, 1); f.State != FileMoving || f.Moved == 0 {
			t.Fatalf("it does not move: %+v", f)
		}
		w.kill()
		bob.renew()
		bob.note(func() { bob.calls, bob.files = nil, nil }) // a browser that crashed has taken no note
		wait(10 * time.Second)
		alice.expect(Connected, NoReason)
		expectFile(t, alice, bob, 1, FileOffered, NoWhy)
		bob.accepts(1, sink)
		wait(10 * time.Second)
		expectFile(t, alice, bob, 1, FileDone, NoWhy)
		if !sink.has(source) {
			t.Error("what came is not what was sent")
		}
	})
}
