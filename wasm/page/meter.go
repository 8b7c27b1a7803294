//go:build js && wasm

package page

import (
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// meterView shows how loud the person is.
type meterView struct {
	bar    js.Element
	stream js.Stream // what is measured
	stop   func()    // nil where nothing is
}

func newMeterView(w *wiring, id string) *meterView { return &meterView{bar: w.find(id)} }

// show measures a stream from now on, or nothing.
func (v *meterView) show(stream js.Stream) {
	if stream == v.stream {
		return
	}
	if v.stop != nil {
		v.stop()
		v.stop = nil
	}
	v.stream = stream
	if !stream.None() {
		v.stop = browser.Measure(v.bar, stream)
	}
}
