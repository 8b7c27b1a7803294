package qr

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"testing"

	"rsc.io/qr/coding"
)

// text returns one of so many octets, none like the next.
func text(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i/256)
	}
	return string(b)
}

// most is how many octets of text a version holds (Table 7 of the standard).
func most(version int, l level) int {
	return sort.Search(3000, func(n int) bool {
		_, fits := dataOf(text(n), version, l)
		return !fits
	}) - 1
}

// Every version, level and mask is drawn module by module as rsc.io/qr draws it.
func TestAgainstAnother(t *testing.T) {
	for version := 1; version <= 40; version++ {
		for l, theirs := range map[level]coding.Level{levelL: coding.L, levelM: coding.M} {
			s := text(most(version, l) - version%3) // with and without room for padding
			data, fits := dataOf(s, version, l)
			if !fits {
				t.Fatalf("version %d holds no %d octets", version, len(s))
			}
			plain := newCode(version)
			plain.place(interleave(data, version, l))
			for mask := range 8 {
				plan, err := coding.NewPlan(coding.Version(version), theirs, coding.Mask(mask))
				if err != nil {
					t.Fatal(err)
				}
				want, err := plan.Encode(coding.String(s))
				if err != nil {
					t.Fatal(err)
				}
				got := plain.masked(mask, l)
				if got.Size != want.Size {
					t.Fatalf("version %d has %d modules, want %d", version, got.Size, want.Size)
				}
				for y := range got.Size {
					for x := range got.Size {
						if got.Dark(x, y) != want.Black(x, y) {
							t.Fatalf("version %d, level %d, mask %d: module %d, %d", version, l, mask, x, y)
						}
					}
				}
			}
		}
	}
}

// The capacities of Table 7.
func TestCapacity(t *testing.T) {
	for _, test := range []struct{ version, l, m int }{{1, 17, 14}, {9, 230, 180}, {10, 271, 213}, {12, 367, 287}, {13, 425, 331}, {40, 2953, 2331}} {
		if l, m := most(test.version, levelL), most(test.version, levelM); l != test.l || m != test.m {
			t.Errorf("version %d holds %d and %d octets, want %d and %d", test.version, l, m, test.l, test.m)
		}
	}
}

func TestEncode(t *testing.T) {
	for _, test := range []struct{ octets, size int }{{0, 21}, {17, 21}, {18, 25}, {287, 61}, {367, 65}, {368, 69}, {2952, 177}, {2953, 177}} {
		c, err := Encode(text(test.octets))
		if err != nil || c.Size != test.size {
			t.Errorf("%d octets: %v, %d modules, want %d", test.octets, err, c.Size, test.size)
		}
	}
	if c, err := Encode(text(2954)); !errors.Is(err, ErrTooLong) || c != nil {
		t.Errorf("one octet too many: %v", err)
	}
}

// The mask is that of the least penalty, and that counts what the standard says.
func TestPenalty(t *testing.T) {
	c := &Code{Size: 21, dark: make([]bool, 21*21)}
	// All light: 42 lines of 21 (3 + 16), 400 blocks, and ten steps from one half.
	if got, want := c.penalty(), 42*19+400*3+100; got != want {
		t.Errorf("an empty code has a penalty of %d, want %d", got, want)
	}
	for i := range c.dark {
		c.dark[i] = (i%21+i/21)%2 == 0
	}
	if got := c.penalty(); got != 0 {
		t.Errorf("a chessboard has a penalty of %d", got)
	}
	// What looks like a finder, with light after it.
	copy(c.dark, []bool{true, false, true, true, true, false, true, false, false, false, false})
	if got := c.penalty(); got < 40 || got >= 80 {
		t.Errorf("what looks like a finder has a penalty of %d", got)
	}
}

func TestPath(t *testing.T) {
	c, err := Encode("https://pushcall.example/")
	if err != nil {
		t.Fatal(err)
	}
	drawn := make([]bool, len(c.dark))
	for part := range strings.SplitSeq(strings.TrimSuffix(c.Path(), "z"), "z") {
		var x, y, n, back int
		if _, err := fmt.Sscanf(part, "M%d %dh%dv1h-%d", &x, &y, &n, &back); err != nil || n != back {
			t.Fatalf("%q: %v", part, err)
		}
		for i := range n {
			drawn[(y-Quiet)*c.Size+x-Quiet+i] = true
		}
	}
	for i := range drawn {
		if drawn[i] != c.dark[i] {
			t.Fatalf("module %d is drawn otherwise", i)
		}
	}
}
