//go:build js && wasm

package browser

import (
	"context"
	"time"

	"pushcall/wasm/js"
)

// clockTolerance is how wrong a clock may be for its VAPID tokens to be taken: a new
// one is good for 12 hours, and may be for 24. An hour is for other clocks.
const clockTolerance = 11 * time.Hour

// isClockWrong asks the page's host what time it is (RFC 9110, Section 6.6.1). Where
// that does not say, the clock is believed.
func isClockWrong(ctx context.Context) bool {
	base, err := js.BaseURL()
	if err != nil {
		return false
	}
	answer, err := js.Fetch(ctx, base.String(), map[string]any{"method": "HEAD", "cache": "no-store"})
	if err != nil {
		return false
	}
	class, err := js.Get("Date")
	if err != nil {
		return false
	}
	date, err := class.Call("parse", answer.Header("Date"))
	if err != nil {
		return false
	}
	milliseconds, err := date.Float() // or NaN
	return err == nil && milliseconds > 0 && time.Since(time.UnixMilli(int64(milliseconds))).Abs() > clockTolerance
}
