//go:build js && wasm

package page

import (
	"pushcall/call"
	"pushcall/signaling"
	"pushcall/wasm/js"
)

// waitingView shows a contact's call that has arrived during another. It takes no focus:
// the person is talking, or typing.
type waitingView struct {
	panel   js.Element
	mark    js.Element
	heading js.Element
	answer  js.Element
	decline js.Element

	id      signaling.CallID
	caller  string // as the heading says it; "" while no call waits
	decided bool   // the person has pressed a button
	left    func() // moves the focus on
}

func newWaitingView(w *wiring, answer, decline func(signaling.CallID), left func()) *waitingView {
	v := &waitingView{
		panel:   w.find("waiting"),
		mark:    w.find("waiting-mark"),
		heading: w.find("waiting-heading"),
		answer:  w.find("waiting-answer"),
		decline: w.find("waiting-decline"),
		left:    left,
	}
	w.on(v.answer, "click", func() { v.decide(v.answer, answer) })
	w.on(v.decline, "click", func() { v.decide(v.decline, decline) })
	return v
}

// ShowWaiting shows a call that waits, or hides it. It does not block.
func (p *Page) ShowWaiting(c call.Call) {
	p.loop.Post(func() {
		p.waiting.show(p.recognize(c), p.isVerified(c.Remote.Identity))
		p.showRing(p.current)
	})
}

func (v *waitingView) show(c call.Call, verified bool) {
	waits := c.State == call.Ringing
	if !waits && v.panel.HasFocus() {
		v.left()
	}
	v.caller, v.id, v.decided = "", c.ID, false
	setBusy(v.answer, false)
	setBusy(v.decline, false)
	if waits {
		v.caller = voice.HeadingOf(c)
		drawMark(v.mark, c.Remote.Identity)
	}
	v.panel.SetHidden(!waits)
	showName(v.heading, v.caller, waits && verified) // an alert, which is read out once it is shown
}

func (v *waitingView) decide(button js.Element, decide func(signaling.CallID)) {
	if v.caller == "" || v.decided {
		return
	}
	v.decided = true
	setBusy(button, true)
	decide(v.id)
}
