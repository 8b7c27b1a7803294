//go:build js && wasm

package browser

import (
	"sync"
	"time"

	"github.com/hack-pad/safejs"

	"pushcall/app"
	"pushcall/wasm/js"
)

// How each note begins and a tone breaks off.
const (
	noteAttack = 0.03 // seconds
	toneFade   = 20 * time.Millisecond
)

// score is a tone for the Web Audio API: notes in seconds and hertz, that are repeated.
type score struct {
	notes  []note
	volume float64 // of each note, of 1
	every  float64 // seconds
	times  int     // a minute at most: no call rings for longer
}

type note struct{ frequency, begin, length float64 }

var scores = [app.Tones]score{
	app.RingTone:    {[]note{{523.25, 0, 0.9}, {783.99, 0.45, 1.1}}, 0.2, 3, 20},    // C5, G5: a fifth, the second half into the first
	app.CallingTone: {[]note{{220, 1, 0.3}}, 0.1, 2, 30},                            // A3; a friend's page that is open rings before it
	app.RingBack:    {[]note{{440, 0, 1.4}, {523.25, 0, 1.4}}, 0.07, 4, 15},         // A4, C5
	app.WaitingTone: {[]note{{587.33, 0, 0.15}, {587.33, 0.25, 0.15}}, 0.05, 5, 12}, // D5, twice
	app.EndTone:     {[]note{{392, 0, 0.3}, {261.63, 0.2, 0.6}}, 0.1, 1, 1},         // G4, C4
	app.BusyTone:    {[]note{{440, 0, 0.3}}, 0.1, 0.5, 4},                           // A4
}

// PlayTone plays a tone of a call, by the Web Audio API, until its end or until stop is
// called. Where the browser wants a person's action before any sound (HTML, Section 6.4),
// and there was none, it stays silent, and that is no error.
func PlayTone(tone app.Tone) (stop func(), err error) {
	class, err := js.Get("AudioContext")
	if err != nil {
		return nil, js.Failure("play a tone", err)
	}
	audio, err := class.New()
	if err != nil {
		return nil, js.Failure("play a tone", err)
	}
	s := scores[tone]
	master, err := s.schedule(audio)
	if err != nil {
		closeAudio(audio)
		return nil, js.Failure("play a tone", err)
	}
	if resumed, err := audio.Call("resume"); err == nil {
		js.Ignore(resumed) // settles when the person does something, or never
	}
	stop = sync.OnceFunc(func() {
		// A sound that breaks off clicks.
		if err := fade(audio, master); err != nil {
			js.LogFailure("end a tone", err)
		}
		time.AfterFunc(4*toneFade, func() { closeAudio(audio) })
	})
	time.AfterFunc(time.Duration((s.every*float64(s.times)+1)*float64(time.Second)), stop)
	return stop, nil
}

// schedule plans all that there is to hear, and returns the AudioNode that it goes
// through. The clock of an AudioContext stands still until it may sound.
func (s score) schedule(audio safejs.Value) (master safejs.Value, err error) {
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
	for _, n := range s.notes {
		gain, err := audio.Call("createGain")
		if err != nil {
			return safejs.Value{}, err
		}
		if _, err := gain.Call("connect", master); err != nil {
			return safejs.Value{}, err
		}
		if err := startTone(audio, gain, n.frequency); err != nil {
			return safejs.Value{}, err
		}
		if err := s.envelope(gain, n); err != nil {
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

// envelope plans how loud a note is, for all the times it sounds.
func (s score) envelope(gain safejs.Value, n note) error {
	loudness, err := gain.Get("gain")
	if err != nil {
		return err
	}
	if _, err := loudness.Call("setValueAtTime", 0, 0); err != nil {
		return err
	}
	for i := range s.times {
		at := float64(i)*s.every + n.begin
		for _, point := range []struct{ value, time float64 }{{0, at}, {s.volume, at + noteAttack}, {0, at + n.length}} {
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
	_, err = loudness.Call("setTargetAtTime", 0, now, toneFade.Seconds())
	return err
}

func closeAudio(audio safejs.Value) {
	if closed, err := audio.Call("close"); err == nil {
		js.Ignore(closed)
	}
}
