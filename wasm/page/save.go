//go:build js && wasm

package page

import (
	"pushcall/signaling"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// saveDialog gives somebody a name.
type saveDialog struct {
	dialog  js.Element
	mark    js.Element
	heading js.Element
	name    js.Element
	refusal js.Element
	button  js.Element
	who     webpush.PublicKey
	busy    bool
}

func newSaveDialog(w *wiring, save func(identity webpush.PublicKey, name string), closed func()) *saveDialog {
	d := &saveDialog{
		dialog:  w.find("save-dialog"),
		mark:    w.find("save-mark"),
		heading: w.find("save-heading"),
		name:    w.find("save-name"),
		refusal: w.find("save-error"),
		button:  w.find("save-button"),
	}
	w.onSubmit(w.find("save-form"), func() { d.submit(save) })
	w.on(d.name, "input", func() { d.refuse("") })
	w.on(w.find("save-cancel"), "click", d.close)
	w.on(d.dialog, "close", closed)
	return d
}

// open asks for a name. What there is already is offered.
func (d *saveDialog) open(heading string, who webpush.PublicKey, name string) {
	d.who = who
	d.heading.SetText(heading)
	drawMark(d.mark, who)
	d.name.SetValue(name)
	d.refuse("")
	if !d.dialog.Open() {
		d.dialog.ShowModal()
	}
	d.name.Focus()
	d.name.Select()
}

func (d *saveDialog) close() {
	if d.dialog.Open() {
		d.dialog.Close()
	}
}

func (d *saveDialog) submit(save func(webpush.PublicKey, string)) {
	if d.busy {
		return
	}
	name := signaling.CleanName(d.name.Value())
	if name == "" {
		d.refuse(say("Write a name first."))
		return
	}
	save(d.who, name)
}

func (d *saveDialog) setBusy(busy bool) {
	d.busy = busy
	setBusy(d.button, busy)
}

// refuse says why it was not saved, or takes that back.
func (d *saveDialog) refuse(sentence string) { refuse(d.name, d.refusal, sentence) }
