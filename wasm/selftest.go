//go:build js && wasm

package main

import (
	"context"
	"time"

	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/wasm/page"
)

// testTime is how long a test message may take to come back.
const testTime = 20 * time.Second

// TestLine sends a message to this browser itself, the way a friend's would
// come, and reports each leg of it.
func (a *app) TestLine(ctx context.Context, report func(page.Leg)) error {
	id := signaling.NewCallID()
	for _, leg := range []struct {
		name page.LegName
		do   func(context.Context) error
	}{
		{page.LegPermission, browser.RequestPermission},
		{page.LegSubscription, a.line.Subscribe},
		{page.LegService, func(ctx context.Context) error {
			return a.phone.Tell(ctx, a.line.Card(), signaling.Message{Type: signaling.Test, Call: id})
		}},
		{page.LegReturn, func(ctx context.Context) error { return a.awaitTest(ctx, id) }},
	} {
		began := time.Now()
		err := leg.do(ctx)
		report(page.Leg{Name: leg.name, Took: time.Since(began), Err: err})
		if err != nil {
			return err
		}
	}
	return nil
}

// onTest takes note of a test message that has come back.
func (a *app) onTest(id signaling.CallID) {
	select {
	case <-a.tests: // of a test that nobody waits for any more
	default:
	}
	a.tests <- id.String()
}

func (a *app) awaitTest(ctx context.Context, id signaling.CallID) error {
	ctx, cancel := context.WithTimeout(ctx, testTime)
	defer cancel()
	for {
		select {
		case came := <-a.tests:
			if came == id.String() {
				return nil
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
