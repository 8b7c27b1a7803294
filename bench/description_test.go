package bench

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"os"
	"testing"

	"pushcall/signaling"
)

// BenchmarkDescription reports how many octets of text a description takes in a push
// message: in Pushcall's form, as JSON of RTCSessionDescription, and as that deflated.
// The descriptions are captured from browsers, of a data channel only, with a STUN
// and a TURN server.
func BenchmarkDescription(b *testing.B) {
	for _, name := range []string{"firefox-offer", "firefox-answer", "chromium-offer", "chromium-answer"} {
		sdp, err := os.ReadFile("../signaling/testdata/" + name + ".sdp")
		if err != nil {
			b.Fatal(err)
		}
		description, err := signaling.ParseSDP(string(sdp))
		if err != nil {
			b.Fatal(err)
		}
		text, err := description.MarshalText()
		if err != nil {
			b.Fatal(err)
		}
		raw, err := json.Marshal(map[string]string{"type": "offer", "sdp": string(sdp)})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := description.MarshalText(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(text)), "octets")
			b.ReportMetric(float64(len(raw)), "raw-octets")
			b.ReportMetric(float64(base64.RawURLEncoding.EncodedLen(len(deflate(b, raw)))), "deflated-octets")
		})
	}
}

func deflate(b *testing.B, text []byte) []byte {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}
