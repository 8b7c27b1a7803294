//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"fmt"

	"github.com/hack-pad/safejs"
)

// Why nothing can be captured.
var (
	ErrNoDevice      = errors.New("browser: no such device")
	ErrDeviceDenied  = errors.New("browser: the person, or their browser, does not let this page use it")
	ErrDeviceBusy    = errors.New("browser: the device does not work, or another program has it")
	ErrNoCapture     = errors.New("browser: this browser captures nothing here")
	errNothingOfKind = errors.New("browser: the stream has no track")
)

// Source is what is captured and sent: one of these at most at a time.
type Source uint8

// The sources, in the order of their sections in a description.
const (
	Microphone Source = iota
	Camera
	Screen
	Sources // how many there are
)

// kind is the kind of a source's tracks (Media Capture and Streams, Section 4.3.1).
func (s Source) kind() string {
	if s == Microphone {
		return "audio"
	}
	return "video"
}

// Capture asks for a source, and for a device if its id is not "". The browser
// may ask the person, for as long as it likes: whoever does not want the track
// any more still has to wait for it and stop it, or the device would stay open.
// A screen wants a press of the person's that was just now.
func Capture(ctx context.Context, source Source, device string) (*Track, error) {
	devices, err := get("navigator", "mediaDevices")
	if err != nil || devices.IsUndefined() { // as it is in a page that is not secure
		return nil, ErrNoCapture
	}
	method := "getUserMedia"
	if source == Screen {
		method = "getDisplayMedia"
	}
	if has, err := devices.Get(method); err != nil || has.Type() != safejs.TypeFunction {
		return nil, ErrNoCapture
	}
	stream, err := awaitCall(ctx, devices, method, constraints(source, device))
	if err != nil {
		if device != "" && isNamed(err, "OverconstrainedError") { // it was unplugged
			return Capture(ctx, source, "")
		}
		return nil, captureFailure(err)
	}
	return firstTrack(stream)
}

// constraints are MediaStreamConstraints.
func constraints(source Source, device string) map[string]any {
	wish := map[string]any{}
	if device != "" {
		wish["deviceId"] = map[string]any{"exact": device}
	}
	switch source {
	case Microphone:
		wish["echoCancellation"], wish["noiseSuppression"], wish["autoGainControl"] = true, true, true
	case Camera:
		wish["width"], wish["height"] = map[string]any{"ideal": 1280}, map[string]any{"ideal": 720}
		if device == "" {
			wish["facingMode"] = "user"
		}
	}
	return map[string]any{source.kind(): wish}
}

// captureFailure makes one of the sentinels of a DOMException (Media Capture
// and Streams, Section 10.2.1).
func captureFailure(err error) error {
	kind := ErrDeviceBusy
	switch {
	case isNamed(err, "NotAllowedError"), isNamed(err, "SecurityError"):
		kind = ErrDeviceDenied
	case isNamed(err, "NotFoundError"), isNamed(err, "OverconstrainedError"):
		kind = ErrNoDevice
	case isNamed(err, "TypeError"), isNamed(err, "NotSupportedError"):
		kind = ErrNoCapture
	}
	return fmt.Errorf("%w: %w", kind, err)
}

func firstTrack(stream safejs.Value) (*Track, error) {
	tracks, err := stream.Call("getTracks")
	if err != nil {
		return nil, failure("look into a stream", err)
	}
	n, err := tracks.Length()
	if err != nil || n == 0 {
		return nil, errNothingOfKind
	}
	value, err := tracks.Index(0)
	if err != nil {
		return nil, failure("look into a stream", err)
	}
	return &Track{value: value}, nil
}
