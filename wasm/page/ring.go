//go:build js && wasm

package page

import (
	"pushcall/call"
	"pushcall/signaling"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// ringDialog asks whether to take a call. Only an answer closes it, or the end
// of the ring: a key pressed for something else declines nothing.
type ringDialog struct {
	dialog  js.Element
	mark    js.Element
	heading js.Element
	claim   js.Element
	warning js.Element
	answer  js.Element
	decline js.Element

	id      signaling.CallID
	ringing bool
	decided bool // the person has pressed a button
	drawn   webpush.PublicKey
	hush    func() // ends the ring tone
}

func newRingDialog(w *wiring, hush func(), answer, decline func(signaling.CallID)) *ringDialog {
	d := &ringDialog{
		dialog:  w.find("ring"),
		mark:    w.find("ring-mark"),
		heading: w.find("ring-heading"),
		claim:   w.find("ring-claim"),
		warning: w.find("ring-warning"),
		answer:  w.find("answer"),
		decline: w.find("decline"),
		hush:    hush,
	}
	w.on(d.answer, "click", func() { d.decide(d.answer, answer) })
	w.on(d.decline, "click", func() { d.decide(d.decline, decline) })
	w.listen(d.dialog, "cancel", func(e js.Event) func() {
		e.PreventDefault()
		return nil
	})
	w.listen(d.dialog, "keydown", func(e js.Event) func() {
		if e.Key() == "Escape" {
			e.PreventDefault() // browsers grant a page only so many prevented cancels
		}
		return nil
	})
	w.on(d.dialog, "close", func() {
		if d.ringing && !d.dialog.Open() {
			d.dialog.ShowModal()
		}
	})
	return d
}

// show rings. A warning is about who calls.
func (d *ringDialog) show(c call.Call, verified bool, warning string) {
	if d.ringing && d.id != c.ID {
		d.hide()
	}
	showName(d.heading, voice.HeadingOf(c), verified)
	d.claim.SetText(voice.ClaimOf(c))
	d.claim.SetHidden(voice.ClaimOf(c) == "")
	d.warning.SetText(warning)
	d.warning.SetHidden(warning == "")
	if d.drawn != c.Remote.Identity || c.Remote.Identity.IsZero() {
		d.drawn = c.Remote.Identity
		drawMark(d.mark, d.drawn)
	}
	if d.ringing {
		return
	}
	d.ringing, d.id, d.decided = true, c.ID, false
	d.dialog.ShowModal()
	d.dialog.Focus() // what is typed when a call comes in must not answer it
}

func (d *ringDialog) hide() {
	if !d.ringing {
		return
	}
	d.ringing = false
	setBusy(d.answer, false)
	setBusy(d.decline, false)
	if d.dialog.Open() {
		d.dialog.Close()
	}
}

func (d *ringDialog) decide(button js.Element, decide func(signaling.CallID)) {
	if !d.ringing || d.decided {
		return
	}
	d.decided = true
	d.hush()
	setBusy(button, true)
	decide(d.id)
}
