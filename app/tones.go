package app

import "pushcall/call"

// Tone is a sound that the page makes by itself.
type Tone uint8

// The tones. EndTone and BusyTone end by themselves.
const (
	Silence     Tone = iota
	RingTone         // a call rings here
	CallingTone      // this browser calls, and nothing says yet that it rings at the friend's
	RingBack         // it rings at the friend's
	EndTone          // a call is over
	BusyTone         // the friend is in another call
	Tones            // how many there are
)

// ToneView plays tones.
type ToneView interface {
	// PlayTone plays a tone in place of the one before. It does not block.
	PlayTone(Tone)
}

// tones plays the tone of each step of a call. The phone's loop owns it.
type tones struct {
	*common
	tone Tone // of the last step
}

// follow plays the tone of a call, unless the person wants none.
func (t *tones) follow(c call.Call) {
	before := t.tone
	t.tone = toneOf(c, before)
	switch {
	case t.tone == before:
	case t.tone == Silence || t.preferences.Settings().RingTone:
		t.view.PlayTone(t.tone)
	default:
		t.view.PlayTone(Silence) // the setting may have changed while the one before was heard
	}
}

// toneOf returns the tone of a step of a call, after that of the step before: the end of
// a call that nobody here has answered is silent.
func toneOf(c call.Call, before Tone) Tone {
	switch {
	case c.State == call.Ringing && c.Outgoing:
		return RingBack
	case c.State == call.Ringing:
		return RingTone
	case c.State == call.Dialing:
		return CallingTone
	case c.State == call.Ended && c.Reason == call.Busy:
		return BusyTone
	case c.State == call.Ended && before != RingTone:
		return EndTone
	default:
		return Silence
	}
}
