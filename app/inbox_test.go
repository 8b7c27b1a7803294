package app

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/webpush"
)

// TestInboxRingsInNextTab has an offer that came while no tab was open ring in the one
// that opens, and in that which opens when this one is closed.
func TestInboxRingsInNextTab(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		bob.close()
		alice.dial(bob)
		alice.expect(call.Dialing)
		bob = bob.person.open()
		bob.expect(call.Ringing)
		if len(bob.store.inbox) != 1 {
			t.Errorf("the inbox has %v while it rings", bob.store.inbox)
		}
		bob.close()
		bob = bob.person.open()
		bob.expect(call.Ringing)
		bob.answer()
		alice.expect(call.Connected)
		if wait(time.Second); len(bob.store.inbox) != 0 {
			t.Errorf("the inbox has %v after the answer", bob.store.inbox)
		}
	})
}

// TestInboxCancelled reads an offer and its end together: nothing rings, and the call
// is missed.
func TestInboxCancelled(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		bob.close()
		alice.dial(bob)
		alice.Calls.HangUp()
		wait(time.Second)
		slices.Reverse(bob.store.inbox) // push services may reorder
		bob = bob.person.open()
		wait(time.Second)
		if bob.view.last().State == call.Ringing || len(bob.view.records) != 1 || !bob.view.records[0].Missed {
			t.Errorf("Bob sees %v, and the calls %+v", bob.view.last().State, bob.view.records)
		}
		if len(bob.store.inbox) != 0 {
			t.Errorf("the inbox has %v", bob.store.inbox)
		}
	})
}

// TestInboxAnswered has a page go away right after the answer, before it has deleted the
// offer: the call rings on no other page, though the push service repeats the offer. A
// caller who notices the crash offers anew, which rings, and is answered once, too.
func TestInboxAnswered(t *testing.T) {
	for name, leave := range map[string]func(*tab){"closed": (*tab).close, "crashed": (*tab).crash} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, w *world) {
				alice, bob := w.friends("Alice", "Bob")
				alice.dial(bob)
				for round := range 2 {
					bob.expect(call.Ringing)
					var offer Arrival
					bob.store.change(func() { bob.store.writes["PutCall"], offer = 0, bob.store.inbox[0] })
					receiver := bob.Line.Card().Subscription.UAPublic
					bob.Calls.Answer(bob.view.last().ID)
					for written := 0; written == 0; bob.store.change(func() { written = bob.store.writes["PutCall"] }) {
						wait(storeTime / 10)
					}
					leave(bob)
					if !slices.Contains(bob.store.inbox, offer) {
						t.Fatal("the offer is deleted by now")
					}
					bob = bob.person.open()
					bob.person.receive([]byte(offer.Payload), receiver)
					wait(time.Second)
					if records := bob.view.records; bob.view.last().State != call.Idle || len(records) != 1 || records[0].Missed {
						t.Fatalf("round %d: Bob sees %v, and the calls %+v", round, bob.view.last().State, records)
					}
					if len(bob.store.inbox) != 0 {
						t.Errorf("the inbox has %v", bob.store.inbox)
					}
					if name == "closed" {
						alice.expect(call.Ended)
						return
					}
					wait(5 * time.Second)
				}
			})
		})
	}
}

// TestInboxClicks has the person answer and decline by the notification, before the
// page is there and while it is.
func TestInboxClicks(t *testing.T) {
	for _, c := range []struct {
		click string
		open  bool
		state call.State
	}{{ClickAnswer, false, call.Connected}, {ClickDecline, false, call.Ended}, {ClickAnswer, true, call.Connected}, {ClickDecline, true, call.Ended}, {"dance", true, call.Ringing}} {
		run(t, func(t *testing.T, w *world) {
			alice, bob := w.friends("Alice", "Bob")
			if !c.open {
				bob.close()
			}
			alice.dial(bob)
			bob.click(c.click, alice.view.last().ID)
			bob.click(c.click, signaling.CallID{1}) // of no call
			if !c.open {
				bob.person.open()
			}
			wait(time.Second)
			alice.expect(c.state)
		})
	}
}

// TestInboxFull has a call ring though the disk is full, and another tab too.
func TestInboxFull(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		bob.store.change(func() { bob.store.full = true })
		alice.dial(bob)
		bob.expect(call.Ringing)
		bob.answer()
		alice.Conversations.SendText("hello")
		wait(time.Second)
		if got := bob.view.read(); !slices.Equal(got, []string{"hello"}) {
			t.Errorf("Bob reads %q", got)
		}
		bob.Calls.HangUp()
		wait(time.Second)
		alice.expect(call.Ended)
	})
}

// TestInboxFullElsewhere has a call ring that came to the tab that waits for the line,
// while there is no room for it in the inbox.
func TestInboxFullElsewhere(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		second := bob.person.open()
		bob.store.change(func() { bob.store.full = true })
		alice.dial(bob)
		second.UseHere()
		wait(time.Second)
		second.expect(call.Ringing)
		second.answer()
		alice.expect(call.Connected)
	})
}

// TestInboxFails reads the inbox anew with the next message, where it could not be read.
func TestInboxFails(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		broken := errors.New("test: cannot be read")
		bob.store.change(func() {
			bob.store.fails = func(operation string) error {
				if operation == "Inbox" {
					return broken
				}
				return nil
			}
		})
		alice.dial(bob)
		bob.expect(call.Ringing) // it was pushed to the tab, too
		bob.store.change(func() { bob.store.fails = nil })
		alice.Calls.HangUp()
		wait(time.Second)
		bob.expect(call.Ended)
		if wait(time.Second); len(bob.store.inbox) != 0 {
			t.Errorf("the inbox has %v", bob.store.inbox)
		}
		if !slices.Contains(bob.logs, broken) {
			t.Errorf("logged %v", bob.logs)
		}
	})
}

// TestInboxFlood has thousands of useless messages keep no call away, and leaves none
// of them in the store.
func TestInboxFlood(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		for i := range 2000 {
			payload := []byte(`{"type":"offer","call":"AAAAAAAAAAAAAAAA"}`)
			switch i % 3 {
			case 0: // stored
				bob.receive(payload, bob.Line.Card().Subscription.UAPublic)
			case 1: // there is no room for it
				bob.tell(Arrival{Payload: string(payload)}, bob.Line.Card().Subscription.UAPublic)
			case 2: // of no receiver
				bob.tell(Arrival{Payload: string(payload)}, webpush.PublicKey{})
			}
		}
		alice.dial(bob)
		bob.expect(call.Ringing)
		bob.store.change(func() {
			if len(bob.store.inbox) != 1 {
				t.Errorf("the inbox has %d messages", len(bob.store.inbox))
			}
		})
	})
}

// TestInboxOnce gives the phone each message once, though it is pushed to the tab and
// stored; a message for another subscription is read from the store.
func TestInboxOnce(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		before := len(bob.logs)
		alice.talk(bob)
		alice.Calls.HangUp()
		wait(time.Second)
		if drops := bob.logs[before:]; len(drops) != 0 {
			t.Errorf("logged %v", drops)
		}
		x := &Arrival{Key: 900, Payload: "not a message"}
		bob.Deliver(*x, alice.Line.Card().Subscription.UAPublic) // for somebody else: it is left to the store, which has none
		wait(time.Second)
		if drops := bob.logs[before:]; len(drops) != 0 {
			t.Errorf("logged %v", drops)
		}
		bob.Deliver(*x, bob.Line.Card().Subscription.UAPublic)
		if wait(time.Second); len(bob.logs) != before+1 {
			t.Errorf("logged %v", bob.logs[before:])
		}
	})
}

// TestInboxRank puts what ends calls first, what the person decided last.
func TestInboxRank(t *testing.T) {
	for text, want := range map[string]int{`{"type":"cancel"}`: 0, `{"type":"offer"}`: 1, `{`: 0, "": 2} {
		if got := parseArrival(Arrival{Payload: text}).rank(); got != want {
			t.Errorf("%q has rank %d, want %d", text, got, want)
		}
	}
}
