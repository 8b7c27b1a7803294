package call

import (
	"strings"
	"testing"

	"pushcall/files"
)

func TestSignals(t *testing.T) {
	for _, s := range []signal{
		{kind: signalOffer, sdp: "v=0\r\n"},
		{kind: signalAnswer, sdp: "v=0\r\n"},
		{kind: signalCandidate, candidate: Candidate{"candidate:1 1 udp 1 192.0.2.1 9 typ host", "0"}},
		{kind: signalText, text: "\"<b>\u2028\x00😀", number: 1},
		{kind: signalText, text: strings.Repeat("a", MaxText), number: 2},
		{kind: signalText, text: "\ufeff lost ", number: 3, id: strings.Repeat("i", MaxTextID)},
		{kind: signalBye, text: byeFlood, number: 3},
		{kind: signalMedia},
		{kind: signalMedia, media: Media{Microphone: true, Screen: true}},
		{kind: signalAccept, number: 3},
		{kind: signalPing, number: 3},
		{kind: signalBye},
		{kind: signalBye, text: byeNoAnswer},
		{kind: "file", file: files.Signal{Kind: "file", Number: 1, Name: "&amp;é😀.txt", Size: files.MaxSize}},
		{kind: "refuse", file: files.Signal{Kind: "refuse", Number: 1, Why: files.WhyMany}},
	} {
		got, err := parseSignal(s.format())
		if err != nil || got != s {
			t.Errorf("%+v came back as %+v, %v", s, got, err)
		}
	}
}

// format writes each signal that parseSignal has read in a form that parseSignal reads as
// the same.
func FuzzSignal(f *testing.F) {
	for _, text := range []string{
		`{"type":"offer","sdp":"v=0"}`, `{"type":"answer","sdp":"v=0\r\n"}`, `{"type":"text","text":"a","number":1}`,
		`{"type":"candidate","candidate":"","mid":"0"}`, `{"type":"accept"}`, `{"type":"ping"}`,
		`{"type":"media","sends":"camera  microphone hologram"}`, `{"type":"media"}`,
		`{"type":"bye"}`, `{"type":"bye","reason":"no answer"}`,
		`{"type":"file","file":1,"name":"..\\con.\u202etxt","size":9007199254740991}`, `{"type":"take","file":1,"at":1048576}`,
		`{"type":"got","file":1,"at":-1}`, `{"type":"done","file":1,"digest":"00"}`, `{"type":"refuse","file":9223372036854775807,"why":"room"}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseSignal(text)
		if err != nil {
			return
		}
		written := s.format()
		again, err := parseSignal(written)
		if err != nil || again != s || again.format() != written {
			t.Errorf("%+v came back as %+v, %v", s, again, err)
		}
	})
}
