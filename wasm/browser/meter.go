//go:build js && wasm

package browser

// Measure has a meter show how loud a stream is, until stop is called: see
// web/media.js.
func (e Element) Measure(s Stream) (stop func()) {
	stopper, err := callMedia("measure", *s.value, e.value)
	if err != nil {
		complain("measure a sound", err)
		return func() {}
	}
	return func() {
		if _, err := stopper.Invoke(); err != nil {
			complain("measure no more", err)
		}
	}
}
