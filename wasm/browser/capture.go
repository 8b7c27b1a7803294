//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"fmt"

	"github.com/hack-pad/safejs"

	"pushcall/app"
	"pushcall/wasm/js"
)

var errNothingOfKind = errors.New("browser: the stream has no track")

// kindOf is the kind of a source's tracks (Media Capture and Streams, Section 4.3.1).
func kindOf(s app.Source) string {
	if s == app.Microphone {
		return "audio"
	}
	return "video"
}

// Capture is that of app.Devices. A screen wants a press of the person's that was
// just now.
func Capture(ctx context.Context, source app.Source, device string) (*js.Track, error) {
	devices, err := js.Get("navigator", "mediaDevices")
	if err != nil || devices.IsUndefined() { // as it is in a page that is not secure
		return nil, app.ErrNoCapture
	}
	method := "getUserMedia"
	if source == app.Screen {
		method = "getDisplayMedia"
	}
	if has, err := devices.Get(method); err != nil || has.Type() != safejs.TypeFunction {
		return nil, app.ErrNoCapture
	}
	stream, err := js.AwaitCall(ctx, devices, method, constraints(source, device))
	if err != nil {
		if device != "" && js.IsNamed(err, "OverconstrainedError") { // it was unplugged
			return Capture(ctx, source, "")
		}
		return nil, captureFailure(err)
	}
	return firstTrack(stream)
}

// constraints are MediaStreamConstraints.
func constraints(source app.Source, device string) map[string]any {
	wish := map[string]any{}
	if device != "" {
		wish["deviceId"] = map[string]any{"exact": device}
	}
	switch source {
	case app.Microphone:
		wish["echoCancellation"], wish["noiseSuppression"], wish["autoGainControl"] = true, true, true
	case app.Camera:
		wish["width"], wish["height"] = map[string]any{"ideal": 1280}, map[string]any{"ideal": 720}
		if device == "" {
			wish["facingMode"] = "user"
		}
	}
	return map[string]any{kindOf(source): wish}
}

// captureFailure makes one of the sentinels of a DOMException (Media Capture
// and Streams, Section 10.2.1).
func captureFailure(err error) error {
	kind := app.ErrDeviceBusy
	switch {
	case js.IsNamed(err, "NotAllowedError"), js.IsNamed(err, "SecurityError"):
		kind = app.ErrDeviceDenied
	case js.IsNamed(err, "NotFoundError"), js.IsNamed(err, "OverconstrainedError"):
		kind = app.ErrNoDevice
	case js.IsNamed(err, "TypeError"), js.IsNamed(err, "NotSupportedError"):
		kind = app.ErrNoCapture
	}
	return fmt.Errorf("%w: %w", kind, err)
}

func firstTrack(stream safejs.Value) (*js.Track, error) {
	tracks, err := stream.Call("getTracks")
	if err != nil {
		return nil, js.Failure("look into a stream", err)
	}
	n, err := tracks.Length()
	if err != nil || n == 0 {
		return nil, errNothingOfKind
	}
	value, err := tracks.Index(0)
	if err != nil {
		return nil, js.Failure("look into a stream", err)
	}
	return js.NewTrack(value), nil
}
