package call

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// busyFor makes relays refuse a user's pushes of one kind some times.
func busyFor(kind signaling.Type, times int, wait time.Duration) func(signaling.Message) error {
	return turnedAway(kind, times, &BusyError{RetryAfter: wait})
}

// turnedAway makes a user's pushes of one kind fail some times.
func turnedAway(kind signaling.Type, times int, why error) func(signaling.Message) error {
	return func(m signaling.Message) error {
		if m.Type != kind || times == 0 {
			return nil
		}
		times--
		return why
	}
}

func TestBusyRelay(t *testing.T) { testBusy(t, &BusyError{RetryAfter: 5 * time.Second}) }

// After 429 with a Retry-After the phone retries at that time.
func TestBusyPushService(t *testing.T) { testBusy(t, webpush.CheckResponse(429, "5", time.Now())) }

// After another error with a Retry-After, in either form, it retries, too.
func TestPushServiceUnavailable(t *testing.T) {
	for _, status := range []int{406, 500, 503, 504} {
		for _, after := range []func() string{
			func() string { return "5" },
			func() string { return time.Now().Add(5 * time.Second).UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") },
			func() string { return time.Now().Add(5 * time.Second).UTC().Format("Monday, 02-Jan-06 15:04:05 GMT") },
			func() string { return time.Now().Add(5 * time.Second).UTC().Format(time.ANSIC) },
		} {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				alice.fail = turnedAway(signaling.Offer, 1, webpush.CheckResponse(status, after(), time.Now()))
				alice.phone.Dial(bob.card)
				wait(4 * time.Second)
				alice.expect(Dialing, NoReason)
				if again := alice.last().Again; again.IsZero() || time.Until(again) > 2*time.Second {
					t.Errorf("status %d, %q: it tries again in %v", status, after(), time.Until(again))
				}
				wait(4 * time.Second)
				alice.expect(Connected, NoReason)
			})
		}
	}
}

// A Retry-After beyond the ring, or none at all, ends the call.
func TestPushServiceUnavailableForTooLong(t *testing.T) {
	for _, after := range []string{"45", "120", "9223372036854775807", "99999999999999999999", "-1", "1.5", "", "soon", "0", "Sun, 06 Nov 1994 08:49:37 GMT"} {
		inWorld(t, func(t *testing.T, w *world) {
			alice, bob := w.user("alice"), w.user("bob")
			alice.fail = turnedAway(signaling.Offer, 1, webpush.CheckResponse(503, after, time.Now()))
			alice.phone.Dial(bob.card)
			wait(time.Second)
			alice.expect(Ended, Undelivered)
			if err := alice.last().Err; !errors.Is(err, webpush.ErrUnavailable) {
				t.Errorf("%q: the cause is %v", after, err)
			}
		})
	}
}

func testBusy(t *testing.T, why error) {
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
				waits.fail = turnedAway(test.kind, 2, why)
				alice.phone.Dial(bob.card)
				wait(4 * time.Second)
				waits.expect(test.state, NoReason)
				if err := waits.last().Err; err != why {
					t.Errorf("it waits for %v", err)
				}
				if again := waits.last().Again; time.Until(again) <= 0 || time.Until(again) > 5*time.Second {
					t.Errorf("it tries again in %v", time.Until(again))
				}
				wait(8 * time.Second)
				alice.expect(Connected, NoReason)
				bob.expect(Connected, NoReason)
				if last := waits.last(); !last.Again.IsZero() || last.Err != nil {
					t.Errorf("it still waits for %v", last.Err)
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

// A 429 with a Retry-After beyond the ring, or with none, ends the call.
func TestPushServiceBusyForTooLong(t *testing.T) {
	for _, after := range []string{"45", "90", "", "soon", "0"} {
		inWorld(t, func(t *testing.T, w *world) {
			alice, bob := w.user("alice"), w.user("bob")
			alice.fail = turnedAway(signaling.Offer, 1, webpush.CheckResponse(429, after, time.Now()))
			alice.phone.Dial(bob.card)
			wait(time.Second)
			alice.expect(Ended, TooMany)
		})
	}
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

// A cancel that relays refuse at first is pushed later.
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
