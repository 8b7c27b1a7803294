//go:build js && wasm

package page

import (
	"time"

	"pushcall/call"
	"pushcall/internal/loop"
	"pushcall/internal/speech"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// callView shows who the call is with and how long it has been, and hangs up.
type callView struct {
	loop     *loop.Loop
	mark     js.Element
	name     js.Element
	duration js.Element
	claim    js.Element // what a stranger says about themselves
	warning  js.Element // that they call themselves like somebody else
	save     js.Element // makes a contact of a stranger
	hangUp   js.Element

	visible bool
	drawn   webpush.PublicKey
	since   time.Time   // zero while there is nothing to count
	tick    *time.Timer // to the next second
}

func newCallView(w *wiring, hangUp, save func()) *callView {
	v := &callView{
		loop:     w.loop,
		mark:     w.find("mark"),
		name:     w.find("name"),
		duration: w.find("duration"),
		claim:    w.find("claim"),
		warning:  w.find("claim-warning"),
		save:     w.find("save-contact"),
		hangUp:   w.find("hang-up"),
	}
	w.on(v.save, "click", save)
	w.on(v.hangUp, "click", hangUp)
	return v
}

func (v *callView) show(c call.Call, verified bool, warning string) {
	showName(v.name, voice.NameOf(c), verified)
	if v.drawn != c.Remote.Identity {
		v.drawn = c.Remote.Identity
		drawMark(v.mark, v.drawn)
	}
	v.claim.SetText(voice.ClaimOf(c))
	v.claim.SetHidden(voice.ClaimOf(c) == "")
	v.warning.SetText(warning)
	v.warning.SetHidden(warning == "")
	v.save.SetHidden(c.Known || c.Remote.Identity.IsZero())
	v.setVisible(true)
	v.count(c.Since)
}

func (v *callView) hide() {
	v.claim.SetHidden(true)
	v.warning.SetHidden(true)
	v.save.SetHidden(true)
	v.setVisible(false)
	v.count(time.Time{})
}

func (v *callView) setVisible(visible bool) {
	v.name.SetHidden(!visible)
	v.hangUp.SetHidden(!visible)
	if visible && !v.visible {
		v.loop.Post(func() { // after what else changes, since the browser lays out the page for it
			if v.visible {
				v.hangUp.Focus()
			}
		})
	}
	v.visible = visible
}

func (v *callView) focus() { v.hangUp.Focus() }

// count shows the seconds since a time, or nothing if it is zero.
func (v *callView) count(since time.Time) {
	if v.tick != nil {
		v.tick.Stop()
		v.tick = nil
	}
	v.since = since
	v.duration.SetHidden(since.IsZero())
	if since.IsZero() {
		return
	}
	elapsed := time.Since(since)
	v.duration.SetText(speech.Clock(elapsed))
	v.tick = time.AfterFunc(time.Second-elapsed%time.Second, func() {
		v.loop.Post(func() {
			if v.since == since {
				v.count(since)
			}
		})
	})
}
