package shrink

import (
	"bytes"
	"errors"
	"testing"
)

// Writing and reading memory gives the same memory, wherever its zeros are.
func TestData(t *testing.T) {
	some := bytes.Repeat([]byte("some"), 40)
	for _, test := range []struct {
		name     string
		zeros    []int // in front of some, some, ...
		segments byte
	}{
		{"nothing", nil, 0},
		{"at the start", []int{0}, 1},
		{"offset of 63", []int{63}, 1},
		{"offset of 64, whose sign takes an octet", []int{64}, 1},
		{"offset of 8191", []int{8191}, 1},
		{"offset of 8192", []int{8192}, 1},
		{"gap too short", []int{1, minGap - 1}, 1},
		{"gap", []int{1, minGap}, 2},
		{"gaps", []int{1, minGap + 1, 5 * minGap, 1}, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			var memory []byte
			for _, n := range test.zeros {
				memory = append(append(memory, make([]byte, n)...), some...)
			}
			data := writeData(memory)
			if data[0] != test.segments {
				t.Errorf("%d segments, want %d", data[0], test.segments)
			}
			if again, err := readData(data); err != nil || !bytes.Equal(again, memory) {
				t.Errorf("%d octets have become %d: %v", len(memory), len(again), err)
			}
		})
	}
}

func TestNoModule(t *testing.T) {
	for _, text := range []string{
		"",
		"\x00asm\x02\x00\x00\x00",
		moduleHeader + "\x0b",         // no size
		moduleHeader + "\x0b\x02\x00", // cut off
		moduleHeader + "\x0b\x01\x01", // a segment short
		moduleHeader + "\x0b\x08\x01\x01\x41\x00\x0b\x02ab", // a passive one
		moduleHeader + "\x0b\x07\x01\x00\x23\x00\x0b\x01a",  // at an offset that is a global
	} {
		if _, err := rewriteData([]byte(text), func([]byte) error { return nil }); !errors.Is(err, ErrModule) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
