package call

import (
	"strings"
	"testing"
)

func TestSignals(t *testing.T) {
	for _, s := range []signal{
		{kind: signalOffer, sdp: "v=0\r\n"},
		{kind: signalAnswer, sdp: "v=0\r\n"},
		{kind: signalCandidate, candidate: Candidate{"candidate:1 1 udp 1 192.0.2.1 9 typ host", "0"}},
		{kind: signalText, text: "\"<b>\u2028\x00😀"},
		{kind: signalText, text: strings.Repeat("a", MaxText)},
		{kind: signalBye},
	} {
		got, err := parseSignal(s.format())
		if err != nil || got != s {
			t.Errorf("%+v came back as %+v, %v", s, got, err)
		}
	}
}

func FuzzParseSignal(f *testing.F) {
	f.Add(`{"type":"offer","sdp":"v=0"}`)
	f.Add(`{"type":"text","text":"a"}`)
	f.Add(`{"type":"candidate","candidate":"","mid":"0"}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseSignal(text)
		if err != nil {
			return
		}
		again, err := parseSignal(s.format())
		if err != nil || again != s {
			t.Errorf("%+v came back as %+v, %v", s, again, err)
		}
	})
}
