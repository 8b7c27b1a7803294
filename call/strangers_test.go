package call

import (
	"errors"
	"testing"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// If only contacts may ring, a stranger's call is missed, and the stranger gets no message.
func TestContactsOnly(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob, carol := w.user("alice"), w.user("bob"), w.user("carol")
		bob.contactsOnly = true
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.expect(Dialing, NoReason)
		if bob.last().State != Idle || len(bob.missed) != 1 || bob.missed[0].Identity != alice.card.Identity || bob.missed[0].Card != alice.card {
			t.Errorf("the call is %+v, missed: %+v", bob.last(), bob.missed)
		}
		if len(bob.drops) != 1 || !errors.Is(bob.drops[0], ErrNoContact) {
			t.Errorf("dropped: %v", bob.drops)
		}
		if got := w.pushed(); got != "offer" {
			t.Errorf("pushed %q", got)
		}

		carol.phone.Dial(bob.card) // and in a call there is no busy for strangers, either
		wait(RingTime)
		carol.expect(Ended, NoAnswer)
		bob.knows(alice)
		alice.expect(Ended, NoAnswer)
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.expect(Connected, NoReason)
	})
}

// The call of somebody whom the person is calling is answered, even if only contacts may
// ring.
func TestContactsOnlyCollision(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.contactsOnly, bob.contactsOnly = true, true
		alice.phone.Dial(bob.card)
		bob.phone.Dial(alice.card)
		wait(5 * time.Second)
		alice.expect(Connected, NoReason)
		bob.expect(Connected, NoReason)
	})
}

// An offer that only claims the subscription being called is not answered at once. Of two
// people who call each other's plain subscriptions one or both are asked.
func TestClaimedSubscription(t *testing.T) {
	for range 4 { // either identity may be the smaller
		inWorld(t, func(t *testing.T, w *world) {
			alice, bob, mallory := w.user("alice"), w.user("bob"), w.user("mallory")
			alice.auto, bob.away = false, true
			mallory.card.Subscription = bob.card.Subscription
			alice.phone.Dial(signaling.Card{Subscription: bob.card.Subscription})
			mallory.phone.Dial(alice.card)
			wait(RingTime / 2)
			if c := alice.last(); c.State != Dialing && (c.State != Ringing || c.Outgoing) {
				t.Errorf("alice's call is %+v", c)
			}
			mallory.expect(Dialing, NoReason)
		})
	}
}

// plainCollision makes two people call each other's plain subscriptions at once.
func (w *world) plainCollision() (alice, bob *user) {
	alice, bob = w.user("alice"), w.user("bob")
	alice.auto, bob.auto = false, false
	alice.phone.Dial(signaling.Card{Subscription: bob.card.Subscription})
	bob.phone.Dial(signaling.Card{Subscription: alice.card.Subscription})
	wait(time.Second)
	return alice, bob
}

// Two people who call each other's plain subscriptions at once end up in one call, which one
// of them has answered.
func TestPlainCollision(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.plainCollision()
		asked, waits := alice, bob
		if polite(bob.signer.Public(), alice.signer.Public()) {
			asked, waits = bob, alice
		}
		if c := asked.last(); c.State != Ringing || c.Outgoing {
			t.Fatalf("the polite one's call is %+v", c)
		}
		waits.expect(Dialing, NoReason)
		asked.phone.Answer(asked.last().ID)
		wait(time.Second)
		alice.expect(Connected, NoReason)
		bob.expect(Connected, NoReason)
	})
}

// If a call is declined after such a collision, the call that was dropped for it does not
// ring any more.
func TestPlainCollisionDeclined(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.plainCollision()
		for _, u := range []*user{alice, bob} {
			if c := u.last(); c.State == Ringing {
				u.phone.Decline(c.ID)
			}
		}
		wait(time.Second)
		for _, u := range []*user{alice, bob} {
			u.expect(Ended, Declined)
		}
	})
}

// Dial to a contact does not answer a stranger who rings, whatever address they claim.
func TestCallWhileStrangerRings(t *testing.T) {
	for name, claim := range map[string]func(mallory *user, friend signaling.Card){
		"the friend's subscription": func(mallory *user, friend signaling.Card) { mallory.card.Subscription = friend.Subscription },
		"the friend's p256dh": func(mallory *user, friend signaling.Card) {
			mallory.card.Subscription.UAPublic = friend.Subscription.UAPublic
		},
		"the friend's card": func(mallory *user, friend signaling.Card) {
			mallory.card = friend
			mallory.card.Identity = mallory.signer.Public()
		},
	} {
		for _, plain := range []bool{false, true} {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob, mallory := w.user("alice"), w.user("bob"), w.user("mallory")
				alice.auto = false
				alice.knows(bob)
				claim(mallory, bob.card)
				mallory.phone.Dial(alice.card)
				wait(time.Second)
				alice.expect(Ringing, NoReason)
				card := bob.card
				if plain {
					card.Identity = webpush.PublicKey{}
				}
				alice.phone.Dial(card)
				wait(time.Second)
				if c := alice.last(); c.State != Ringing || c.Remote.Identity != mallory.signer.Public() {
					t.Errorf("%s, plain %v: the call is %+v", name, plain, c)
				}
			})
		}
	}
}
