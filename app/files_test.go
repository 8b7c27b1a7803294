package app

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pushcall/files"
	"pushcall/internal/filestest"
)

// TestFiles saves files that have come one after another, and shows the pictures.
func TestFiles(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.talk(bob)
		for i := range 3 {
			alice.Files.SendFile(&testSource{filestest.Source{Title: fmt.Sprintf("%d.png", i), Octets: 1000}, "blob:mine"})
		}
		wait(time.Second)
		for key, f := range bob.view.allFiles() {
			if key.mine || f.State != files.Offered {
				t.Fatalf("Bob sees %+v", f)
			}
			if err := bob.Files.AcceptFile(t.Context(), f.File, false); err != nil {
				t.Fatal(err)
			}
		}
		wait(5 * time.Second)
		var saved []time.Time
		for _, s := range bob.sinks {
			saved = append(saved, s.saved...)
		}
		slices.SortFunc(saved, time.Time.Compare)
		if len(saved) != 3 {
			t.Fatalf("%d downloads: %+v", len(saved), bob.view.files)
		}
		for i := 1; i < len(saved); i++ {
			if d := saved[i].Sub(saved[i-1]); d < saveEvery {
				t.Errorf("two downloads within %v", d)
			}
		}
		f := bob.view.file(false)
		if !f.saves || f.State != files.Done || len(bob.view.pictures) != 3 || len(alice.view.pictures) != 3 {
			t.Errorf("Bob sees %+v, %v; Alice %v", f, bob.view.pictures, alice.view.pictures)
		}
		if err := bob.Files.SaveFile(t.Context(), f.Number); err != nil {
			t.Error(err)
		}
		if err := bob.Files.SaveFile(t.Context(), 77); err != nil { // of no file
			t.Error(err)
		}
		n := 0
		for _, s := range bob.sinks {
			n += len(s.saved)
		}
		if n != 4 {
			t.Errorf("%d downloads after one more press", n)
		}
		alice.Calls.HangUp()
		wait(time.Second)
		if err := bob.Files.SaveFile(t.Context(), f.Number); err != nil || bob.Files.sink(f.Number) == nil {
			t.Error("a file of the call cannot be saved after it")
		}
		alice.talk(bob)
		if bob.Files.sink(f.Number) != nil {
			t.Error("a file of the call before can be saved in the next")
		}
	})
}

// TestPictureBeforeItIsSent shows a picture to its sender once it is offered, and to its
// receiver when it has come.
func TestPictureBeforeItIsSent(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.talk(bob)
		for i, source := range []*testSource{{filestest.Source{Title: "a.png", Octets: 9}, "blob:a"}, {filestest.Source{Title: "b.txt", Octets: 9}, ""}} {
			alice.Files.SendFile(source)
			wait(time.Second)
			if got := alice.view.pictures; len(got) != 1 || got[0] != "blob:a" || len(bob.view.pictures) != 0 {
				t.Errorf("after file %d: Alice sees %v, Bob %v", i, got, bob.view.pictures)
			}
		}
		alice.Files.CancelFile(true, alice.view.file(true).Number)
		wait(time.Second)
		if len(alice.view.pictures) != 1 {
			t.Errorf("after the end: %v", alice.view.pictures)
		}
	})
}

// TestFileChosen saves no file whose place the person has chosen.
func TestFileChosen(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.talk(bob)
		alice.Files.SendFile(&testSource{filestest.Source{Title: "film", Octets: 65 << 20}, ""})
		wait(time.Second)
		if err := bob.Files.AcceptFile(t.Context(), bob.view.file(false).File, true); err != nil {
			t.Fatal(err)
		}
		wait(time.Minute)
		f := bob.view.file(false)
		if f.State != files.Done || f.saves || len(bob.sinks[0].saved) != 0 || len(alice.view.pictures) != 0 {
			t.Errorf("%+v, saved %v", f, bob.sinks[0].saved)
		}
		if err := bob.Files.SaveFile(t.Context(), f.Number); err != nil || len(bob.sinks[0].saved) != 0 {
			t.Errorf("saved %v: %v", bob.sinks[0].saved, err)
		}
	})
}

// TestFileRefused accepts nothing without room, and cancels.
func TestFileRefused(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.talk(bob)
		alice.Files.SendFile(&testSource{filestest.Source{Title: "all", Octets: 1 << 41}, ""})
		wait(time.Second)
		f := bob.view.file(false)
		if err := bob.Files.AcceptFile(t.Context(), f.File, false); !errors.Is(err, errFull) {
			t.Errorf("%v", err)
		}
		bob.Files.CancelFile(false, f.Number)
		wait(time.Second)
		if got := alice.view.file(true).State; got != files.Refused {
			t.Errorf("Alice sees %v", got)
		}
	})
}
