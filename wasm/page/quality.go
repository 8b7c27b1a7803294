//go:build js && wasm

package page

import (
	"strconv"
	"time"

	"pushcall/call"
	"pushcall/internal/loop"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

const qualityEvery = 2 * time.Second

// qualityView says how well the call goes: the way it takes, how long that is
// and what is lost on it.
type qualityView struct {
	loop    *loop.Loop
	details js.Element
	sign    js.Element
	way     js.Element
	trip    js.Element
	loss    js.Element
	size    js.Element

	ask    func() // has quality told
	tick   *time.Timer
	before browser.Quality
	sees   bool // there is a picture of the friend's
}

func newQualityView(w *wiring, ask func()) *qualityView {
	return &qualityView{
		loop:    w.loop,
		details: w.find("quality"),
		sign:    w.find("quality-sign"),
		way:     w.find("quality-way"),
		trip:    w.find("quality-trip"),
		loss:    w.find("quality-loss"),
		size:    w.find("quality-size"),
		ask:     ask,
	}
}

// showCall asks every now and then while a call is connected.
func (v *qualityView) showCall(c call.Call) {
	on := c.State == call.Connected
	v.sees = c.Theirs.Camera || c.Theirs.Screen
	if on == (v.tick != nil) {
		return
	}
	if on {
		v.before = browser.Quality{}
		v.tick = time.AfterFunc(0, func() { v.loop.Post(v.look) })
		return
	}
	v.tick.Stop()
	v.tick = nil
	v.details.SetHidden(true)
}

func (v *qualityView) look() {
	if v.tick != nil {
		v.ask()
		v.tick.Reset(qualityEvery)
	}
}

// show shows what was measured.
func (v *qualityView) show(q browser.Quality) {
	if v.tick == nil || !q.Known {
		return
	}
	loss := lossSince(v.before, q)
	v.before = q
	v.details.SetHidden(false)
	v.details.SetAttribute("class", "quality "+grade(q.RoundTrip, loss))
	trip := say("not known")
	if q.RoundTrip >= 0 {
		trip = say("{n} ms", "n", strconv.Itoa(int(q.RoundTrip.Milliseconds())))
	}
	if q.Relayed {
		v.sign.SetText(say("Indirect"))
		v.way.SetText(say("through a server, which cannot listen"))
	} else {
		v.sign.SetText(say("Direct"))
		v.way.SetText(say("from browser to browser"))
	}
	v.trip.SetText(trip)
	v.loss.SetText(strconv.FormatFloat(100*loss, 'f', 1, 64) + " %")
	if v.sees && q.Width > 0 {
		v.size.SetText(strconv.Itoa(q.Width) + " × " + strconv.Itoa(q.Height))
	} else {
		v.size.SetText("–")
	}
}

// lossSince is what part of the packets was lost between two looks. A link that
// takes another's place counts anew.
func lossSince(before, now browser.Quality) float64 {
	received, lost := now.Received-before.Received, now.Lost-before.Lost
	if received < 0 {
		received, lost = now.Received, now.Lost
	}
	if lost <= 0 || received+lost <= 0 {
		return 0
	}
	return float64(lost) / float64(received+lost)
}

// grade is how a call with such a way feels (ITU-T G.114 puts the border of
// what people bear at 400 ms to and fro).
func grade(trip time.Duration, loss float64) string {
	switch {
	case trip > 400*time.Millisecond || loss > 0.05:
		return "poor"
	case trip > 200*time.Millisecond || loss > 0.015:
		return "fair"
	default:
		return "good"
	}
}
