//go:build js && wasm

package browser

import (
	"context"

	"github.com/hack-pad/safejs"
)

// CanFloat tells whether videos can be put into a window of their own by this
// page. Where it cannot, the browser may offer that itself.
func CanFloat() bool {
	document, err := get("document")
	return err == nil && isTrue(document, "pictureInPictureEnabled")
}

// CanFill tells whether parts of the page can fill the screen.
func CanFill() bool {
	document, err := get("document")
	return err == nil && isTrue(document, "fullscreenEnabled")
}

// CanShareScreen tells whether this browser captures screens: telephones do not.
func CanShareScreen() bool {
	devices, err := get("navigator", "mediaDevices")
	if err != nil || devices.IsUndefined() {
		return false
	}
	has, err := devices.Get("getDisplayMedia")
	return err == nil && has.Type() == safejs.TypeFunction
}

// Float puts a video into a window of its own, or back. It wants a press of the
// person's that was just now, and a video that has begun.
func (e Element) Float() {
	document, err := get("document")
	if err != nil {
		complain("float a video", err)
		return
	}
	if floating, err := document.Get("pictureInPictureElement"); err == nil && !floating.IsNull() {
		start(document, "exitPictureInPicture")
		return
	}
	start(e.value, "requestPictureInPicture")
}

// Fill has an element fill the screen, or go back to its place.
func (e Element) Fill() {
	if Filling() {
		Unfill()
		return
	}
	start(e.value, "requestFullscreen")
}

// Filling tells whether an element fills the screen.
func Filling() bool {
	document, err := get("document")
	if err != nil {
		return false
	}
	element, err := document.Get("fullscreenElement")
	return err == nil && !element.IsNull()
}

// Unfill has whatever fills the screen go back to its place.
func Unfill() {
	if document, err := get("document"); err == nil && Filling() {
		start(document, "exitFullscreen")
	}
}

// start calls a method whose promise nobody waits for.
func start(object safejs.Value, method string) {
	promise, err := object.Call(method)
	if err != nil {
		complain(method, err)
		return
	}
	ignore(promise)
}

// CanChooseSpeaker tells whether an element's sound can go to another device.
func (e Element) CanChooseSpeaker() bool {
	has, err := e.value.Get("setSinkId")
	return err == nil && has.Type() == safejs.TypeFunction
}

// SetSpeaker has an element's sound go to a device; "" is the system's choice.
func (e Element) SetSpeaker(ctx context.Context, id string) error {
	if _, err := awaitCall(ctx, e.value, "setSinkId", id); err != nil {
		return failure("choose a speaker", err)
	}
	return nil
}
