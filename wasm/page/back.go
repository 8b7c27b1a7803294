//go:build js && wasm

package page

import (
	"pushcall/internal/speech"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// backView offers to call somebody again whose call ended with the page before.
type backView struct {
	button js.Element
	to     webpush.PublicKey // zero for nobody
}

func newBackView(w *wiring, call func(c phonebook.Contact, setBusy func(bool))) *backView {
	v := &backView{button: w.find("back-to-call")}
	w.on(v.button, "click", func() {
		call(phonebook.Contact{Card: signaling.Card{Identity: v.to}}, func(busy bool) { setBusy(v.button, busy) })
	})
	return v
}

func (v *backView) show(to webpush.PublicKey, contacts []phonebook.Contact) {
	v.to = to
	contact, known := speech.FindContact(contacts, to)
	v.button.SetText(voice.BackTo(contact, known))
	v.button.SetHidden(to.IsZero())
}

// ShowReturn offers the way back into a call, to the zero key no more. It does not
// block.
func (p *Page) ShowReturn(to webpush.PublicKey) {
	p.loop.Post(func() {
		if !isTaken(p.current) {
			p.back.show(to, p.contacts)
		}
	})
}
