//go:build js && wasm

package browser

import (
	"context"

	"github.com/hack-pad/safejs"
)

// CanScan tells whether the browser lends pages a camera at all.
func CanScan() bool {
	devices, err := get("navigator", "mediaDevices")
	return err == nil && devices.Type() == safejs.TypeObject
}

// Scan shows what the camera sees in a video element, and returns the text of
// the first QR code in it: see web/code.js. Where ctx ends, so does the camera.
func Scan(ctx context.Context, video Element) (string, error) {
	class, err := get("AbortController")
	if err != nil {
		return "", failure("scan", err)
	}
	controller, err := class.New()
	if err != nil {
		return "", failure("scan", err)
	}
	signal, err := controller.Get("signal")
	if err != nil {
		return "", failure("scan", err)
	}
	text, err := awaitCall(ctx, safejs.Global(), "scan", video.value, signal)
	if err != nil {
		if _, abortErr := controller.Call("abort"); abortErr != nil {
			complain("abort", abortErr)
		}
		return "", failure("scan", err)
	}
	return text.String()
}

// DrawCode draws a text as a QR code into an SVG element: see web/code.js.
func DrawCode(ctx context.Context, drawing Element, text string) error {
	if _, err := awaitCall(ctx, safejs.Global(), "drawCode", drawing.value, text); err != nil {
		return failure("draw a code", err)
	}
	return nil
}
