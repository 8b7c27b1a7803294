//go:build js && wasm

package browser

import (
	"encoding/binary"
	"math"
	"testing"

	"pushcall/app"
	"pushcall/wasm/js"
)

func TestPlayTone(t *testing.T) {
	before := js.LiveFuncs()
	for tone := app.RingTone; tone < app.Tones; tone++ {
		stop, err := PlayTone(tone)
		if err != nil {
			t.Fatal(err)
		}
		stop()
		stop()
	}
	if after := js.LiveFuncs(); after != before {
		t.Errorf("%d callbacks live on", after-before)
	}
}

// TestTonesAreSoft renders each tone twice and looks at the samples: a click would
// be a step that no sine of the tone's pitches takes.
func TestTonesAreSoft(t *testing.T) {
	for tone := app.RingTone; tone < app.Tones; tone++ {
		s := scores[tone]
		samples := render(t, s)
		steepest, end := 0.0, 0.0
		for _, n := range s.notes {
			steepest += s.volume * 2 * math.Pi * n.frequency / rate
			end = max(end, n.begin+n.length)
		}
		for ring := range min(s.times, 2) {
			begin := float64(ring) * s.every
			for i := int(begin*rate) + 1; i < int((begin+s.every)*rate); i++ {
				if step := math.Abs(samples[i] - samples[i-1]); step > steepest {
					t.Fatalf("tone %d: a step of %.3f at %.3f s", tone, step, float64(i)/rate)
				}
			}
			from := begin + s.notes[0].begin
			if loud := loudest(samples[int((from+0.03)*rate):int((from+s.notes[0].length)*rate)]); loud < s.volume/2 || loud > 2*s.volume {
				t.Errorf("tone %d: ring %d is as loud as %.3f", tone, ring, loud)
			}
			if loud := loudest(samples[int((begin+end+0.01)*rate):int((begin+s.every)*rate)]); loud > 0 {
				t.Errorf("tone %d: between the rings it is as loud as %.3f", tone, loud)
			}
		}
	}
}

const rate, seconds = 8000, 10 // twice the longest score

// render returns the samples of a tone's first seconds.
func render(t *testing.T, s score) []float64 {
	class, err := js.Get("OfflineAudioContext")
	if err != nil {
		t.Fatal(err)
	}
	audio, err := class.New(1, rate*seconds, rate)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.schedule(audio); err != nil {
		t.Fatal(err)
	}
	rendered, err := js.AwaitCall(t.Context(), audio, "startRendering")
	if err != nil {
		t.Fatal(err)
	}
	channel, err := rendered.Call("getChannelData", 0)
	if err != nil {
		t.Fatal(err)
	}
	buffer, err := channel.Get("buffer")
	if err != nil {
		t.Fatal(err)
	}
	octets, err := js.BytesOf(buffer)
	if err != nil {
		t.Fatal(err)
	}
	samples := make([]float64, len(octets)/4)
	for i := range samples {
		samples[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(octets[4*i:])))
	}
	return samples
}

func loudest(samples []float64) float64 {
	loud := 0.0
	for _, sample := range samples {
		loud = max(loud, math.Abs(sample))
	}
	return loud
}
