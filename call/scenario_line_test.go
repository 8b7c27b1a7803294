package call

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pushcall/signaling"
)

// dropped reports whether a user's phone has dropped a message with an error.
func (u *user) dropped(reason error) bool {
	return slices.ContainsFunc(u.drops, func(err error) bool { return errors.Is(err, reason) })
}

// missedFrom reports whether a user has missed a call of a friend.
func (u *user) missedFrom(friend *user) bool {
	return slices.ContainsFunc(u.missed, func(m Missed) bool { return m.Identity == friend.card.Identity })
}

// renew gives a user a new phone, as a page that is opened again has it.
func (u *user) renew() {
	u.phone.Close()
	u.note(func() { u.phone = newPhone(u.config()) })
	u.world.t.Cleanup(u.phone.Close)
}

// seal returns a message that one user has pushed to another some time ago.
func (w *world) seal(from, to *user, m signaling.Message, age time.Duration) []byte {
	m.Time = time.Now().Add(-age)
	if m.Type == signaling.Offer {
		m.Card = &from.card
		m.Description = &signaling.Description{ICEUfrag: "ufrag", ICEPwd: "passwordpasswordpassword"}
	}
	payload, err := m.Seal(context.Background(), from.signer, to.card.Subscription.UAPublic)
	if err != nil {
		w.t.Fatal(err)
	}
	return payload
}

func TestLine(t *testing.T) {
	for name, play := range map[string]func(t *testing.T, w *world, alice, bob, carol *user){
		"a blocked contact does not ring": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.contacts[alice.card.Identity] = Contact{Card: alice.card, Blocked: true}
			alice.phone.Dial(bob.card)
			wait(time.Second)
			bob.expect(Idle, NoReason)
			if !bob.dropped(ErrBlocked) || w.pushed() != "offer" {
				t.Errorf("dropped %v, pushed %q", bob.drops, w.pushed())
			}
		},
		"an unknown caller gets no early connection": func(t *testing.T, w *world, alice, bob, carol *user) {
			alice.phone.Dial(bob.card)
			wait(5 * time.Second)
			bob.expect(Ringing, NoReason)
			alice.expect(Dialing, NoReason)
			if w.pushed() != "offer" || bob.peers != 0 {
				t.Errorf("pushed %q, made %d peers", w.pushed(), bob.peers)
			}
		},
		"early connections are off": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.knows(alice)
			bob.early = false
			alice.phone.Dial(bob.card)
			wait(5 * time.Second)
			alice.expect(Dialing, NoReason)
			bob.phone.Answer(bob.last().ID)
			wait(time.Second)
			alice.expect(Connected, NoReason)
			if w.pushed() != "offer answer" || bob.peers != 1 {
				t.Errorf("pushed %q, made %d peers", w.pushed(), bob.peers)
			}
		},
		"an early connection takes two pushes": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.knows(alice)
			alice.phone.Dial(bob.card)
			wait(5 * time.Second)
			alice.expect(Ringing, NoReason)
			bob.phone.Answer(bob.last().ID)
			wait(time.Second)
			alice.expect(Connected, NoReason)
			if w.pushed() != "offer ringing" {
				t.Errorf("pushed %q", w.pushed())
			}
		},
		"giving up is heard over a path that is dead, unnoticed": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.knows(alice)
			alice.phone.Dial(bob.card)
			wait(5 * time.Second)
			bob.expect(Ringing, NoReason)
			w.kill()
			alice.phone.HangUp()
			wait(2 * byeTime)
			alice.expect(Ended, Cancelled)
			bob.expect(Ended, Cancelled)
			if w.pushed() != "offer ringing cancel" {
				t.Errorf("pushed %q", w.pushed())
			}
		},
		"a call during another is missed": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.auto = true
			alice.phone.Dial(bob.card)
			wait(time.Second)
			carol.phone.Dial(bob.card)
			wait(time.Second)
			carol.expect(Ended, Busy)
			bob.expect(Connected, NoReason)
			if !bob.missedFrom(carol) {
				t.Error("it is not listed")
			}
		},
		"a stale offer is missed": func(t *testing.T, w *world, alice, bob, carol *user) {
			m := signaling.Message{Type: signaling.Offer, Call: signaling.NewCallID()}
			bob.phone.Deliver(w.seal(alice, bob, m, time.Hour))
			wait(time.Second)
			bob.expect(Idle, NoReason)
			if !bob.dropped(signaling.ErrStale) || !bob.missedFrom(alice) {
				t.Errorf("dropped %v, missed %v", bob.drops, bob.missed)
			}
		},
		"a cancel without its offer is a missed call, once": func(t *testing.T, w *world, alice, bob, carol *user) {
			m := signaling.Message{Type: signaling.Cancel, Call: signaling.NewCallID()}
			bob.phone.Deliver(w.seal(alice, bob, m, time.Hour))
			bob.phone.Deliver(w.seal(alice, bob, m, time.Hour))
			m.Type = signaling.Offer
			bob.phone.Deliver(w.seal(alice, bob, m, 0))
			wait(time.Second)
			bob.expect(Idle, NoReason)
			if len(bob.missed) != 1 || !bob.dropped(ErrReplay) || !bob.dropped(ErrCancelled) {
				t.Errorf("missed %v, dropped %v", bob.missed, bob.drops)
			}
		},
		"a contact's new card is taken and a stranger's is not": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.knows(alice)
			card := alice.card
			card.Name = "alice anew"
			for _, from := range []*user{alice, carol} {
				card.Identity = from.card.Identity
				if err := from.phone.Tell(context.Background(), bob.card, signaling.Message{Type: signaling.CardChanged, Call: signaling.NewCallID(), Card: &card}); err != nil {
					t.Fatal(err)
				}
			}
			wait(time.Second)
			if got := bob.contacts[alice.card.Identity].Card.Name; got != "alice anew" || !bob.dropped(ErrStranger) || len(bob.contacts) != 1 {
				t.Errorf("the card is %q, dropped %v, %d contacts", got, bob.drops, len(bob.contacts))
			}
		},
		"an offer with an older card than the contact's is answered to the newer": func(t *testing.T, w *world, alice, bob, carol *user) {
			newer := alice.card
			newer.Name = "newer"
			bob.contacts[alice.card.Identity] = Contact{Card: newer, CardTime: time.Now().Add(time.Second)}
			alice.phone.Dial(bob.card)
			wait(500 * time.Millisecond)
			if got := bob.last().Remote.Name; got != "newer" {
				t.Errorf("it is answered to the card %q", got)
			}
		},
		"a test message comes back": func(t *testing.T, w *world, alice, bob, carol *user) {
			m := signaling.Message{Type: signaling.Test, Call: signaling.NewCallID()}
			if err := alice.phone.Tell(context.Background(), alice.card, m); err != nil {
				t.Fatal(err)
			}
			wait(time.Second)
			if len(alice.tests) != 1 || alice.tests[0] != m.Call || len(alice.drops) > 0 {
				t.Errorf("came back: %v, dropped: %v", alice.tests, alice.drops)
			}
		},
		"a late answer is told that the call is over, once": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.away = true
			alice.phone.Dial(bob.card)
			wait(time.Second)
			w.change(func() { alice.fail = func(signaling.Message) error { return ErrUndelivered } }) // no cancel
			alice.phone.HangUp()
			wait(2 * endTravelTime)
			w.change(func() { alice.fail = nil })
			bob.away, bob.auto = false, true
			bob.phone.Deliver(bob.payload[0])
			wait(time.Second)
			bob.expect(Ended, Cancelled)
			if got := w.pushed(); got != "offer answer cancel" {
				t.Errorf("pushed %q", got)
			}
			alice.phone.Deliver(alice.payload[0])
			wait(time.Second)
			if got := w.pushed(); got != "offer answer cancel" {
				t.Errorf("pushed %q", got)
			}
		},
		"strangers are told so often that it is busy": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.auto = true
			alice.phone.Dial(bob.card)
			wait(time.Second)
			before := len(w.pushes)
			bring := func() {
				bob.phone.Deliver(w.seal(carol, bob, signaling.Message{Type: signaling.Offer, Call: signaling.NewCallID()}, 0))
				wait(10 * time.Millisecond)
			}
			for range 10 {
				bring()
			}
			if got := len(w.pushes) - before; got != strangerBurst || len(bob.missed) != 10 {
				t.Errorf("pushed %d, missed %d", got, len(bob.missed))
			}
			wait(strangerEvery)
			bring()
			bring()
			if got := len(w.pushes) - before; got != strangerBurst+1 {
				t.Errorf("pushed %d after a while", got)
			}
		},
		"a call that is listed does not ring on a new phone": func(t *testing.T, w *world, alice, bob, carol *user) {
			alice.phone.Dial(bob.card)
			wait(time.Second)
			bob.phone.Decline(bob.last().ID)
			wait(time.Second)
			bob.renew()
			bob.phone.Deliver(bob.payload[0])
			wait(time.Second)
			bob.expect(Ended, Declined)
			if !bob.dropped(ErrReplay) {
				t.Errorf("dropped %v", bob.drops)
			}
		},
		"a call that rings goes on ringing on a new phone": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.knows(alice)
			alice.phone.Dial(bob.card)
			wait(time.Second)
			bob.phone.Leave()
			wait(time.Millisecond)
			bob.expect(Idle, NoReason)
			bob.renew()
			for _, payload := range bob.payload {
				bob.phone.Deliver(payload)
			}
			wait(time.Second)
			bob.expect(Ringing, NoReason)
			bob.phone.Answer(bob.last().ID)
			wait(2 * time.Second)
			alice.expect(Connected, NoReason)
			bob.expect(Connected, NoReason)
		},
		"a slow clock does not cut the ring short": func(t *testing.T, w *world, alice, bob, carol *user) {
			m := signaling.Message{Type: signaling.Offer, Call: signaling.NewCallID()}
			bob.phone.Deliver(w.seal(alice, bob, m, 90*time.Second))
			wait(MinRingTime - time.Second)
			bob.expect(Ringing, NoReason)
			wait(2 * time.Second)
			bob.expect(Ended, NoAnswer)
		},
		"a fast clock does not draw the ring out": func(t *testing.T, w *world, alice, bob, carol *user) {
			m := signaling.Message{Type: signaling.Offer, Call: signaling.NewCallID()}
			bob.phone.Deliver(w.seal(alice, bob, m, -90*time.Second))
			wait(RingTime - time.Second)
			bob.expect(Ringing, NoReason)
			wait(2 * time.Second)
			bob.expect(Ended, NoAnswer)
		},
		"to dial who rings is to answer": func(t *testing.T, w *world, alice, bob, carol *user) {
			alice.phone.Dial(bob.card)
			wait(time.Second)
			bob.phone.Dial(alice.card)
			wait(time.Second)
			alice.expect(Connected, NoReason)
			if got := w.pushed(); got != "offer answer" {
				t.Errorf("pushed %q", got)
			}
		},
		"to dial somebody else while it rings does nothing": func(t *testing.T, w *world, alice, bob, carol *user) {
			alice.phone.Dial(bob.card)
			wait(time.Second)
			bob.phone.Dial(carol.card)
			wait(time.Second)
			bob.expect(Ringing, NoReason)
			carol.expect(Idle, NoReason)
		},
		"somebody else's offer is not that of the plain subscription that is dialed": func(t *testing.T, w *world, alice, bob, carol *user) {
			alice.knows(carol)
			carol.knows(alice) // so that the offer has no card
			bob.away = true
			alice.phone.Dial(signaling.Card{Subscription: bob.card.Subscription})
			carol.phone.Dial(alice.card)
			wait(time.Second)
			alice.expect(Dialing, NoReason)
			carol.expect(Ended, Busy)
		},
		"nor is one without a card, from somebody who is not known": func(t *testing.T, w *world, alice, bob, carol *user) {
			carol.knows(alice)
			bob.away = true
			alice.phone.Dial(signaling.Card{Subscription: bob.card.Subscription})
			carol.phone.Dial(alice.card)
			wait(time.Second)
			alice.expect(Dialing, NoReason)
			if !alice.dropped(ErrNoCard) {
				t.Errorf("dropped %v", alice.drops)
			}
		},
		"what comes before a channel is said to be open is read": func(t *testing.T, w *world, alice, bob, carol *user) {
			w.change(func() { alice.tardy = true })
			alice.phone.Dial(bob.card)
			wait(time.Second)
			bob.phone.Answer(bob.last().ID)
			wait(time.Second)
			w.kill()
			bob.phone.SendText("are you there")
			alice.phone.SendText("I am")
			wait(2 * lostTime)
			alice.expect(Connected, NoReason)
			bob.expect(Connected, NoReason)
			if len(alice.texts) != 2 || len(bob.texts) != 2 {
				t.Errorf("alice has %v, bob %v", alice.texts, bob.texts)
			}
		},
		"an answer to the first offer is not one to the second": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.knows(alice)
			alice.phone.Dial(bob.card)
			wait(time.Second)
			w.change(func() { w.carry = func(push) error { return nil } })
			w.kill()
			wait(5 * time.Second)
			w.bring(bob, alice, signaling.Message{Type: signaling.Answer, Call: alice.last().ID})
			alice.expect(Ringing, NoReason)
			if !alice.dropped(ErrWrongCall) {
				t.Errorf("dropped %v", alice.drops)
			}
			w.bring(bob, alice, signaling.Message{Type: signaling.Answer, Call: alice.last().ID, Round: 1})
			alice.expect(Connecting, NoReason)
		},
		"a call that is answered after its path was lost does not stay connected": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.knows(alice)
			alice.phone.Dial(bob.card)
			wait(time.Second)
			w.kill()
			w.killOf(alice)
			w.change(func() { alice.fail = func(signaling.Message) error { return ErrUndelivered } })
			alice.phone.Close()
			wait(2 * lostTime)
			bob.expect(Ringing, NoReason)
			bob.phone.Answer(bob.last().ID)
			wait(quietTime + ReconnectTime + time.Second)
			bob.expect(Ended, Network)
		},
		"a path that is silent a second time may come back": func(t *testing.T, w *world, alice, bob, carol *user) {
			bob.auto = true
			alice.phone.Dial(bob.card)
			wait(time.Second)
			w.kill() // the second offer makes another link
			wait(8 * time.Second)
			alice.expect(Connected, NoReason)
			w.change(func() { w.cut = true })
			wait(2 * lostTime)
			alice.expect(Reconnecting, NoReason)
			w.heal()
			wait(time.Second)
			alice.expect(Connected, NoReason)
			bob.expect(Connected, NoReason)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				users := []*user{w.user("alice"), w.user("bob"), w.user("carol")}
				for _, u := range users {
					u.auto = false
				}
				play(t, w, users[0], users[1], users[2])
			})
		})
	}
}
