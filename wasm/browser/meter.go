//go:build js && wasm

package browser

import (
	"math"

	"github.com/hack-pad/safejs"
)

// meterWindow is how many samples of sound a Meter looks at: some 40 ms.
const meterWindow = 2048

// Meter tells how loud a stream is, without playing it.
type Meter struct {
	audio    safejs.Value // AudioContext
	analyser safejs.Value
	array    safejs.Value // Uint8Array
	samples  []byte
}

// NewMeter listens to a stream with sound in it, until Stop.
func NewMeter(s Stream) (*Meter, error) {
	class, err := get("AudioContext")
	if err != nil {
		return nil, failure("measure a sound", err)
	}
	audio, err := class.New()
	if err != nil {
		return nil, failure("measure a sound", err)
	}
	m := &Meter{audio: audio, samples: make([]byte, meterWindow)}
	if err := m.connect(s); err != nil {
		m.Stop()
		return nil, failure("measure a sound", err)
	}
	if resumed, err := audio.Call("resume"); err == nil {
		ignore(resumed) // settles when the person does something, or never
	}
	return m, nil
}

func (m *Meter) connect(s Stream) (err error) {
	if m.array, err = newUint8Array(m.samples); err != nil {
		return err
	}
	if m.analyser, err = m.audio.Call("createAnalyser"); err != nil {
		return err
	}
	if err := m.analyser.Set("fftSize", meterWindow); err != nil {
		return err
	}
	source, err := m.audio.Call("createMediaStreamSource", s.value)
	if err != nil {
		return err
	}
	_, err = source.Call("connect", m.analyser)
	return err
}

// Level returns how loud it is: 0 is silence, 1 as loud as it gets, and what
// lies between is even to the ear.
func (m *Meter) Level() float64 {
	if _, err := m.analyser.Call("getByteTimeDomainData", m.array); err != nil {
		return 0
	}
	if _, err := safejs.CopyBytesToGo(m.samples, m.array); err != nil {
		return 0
	}
	return level(m.samples)
}

// level is that of samples with their middle at 128, over 50 decibels.
func level(samples []byte) float64 {
	var sum float64
	for _, s := range samples {
		x := (float64(s) - 128) / 128
		sum += x * x
	}
	power := sum / float64(len(samples))
	if power == 0 {
		return 0
	}
	return min(max(1+10*math.Log10(power)/50, 0), 1)
}

// Stop lets go of the stream.
func (m *Meter) Stop() { closeAudio(m.audio) }
