package app

import "pushcall/call"

// WaitingView shows a contact's call that has arrived during another.
type WaitingView interface {
	// ShowWaiting shows the call while its State is Ringing, and hides it after that. It
	// does not block.
	ShowWaiting(call.Call)
}

// onWaiting tells every part that a call waits, or waits no longer. It runs on the phone's
// loop.
func (a *App) onWaiting(c call.Call) {
	switch c.State {
	case call.Ringing:
		a.inbox.waiting.Store(&c.ID)
	case call.Ended:
		a.inbox.waiting.Store(nil)
	}
	a.view.ShowWaiting(c)
	a.tones.wait(c)
	a.waiting.follow(c)
	a.inbox.poll()
}

// takes reports whether a call begins with c because the person has answered it: the
// microphone is wanted then. A call that takes the place of the person's own began with that.
func takes(before, c call.Call) bool {
	free := before.State == call.Idle || before.State == call.Ended || before.State == call.Ringing && !before.Outgoing
	return free && !c.Outgoing && (c.State == call.Connecting || c.State == call.Connected)
}
