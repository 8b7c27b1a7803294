package call

import (
	"testing"
	"time"
)

// Somebody who is no contact is called at a card of theirs, and has another by now: the
// call has that one, by which they can be answered when they call back.
func TestCardOfNoContact(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		dialed := bob.card
		dialed.Name = "an older name"
		alice.phone.Dial(dialed)
		wait(time.Second)
		alice.expect(Connected, NoReason)
		alice.phone.HangUp()
		wait(time.Second)
		if got := alice.last().Remote; got != bob.card {
			t.Errorf("the call was with %v, want %v", got, bob.card)
		}
	})
}
