package files

import (
	"testing"

	"pushcall/internal/jsonobject"
)

func formatted(s Signal) string {
	var b jsonobject.Builder
	b.String("type", s.Kind)
	s.Format(&b)
	return string(b.Bytes())
}

func parsed(text string) (Signal, error) {
	object, err := jsonobject.Parse([]byte(text))
	if err != nil || !IsSignal(object.String("type")) {
		return Signal{}, ErrSignal
	}
	return Parse(object.String("type"), object)
}

func TestSignals(t *testing.T) {
	for _, s := range []Signal{
		{Kind: kindFile, Number: 1, Name: "&amp;é😀.txt", Size: MaxSize},
		{Kind: kindFile, Number: 2, Name: "empty"},
		{Kind: kindTake, Number: 1},
		{Kind: kindGot, Number: 1, At: MaxSize},
		{Kind: kindDone, Number: 1, Digest: digestOf(nil)},
		{Kind: kindSaved, Number: 1},
		{Kind: kindRefuse, Number: 1},
		{Kind: kindRefuse, Number: 1, Why: WhyMany},
		{Kind: kindWithdraw, Number: 1, Why: WhyRead},
	} {
		got, err := parsed(formatted(s))
		if err != nil || got != s {
			t.Errorf("%+v came back as %+v, %v", s, got, err)
		}
	}
}

// Format writes each signal that Parse has read in a form that Parse reads as the same.
func FuzzSignal(f *testing.F) {
	for _, text := range []string{
		`{"type":"file","file":1,"name":"..\\con.\u202etxt","size":9007199254740991}`, `{"type":"take","file":1,"at":1048576}`,
		`{"type":"got","file":1,"at":-1}`, `{"type":"done","file":1,"digest":"00"}`, `{"type":"refuse","file":9223372036854775807,"why":"room"}`,
		`{"type":"withdraw","file":2,"why":"ended"}`, `{"type":"saved","file":0}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parsed(text)
		if err != nil {
			return
		}
		written := formatted(s)
		again, err := parsed(written)
		if err != nil || again != s || formatted(again) != written {
			t.Errorf("%+v came back as %+v, %v", s, again, err)
		}
	})
}
