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
	WaitingTone      // another call has arrived during one
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
	if t.tone = toneOf(c, before); t.tone != before {
		t.play(t.tone)
	}
}

// wait plays the tone of a call that waits during another.
func (t *tones) wait(c call.Call) {
	if c.State == call.Ringing {
		t.play(WaitingTone)
	} else if t.tone == Silence {
		t.play(Silence)
	}
}

func (t *tones) play(tone Tone) {
	if !t.preferences.Settings().RingTone {
		tone = Silence // which ends one that began before the person chose that
	}
	t.view.PlayTone(tone)
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
