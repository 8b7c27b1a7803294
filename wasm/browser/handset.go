//go:build js && wasm

package browser

import "pushcall/wasm/js"

// KeepAwake keeps the screen on while the page is visible, or no longer (Screen Wake
// Lock).
func KeepAwake(on bool) { callHandset("keepAwake", on) }

// Vibrate vibrates as a ring does, or stops (Vibration API).
func Vibrate(on bool) { callHandset("vibrate", on) }

// AskBeforeLeaving asks the person before they close, leave or reload the page, or no
// longer (HTML, beforeunload event). Browsers ask nobody who has not touched the page.
func AskBeforeLeaving(on bool) { callHandset("guard", on) }

// ShowBadge puts a count on the icon of the installed page; 0 takes it away (Badging
// API).
func ShowBadge(count int) { callHandset("badge", count) }

// ShowCall names the other side of a call where headsets and lock screens have keys for
// it; "" ends that (Media Session).
func ShowCall(name string) { callHandset("showCall", name) }

// ShowSending shows there whether microphone and camera are on.
func ShowSending(microphone, camera bool) { callHandset("showSending", microphone, camera) }

// callHandset calls a function of web/handset.js.
func callHandset(function string, args ...any) {
	handset, err := js.Get("handset")
	if err == nil {
		_, err = handset.Call(function, args...)
	}
	if err != nil {
		js.LogFailure(function, err)
	}
}
