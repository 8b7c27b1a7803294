package app

import (
	"slices"
	"testing"
	"time"

	"pushcall/call"
	"pushcall/phonebook"
)

// thirdCalls has a contact call somebody who is in a call, and returns all three.
func thirdCalls(t *testing.T, w *world) (alice, bob, carol *tab) {
	t.Helper()
	alice, bob = w.friends("Alice", "Bob")
	carol = w.person("Carol").open()
	carol.ready()
	carol.knows(bob)
	bob.knows(carol)
	alice.talk(bob)
	for _, x := range []*tab{alice, bob} {
		x.view.played()
	}
	carol.dial(bob)
	bob.expect(call.Connected)
	if c := bob.view.waits(); c.State != call.Ringing || c.Name != "my Carol" || c.Remote.Identity != carol.identity() {
		t.Fatalf("Bob sees %q %v", c.Name, c.State)
	}
	if c := carol.view.last(); c.State != call.Ringing || !c.Waits {
		t.Errorf("Carol sees %v, waits %v", c.State, c.Waits)
	}
	bob.hears("Carol calls", WaitingTone)
	return alice, bob, carol
}

func TestWaitingAnswered(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob, carol := thirdCalls(t, w)
		bob.Studio.SetSource(Camera, true)
		bob.Studio.SetSource(Microphone, false)
		wait(time.Second)
		bob.Calls.Answer(bob.view.waits().ID)
		wait(2 * time.Second)
		alice.expect(call.Ended)
		bob.expect(call.Connected)
		carol.expect(call.Connected)
		if got := bob.view.waits().State; got != call.Idle {
			t.Errorf("Bob still sees it %v", got)
		}
		if len(bob.opened(Microphone)) != 1 || !bob.opened(Microphone)[0].enabled || len(bob.opened(Camera)) != 0 {
			t.Error("the call begins with the devices of the one before")
		}
		if got := bob.view.records; len(got) != 2 || got[0].Identity != carol.identity() || got[0].Missed || got[1].Missed {
			t.Errorf("Bob's list has %v", got)
		}
		if got := bob.view.played(); got[len(got)-1] != Silence {
			t.Errorf("Bob hears %v", got)
		}
	})
}

func TestWaitingEnds(t *testing.T) {
	for name, c := range map[string]struct {
		end    func(alice, bob, carol *tab)
		caller call.Reason
		missed bool
	}{
		"declined": {func(_, bob, _ *tab) { bob.Calls.Decline(bob.view.waits().ID) }, call.Declined, false},
		"rung out": {func(_, _, _ *tab) { wait(call.RingTime) }, call.NoAnswer, true},
		"given up": {func(_, _, carol *tab) { carol.Calls.HangUp() }, call.Cancelled, true},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, w *world) {
				alice, bob, carol := thirdCalls(t, w)
				bob.look(false)
				c.end(alice, bob, carol)
				wait(time.Second)
				alice.expect(call.Connected)
				if got := carol.view.last(); got.State != call.Ended || got.Reason != c.caller {
					t.Errorf("Carol sees %v, %v", got.State, got.Reason)
				}
				if got := bob.view.waits(); got.State != call.Ended {
					t.Errorf("Bob sees %v", got.State)
				}
				i := slices.IndexFunc(bob.view.records, func(r phonebook.Record) bool { return r.Identity == carol.identity() })
				if i < 0 || bob.view.records[i].Missed != c.missed {
					t.Errorf("Bob's list has %v", bob.view.records)
				}
				if got := slices.Contains(bob.missed, "my Carol"); got != c.missed {
					t.Errorf("Bob is notified of %v", bob.missed)
				}
				bob.hears(name, Silence)
				if len(bob.store.inbox) != 0 {
					t.Errorf("the inbox keeps %v", bob.store.inbox)
				}
			})
		})
	}
}

// TestWaitingRingsAfterwards ends the call that the other waits for: by its friend, and by
// another tab, which finds the offer in the inbox.
func TestWaitingRingsAfterwards(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob, carol := thirdCalls(t, w)
		alice.Calls.HangUp()
		wait(time.Second)
		bob.expect(call.Ringing)
		bob.hears("Alice has hung up", EndTone, RingTone)
		second := bob.person.open()
		second.UseHere()
		wait(time.Second)
		second.expect(call.Ringing)
		second.answer()
		carol.expect(call.Connected)
	})
	run(t, func(t *testing.T, w *world) {
		_, bob, carol := thirdCalls(t, w)
		second := bob.person.open()
		second.UseHere()
		wait(time.Second)
		second.expect(call.Ringing)
		if len(bob.view.records) != 1 {
			t.Errorf("it is listed: %v", bob.view.records)
		}
		second.answer()
		carol.expect(call.Connected)
	})
	run(t, func(t *testing.T, w *world) { // the page is reloaded
		_, bob, carol := thirdCalls(t, w)
		bob.close()
		again := bob.person.open()
		wait(time.Second)
		again.expect(call.Ringing)
		again.answer()
		carol.expect(call.Connected)
	})
}

// TestAnswerByNotification answers and opens the microphone.
func TestAnswerByNotification(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.dial(bob)
		bob.click(ClickAnswer, bob.view.last().ID)
		wait(time.Second)
		alice.expect(call.Connected)
		if len(bob.opened(Microphone)) != 1 {
			t.Error("Bob is not heard")
		}
	})
	run(t, func(t *testing.T, w *world) {
		alice, bob, carol := thirdCalls(t, w)
		bob.click(ClickAnswer, bob.view.waits().ID)
		wait(2 * time.Second)
		alice.expect(call.Ended)
		carol.expect(call.Connected)
		if len(bob.opened(Microphone)) != 1 {
			t.Error("Bob is not heard")
		}
	})
}

// TestMutedWhileBothCall mutes before a friend's call takes the place of one's own.
func TestMutedWhileBothCall(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		for _, x := range []*tab{alice, bob} {
			friend := map[*tab]*tab{alice: bob, bob: alice}[x]
			if err := x.Calls.CallContact(x.ctx, friend.identity(), false); err != nil {
				t.Fatal(err)
			}
			x.Studio.SetSource(Microphone, false)
		}
		wait(2 * time.Second)
		for _, x := range []*tab{alice, bob} {
			x.expect(call.Connected)
			if x.view.sending[Microphone].On {
				t.Errorf("%s is heard, and was muted", x.name)
			}
		}
	})
}
