package app

import (
	"context"
	"time"

	"pushcall/signaling"
)

// Leg is a part of the way of a push message that this browser sends itself.
type Leg struct {
	Name LegName
	Took time.Duration
	Err  error // why the way ends here
}

// LegName says which part of the way a Leg is.
type LegName uint8

// The legs of a test, in their order.
const (
	LegPermission   LegName = iota // the person lets this page notify
	LegSubscription                // the push service knows this browser
	LegService                     // the push service took the message
	LegReturn                      // the message came to this browser
)

// testTime is how long a test message may take to come back.
const testTime = 20 * time.Second

// LineTest sends a push message to this browser itself.
type LineTest struct {
	*common
	returned chan signaling.CallID // of a test message; holds one
}

// TestLine sends a message to this browser itself, the way a friend's would
// come, and reports each leg of it as it is known. The error is that of the last
// leg reported.
func (t *LineTest) TestLine(ctx context.Context, report func(Leg)) error {
	id := signaling.NewCallID()
	for _, leg := range []struct {
		name LegName
		do   func(context.Context) error
	}{
		{LegPermission, t.config.Push.RequestPermission},
		{LegSubscription, t.line.Subscribe},
		{LegService, func(ctx context.Context) error {
			return t.phone.Tell(ctx, t.line.Card(), signaling.Message{Type: signaling.Test, Call: id})
		}},
		{LegReturn, func(ctx context.Context) error { return t.await(ctx, id) }},
	} {
		began := time.Now()
		err := leg.do(ctx)
		report(Leg{Name: leg.name, Took: time.Since(began), Err: err})
		if err != nil {
			return err
		}
	}
	return nil
}

// onTest tells TestLine of a test message that has come back. It runs on the
// phone's loop.
func (t *LineTest) onTest(id signaling.CallID) {
	select {
	case <-t.returned: // of a test that nobody waits for any more
	default:
	}
	t.returned <- id
}

func (t *LineTest) await(ctx context.Context, id signaling.CallID) error {
	ctx, cancel := context.WithTimeout(ctx, testTime)
	defer cancel()
	for {
		select {
		case came := <-t.returned:
			if came == id {
				return nil
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
