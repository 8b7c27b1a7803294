//go:build js && wasm

package page

import (
	"pushcall/call"
	"pushcall/wasm/browser"
)

// controls are the round keys of a call, and what is said about them.
type controls struct {
	mute  browser.Element
	label browser.Element // of mute, which says what it does
	note  browser.Element // why something is not sent
	muted browser.Element // that the friend's microphone is

	sending [browser.Sources]Sending
	set     func(source browser.Source, on bool)
}

func newControls(w *wiring, set func(source browser.Source, on bool)) *controls {
	c := &controls{
		mute:  w.find("mute"),
		label: w.find("mute-label"),
		note:  w.find("media-note"),
		muted: w.find("muted"),
		set:   set,
	}
	w.on(c.mute, "click", func() { c.turn(browser.Microphone) })
	return c
}

func (c *controls) turn(source browser.Source) { c.set(source, !c.sending[source].On) }

// show shows what can be turned in a call, and what its friend sends.
func (c *controls) show(x call.Call) {
	c.mute.SetHidden(!isTaken(x))
	c.muted.SetHidden(x.State != call.Connected || x.Theirs.Microphone)
}

// showSending shows what this side sends.
func (c *controls) showSending(sending [browser.Sources]Sending) {
	c.sending = sending
	microphone := sending[browser.Microphone]
	if microphone.On {
		c.label.SetText(say("Mute"))
		c.mute.SetAttribute("class", "control")
	} else {
		c.label.SetText(say("Unmute"))
		c.mute.SetAttribute("class", "control off")
	}
	c.note.SetText(noteOf(sending))
}
