package call

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// waits returns the state of the last call that a user saw waiting.
func (u *user) waitState(t *testing.T, want State) Call {
	t.Helper()
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.waits) == 0 {
		t.Fatalf("%s saw no call wait", u.card.Name)
	}
	c := u.waits[len(u.waits)-1]
	if c.State != want {
		t.Errorf("%s sees the waiting call %v, not %v", u.card.Name, c.State, want)
	}
	return c
}

// TestWaiting has a contact call during a call, which ends in each way.
func TestWaiting(t *testing.T) {
	for name, play := range map[string]func(t *testing.T, w *world, alice, bob, carol *user){
		"ends the call and answers": func(t *testing.T, w *world, alice, bob, carol *user) {
			c := bob.waitState(t, Ringing)
			if !c.Known || c.Name != "my carol" || c.Remote.Identity != carol.card.Identity {
				t.Errorf("bob sees %q, known %v", c.Name, c.Known)
			}
			bob.phone.Answer(c.ID)
			wait(time.Second)
			alice.expect(Ended, HungUp)
			bob.waitState(t, Idle)
			bob.expect(Connected, NoReason)
			carol.expect(Connected, NoReason)
			if got := w.pushed(); got != "offer answer offer waiting answer" {
				t.Errorf("pushed %q", got)
			}
		},
		"declines": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.phone.Decline(bob.waitState(t, Ringing).ID)
			wait(time.Second)
			carol.expect(Ended, Declined)
			bob.waitState(t, Ended)
			if len(bob.missed) != 1 || !bob.missed[0].Declined {
				t.Errorf("bob's list has %v", bob.missed)
			}
		},
		"lets it ring out": func(t *testing.T, w *world, alice, bob, carol *user) {
			wait(RingTime)
			carol.expect(Ended, NoAnswer)
			bob.waitState(t, Ended)
			if len(bob.missed) != 1 || bob.missed[0].Declined {
				t.Errorf("bob's list has %v", bob.missed)
			}
		},
		"the caller gives up": func(t *testing.T, w *world, alice, bob, carol *user) {
			carol.phone.HangUp()
			wait(time.Second)
			carol.expect(Ended, Cancelled)
			bob.waitState(t, Ended)
			if len(bob.missed) != 1 {
				t.Errorf("bob's list has %v", bob.missed)
			}
		},
		"the friend hangs up, so that it rings": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.auto = false
			id := bob.waitState(t, Ringing).ID
			alice.phone.HangUp()
			wait(time.Second)
			bob.waitState(t, Idle)
			bob.expect(Ringing, NoReason)
			if bob.last().ID != id || carol.last().Waits {
				t.Errorf("another call rings, or carol is still told of another: %v", carol.last().Waits)
			}
			carol.expect(Ringing, NoReason)
			bob.phone.Answer(id)
			wait(time.Second)
			carol.expect(Connected, NoReason)
			alice.expect(Ended, HungUp)
		},
		"the person hangs up and calls the other": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.phone.HangUp()
			bob.phone.Dial(carol.card)
			wait(time.Second)
			carol.expect(Connected, NoReason)
			bob.expect(Connected, NoReason)
			if got := w.pushed(); got != "offer answer offer waiting answer" {
				t.Errorf("pushed %q", got)
			}
		},
		"a second waits for nothing": func(t *testing.T, w *world, alice, bob, carol *user) {
			dave := w.user("dave")
			bob.knows(dave)
			dave.phone.Dial(bob.card)
			wait(time.Second)
			dave.expect(Ended, Busy)
			bob.waitState(t, Ringing)
		},
		"the caller calls anew after a crash": func(t *testing.T, w *world, alice, bob, carol *user) {
			before := bob.waitState(t, Ringing).ID
			carol.renew()
			carol.phone.Dial(bob.card)
			wait(time.Second)
			if now := bob.waitState(t, Ringing).ID; now == before {
				t.Error("the call that is lost still waits")
			}
			bob.phone.Answer(bob.waitState(t, Ringing).ID)
			wait(time.Second)
			carol.expect(Connected, NoReason)
			bob.expect(Connected, NoReason)
		},
		"the page goes away, so that it rings at the next": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.phone.Leave()
			wait(100 * time.Millisecond)
			bob.waitState(t, Idle)
			carol.expect(Ringing, NoReason)
			if len(bob.missed) != 0 {
				t.Errorf("bob's list has %v", bob.missed)
			}
		},
		"another tab takes the line": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.phone.HandOver()
			wait(time.Second)
			bob.waitState(t, Idle)
			carol.expect(Ringing, NoReason)
			alice.expect(Ended, HungUp)
		},
		"it is blocked meanwhile": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.note(func() { bob.contacts[carol.card.Identity] = Contact{Card: carol.card, Blocked: true} })
			alice.phone.HangUp()
			wait(time.Second)
			bob.expect(Ended, HungUp)
			bob.waitState(t, Ended)
		},
		"somebody else decides": func(t *testing.T, w *world, alice, bob, carol *user) {
			id := bob.waitState(t, Ringing).ID
			w.bring(alice, bob, signaling.Message{Type: signaling.Cancel, Call: id})
			bob.waitState(t, Ringing)
			bob.phone.Answer(signaling.NewCallID())
			bob.phone.Decline(signaling.NewCallID())
			wait(time.Second)
			bob.waitState(t, Ringing)
			alice.expect(Connected, NoReason)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob, carol := w.user("alice"), w.user("bob"), w.user("carol")
				alice.phone.Dial(bob.card)
				wait(time.Second)
				bob.contacts[carol.card.Identity] = Contact{Card: carol.card, Name: "my carol"}
				bob.early = true
				carol.phone.Dial(bob.card)
				wait(time.Second)
				alice.expect(Connected, NoReason)
				bob.expect(Connected, NoReason)
				carol.expect(Ringing, NoReason)
				if !carol.last().Waits {
					t.Error("carol is not told of the other call")
				}
				play(t, w, alice, bob, carol)
			})
		})
	}
}

// TestWaitingWhileConnecting has a contact call while the answered call has no path yet.
func TestWaitingWhileConnecting(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob, carol := w.user("alice"), w.user("bob"), w.user("carol")
		bob.knows(carol)
		w.cut = true
		alice.phone.Dial(bob.card)
		wait(time.Second)
		bob.expect(Connecting, NoReason)
		carol.phone.Dial(bob.card)
		wait(time.Second)
		w.cut = false
		bob.phone.Answer(bob.waitState(t, Ringing).ID)
		wait(time.Second)
		bob.expect(Connected, NoReason)
		carol.expect(Connected, NoReason)
		alice.expect(Ended, Declined)
	})
}

// TestWaitingRefused has calls during a call that do not wait: they are busy, and missed.
func TestWaitingRefused(t *testing.T) {
	for name, prepare := range map[string]func(alice, bob, carol *user){
		"a stranger's":              func(alice, bob, carol *user) {},
		"while a contact's rings":   func(alice, bob, carol *user) { bob.auto = false; bob.knows(alice, carol) },
		"while the own call rings":  func(alice, bob, carol *user) { alice.auto = false; bob.knows(carol) },
		"beyond the bound of rings": func(alice, bob, carol *user) { bob.knows(carol) },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob, carol := w.user("alice"), w.user("bob"), w.user("carol")
				prepare(alice, bob, carol)
				if name == "while the own call rings" {
					bob.phone.Dial(alice.card)
				} else {
					alice.phone.Dial(bob.card)
				}
				wait(time.Second)
				if name == "beyond the bound of rings" {
					for range contactRings {
						carol.phone.Dial(bob.card)
						wait(100 * time.Millisecond)
						carol.phone.HangUp()
						wait(100 * time.Millisecond)
					}
				}
				shown := len(bob.waits)
				carol.phone.Dial(bob.card)
				wait(time.Second)
				if len(bob.waits) != shown {
					t.Error("it is shown")
				}
				if carol.last().State == Ringing || !bob.missedFrom(carol) {
					t.Errorf("carol sees %v", carol.last().State)
				}
			})
		})
	}
}

// TestWaitingUntold loses the message that tells the caller: they call on.
func TestWaitingUntold(t *testing.T) {
	for _, why := range []error{ErrUndelivered, webpush.ErrGone, &BusyError{time.Minute}} {
		inWorld(t, func(t *testing.T, w *world) {
			alice, bob, carol := w.user("alice"), w.user("bob"), w.user("carol")
			alice.phone.Dial(bob.card)
			wait(time.Second)
			bob.knows(carol)
			bob.fail = turnedAway(signaling.Waiting, 1, why)
			carol.phone.Dial(bob.card)
			wait(time.Second)
			carol.expect(Dialing, NoReason)
			if !slices.ContainsFunc(bob.drops, func(err error) bool { return errors.Is(err, why) }) {
				t.Errorf("bob logs %v", bob.drops)
			}
			bob.phone.Answer(bob.waitState(t, Ringing).ID)
			wait(time.Second)
			carol.expect(Connected, NoReason)
		})
	}
}

// TestWaitingBeforeBye has the caller of a waiting call send another offer while the bye of
// the call before has not arrived: one call rings, and its caller can cancel it.
func TestWaitingBeforeBye(t *testing.T) {
	another := func(w *world, bob, carol *user, waiting signaling.CallID) {
		w.bring(carol, bob, signaling.Message{Type: signaling.Offer, Call: signaling.NewCallID()})
	}
	for name, play := range map[string]func(w *world, bob, carol *user, waiting signaling.CallID){
		"calls anew after a crash": another,
		"calls anew after a crash, and is answered before": func(w *world, bob, carol *user, waiting signaling.CallID) {
			bob.phone.Answer(waiting)
			another(w, bob, carol, waiting)
		},
		"calls anew after a crash while a stranger's call rings": func(w *world, bob, carol *user, waiting signaling.CallID) {
			w.bring(w.user("mallory"), bob, signaling.Message{Type: signaling.Offer, Call: signaling.NewCallID()})
			another(w, bob, carol, waiting)
		},
		"offers again in the same call": func(w *world, bob, carol *user, waiting signaling.CallID) {
			w.bring(carol, bob, signaling.Message{Type: signaling.Offer, Call: waiting, Round: 1})
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob, carol := w.user("alice"), w.user("bob"), w.user("carol")
				alice.phone.Dial(bob.card)
				wait(time.Second)
				bob.knows(carol)
				bob.auto = false
				carol.phone.Dial(bob.card)
				wait(time.Second)
				waiting := bob.waitState(t, Ringing).ID
				w.change(func() { w.cut = true })
				bob.phone.HangUp()
				wait(byeTime / 4)
				play(w, bob, carol, waiting)
				wait(byeTime)
				w.heal()
				bob.expect(Ringing, NoReason)
				last := bob.last()
				if last.Remote.Identity != carol.card.Identity {
					t.Errorf("%s rings", last.Remote.Name)
				}
				w.bring(carol, bob, signaling.Message{Type: signaling.Cancel, Call: last.ID})
				bob.expect(Ended, Cancelled)
				bob.mu.Lock()
				defer bob.mu.Unlock()
				if state := bob.waits[len(bob.waits)-1].State; state == Ringing {
					t.Error("a call waits still")
				}
			})
		})
	}
}
