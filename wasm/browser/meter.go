//go:build js && wasm

package browser

import "pushcall/wasm/js"

// Measure makes a meter show how loud a stream is, until stop is called: see
// web/media.js.
func Measure(meter js.Element, s js.Stream) (stop func()) {
	stopper, err := callMedia("measure", s.JSValue(), meter.JSValue())
	if err != nil {
		js.LogFailure("measure a sound", err)
		return func() {}
	}
	return func() {
		if _, err := stopper.Invoke(); err != nil {
			js.LogFailure("measure no more", err)
		}
	}
}
