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

// noDefer is the place of a function that defers nothing.
const noDefer = 0

// unused stands for a number that no place has.
const unused = -1

// panicPlace is where the first calls return to that never do, if a function has fewer
// blocks: the same in most functions, in one octet.
const panicPlace = 0x3f

// known is what the runtime knows of the places of a function.
type known struct {
	deferred          int    // where it calls what it has deferred, or noDefer
	depths, stackMaps []byte // tables; stackMaps may be nil
}

// at returns what the runtime reads of a place that a call returns to.
func (k known) at(place int) (depth, stackMap int) {
	if depth = tableValue(k.depths, place); place > 0 && k.stackMaps != nil {
		stackMap = tableValue(k.stackMaps, place-1)
	}
	return depth, stackMap
}

// numbering gives new numbers to the places of a function.
type numbering struct {
	numbers map[int]int // by the linker's number
	places  []int       // back, to one of the places with the number; or unused
	blocks  int         // numbers below this are of blocks, and those above of calls that never return
}

// number returns the new number of a place.
func (n *numbering) number(place int) int {
	number, found := n.numbers[place]
	if !found {
		panic(ErrTables)
	}
	return number
}

// give gives a place a number.
func (n *numbering) give(place, number int) {
	for len(n.places) <= number {
		n.places = append(n.places, unused)
	}
	n.numbers[place], n.places[number] = number, place
}

// numberPlaces numbers the places of the function at an address. It returns nil for a
// function that is entered in other ways than the compiler's, and where nothing is known.
func numberPlaces(code []instruction, address int, known *known) *numbering {
	table, found := findTable(code)
	if known == nil || !found {
		return nil
	}
	entered := []int{0, known.deferred}
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
	n := &numbering{numbers: map[int]int{}, blocks: slices.Max(code[table].labels) + 1}
	if !n.numberBlocks(code[table].labels, entered) {
		return nil
	}
	n.numberReturns(returned, *known)
	return n
}

// numberBlocks gives places the numbers that a table leads to from them. It returns
// false where two places would have one number, and where a function does not begin
// at 0.
func (n *numbering) numberBlocks(table, entered []int) bool {
	n.places = slices.Repeat([]int{unused}, n.blocks)
	for _, place := range entered {
		number := table[min(place, len(table)-1)] // the last is for all above
		if before := n.places[number]; before != unused && before != place {
			return false
		}
		n.give(place, number)
	}
	return n.places[0] == 0
}

// numberReturns gives numbers above those of blocks to places that are only returned
// to. Those of which the runtime knows the same share one: a trace does not tell them
// apart.
func (n *numbering) numberReturns(returned []int, known known) {
	type alike struct{ depth, stackMap int }
	numbers := map[alike]int{}
	next := max(n.blocks, panicPlace)
	for _, place := range returned {
		if _, found := n.numbers[place]; found {
			continue
		}
		depth, stackMap := known.at(place)
		number, found := numbers[alike{depth, stackMap}]
		if !found {
			number = next
			numbers[alike{depth, stackMap}] = number
			next++
		}
		n.give(place, number)
	}
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
