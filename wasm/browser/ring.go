//go:build js && wasm

package browser

import (
	"time"

	"github.com/hack-pad/safejs"

	"pushcall/wasm/js"
)

// The ring: two soft tones, a fifth apart, the second half into the first;
// then silence. In seconds and hertz.
const (
	ringEvery  = 3.0
	ringTimes  = 20 // a minute, and no call rings for longer
	ringAttack = 0.03
	ringVolume = 0.2 // of 1
	ringFade   = 20 * time.Millisecond
)

var ringTones = [...]struct{ frequency, begin, length float64 }{
	{523.25, 0, 0.9},    // C5
	{783.99, 0.45, 1.1}, // G5
}

// RingTone is the sound of an incoming call, made by the Web Audio API. The
// zero value is ready.
type RingTone struct{}

// Start lets it ring until stop is called, for a minute at most. Where the
// browser wants a person's action before any sound (HTML, Section 6.4), and
// there was none, it stays silent, and that is no error.
func (RingTone) Start() (stop func(), err error) {
	class, err := js.Get("AudioContext")
	if err != nil {
		return nil, js.Failure("ring", err)
	}
	audio, err := class.New()
	if err != nil {
		return nil, js.Failure("ring", err)
	}
	master, err := scheduleRing(audio)
	if err != nil {
		closeAudio(audio)
		return nil, js.Failure("ring", err)
	}
	if resumed, err := audio.Call("resume"); err == nil {
		js.Ignore(resumed) // settles when the person does something, or never
	}
	stopped := false
	return func() {
		if stopped {
			return
		}
		stopped = true
		// A sound that breaks off clicks.
		if err := fade(audio, master); err != nil {
			js.LogFailure("end the ring", err)
		}
		time.AfterFunc(4*ringFade, func() { closeAudio(audio) })
	}, nil
}

// scheduleRing plans all that there is to hear, and returns the AudioNode that
// it goes through. The clock of an AudioContext stands still until it may
// sound.
func scheduleRing(audio safejs.Value) (master safejs.Value, err error) {
	destination, err := audio.Get("destination")
	if err != nil {
		return safejs.Value{}, err
	}
	if master, err = audio.Call("createGain"); err != nil {
		return safejs.Value{}, err
	}
	if _, err := master.Call("connect", destination); err != nil {
		return safejs.Value{}, err
	}
	for _, tone := range ringTones {
		gain, err := audio.Call("createGain")
		if err != nil {
			return safejs.Value{}, err
		}
		if _, err := gain.Call("connect", master); err != nil {
			return safejs.Value{}, err
		}
		if err := startTone(audio, gain, tone.frequency); err != nil {
			return safejs.Value{}, err
		}
		if err := envelope(gain, tone.begin, tone.length); err != nil {
			return safejs.Value{}, err
		}
	}
	return master, nil
}

// startTone connects a sine to a GainNode. It ends with its AudioContext.
func startTone(audio, gain safejs.Value, frequency float64) error {
	oscillator, err := audio.Call("createOscillator")
	if err != nil {
		return err
	}
	pitch, err := oscillator.Get("frequency")
	if err != nil {
		return err
	}
	if err := pitch.Set("value", frequency); err != nil {
		return err
	}
	if _, err := oscillator.Call("connect", gain); err != nil {
		return err
	}
	_, err = oscillator.Call("start")
	return err
}

// envelope plans how loud a tone is, for all the times it sounds.
func envelope(gain safejs.Value, begin, length float64) error {
	loudness, err := gain.Get("gain")
	if err != nil {
		return err
	}
	if _, err := loudness.Call("setValueAtTime", 0, 0); err != nil {
		return err
	}
	for i := range ringTimes {
		at := float64(i)*ringEvery + begin
		for _, point := range []struct{ value, time float64 }{{0, at}, {ringVolume, at + ringAttack}, {0, at + length}} {
			if _, err := loudness.Call("linearRampToValueAtTime", point.value, point.time); err != nil {
				return err
			}
		}
	}
	return nil
}

func fade(audio, master safejs.Value) error {
	now, err := audio.Get("currentTime")
	if err != nil {
		return err
	}
	loudness, err := master.Get("gain")
	if err != nil {
		return err
	}
	_, err = loudness.Call("setTargetAtTime", 0, now, ringFade.Seconds())
	return err
}

func closeAudio(audio safejs.Value) {
	if closed, err := audio.Call("close"); err == nil {
		js.Ignore(closed)
	}
}
