//go:build js && wasm

package browser

import (
	"context"

	"github.com/hack-pad/safejs"
)

// Ability is something that not every browser can do: see web/media.js.
type Ability string

// The abilities.
const (
	Shares Ability = "shares" // captures screens
	Speaks Ability = "speaks" // plays sound where the page says
	Floats Ability = "floats" // puts a video into a window of its own
	Fills  Ability = "fills"  // has an element fill the screen
)

// Can tells whether this browser has an ability.
func Can(ability Ability) bool {
	media, err := get("media")
	return err == nil && isTrue(media, string(ability))
}

// callMedia calls a function of web/media.js.
func callMedia(function string, args ...any) (safejs.Value, error) {
	media, err := get("media")
	if err != nil {
		return safejs.Value{}, err
	}
	return media.Call(function, args...)
}

// Float puts a video into a window of its own, or back. It wants a press of the
// person's that was just now, and a video that has begun.
func (e Element) Float() { start("float", e.value) }

// Fill has an element fill the screen, or go back to its place.
func (e Element) Fill() { start("fill", e.value) }

// Unfill has whatever fills the screen go back to its place.
func Unfill() { start("fill", nil) }

// start calls a function of web/media.js whose promise nobody waits for.
func start(function string, args ...any) {
	promise, err := callMedia(function, args...)
	if err != nil {
		complain(function, err)
		return
	}
	ignore(promise)
}

// Filling tells whether an element fills the screen.
func Filling() bool {
	document, err := get("document")
	return err == nil && isTrue(document, "fullscreenElement")
}

// SetSpeaker has an element's sound go to a device; "" is the system's choice.
func (e Element) SetSpeaker(ctx context.Context, id string) error {
	if _, err := awaitCall(ctx, e.value, "setSinkId", id); err != nil {
		return failure("choose a speaker", err)
	}
	return nil
}
