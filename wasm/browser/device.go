//go:build js && wasm

package browser

import (
	"context"

	"github.com/hack-pad/safejs"

	"pushcall/app"
	"pushcall/wasm/js"
)

// DeviceKind is what a device is for.
type DeviceKind string

// The kinds of devices (Media Capture and Streams, Section 9.4).
const (
	AudioInput  DeviceKind = "audioinput"
	VideoInput  DeviceKind = "videoinput"
	AudioOutput DeviceKind = "audiooutput"
)

// OfferDevices fills a select element with the devices of a kind, and reports
// whether there are any that the person could choose. It selects the device with
// the id chosen, or else leaves the selection. See web/media.js.
func OfferDevices(ctx context.Context, box js.Element, kind DeviceKind, chosen string) (any bool, err error) {
	promise, err := callMedia("choices", box.JSValue(), string(kind), chosen)
	if err != nil {
		return false, js.Failure("list devices", err)
	}
	found, err := js.Await(ctx, promise)
	if err != nil {
		return false, js.Failure("list devices", err)
	}
	return found.Bool()
}

// Connected is that of app.Devices.
func Connected(ctx context.Context) (connected app.Connected, err error) {
	devices, err := js.Get("navigator", "mediaDevices")
	if err != nil || devices.IsUndefined() {
		return connected, nil // nothing can be captured here
	}
	list, err := js.AwaitCall(ctx, devices, "enumerateDevices")
	if err != nil {
		return connected, js.Failure("list devices", err)
	}
	n, err := list.Length()
	if err != nil {
		return connected, js.Failure("list devices", err)
	}
	ids := map[DeviceKind][]string{}
	for i := range n {
		device, err := list.Index(i)
		if err != nil {
			return connected, js.Failure("list devices", err)
		}
		kind, _ := js.StringOf(device, "kind")
		if id, _ := js.StringOf(device, "deviceId"); id != "" {
			ids[DeviceKind(kind)] = append(ids[DeviceKind(kind)], id)
		}
	}
	connected.Captures[app.Microphone], connected.Captures[app.Camera] = ids[AudioInput], ids[VideoInput]
	connected.Speakers = ids[AudioOutput]
	return connected, nil
}

// OnDevicesChange calls f when a device was plugged in or out.
func OnDevicesChange(f func()) (undo func(), err error) {
	devices, err := js.Get("navigator", "mediaDevices")
	if err != nil || devices.IsUndefined() {
		return func() {}, nil // there is nothing to change
	}
	return js.Listen(devices, "devicechange", func(safejs.Value) { f() })
}
