package call

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pushcall/signaling"
)

// busyFor has a user's pushes of one kind turned away some times.
func busyFor(kind signaling.Type, times int, wait time.Duration) func(signaling.Message) error {
	return func(m signaling.Message) error {
		if m.Type != kind || times == 0 {
			return nil
		}
		times--
		return &BusyError{RetryAfter: wait}
	}
}

func TestBusyRelay(t *testing.T) {
	for _, test := range []struct {
		name  string
		kind  signaling.Type
		state State // of who waits
		who   func(alice, bob *user) *user
	}{
		{"offer", signaling.Offer, Dialing, func(alice, _ *user) *user { return alice }},
		{"answer", signaling.Answer, Connecting, func(_, bob *user) *user { return bob }},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				waits := test.who(alice, bob)
				waits.fail = busyFor(test.kind, 2, 5*time.Second)
				alice.phone.Dial(bob.card)
				wait(4 * time.Second)
				waits.expect(test.state, NoReason)
				if again := waits.last().Again; time.Until(again) <= 0 || time.Until(again) > 5*time.Second {
					t.Errorf("it tries again in %v", time.Until(again))
				}
				wait(8 * time.Second)
				alice.expect(Connected, NoReason)
				bob.expect(Connected, NoReason)
				if last := waits.last(); !last.Again.IsZero() {
					t.Error("it still waits")
				}
			})
		})
	}
}

// The wait has to end before the ring would.
func TestRelayBusyForTooLong(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.fail = busyFor(signaling.Offer, 1, RingTime)
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.expect(Ended, TooMany)
		var busy *BusyError
		if err := alice.last().Err; !errors.As(err, &busy) || !errors.Is(err, ErrUndelivered) {
			t.Errorf("the cause is %v", err)
		}
	})
}

func TestHangUpWhileRelayIsBusy(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.fail = busyFor(signaling.Offer, 1, 20*time.Second)
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.phone.HangUp()
		wait(time.Minute)
		alice.expect(Ended, Cancelled)
		if got := w.pushed(); strings.Contains(got, string(signaling.Offer)) {
			t.Errorf("pushed %q although nobody calls any more", got)
		}
	})
}

// A cancel is told late rather than never.
func TestBusyRelayTakesTheEnd(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		bob.auto = false
		alice.fail = busyFor(signaling.Cancel, 1, 10*time.Second)
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.phone.HangUp()
		wait(5 * time.Second)
		bob.expect(Ringing, NoReason)
		wait(10 * time.Second)
		bob.expect(Ended, Cancelled)
	})
}
