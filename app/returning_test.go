package app

import (
	"testing"
	"time"

	"pushcall/call"
	"pushcall/webpush"
)

// TestReturn has a page that comes back soon offer to return to its call, however the
// page before was lost, and not to a call that a person has ended.
func TestReturn(t *testing.T) {
	for name, c := range map[string]struct {
		lose   func(alice, bob *tab)
		after  time.Duration
		offers bool
	}{
		"reload":              {func(alice, bob *tab) { alice.close() }, time.Second, true},
		"a crash":             {func(alice, bob *tab) { alice.crash() }, returnTime - time.Second, true},
		"a crash, long ago":   {func(alice, bob *tab) { alice.crash() }, returnTime + aliveEvery + time.Second, false},
		"hung up":             {func(alice, bob *tab) { alice.Calls.HangUp(); wait(time.Second); alice.close() }, 0, false},
		"the friend hung up":  {func(alice, bob *tab) { bob.Calls.HangUp(); wait(time.Second); alice.crash() }, 0, false},
		"the friend has left": {func(alice, bob *tab) { bob.close(); wait(time.Minute); alice.crash() }, 0, false},
		"a long call":         {func(alice, bob *tab) { wait(time.Hour); alice.crash() }, time.Second, true},
		"the full disk": {func(alice, bob *tab) {
			alice.store.change(func() { alice.store.full = true })
			wait(time.Minute)
			alice.crash()
		}, 0, false},
		"a note of another version":   {func(alice, bob *tab) { alice.crash(); alice.store.settings[settingTalking] = "Bob, now" }, 0, false},
		"a note without a time":       {func(alice, bob *tab) { alice.crash(); alice.store.settings[settingTalking] = bob.identity().String() }, 0, false},
		"a call that only rang":       {func(alice, bob *tab) { alice.Calls.HangUp(); wait(time.Second); alice.dial(bob); alice.close() }, 0, false},
		"while the path was lost too": {func(alice, bob *tab) { bob.crash(); wait(5 * time.Second); alice.close() }, time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, w *world) {
				alice, bob := w.friends("Alice", "Bob")
				alice.talk(bob)
				c.lose(alice, bob)
				wait(c.after)
				back := alice.person.open()
				want := webpush.PublicKey{}
				if c.offers {
					want = bob.identity()
				}
				if back.view.back != want {
					t.Fatalf("offers %v, want %v", back.view.back, want)
				}
				wait(offerTime)
				if !back.view.back.IsZero() {
					t.Error("the offer stands for ever")
				}
			})
		})
	}
}

// TestReturnOnce offers it once, and the call is back by one press and one answer. The
// friend knows that the page was closed.
func TestReturnOnce(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.talk(bob)
		alice.close()
		wait(time.Second)
		if c := bob.view.last(); c.State != call.Ended || c.Reason != call.HungUp || c.Err != call.ErrLeft {
			t.Errorf("the friend sees %v, %v, %v", c.State, c.Reason, c.Err)
		}
		alice = alice.person.open()
		alice.talk(bob)
		alice.Calls.HangUp()
		wait(time.Second)
		if c := bob.view.last(); c.Err != nil {
			t.Errorf("the friend sees %v of a call that was hung up", c.Err)
		}
		alice.crash()
		if again := alice.person.open(); !again.view.back.IsZero() {
			t.Error("offers to return to a call that was hung up")
		}
	})
}

// TestReturnInAnotherTab offers it in the tab that takes the line from one in a call.
func TestReturnInAnotherTab(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		other := alice.person.open()
		alice.talk(bob)
		other.UseHere()
		wait(time.Second)
		if other.view.back != bob.identity() || !alice.view.back.IsZero() {
			t.Errorf("offers %v there, %v here", other.view.back, alice.view.back)
		}
	})
}
