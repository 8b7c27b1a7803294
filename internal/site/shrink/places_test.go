package shrink

import (
	"slices"
	"testing"
)

// A function of five blocks, of which the third is entered by jumps that lead
// straight to it. It calls in the first and before the last, which calls what is
// deferred, and panics on a condition.
func TestPlaces(t *testing.T) {
	const (
		address = 0x1234 << blockBits
		push    = "\x20\x01\x41\x08\x6b\x22\x01\x24\x00" + "\x20\x01"
		called  = "\x37\x03\x00" + "\x41\x00" + "\x10\x07" + "\x23\x00\x21\x01" + "\x04\x40" + "\x41\x01" + "\x0f" + end
	)
	counter := func(place byte) string { return "\x42" + string([]byte{place | 0x80}) + "\x80\xd0\x91\x01" }
	call := func(place byte) string { return push + counter(place) + called }
	code := func(text string) []instruction {
		code, known := readCode(reader{rest: []byte(text)})
		if !known {
			t.Fatalf("% x is not known", text)
		}
		return code
	}
	labels := "\x0e\x09" + "\x00\x00\x00\x00\x00\x01\x01\x02\x03\x04"
	body := func(table string, first, panics, last byte) string {
		return "\x02\x40\x02\x40\x02\x40\x02\x40\x02\x40" + "\x20\x00" + table + end +
			"\x23\x00\x04\x40" + call(panics) + end +
			call(first) + end + end + end + call(last) + end + end
	}
	known := &known{deferred: 8, depths: appendTable(nil, []int{0, 16}), stackMaps: appendTable(nil, []int{-1, 0, 1, 2})}
	n := numberPlaces(code(body(labels, 5, 3, 9)), address, known)
	if n == nil {
		t.Fatal("its places keep their numbers")
	}
	want := append([]int{0, 5, unused, 8, 9}, slices.Repeat([]int{unused}, panicPlace-5)...)
	if want = append(want, 3); !slices.Equal(n.places, want) || n.blocks != 5 {
		t.Errorf("places %v of %d blocks, want %v of 5", n.places, n.blocks, want)
	}
	renumbered := body("\x0e\x04"+"\x00\x01\x02\x03\x04", 1, panicPlace, 4)
	var got []byte
	for _, i := range n.renumber(code(body(labels, 5, 3, 9)), address) {
		got = append(got, i.octets...)
	}
	if string(got) != renumbered {
		t.Errorf("% x\nwant % x", got, renumbered)
	}

	for name, text := range map[string]string{
		"another counter of its own": body(labels, 5, 3, 9) + counter(6) + "\x1a",
		"no table":                   call(5),
		"two tables":                 body(labels+"\x20\x00\x0e\x00\x00", 5, 3, 9),
		"two places of one number":   body(labels, 5, 3, 6),
		"the first block elsewhere":  body("\x0e\x01\x01\x00", 5, 3, 9),
		"a number that is read":      body(labels, 5, 3, 9) + "\x20\x00\x1a",
	} {
		if n := numberPlaces(code(text), address, known); n != nil {
			t.Errorf("%s: %v", name, n.places)
		}
	}
}

// The runtime finds the same values with the new number of a place.
func TestTablesOfPlaces(t *testing.T) {
	n := &numbering{places: []int{0, 5, unused, 8, 9, 3}, numbers: map[int]int{8: 3}, blocks: 5}
	depths := appendTable(nil, []int{0, 0, 16, 16, 16, 16, 24, 24, 16, 16})
	stackMaps := appendTable(nil, []int{-1, -1, 2, 0, 0, 0, 3, 1, 1, 1})
	for number, place := range n.places {
		if place == unused {
			continue
		}
		if got, want := tableValue(n.depths(depths), number), tableValue(depths, place); got != want {
			t.Errorf("at %d the stack is %d deep, want %d", number, got, want)
		}
		if place == 0 {
			continue
		}
		if got, want := tableValue(n.stackMaps(stackMaps, 8), number-1), tableValue(stackMaps, place-1); got != want {
			t.Errorf("before %d there is stack map %d, want %d", number, got, want)
		}
	}
	if got := tableMax(n.depths(depths)); got != 24 {
		t.Errorf("the deepest is %d", got)
	}
	if got := tableValue(n.stackMaps(stackMaps, 8), 3); got != 1 {
		t.Errorf("where what is deferred is called there is stack map %d", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("what is deferred has another stack map than the call that it is")
		}
	}()
	n = &numbering{places: []int{0, 8, 10}, numbers: map[int]int{8: 1}, blocks: 3}
	n.stackMaps(appendTable(nil, []int{0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3}), 8)
}

// Calls that never return share a number only if the runtime has equal values for
// them.
func TestReturnsAlike(t *testing.T) {
	known := known{depths: appendTable(nil, []int{0, 0, 16, 16, 16, 16, 24}), stackMaps: appendTable(nil, []int{-1, -1, 0, 0, 1, 1, 1})}
	for _, test := range []struct{ returned, numbers []int }{
		{[]int{3, 4, 5, 6, 2}, []int{panicPlace, panicPlace, panicPlace + 1, panicPlace + 2, panicPlace + 3}},
		{[]int{0, 4}, []int{0, panicPlace}},
	} {
		n := &numbering{numbers: map[int]int{0: 0}, places: []int{0}, blocks: 1}
		n.numberReturns(test.returned, known)
		var got []int
		for _, place := range test.returned {
			got = append(got, n.number(place))
		}
		if !slices.Equal(got, test.numbers) {
			t.Errorf("%v have numbers %v, want %v", test.returned, got, test.numbers)
		}
	}
	n := &numbering{numbers: map[int]int{0: 0}, places: []int{0}, blocks: 100}
	if n.numberReturns([]int{3}, known); n.number(3) != 100 {
		t.Errorf("above 100 blocks there is %d", n.number(3))
	}
}

func TestTables(t *testing.T) {
	for _, values := range [][]int{
		{0}, {-1}, {5}, {-1, 3}, {0, 0, 16, 16, 0}, {1, -1, 1}, slices.Repeat([]int{7}, 128), slices.Repeat([]int{7}, 16384),
		append(slices.Repeat([]int{2}, 300), 9),
	} {
		table := appendTable([]byte("before"), values)[len("before"):]
		for at, want := range values {
			if got := tableValue(append(table, "after"...), at); got != want {
				t.Errorf("%v has %d at %d", values, got, at)
			}
		}
		if got := tableSize(append(table, "after"...)); got != len(table) {
			t.Errorf("%v: %d octets of %d", values, got, len(table))
		}
		if got := tableMax(table); got != slices.Max(values) {
			t.Errorf("%v: the highest is %d", values, got)
		}
	}
	if got := tableValue(appendTable(nil, []int{unknownValue, 4, unknownValue, 6}), 2); got != 4 {
		t.Errorf("where any value will do there is %d", got)
	}
}
