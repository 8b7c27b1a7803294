//go:build js && wasm

package page

import "pushcall/wasm/js"

// home is the phone at rest.
type home struct {
	friend js.Element // Call a friend
	card   js.Element // Show my push subscription
	why    js.Element // why the browser will ask for a permission
	guide  js.Element // how to allow what was blocked
	again  func()     // what the guide's button does
	helps  bool       // the guide is shown
}

func newHome(w *wiring, callFriend, showCard func()) *home {
	h := &home{
		friend: w.find("call-friend"),
		card:   w.find("show-card"),
		why:    w.find("why"),
		guide:  w.find("help"),
	}
	w.on(h.friend, "click", callFriend)
	w.on(h.card, "click", showCard)
	w.on(w.find("help-retry"), "click", func() { h.again() })
	return h
}

// setInCall puts away what cannot be used during a call.
func (h *home) setInCall(inCall bool) {
	h.friend.SetHidden(inCall)
	if inCall {
		h.setAllowed() // it has just rung
		h.hideHelp()
	}
}

// setEnabled says whether the keys can be used at all.
func (h *home) setEnabled(friend, card bool) {
	h.friend.SetDisabled(!friend)
	h.card.SetDisabled(!card)
}

func (h *home) setFriendBusy(busy bool) { setBusy(h.friend, busy) }
func (h *home) setCardBusy(busy bool)   { setBusy(h.card, busy) }
func (h *home) focusFriend()            { h.friend.Focus() }
func (h *home) focusCard()              { h.card.Focus() }

// setAllowed tells that the browser will not ask any more.
func (h *home) setAllowed() { h.why.SetHidden(true) }

// showHelp shows the way back from a refused permission.
func (h *home) showHelp(again func()) {
	h.again = again
	if h.helps { // and the person may read elsewhere
		return
	}
	h.helps = true
	h.why.SetHidden(true)
	h.guide.SetHidden(false)
}

func (h *home) hideHelp() {
	h.helps = false
	h.guide.SetHidden(true)
}
