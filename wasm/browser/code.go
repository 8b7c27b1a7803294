//go:build js && wasm

package browser

import (
	"context"

	"github.com/hack-pad/safejs"

	"pushcall/wasm/js"
)

// CanScan tells whether the browser lends pages a camera at all.
func CanScan() bool {
	devices, err := js.Get("navigator", "mediaDevices")
	return err == nil && devices.Type() == safejs.TypeObject
}

// Scan shows what the camera sees in a video element, and returns the text of
// the first QR code in it: see web/code.js. Where ctx ends, so does the camera.
func Scan(ctx context.Context, video js.Element) (string, error) {
	class, err := js.Get("AbortController")
	if err != nil {
		return "", js.Failure("scan", err)
	}
	controller, err := class.New()
	if err != nil {
		return "", js.Failure("scan", err)
	}
	signal, err := controller.Get("signal")
	if err != nil {
		return "", js.Failure("scan", err)
	}
	text, err := js.AwaitCall(ctx, safejs.Global(), "scan", video.JSValue(), signal)
	if err != nil {
		if _, abortErr := controller.Call("abort"); abortErr != nil {
			js.LogFailure("abort", abortErr)
		}
		return "", js.Failure("scan", err)
	}
	return text.String()
}

// DrawCode draws a text as a QR code into an SVG element: see web/code.js.
func DrawCode(ctx context.Context, drawing js.Element, text string) error {
	if _, err := js.AwaitCall(ctx, safejs.Global(), "drawCode", drawing.JSValue(), text); err != nil {
		return js.Failure("draw a code", err)
	}
	return nil
}
