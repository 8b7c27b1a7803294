package shrink

import (
	"encoding/binary"
	"slices"
)

// A goroutine that waits has left all its functions, each at a place where it is
// entered again. The number of a place is in the last bits of the program counter:
// calls write it, and a table at the start of a function leads from it to a basic
// block. The linker counts places with all that a trace tells apart, lines among
// them. So numbers are high, and blocks fill the table many times over. Here a place
// has the number of its block, and the tables of all functions begin alike; that
// is an eighteenth of the program once it is compressed.
//
// What the runtime knows by program counter follows: see depths and stackMaps.
// Functions in assembly keep their numbers, since some are entered at places that the
// runtime reckons out. A program must have no go:wasmexport for the same reason.

// noDefer is the place of a function that defers nothing; keepPlaces stands for a
// function whose places keep their numbers.
const (
	noDefer    = 0
	keepPlaces = -1
)

// unused stands for a number that no place has.
const unused = -1

// numbering gives new numbers to the places of a function.
type numbering struct {
	places []int // the linker's number by the new one, or unused
	blocks int   // numbers below this are of blocks, and those above of calls that never return
}

// number returns the new number of a place.
func (n *numbering) number(place int) int {
	number := slices.Index(n.places, place)
	if number < 0 {
		panic(ErrTables)
	}
	return number
}

// numberPlaces numbers the places of the function at an address; deferred is where
// it calls what it has deferred. It returns nil for a function that is entered in
// other ways than the compiler's.
func numberPlaces(code []instruction, address, deferred int) *numbering {
	table, found := findTable(code)
	if deferred == keepPlaces || !found {
		return nil
	}
	entered := []int{0, deferred}
	var returned []int // to, by calls that are on a condition: they panic, or start the function anew
	var open blocks
	for n, i := range code {
		switch {
		case i.isWithin(address) && !isReturn(code, n) && i.operand != address, i.opcode == opBrTable && n != table:
			return nil
		case i.isWithin(address) && len(open) > 0 && code[open[len(open)-1]].opcode == opIf:
			returned = append(returned, i.operand-address)
		case i.isWithin(address):
			entered = append(entered, i.operand-address)
		case isJump(code, n):
			entered = append(entered, i.operand)
		}
		open = open.after(code, n)
	}
	return newNumbering(code[table].labels, entered, returned)
}

// newNumbering gives places the numbers that a table leads to from them, and those
// that are only returned to the numbers after these. It returns nil where two places
// would have one number, and where a function does not begin at 0.
func newNumbering(table, entered, returned []int) *numbering {
	n := &numbering{blocks: slices.Max(table) + 1}
	n.places = slices.Repeat([]int{unused}, n.blocks)
	for _, place := range entered {
		number := table[min(place, len(table)-1)] // the last is for all above
		if before := n.places[number]; before != unused && before != place {
			return nil
		}
		n.places[number] = place
	}
	for _, place := range returned {
		if !slices.Contains(n.places, place) {
			n.places = append(n.places, place)
		}
	}
	if n.places[0] != 0 {
		return nil
	}
	return n
}

// isWithin tells whether an instruction makes a program counter in the function at
// an address.
func (i instruction) isWithin(address int) bool {
	return i.opcode == opI64Const && i.operand>>blockBits == address>>blockBits
}

// isReturn tells whether what code has at n is where a call returns to: it is
// stored at the end of the stack.
func isReturn(code []instruction, n int) bool {
	return n > 1 && n+1 < len(code) && code[n-2].is(opGlobalSet, globalStack) && code[n-1].is(opLocalGet, localStack) && code[n+1].is(opI64Store, 0)
}

// isJump tells whether what code has at n is the number of a block to jump to.
func isJump(code []instruction, n int) bool {
	return n+2 < len(code) && code[n].opcode == opI32Const && code[n+1].is(opLocalSet, localBlock) && code[n+2].opcode == opBr
}

// renumber has code, of the function at an address, use the new numbers.
func (n *numbering) renumber(code []instruction, address int) []instruction {
	renumbered := slices.Clone(code)
	for at, i := range code {
		switch {
		case i.isWithin(address) && isReturn(code, at):
			renumbered[at] = numbered(opI64Const, address+n.number(i.operand-address))
		case isJump(code, at):
			renumbered[at] = numbered(opI32Const, n.number(i.operand))
		case i.opcode == opBrTable:
			table := binary.AppendUvarint([]byte{opBrTable}, uint64(n.blocks-1))
			for label := range n.blocks {
				table = binary.AppendUvarint(table, uint64(label))
			}
			renumbered[at].octets = table
		}
	}
	return renumbered
}

// depths returns a table of how deep the stack is at each place, which the runtime
// reads at the place that a call returns to. The deepest stays in it, by which the
// runtime knows how much stack the function needs.
func (n *numbering) depths(table []byte) []byte {
	values := n.values()
	for number, place := range n.places {
		if place != unused {
			values[number] = tableValue(table, place)
		}
	}
	if deepest := tableMax(table); slices.Max(values) < deepest {
		values[len(n.places)] = deepest
	}
	return appendTable(nil, values)
}

// stackMaps returns a table of which stack map there is at each place. The runtime
// reads it right before the place that a call returns to, and at that where what is
// deferred is called.
func (n *numbering) stackMaps(table []byte, deferred int) []byte {
	values := n.values()
	for number, place := range n.places {
		if number > 0 && place > 0 {
			values[number-1] = tableValue(table, place-1)
		}
	}
	if deferred != noDefer {
		value, number := tableValue(table, deferred), n.number(deferred)
		if before := values[number]; before != unknownValue && before != value {
			panic(ErrTables)
		}
		values[number] = value
	}
	return appendTable(nil, values)
}

// values returns room for a value at each number, and one more.
func (n *numbering) values() []int { return slices.Repeat([]int{unknownValue}, len(n.places)+1) }
