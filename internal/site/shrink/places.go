package shrink

import (
	"encoding/binary"
	"slices"
)

// A place in this file is a resume point of cmd/internal/obj/wasm: a goroutine that
// waits has returned from all its functions, and later enters each again at a resume
// point. The number of the resume point is in the low bits of the program counter.
// Calls write it, and a br_table at the start of a function branches by it to a basic
// block. The linker also counts instructions that only traces distinguish, such as
// those of different lines, so the numbers are high and the table has each block many
// times. This file gives a resume point the number of its block, so that the tables
// of all functions begin alike. That takes 21 kB of brotli off a program of 881 kB, and
// that calls which never return share numbers another 9 kB (measured).
//
// The runtime's tables by program counter change accordingly: see depths and
// stackMaps. Functions in assembly keep their numbers, since the runtime computes
// some of their resume points. For the same reason a program must not
// export functions with go:wasmexport.

// noDefer is the place of a function that defers nothing.
const noDefer = 0

// unused marks a number that no place has.
const unused = -1

// panicPlace is the first number for return addresses of calls that never return, if
// a function has fewer blocks: the same in most functions, in one octet.
const panicPlace = 0x3f

// known has the runtime's data about the places of a function.
type known struct {
	deferred          int    // the place at which it calls its deferred functions, or noDefer
	depths, stackMaps []byte // tables; stackMaps may be nil
}

// at returns the values that the runtime reads for a place that a call returns to.
func (k known) at(place int) (depth, stackMap int) {
	if depth = tableValue(k.depths, place); place > 0 && k.stackMaps != nil {
		stackMap = tableValue(k.stackMaps, place-1)
	}
	return depth, stackMap
}

// numbering gives new numbers to the places of a function.
type numbering struct {
	numbers map[int]int // the new number by the linker's
	places  []int       // one of the linker's numbers for each new number, or unused
	blocks  int         // lower numbers are those of blocks, the others those of calls that never return
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

// numberPlaces numbers the places of the function at an address. It returns nil if known
// is nil, and for a function that is not resumed as the compiler's functions are.
func numberPlaces(code []instruction, address int, known *known) *numbering {
	table, found := findTable(code)
	if known == nil || !found {
		return nil
	}
	entered := []int{0, known.deferred}
	var returned []int // return addresses of conditional calls, which panic or restart the function
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

// numberBlocks numbers each entered place after its block in the br_table. It returns
// false if two places would have the same number, or if the function's start would not
// be 0.
func (n *numbering) numberBlocks(table, entered []int) bool {
	n.places = slices.Repeat([]int{unused}, n.blocks)
	for _, place := range entered {
		number := table[min(place, len(table)-1)] // the last entry is for all higher places
		if before := n.places[number]; before != unused && before != place {
			return false
		}
		n.give(place, number)
	}
	return n.places[0] == 0
}

// numberReturns gives numbers above those of blocks to the places that are only return
// addresses. Places with equal values for the runtime share a number, so a trace does
// not distinguish them.
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

// isWithin reports whether an instruction pushes a program counter in the function at
// an address.
func (i instruction) isWithin(address int) bool {
	return i.opcode == opI64Const && i.operand>>blockBits == address>>blockBits
}

// isReturn reports whether the n-th instruction pushes a call's return address: it
// is stored at the end of the stack.
func isReturn(code []instruction, n int) bool {
	return n > 1 && n+1 < len(code) && code[n-2].is(opGlobalSet, globalStack) && code[n-1].is(opLocalGet, localStack) && code[n+1].is(opI64Store, 0)
}

// isJump reports whether the n-th instruction pushes the number of a block to jump to.
func isJump(code []instruction, n int) bool {
	return n+2 < len(code) && code[n].opcode == opI32Const && code[n+1].is(opLocalSet, localBlock) && code[n+2].opcode == opBr
}

// renumber returns the code of the function at an address with the new numbers.
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

// depths renumbers a table of stack depths, which the runtime reads at the place
// that a call returns to. The result has the largest depth of the table, since the
// runtime takes the size of the function's frame from it.
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

// stackMaps renumbers a table of stack maps. The runtime reads it one before the
// place that a call returns to, and at the place where deferred functions are called.
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

// values returns an unknown value for each number, and one more.
func (n *numbering) values() []int { return slices.Repeat([]int{unknownValue}, len(n.places)+1) }
