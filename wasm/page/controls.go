//go:build js && wasm

package page

import (
	"strconv"

	"pushcall/app"
	"pushcall/call"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// controls are the round keys of a call, and what is said about them.
type controls struct {
	mute     js.Element
	label    js.Element // of mute, which says what it does
	camera   js.Element
	screen   js.Element
	devices  js.Element
	messages js.Element
	note     js.Element // why something is not sent
	muted    js.Element // that the friend's microphone is off
	whose    js.Element // says so by the friend's name

	sending [app.Sources]app.Sending
	events  controlEvents
}

// controlEvents are what the person does with them.
type controlEvents struct {
	set      func(source app.Source, on bool)
	devices  func()
	messages func()
}

func newControls(w *wiring, events controlEvents) *controls {
	c := &controls{
		mute:     w.find("mute"),
		label:    w.find("mute-label"),
		camera:   w.find("camera"),
		screen:   w.find("share-screen"),
		devices:  w.find("open-devices"),
		messages: w.find("open-messages"),
		note:     w.find("media-note"),
		muted:    w.find("muted"),
		whose:    w.find("muted-whose"),
		events:   events,
	}
	w.on(c.mute, "click", func() { c.turn(app.Microphone) })
	w.on(c.camera, "click", func() { c.turn(app.Camera) })
	w.on(c.screen, "click", func() { c.turn(app.Screen) })
	w.on(c.devices, "click", events.devices)
	w.on(c.messages, "click", events.messages)
	return c
}

func (c *controls) turn(source app.Source) { c.events.set(source, !c.sending[source].On) }

// show shows what can be turned in a call, and what its friend sends. A screen
// is shared with somebody who is there.
func (c *controls) show(x call.Call) {
	taken := isTaken(x)
	c.mute.SetHidden(!taken)
	c.camera.SetHidden(!taken)
	c.devices.SetHidden(!taken)
	c.screen.SetHidden(!isTalking(x) || !browser.Can(browser.Shares))
	c.muted.SetHidden(x.State != call.Connected || x.Theirs.Microphone)
	c.whose.SetText(say("{name} is muted", "name", voice.NameOf(x)))
}

// showSending shows what this side sends.
func (c *controls) showSending(sending [app.Sources]app.Sending) {
	c.sending = sending
	if sending[app.Microphone].On {
		c.label.SetText(say("Mute"))
		c.mute.SetAttribute("class", "control")
	} else {
		c.label.SetText(say("Unmute"))
		c.mute.SetAttribute("class", "control off")
	}
	setPressed(c.camera, sending[app.Camera].On)
	setPressed(c.screen, sending[app.Screen].On)
	setBusy(c.camera, sending[app.Camera].Asking)
	setBusy(c.screen, sending[app.Screen].Asking)
	c.note.SetText(voice.NoteOf(sending))
	browser.ShowSending(sending[app.Microphone].On, sending[app.Camera].On)
}

// showMessages shows the key to the messages, and how many have come that are
// not read.
func (c *controls) showMessages(shown, open bool, unread int) {
	c.messages.SetHidden(!shown)
	setPressed(c.messages, open)
	count, told := "", ""
	if unread > 0 {
		count, told = strconv.Itoa(unread), sayMany(unread, "{n} new message", "{n} new messages")
	}
	c.messages.SetAttribute("data-unread", count)
	c.messages.SetAttribute("aria-description", told)
}

// setPressed turns a button that stays down.
func setPressed(button js.Element, pressed bool) {
	button.SetAttribute("aria-pressed", strconv.FormatBool(pressed))
}
