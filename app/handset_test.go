package app

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pushcall/call"
	"pushcall/internal/filestest"
)

// TestHandset keeps the screen of each side on until the call ends, whoever ends it and
// how, and vibrates only where a person is asked, until they have decided.
func TestHandset(t *testing.T) {
	for name, c := range map[string]struct {
		do     func(alice, bob *tab)
		callee []string
	}{
		"answered":  {func(alice, bob *tab) { bob.answer(); bob.Calls.HangUp() }, []string{"not vibrating", "not awake"}},
		"declined":  {func(alice, bob *tab) { bob.Calls.Decline(bob.view.last().ID) }, []string{"not awake", "not vibrating"}},
		"cancelled": {func(alice, bob *tab) { alice.Calls.HangUp() }, []string{"not awake", "not vibrating"}},
		"no answer": {func(alice, bob *tab) { wait(time.Minute) }, []string{"not awake", "not vibrating"}},
		"to another tab": {func(alice, bob *tab) {
			other := bob.open()
			other.UseHere()
			wait(time.Second)
			if got := other.handset; !slices.Equal(got, []string{"awake", "vibrating"}) {
				t.Errorf("the tab that has the line has its device %q", got)
			}
			alice.Calls.HangUp()
		}, []string{"not awake", "not vibrating"}},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, w *world) {
				alice, bob := w.friends("Alice", "Bob")
				alice.dial(bob)
				c.do(alice, bob)
				wait(time.Second)
				if want := []string{"awake", "not awake"}; !slices.Equal(alice.handset, want) {
					t.Errorf("the caller's device was told %q, want %q", alice.handset, want)
				}
				if want := append([]string{"awake", "vibrating"}, c.callee...); !slices.Equal(bob.handset, want) {
					t.Errorf("the callee's device was told %q, want %q", bob.handset, want)
				}
			})
		})
	}
}

// TestHandsetUnreachable lets the screen of a caller go dark whose call reaches nobody.
func TestHandsetUnreachable(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		w.change(func() { w.carry = func(push) error { return errors.New("test: no network") } })
		alice.dial(bob)
		wait(2 * time.Minute)
		alice.expect(call.Ended)
		if want := []string{"awake", "not awake"}; !slices.Equal(alice.handset, want) {
			t.Errorf("the caller's device was told %q, want %q", alice.handset, want)
		}
	})
}

// TestAskBeforeLeaving asks before a page is left that has a call, from when it is dialed
// or taken, until it ends; and while a file is being saved after that. A page where a
// call only rings may be left: it rings on.
func TestAskBeforeLeaving(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		asks := func(caller, callee bool, when string) {
			t.Helper()
			if alice.asksToLeave != caller || bob.asksToLeave != callee {
				t.Errorf("%s: the caller's page asks %v, the callee's %v", when, alice.asksToLeave, bob.asksToLeave)
			}
		}
		asks(false, false, "at rest")
		alice.dial(bob)
		asks(true, false, "it rings")
		bob.Calls.Decline(bob.view.last().ID)
		wait(time.Second)
		asks(false, false, "declined")
		alice.talk(bob)
		asks(true, true, "connected")
		alice.Files.SendFile(&testSource{filestest.Source{Title: "photo", Octets: 1000}, ""})
		wait(time.Second)
		disk := make(chan struct{})
		bob.disk = disk
		if err := bob.Files.AcceptFile(t.Context(), bob.view.file(false).File, false); err != nil {
			t.Fatal(err)
		}
		wait(time.Second)
		bob.Calls.HangUp()
		wait(time.Second)
		asks(false, true, "a file is saved after the call")
		close(disk)
		wait(time.Second)
		asks(false, false, "the file is saved")
		alice.talk(bob)
		asks(true, true, "connected anew")
		alice.crash()
		wait(time.Minute)
		bob.expect(call.Ended)
		asks(false, false, "the caller's page has crashed")
	})
}
