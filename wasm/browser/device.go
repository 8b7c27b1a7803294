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

// Device is a MediaDeviceInfo. A page that may not use the devices, or does not
// yet, sees neither ids nor labels.
type Device struct {
	Kind  DeviceKind
	ID    string
	Label string
}

// Devices lists the devices there are.
func Devices(ctx context.Context) ([]Device, error) {
	devices, err := get("navigator", "mediaDevices")
	if err != nil || devices.IsUndefined() {
		return nil, ErrNoCapture
	}
	list, err := awaitCall(ctx, devices, "enumerateDevices")
	if err != nil {
		return nil, failure("list devices", err)
	}
	n, err := list.Length()
	if err != nil {
		return nil, failure("list devices", err)
	}
	var all []Device
	for i := range n {
		info, err := list.Index(i)
		if err != nil {
			return nil, failure("list devices", err)
		}
		kind, _ := stringOf(info, "kind")
		id, _ := stringOf(info, "deviceId")
		label, _ := stringOf(info, "label")
		all = append(all, Device{DeviceKind(kind), id, label})
	}
	return all, nil
}

// OnDevicesChange calls f when a device was plugged in or out.
func OnDevicesChange(f func()) (undo func(), err error) {
	devices, err := get("navigator", "mediaDevices")
	if err != nil || devices.IsUndefined() {
		return func() {}, nil // there is nothing to change
	}
	return listen(devices, "devicechange", func(safejs.Value) { f() })
}
