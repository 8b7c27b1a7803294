//go:build js && wasm

package browser

import (
	"github.com/hack-pad/safejs"

	"pushcall/wasm/js"
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
	media, err := js.Get("media")
	return err == nil && js.IsTrue(media, string(ability))
}

// callMedia calls a function of web/media.js.
func callMedia(function string, args ...any) (safejs.Value, error) {
	media, err := js.Get("media")
	if err != nil {
		return safejs.Value{}, err
	}
	return media.Call(function, args...)
}

// Float moves a video into a window of its own, or back. The video must have begun,
// and the person must have pressed something just before.
func Float(video js.Element) { start("float", video.JSValue()) }

// Fill makes an element fill the screen, or moves it back to its place.
func Fill(e js.Element) { start("fill", e.JSValue()) }

// Unfill moves the element that fills the screen back to its place.
func Unfill() { start("fill", nil) }

// start calls a function of web/media.js whose promise nobody waits for.
func start(function string, args ...any) {
	promise, err := callMedia(function, args...)
	if err != nil {
		js.LogFailure(function, err)
		return
	}
	js.Ignore(promise)
}
