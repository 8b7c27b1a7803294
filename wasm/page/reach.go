//go:build js && wasm

package page

import (
	"pushcall/app"
	"pushcall/call"
	"pushcall/internal/speech"
	"pushcall/signaling"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// reachView dims what cannot work while this device is offline, or a relay does not
// answer.
type reachView struct {
	now     app.Reach
	reaches func(signaling.Card) bool // tells whether its owner can be called now
	drawn   dimming
	online  []js.Element // buttons of Settings that need a network
}

// dimming is what decides which of the friends in the lists can be called.
type dimming struct {
	free  bool // there is no call
	reach app.Reach
}

func newReachView(w *wiring, reaches func(signaling.Card) bool) *reachView {
	v := &reachView{reaches: reaches, drawn: dimming{free: true}}
	for _, id := range []string{"test-line", "test-ways", "new-number"} {
		v.online = append(v.online, w.find(id))
	}
	return v
}

func (v *reachView) offline() bool { return v.now == app.ReachNone }

// callable is who can be called, given whether this phone is free.
type callable struct {
	free    bool
	partial bool // a relay is missing, so it depends on the friend
	reaches func(signaling.Card) bool
}

var everybody = callable{free: true, reaches: func(signaling.Card) bool { return true }}

func (c callable) has(card signaling.Card) bool { return c.free && c.reaches(card) }

// ShowReach shows who can be reached. It does not block.
func (p *Page) ShowReach(reach app.Reach) { p.loop.Post(func() { p.showReach(reach) }) }

func (p *Page) showReach(reach app.Reach) {
	p.reach.now = reach
	for _, button := range p.reach.online {
		button.SetDisabled(p.reach.offline())
	}
	p.setEnabled()
	switch {
	case inCall(p.current):
		p.say(voice.SayCall(p.current))
	case p.asking != nil: // it says itself what becomes of it
	case reach == app.ReachDirect && p.current.State == call.Ended: // whose end says more
	default:
		p.say(speech.Saying{State: speech.AtRest, Word: speech.Ready})
	}
}

// setEnabled lets friends be called who can be reached, unless there is a call or
// another tab has the line.
func (p *Page) setEnabled() {
	can := callable{!isTaken(p.current), p.reach.now == app.ReachDirect, p.reach.reaches}
	if now := (dimming{can.free, p.reach.now}); now != p.reach.drawn {
		p.reach.drawn = now
		p.people.setCallable(can)
		p.calls.setCallable(can)
	}
	offline := p.reach.offline()
	lack := ""
	switch {
	case offline:
		lack = voice.SayReach(p.reach.now).Sentence
	case app.CallsOff(p.mute): // which a press finds out anew
		lack = voice.SayMute(p.mute).Sentence
	}
	p.dial.setEnabled(!offline, lack)
	if p.invitation != nil {
		p.invite.setEnabled(can.has(*p.invitation), lack)
	}
	p.home.setEnabled(!p.elsewhere.is && !offline, can.free && (!offline || p.line.Card().Subscription != (webpush.Subscription{})))
}
