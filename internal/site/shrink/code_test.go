package shrink

import (
	"bytes"
	"slices"
	"testing"
)

// code returns the concatenated octets of instructions.
func code(instructions ...string) []byte {
	var octets []byte
	for _, i := range instructions {
		octets = append(octets, i...)
	}
	return octets
}

// Instructions, as the linker writes them.
const (
	end       = "\x0b"
	exit      = "\x41\x01" + end // what follows the outermost block: 1
	function0 = "\x00"           // no locals of its own
)

// A rewriting is a part of a function before and after; want is "" if it must not
// change.
type rewriting struct{ name, written, want string }

// check rewrites a function that has the part between start and rest.
func (r rewriting) check(t *testing.T, start, rest string, address int) {
	if r.want == "" {
		r.want = r.written
	}
	got, _ := rewriteFunction(code(start, r.written, rest), address, nil)
	if want := code(start, r.want, rest); !bytes.Equal(got, want) {
		t.Errorf("%s: % x, want % x", r.name, got, want)
	}
}

// A function of three basic blocks, of which the first is open.
func TestJumps(t *testing.T) {
	const (
		start   = function0 + "\x03\x40" + "\x02\x40" + "\x02\x40" + "\x02\x40" + "\x20\x00" + "\x0e\x02\x00\x01\x02" + end
		rest    = end + end + end + "\x00" + end
		first   = "\x41\x00" + "\x21\x00" // local.set of its number
		second  = "\x41\x01" + "\x21\x00"
		third   = "\x41\x02" + "\x21\x00"
		isZero  = "\x23\x00" + "\x45"
		scratch = "\x21\x00" + "\x41\x00" + "\x20\x00" + "\x11\x00\x00" + "\x1a" // a call, of what is on the stack
	)
	for _, test := range []rewriting{
		{"to the next", second + "\x0c\x02", "\x0c\x00"},
		{"to the last", third + "\x0c\x02", "\x0c\x01"},
		{"on a condition", isZero + "\x04\x40" + third + "\x0c\x03" + end, isZero + "\x0d\x01"},
		{"with an else", isZero + "\x04\x40" + third + "\x0c\x03" + "\x05" + end, isZero + "\x04\x40" + "\x0c\x02" + "\x05" + end},
		{"back", first + "\x0c\x02", ""},
		{"back on a condition", isZero + "\x04\x40" + first + "\x0c\x03" + end, ""},
		{"to one that is not in the table", "\x41\x03" + "\x21\x00" + "\x0c\x02", ""},
		{"not to the loop", second + "\x0c\x01", ""},
		{"beside a call", isZero + scratch + third + "\x0c\x02", isZero + scratch + "\x0c\x01"},
		{"where the number is read", "\x20\x00" + "\x1a" + second + "\x0c\x02", ""},
	} {
		test.check(t, start, rest, 0)
	}
}

func TestExits(t *testing.T) {
	const (
		call  = "\x41\x00" + "\x10\x07"
		plain = "\x04\x40" + "\x41\x01" + "\x0f" + end
	)
	for _, test := range []rewriting{
		{"of one block", "\x02\x40" + call + "\x0d\x00" + end + exit, "\x02\x40" + call + plain + end + exit},
		{"of two", "\x02\x40\x02\x40" + call + "\x0d\x01" + end + end + exit, "\x02\x40\x02\x40" + call + plain + end + end + exit},
		{"of the inner of two", "\x02\x40\x02\x40" + call + "\x0d\x00" + end + end + exit, ""},
		{"of one before the last", "\x02\x40" + call + "\x0d\x00" + end + "\x02\x40" + end + exit, ""},
		{"into a loop", "\x03\x40" + call + "\x0d\x00" + end + exit, ""},
		{"to return 0", "\x02\x40" + call + "\x0d\x00" + end + "\x41\x00" + end, ""},
		{"to do more", "\x02\x40" + call + "\x0d\x00" + end + "\x01\x20\x01\x41\x01" + end, "\x02\x40" + call + "\x0d\x00" + end + "\x20\x01\x41\x01" + end},
	} {
		test.check(t, function0, "", 0)
	}
}

func TestAddresses(t *testing.T) {
	const (
		stack  = "\x20\x01"
		add200 = "\xad" + "\x42\xc8\x01" + "\x7c" + "\xa7" // extend, 200, add, wrap
		load8  = "\x29\x03\x08"
		store8 = "\x37\x03\x08"
	)
	for _, test := range []rewriting{
		{"a load", stack + add200 + load8, stack + "\x29\x03\xd0\x01"},
		{"a store of a constant", stack + add200 + "\x42\x7f" + store8, stack + "\x42\x7f" + "\x37\x03\xd0\x01"},
		{"a store of a variable", stack + add200 + "\x20\x02" + store8, stack + "\x20\x02" + "\x37\x03\xd0\x01"},
		{"a store of what is on the stack", stack + add200 + stack + load8 + store8, stack + stack + load8 + "\x37\x03\xd0\x01"},
		{"a store of more", stack + add200 + "\x20\x02" + "\x50" + store8, stack + "\x41\xc8\x01" + "\x6a" + "\x20\x02" + "\x50" + store8},
		{"an address that is stored", stack + stack + add200 + "\x36\x02\x00", stack + stack + "\x41\xc8\x01" + "\x6a" + "\x36\x02\x00"},
		{"another pointer", "\x20\x02" + add200 + load8, ""},
		{"a number that is negative", stack + "\xad" + "\x42\x78" + "\x7c" + "\xa7" + load8, ""},
	} {
		test.check(t, function0, end, 0)
	}
}

func TestSharedAddress(t *testing.T) {
	const (
		address = 0x1234 << blockBits
		set     = "\x23\x00\x21\x01" // the local stack pointer
		first   = "\x42\x80\x80\xd0\x91\x01" + "\x21\x02"
		call    = "\x42\x85\x80\xd0\x91\x01" // block 5
		shared  = "\x20\x02" + "\x42\x05" + "\x84"
		locals  = "\x02" + "\x01\x7f" + "\x03\x7e"
		more    = "\x03" + "\x01\x7f" + "\x01\x7e" + "\x03\x7e"
	)
	for _, test := range []rewriting{
		{"of a call", locals + set + call + "\x1a", more + first + set + shared + "\x1a"},
		{"beside locals", locals + set + "\x20\x02\x21\x03" + call + "\x22\x02", more + first + set + "\x20\x03\x21\x04" + shared + "\x22\x03"},
		{"beside the stack pointer", locals + set + call + "\x20\x01\x20\x00", more + first + set + shared + "\x20\x01\x20\x00"},
		{"of another function", locals + set + "\x42\x85\x80\xd4\x91\x01", ""},
		{"without a stack pointer", locals + call, ""},
		{"with other locals", "\x01\x04\x7e" + set + call, ""},
		{"without locals", "\x00" + set + call, ""},
	} {
		test.check(t, "", end, address)
	}
}

// The instructions that Go's linker writes are parsed; functions with others stay
// unchanged.
func TestInstructions(t *testing.T) {
	known := []string{
		"\x00", "\x02\x40", "\x0c\x80\x01", "\x0e\x01\x02\x03", "\x11\x00\x00", "\x1a", "\x24\x02", "\x28\x02\x80\x01", "\x3f\x00", "\x40\x00",
		"\x41\x80\x80\x80\x80\x78", "\x42\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f", "\x43abcd", "\x44abcdefgh", "\xc4", "\xfc\x07", "\xfc\x0a\x00\x00", "\xfc\x0b\x00",
	}
	got, ok := readCode(reader{rest: code(known...)})
	if !ok || !slices.EqualFunc(got, known, func(i instruction, octets string) bool { return string(i.octets) == octets }) {
		t.Fatalf("%v, %v", ok, got)
	}
	if got[10].operand != -1<<31 || got[11].operand != -1<<63 {
		t.Errorf("the constants are %d and %d", got[10].operand, got[11].operand)
	}
	for _, unknown := range []string{"\xd2\x00", "\xfc\x08", "\xfd\x00", "\x41\x80", "\x29\x03", "\x43abc", "\x42" + "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"} {
		function := code(function0, "\x01", unknown)
		if got, _ := rewriteFunction(function, 0, nil); !bytes.Equal(got, function) {
			t.Errorf("% x has become % x", function, got)
		}
	}
}
