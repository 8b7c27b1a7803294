//go:build js && wasm

package page

import (
	"pushcall/internal/loop"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// wiring connects the views to the document. It keeps the first error, so that
// a view can be put together without asking after each step.
type wiring struct {
	loop *loop.Loop
	undo []func()
	err  error
}

func (w *wiring) find(id string) js.Element {
	e, err := js.FindElement(id)
	if w.err == nil {
		w.err = err
	}
	return e
}

// on posts f for every event of a type.
func (w *wiring) on(e js.Element, event string, f func()) {
	w.listen(e, event, func(js.Event) func() { return f })
}

// onSubmit posts f in place of sending a form anywhere.
func (w *wiring) onSubmit(form js.Element, f func()) {
	w.listen(form, "submit", func(e js.Event) func() {
		e.PreventDefault()
		return f
	})
}

// onDevices posts f when a device comes or goes.
func (w *wiring) onDevices(f func()) {
	undo, err := browser.OnDevicesChange(func() { w.loop.Post(f) })
	if w.err == nil {
		w.err = err
	}
	if err == nil {
		w.undo = append(w.undo, undo)
	}
}

// listen lets f read every event of a type, and posts what it returns.
func (w *wiring) listen(e js.Element, event string, f func(js.Event) func()) {
	if w.err != nil {
		return
	}
	undo, err := e.Listen(event, func(e js.Event) {
		if then := f(e); then != nil {
			w.loop.Post(then)
		}
	})
	if err != nil {
		w.err = err
		return
	}
	w.undo = append(w.undo, undo)
}

func (w *wiring) disconnect() {
	for _, undo := range w.undo {
		undo()
	}
}

// setBusy marks a button whose action runs. Unlike a disabled one it keeps the
// focus; that it does nothing is for its view to see to.
func setBusy(button js.Element, busy bool) {
	if busy {
		button.SetAttribute("aria-busy", "true")
		button.SetAttribute("aria-disabled", "true")
	} else {
		button.RemoveAttribute("aria-busy")
		button.RemoveAttribute("aria-disabled")
	}
}

// setExpanded says of a button whether what it opens is open.
func setExpanded(button js.Element, open bool) {
	if open {
		button.SetAttribute("aria-expanded", "true")
	} else {
		button.SetAttribute("aria-expanded", "false")
	}
}

// refuse says beneath a text box what is wrong with what is in it, or takes
// that back.
func refuse(box, refusal js.Element, sentence string) {
	refusal.SetText(sentence)
	if sentence == "" {
		box.RemoveAttribute("aria-invalid")
		return
	}
	box.SetAttribute("aria-invalid", "true")
	box.Focus()
}
