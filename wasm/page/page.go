//go:build js && wasm

package page

import (
	"pushcall/call"
	"pushcall/internal/loop"
	"pushcall/wasm/browser"
)

// Page is all the views together.
type Page struct {
	phone  Phone
	wiring *wiring
	loop   *loop.Loop

	body     browser.Element
	status   *status
	home     *home
	dial     *dialDialog
	card     *cardDialog
	call     *callView
	messages *messages

	state  call.State
	asking *action // of the home view, until it is done
	dialed *action // of the dial dialog
}

// New finds the page's elements, begins to listen to the person and shows that
// the phone is ready. It goes on until Close.
func New(phone Phone) (*Page, error) {
	p := &Page{phone: phone, loop: loop.New(func(err error) { browser.Log("page: " + err.Error()) })}
	p.wiring = &wiring{loop: p.loop}
	p.body = p.wiring.find("page")
	p.status = newStatus(p.wiring, p.copy)
	p.home = newHome(p.wiring, p.callFriend, p.showCard)
	p.dial = newDialDialog(p.wiring, p.dialFriend, p.dialClosed)
	p.card = newCardDialog(p.wiring, p.copy, p.home.focusCard)
	p.call = newCallView(p.wiring, phone.HangUp)
	p.messages = newMessages(p.wiring, phone.SendText)
	if p.wiring.err != nil {
		p.Close()
		return nil, p.wiring.err
	}
	p.loop.Post(func() { p.showCall(call.Call{State: call.Idle}) })
	return p, nil
}

// Close stops listening and waits for all that the page has started.
func (p *Page) Close() {
	p.wiring.disconnect()
	p.loop.Close()
}

// ShowCall shows where the call is. It does not block.
func (p *Page) ShowCall(c call.Call) { p.loop.Post(func() { p.showCall(c) }) }

// AddText adds a text to the conversation. It does not block.
func (p *Page) AddText(t call.Text) { p.loop.Post(func() { p.messages.add(t) }) }

// ShowContacts shows who can be called. It does not block.
func (p *Page) ShowContacts(contacts []call.Contact) { p.loop.Post(func() {}) }

// ShowCalls shows the calls there were, the newest first. It does not block.
func (p *Page) ShowCalls(calls []call.Record) { p.loop.Post(func() {}) }

// ShowElsewhere shows whether another tab has the line. It does not block.
func (p *Page) ShowElsewhere(elsewhere bool) { p.loop.Post(func() {}) }

// ShowNotice tells the person of something that happened without them. It does
// not block.
func (p *Page) ShowNotice(notice Notice) { p.loop.Post(func() {}) }

func (p *Page) showCall(c call.Call) {
	before, now := inCall(p.state), inCall(c.State)
	p.state = c.State
	talking := c.State == call.Connected || c.State == call.Reconnecting
	p.body.SetAttribute("class", class(now, talking))
	p.say(sayCall(c))
	if now && !before {
		p.begin()
	}
	if now {
		p.call.show(c)
	} else {
		p.call.hide()
	}
	p.home.setInCall(now)
	p.messages.setTalking(talking)
	if before && !now {
		p.home.focusFriend()
	}
}

// begin makes way for a call: whatever else was going on ends.
func (p *Page) begin() {
	p.giveUp()
	p.dial.close()
	p.messages.clear()
}

// say says how things are, in words and to the style sheet.
func (p *Page) say(s saying) {
	p.body.SetAttribute("data-state", string(s.state))
	p.status.show(s)
}

func inCall(s call.State) bool { return s != call.Idle && s != call.Ended }

func class(inCall, talking bool) string {
	switch {
	case talking:
		return "in-call talking"
	case inCall:
		return "in-call"
	default:
		return ""
	}
}
