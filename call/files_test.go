package call

import (
	"testing"
	"time"

	"pushcall/files"
	"pushcall/internal/filestest"
)

// talking runs f with two connected users in a world.
func talking(t *testing.T, f func(t *testing.T, w *world, alice, bob *user)) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.expect(Connected, NoReason)
		f(t, w, alice, bob)
	})
}

// expectFile checks the end of a file that from sends to to, on both sides.
func expectFile(t *testing.T, from, to *user, number int, state files.State, why files.Why) {
	t.Helper()
	for _, f := range []files.File{from.file(true, number), to.file(false, number)} {
		if f.State != state || f.Why != why || state == files.Done && f.Moved != f.Size {
			t.Errorf("file %+v, want state %d, why %d", f, state, why)
		}
	}
}

func TestFile(t *testing.T) {
	for _, size := range []int64{0, 1, files.PieceSize - 1, files.PieceSize, files.PieceSize + 1, 40*files.PieceSize + 5} {
		talking(t, func(t *testing.T, w *world, alice, bob *user) {
			source, sink := &filestest.Source{Title: "../\u202ephoto.jpg", Octets: size}, &filestest.Sink{}
			alice.phone.SendFile(source)
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

// A transfer resumes after the path was away, over the same link or another.
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
				there, back := &filestest.Source{Title: "there", Octets: 100 * files.PieceSize}, &filestest.Source{Title: "back", Octets: 100*files.PieceSize + 1, Seed: 1}
				atBob, atAlice := &filestest.Sink{}, &filestest.Sink{}
				alice.phone.SendFile(there)
				bob.phone.SendFile(back)
				wait(time.Second)
				bob.accepts(1, atBob)
				alice.accepts(1, atAlice)
				wait(time.Second)
				before := atBob.Octets()
				cut(w)
				alice.phone.SendFile(&filestest.Source{Title: "meanwhile", Octets: 1})
				wait(10 * time.Second)
				alice.expect(Connected, NoReason)
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
	talking(t, func(t *testing.T, w *world, alice, bob *user) {
		for range 3 {
			alice.phone.SendFile(&filestest.Source{Title: "a", Octets: 100 * files.PieceSize})
		}
		wait(time.Second)
		sink, late := &filestest.Sink{}, &filestest.Sink{}
		bob.accepts(1, sink)
		wait(500 * time.Millisecond)
		w.kill()
		wait(quietTime + 100*time.Millisecond)
		alice.cancels(true, 1)
		bob.cancels(false, 2)
		bob.accepts(3, late)
		wait(5 * time.Second)
		expectFile(t, alice, bob, 1, files.Cancelled, files.NoWhy)
		expectFile(t, alice, bob, 2, files.Refused, files.NoWhy)
		expectFile(t, alice, bob, 3, files.Done, files.NoWhy)
		if !sink.Aborted() || late.Aborted() {
			t.Error("the sinks are not as they should be")
		}
	})
}

// Offered, moving and queued files end with the call.
func TestFilesEndWithTheCall(t *testing.T) {
	talking(t, func(t *testing.T, w *world, alice, bob *user) {
		for range 105 { // more than are offered at once
			alice.phone.SendFile(&filestest.Source{Title: "a", Octets: 100 * files.PieceSize})
		}
		wait(time.Second)
		sink := &filestest.Sink{}
		bob.accepts(1, sink)
		wait(time.Second)
		bob.phone.HangUp()
		wait(5 * time.Second)
		expectFile(t, alice, bob, 1, files.Failed, files.WhyEnded)
		expectFile(t, alice, bob, 2, files.Failed, files.WhyEnded)
		if f := bob.file(false, 1); f.ByMe || !sink.Aborted() {
			t.Errorf("%+v, aborted: %v", f, sink.Aborted())
		}
		if n := len(alice.files); n != 100 || len(bob.files) != n || alice.queue != 5 {
			t.Errorf("%d files, %d have come, %d were not offered", n, len(bob.files), alice.queue)
		}
	})
}

// Signals about files are dropped before the callee's person has answered.
func TestFilesNotBeforeTheAnswer(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		bob.auto = false
		bob.knows(alice)
		alice.phone.Dial(bob.card)
		wait(time.Second)
		bob.expect(Ringing, NoReason)
		alice.phone.SendFile(&filestest.Source{Title: "a"})
		wait(time.Second)
		_ = alice.phone.session.link.peer.Send(`{"type":"file","file":1,"name":"a","size":1}`)
		wait(time.Second)
		if len(bob.files) > 0 || !bob.dropped(ErrEarly) {
			t.Errorf("files %v, dropped %v", bob.files, bob.drops)
		}
	})
}

// A receiver whose page was closed during a transfer is asked anew when the call resumes,
// and receives the file from its start.
func TestFileForAnotherPage(t *testing.T) {
	talking(t, func(t *testing.T, w *world, alice, bob *user) {
		source, sink := &filestest.Source{Title: "a", Octets: 100 * files.PieceSize}, &filestest.Sink{}
		alice.phone.SendFile(source)
		wait(time.Second)
		bob.accepts(1, &filestest.Sink{})
		wait(time.Second)
		if f := alice.file(true, 1); f.State != files.Moving || f.Moved == 0 {
			t.Fatalf("it does not move: %+v", f)
		}
		w.kill()
		bob.renew()
		bob.note(func() { bob.calls, bob.files = nil, nil }) // a browser that crashed has taken no note
		wait(10 * time.Second)
		alice.expect(Connected, NoReason)
		expectFile(t, alice, bob, 1, files.Offered, files.NoWhy)
		bob.accepts(1, sink)
		wait(10 * time.Second)
		expectFile(t, alice, bob, 1, files.Done, files.NoWhy)
		if !sink.Has(source) {
			t.Error("what came is not what was sent")
		}
	})
}
