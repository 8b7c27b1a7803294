package app

import (
	"testing"
	"time"

	"pushcall/files"
	"pushcall/internal/filestest"
)

// picture is a file that another program shares.
func picture(name string) files.Source {
	return &testSource{filestest.Source{Title: name, Octets: 5}, ""}
}

// TestSharing offers what was shared to the contact who was chosen, in that call alone.
func TestSharing(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		if err := alice.Sharing.SendTo(t.Context(), bob.identity(), []files.Source{picture("harbour.jpg"), picture("boat.jpg")}); err != nil {
			t.Fatal(err)
		}
		if wait(time.Second); len(bob.view.allFiles()) > 0 {
			t.Error("offered before the answer")
		}
		bob.answer()
		if wait(time.Second); len(bob.view.allFiles()) != 2 || bob.view.file(false).Name != "boat.jpg" {
			t.Errorf("offered %v", bob.view.allFiles())
		}
		alice.Calls.HangUp()
		wait(time.Second)
		alice.talk(bob)
		if wait(time.Second); bob.view.file(false).State == files.Offered {
			t.Errorf("offered again: %v", bob.view.allFiles())
		}
	})
}

// TestSharingFails sends nothing in another call than the one that was made for it.
func TestSharingFails(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		if err := alice.Sharing.SendTo(t.Context(), bob.identity(), []files.Source{picture("harbour.jpg")}); err != nil {
			t.Fatal(err)
		}
		wait(time.Second)
		bob.Calls.Decline(bob.view.last().ID)
		wait(time.Second)
		alice.talk(bob)
		if wait(time.Second); len(bob.view.allFiles()) > 0 {
			t.Errorf("offered after a call that was declined: %v", bob.view.allFiles())
		}
		alice.Calls.HangUp()
		wait(time.Second)
		stranger := w.person("Eve").open()
		if err := alice.Sharing.SendTo(t.Context(), stranger.identity(), []files.Source{picture("harbour.jpg")}); err == nil {
			t.Error("sent to somebody who is no contact")
		}
		wait(time.Second)
		bob.talk(alice)
		if wait(time.Second); len(bob.view.allFiles()) > 0 {
			t.Errorf("offered to another: %v", bob.view.allFiles())
		}
	})
}
