//go:build js && wasm

package page

import "pushcall/wasm/js"

// elsewhere keeps the page still while another tab has the line.
type elsewhere struct {
	directory js.Element // all that is beside the stage
	settings  js.Element // the button that opens them
	use       js.Element // Use here
	is        bool
}

func newElsewhere(w *wiring, useHere func()) *elsewhere {
	e := &elsewhere{directory: w.find("directory"), settings: w.find("open-settings"), use: w.find("use-here")}
	w.on(e.use, "click", func() {
		setBusy(e.use, true)
		useHere()
	})
	return e
}

func (e *elsewhere) set(is bool) {
	e.is = is
	setBusy(e.use, false)
	e.use.SetHidden(!is)
	e.settings.SetDisabled(is)
	if is {
		e.directory.SetAttribute("inert", "")
		e.use.Focus()
	} else {
		e.directory.RemoveAttribute("inert")
	}
}
