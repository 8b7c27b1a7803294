//go:build js && wasm

package page

import "pushcall/wasm/js"

// causeView is the technical cause of something, for who wants to know.
type causeView struct {
	details js.Element
	text    js.Element
	copy    *copyButton
	shown   string // of which the person may have it unfolded
}

// newCauseView finds the details element with an id, and its parts.
func newCauseView(w *wiring, id string, copy copyFunc) *causeView {
	v := &causeView{details: w.find(id), text: w.find(id + "-text")}
	v.copy = newCopyButton(w, w.find(id+"-copy"), w.find(id+"-copied"), v.text, copy)
	return v
}

// show shows an error, folded, or nothing.
func (v *causeView) show(cause error) {
	text := ""
	if cause != nil {
		text = cause.Error()
	}
	if text == v.shown {
		return
	}
	v.shown = text
	v.details.RemoveAttribute("open")
	v.details.SetHidden(cause == nil)
	v.text.SetText(text)
	v.copy.reset(text)
}
