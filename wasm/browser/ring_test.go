//go:build js && wasm

package browser

import (
	"encoding/binary"
	"math"
	"testing"

	"pushcall/wasm/js"
)

func TestRingToneWithoutPermission(t *testing.T) {
	before := js.LiveFuncs()
	for range 3 {
		stop, err := RingTone{}.Start()
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

// TestRingToneIsSoft renders two rings and looks at the samples: a click would
// be a step that no sine of the tones' pitch takes.
func TestRingToneIsSoft(t *testing.T) {
	const rate, seconds = 8000, 6
	class, err := js.Get("OfflineAudioContext")
	if err != nil {
		t.Fatal(err)
	}
	audio, err := class.New(1, rate*seconds, rate)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scheduleRing(audio); err != nil {
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

	steepest := 0.0
	for _, tone := range ringTones {
		steepest += ringVolume * 2 * math.Pi * tone.frequency / rate
	}
	for ring := range 2 {
		begin := float64(ring) * ringEvery
		for i := int(begin*rate) + 1; i < int((begin+ringEvery)*rate); i++ {
			if step := math.Abs(samples[i] - samples[i-1]); step > steepest {
				t.Fatalf("a step of %.3f at %.3f s", step, float64(i)/rate)
			}
		}
		if loud := loudest(samples[int((begin+0.1)*rate):int((begin+0.8)*rate)]); loud < ringVolume/2 || loud > 2*ringVolume {
			t.Errorf("ring %d is as loud as %.3f", ring, loud)
		}
		if loud := loudest(samples[int((begin+2)*rate):int((begin+2.9)*rate)]); loud > 0 {
			t.Errorf("between the rings it is as loud as %.3f", loud)
		}
	}
}

func loudest(samples []float64) float64 {
	loud := 0.0
	for _, sample := range samples {
		loud = max(loud, math.Abs(sample))
	}
	return loud
}
