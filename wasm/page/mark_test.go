//go:build js && wasm

package page

import (
	"bytes"
	"slices"
	"testing"
)

func TestPieces(t *testing.T) {
	for i := range 300 {
		key := bytes.Repeat([]byte{byte(i), byte(i >> 8), 7}, 22)
		drawn := pieces(key)
		if !slices.Equal(drawn, pieces(key)) {
			t.Fatalf("key %d: drawn otherwise the second time", i)
		}
		if n := len(drawn); n < 4+3+2 || n > 15+10+5 {
			t.Errorf("key %d: %d pieces", i, n)
		}
		var colors []string
		for _, p := range drawn {
			if !slices.Contains(colors, p.color) {
				colors = append(colors, p.color)
			}
		}
		if len(colors) > 2 {
			t.Errorf("key %d: colors %q", i, colors)
		}
		if other := pieces(append(key, 0)); slices.Equal(drawn, other) {
			t.Errorf("key %d has the mark of another", i)
		}
	}
}

func TestArc(t *testing.T) {
	for _, test := range []struct {
		from, to float64
		want     string
	}{
		{0, 90, "M94.00 50.00A44.00 44.00 0 0 1 50.00 94.00"},
		{0, 270, "M94.00 50.00A44.00 44.00 0 1 1 50.00 6.00"},
		{90, 90, "M50.00 94.00A44.00 44.00 0 0 1 49.92 94.00"},
	} {
		if got := rings[0].arc(test.from, test.to); got != test.want {
			t.Errorf("arc(%v, %v) = %q, want %q", test.from, test.to, got, test.want)
		}
	}
}

func TestBitReader(t *testing.T) {
	b := bitReader{octets: []byte{0b10110100, 0b01111111}}
	for _, want := range []struct{ n, value int }{{1, 1}, {2, 1}, {4, 0b1010}, {3, 0b001}, {6, 0b111111}} {
		if got := b.read(want.n); got != want.value {
			t.Errorf("read(%d) = %b, want %b", want.n, got, want.value)
		}
	}
}
