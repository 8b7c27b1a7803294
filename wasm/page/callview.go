//go:build js && wasm

package page

import (
	"fmt"
	"time"

	"pushcall/call"
	"pushcall/internal/loop"
	"pushcall/wasm/browser"
	"pushcall/webpush"
)

// callView shows who the call is with and how long it has been, and hangs up.
type callView struct {
	loop     *loop.Loop
	mark     browser.Element
	name     browser.Element
	duration browser.Element
	hangUp   browser.Element

	visible bool
	drawn   webpush.PublicKey
	since   time.Time   // zero while there is nothing to count
	tick    *time.Timer // to the next second
}

func newCallView(w *wiring, hangUp func()) *callView {
	v := &callView{
		loop:     w.loop,
		mark:     w.find("mark"),
		name:     w.find("name"),
		duration: w.find("duration"),
		hangUp:   w.find("hang-up"),
	}
	w.on(v.hangUp, "click", hangUp)
	return v
}

func (v *callView) show(c call.Call) {
	v.name.SetText(nameOf(c))
	if v.drawn != c.Remote.Identity {
		v.drawn = c.Remote.Identity
		drawMark(v.mark, v.drawn)
	}
	v.setVisible(true)
	v.count(c.Since)
}

func (v *callView) hide() {
	v.setVisible(false)
	v.count(time.Time{})
}

func (v *callView) setVisible(visible bool) {
	v.name.SetHidden(!visible)
	v.hangUp.SetHidden(!visible)
	if visible && !v.visible {
		v.hangUp.Focus()
	}
	v.visible = visible
}

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
	v.duration.SetText(clock(elapsed))
	v.tick = time.AfterFunc(time.Second-elapsed%time.Second, func() {
		v.loop.Post(func() {
			if v.since == since {
				v.count(since)
			}
		})
	})
}

// nameOf is what the friend calls themselves, a claim, or what there is to
// call somebody who does not say.
func nameOf(c call.Call) string {
	switch {
	case c.Remote.Name != "":
		return c.Remote.Name
	case c.Outgoing:
		return "Your friend"
	default:
		return "Someone with your card"
	}
}

// clock formats a duration as a phone does: 0:07, 12:34, 1:02:03.
func clock(d time.Duration) string {
	s := int(d / time.Second)
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}
