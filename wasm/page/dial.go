//go:build js && wasm

package page

import (
	"strings"

	"pushcall/wasm/js"
)

// dialDialog takes a friend's card. What was typed stays until it is replaced.
type dialDialog struct {
	dialog   js.Element
	text     js.Element
	refusal  js.Element
	button   js.Element
	video    js.Element
	lack     js.Element // why nobody can be called at all
	lacks    string     // the same
	busy     bool
	prepared bool // for a call; not when web/early.js has opened it, or calls are off
}

func newDialDialog(w *wiring, dial, video, save func(text string), closed func()) *dialDialog {
	d := &dialDialog{
		dialog:  w.find("dial-dialog"),
		text:    w.find("dial-text"),
		refusal: w.find("dial-error"),
		button:  w.find("dial-call"),
		video:   w.find("dial-video"),
		lack:    w.find("dial-early"),
	}
	w.onSubmit(w.find("dial-form"), func() { d.submit(dial) })
	w.on(d.video, "click", func() { d.submit(video) })
	w.on(w.find("dial-save"), "click", func() { d.submit(save) })
	w.on(d.text, "input", func() { d.refuse("") })
	w.on(w.find("dial-cancel"), "click", d.close)
	w.on(d.dialog, "close", closed) // by the escape key too
	return d
}

// open shows the dialog, with what was typed last in it. prepared says that all is
// ready for a call.
func (d *dialDialog) open(prepared bool) {
	d.prepared = prepared
	d.refuse("")
	if !d.dialog.Open() {
		d.dialog.ShowModal()
	}
	d.text.Focus()
	d.text.Select() // so that pasting replaces it
}

func (d *dialDialog) close() {
	if d.dialog.Open() {
		d.dialog.Close()
	}
}

func (d *dialDialog) submit(then func(string)) {
	if d.busy {
		return
	}
	d.refuse("")
	text := d.text.Value()
	if strings.TrimSpace(text) == "" {
		d.refuse(say("Paste your friend's card first."))
		return
	}
	then(text)
}

func (d *dialDialog) setBusy(busy bool) {
	d.busy = busy
	setBusy(d.button, busy)
}

// setEnabled says whether it is worth trying to call somebody, and why they may not be
// reached.
func (d *dialDialog) setEnabled(enabled bool, lack string) {
	d.button.SetDisabled(!enabled)
	d.video.SetDisabled(!enabled)
	if d.lacks != lack { // web/early.js says something there, too
		d.lacks = lack
		d.lack.SetText(lack)
	}
}

// refuse says why it cannot be called, or takes that back.
func (d *dialDialog) refuse(sentence string) { refuse(d.text, d.refusal, sentence) }
