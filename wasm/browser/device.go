//go:build js && wasm

package browser

import (
	"context"

	"github.com/hack-pad/safejs"
)

// DeviceKind is what a device is for.
type DeviceKind string

// The kinds of devices (Media Capture and Streams, Section 9.4).
const (
	AudioInput  DeviceKind = "audioinput"
	VideoInput  DeviceKind = "videoinput"
	AudioOutput DeviceKind = "audiooutput"
)

// OfferDevices fills a select element with the devices of a kind, and tells
// whether there are any that the person could choose. One is shown as chosen:
// that with an id, or else the one that was. See web/media.js.
func (e Element) OfferDevices(ctx context.Context, kind DeviceKind, chosen string) (any bool, err error) {
	promise, err := callMedia("choices", e.value, string(kind), chosen)
	if err != nil {
		return false, failure("list devices", err)
	}
	found, err := await(ctx, promise)
	if err != nil {
		return false, failure("list devices", err)
	}
	return found.Bool()
}

// OnDevicesChange calls f when a device was plugged in or out.
func OnDevicesChange(f func()) (undo func(), err error) {
	devices, err := get("navigator", "mediaDevices")
	if err != nil || devices.IsUndefined() {
		return func() {}, nil // there is nothing to change
	}
	return listen(devices, "devicechange", func(safejs.Value) { f() })
}
