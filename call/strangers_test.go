package call

import (
	"errors"
	"testing"
	"time"
)

// For whom only contacts ring, a stranger's call is missed, and the stranger
// learns nothing.
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

// Who is being called may call at the same time, whoever they are.
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
