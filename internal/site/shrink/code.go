package shrink

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
)

// Go's linker writes many instructions with a number that depends on their
// position in the function: the depth of blocks around them, or an offset. Octets
// that differ at each position compress badly. This file rewrites such instructions
// into equivalent ones that are alike everywhere, which saves a seventh of the
// compressed program, and replaces jumps through a table by direct branches.

const codeSection = 10 // its number (WebAssembly Core, Section 5.5.13)

const (
	// Local variables of every function with Go's calling convention: the number of
	// the next basic block, and the stack pointer (cmd/internal/obj/wasm, assemble).
	localBlock  = 0
	localStack  = 1
	globalStack = 0

	// localAddress is added here: it holds the address of the function's code.
	localAddress = 2

	// A program counter is the address of a function, counted from firstAddress for
	// the first one, with the number of a resume point in the low bits
	// (cmd/link/internal/wasm, funcValueOffset).
	firstAddress = 0x1000
	blockBits    = 16
)

// rewriteCode returns the module with all functions rewritten, and the new numbers of
// their resume points. functions has the known resume points. Both maps are keyed by
// the function's address. The module is not modified.
func rewriteCode(module []byte, functions map[int]*known) (smaller []byte, numberings map[int]*numbering, err error) {
	numberings = map[int]*numbering{}
	smaller, err = rewriteSection(module, codeSection, func(content []byte) ([]byte, error) {
		in := reader{rest: content}
		count := in.number()
		rewritten := binary.AppendUvarint(nil, uint64(count))
		for n := range count {
			address := (firstAddress + n) << blockBits
			function, numbering := rewriteFunction(in.take(in.number()), address, functions[address])
			if numbering != nil {
				numberings[address] = numbering
			}
			rewritten = binary.AppendUvarint(rewritten, uint64(len(function)))
			rewritten = append(rewritten, function...)
		}
		if in.failed || len(in.rest) > 0 {
			return nil, ErrModule
		}
		return rewritten, nil
	})
	return smaller, numberings, err
}

// rewriteFunction rewrites the function at an address and returns it with the new
// numbers of its resume points, or nil if these stay. They also stay if places is nil.
// A function with instructions that Go does not use is returned unchanged.
func rewriteFunction(function []byte, address int, places *known) ([]byte, *numbering) {
	in := reader{rest: function}
	for range in.number() { // runs of locals of one type
		in.number()
		in.take(1)
	}
	locals := function[:len(function)-len(in.rest)]
	code, known := readCode(in)
	if !known {
		return function, nil
	}
	code = directJumps(slices.DeleteFunc(code, func(i instruction) bool { return i.opcode == opNop }))
	numbering := numberPlaces(code, address, places)
	if numbering != nil {
		code = numbering.renumber(code, address)
	}
	locals, code = shareAddress(locals, shortAddresses(plainExits(code)), address)
	rewritten := slices.Clone(locals)
	for _, i := range code {
		rewritten = append(rewritten, i.octets...)
	}
	return rewritten, numbering
}

// directJumps replaces forward jumps by direct branches. The linker writes a jump as
// setting the number of a basic block and branching to a loop around all code, where
// a br_table branches to the end of a block. A forward jump only has to branch to the
// end of that block.
func directJumps(code []instruction) []instruction {
	table, found := findTable(code)
	if !found {
		return code
	}
	var direct []instruction
	var open, ends blocks // the blocks around an instruction; the block to leave for each number
	loop := -1            // the loop's index in open
	for n := 0; n < len(code); n++ {
		if n == table {
			if slices.Max(code[n].labels) >= len(open) {
				return code
			}
			for _, label := range code[n].labels {
				ends = append(ends, open[len(open)-1-label])
			}
			loop = slices.IndexFunc(open, func(start int) bool { return code[start].opcode == opLoop })
		}
		opcode, at, size := byte(opBr), n, 3
		if code[n].is(opIf, noResult) && n+4 < len(code) && code[n+4].opcode == opEnd {
			opcode, at, size = opBrIf, n+1, 5
		}
		if number, ok := jump(code[at:], len(open)+at-n-1-loop); loop >= 0 && ok && number < len(ends) {
			if end := slices.Index(open, ends[number]); end >= 0 { // the end is ahead
				direct = append(direct, numbered(opcode, len(open)-1-end))
				n += size - 1
				continue
			}
		}
		direct = append(direct, code[n])
		open = open.after(code, n)
	}
	return direct
}

// findTable returns the index of the br_table that branches by the number of a
// block. It reports false if the code also reads that number elsewhere.
func findTable(code []instruction) (at int, found bool) {
	at = slices.IndexFunc(code, func(i instruction) bool { return i.opcode == opBrTable })
	return at, at > 0 && code[at-1].is(opLocalGet, localBlock) && !readsBlock(code[:at-1]) && !readsBlock(code[at:])
}

// jump returns the number of the block that the code's first instructions jump to
// through the loop.
func jump(code []instruction, loop int) (number int, ok bool) {
	if len(code) < 3 || code[0].opcode != opI32Const || !code[1].is(opLocalSet, localBlock) || !code[2].is(opBr, loop) {
		return 0, false
	}
	return code[0].operand, code[0].operand >= 0
}

// readsBlock reports whether the code reads localBlock as the number of a block. The
// linker also uses it as a scratch variable, read two instructions after it is set.
func readsBlock(code []instruction) bool {
	for n, i := range code {
		if i.is(opLocalGet, localBlock) && (n < 2 || !code[n-2].is(opLocalSet, localBlock)) {
			return true
		}
	}
	return false
}

// plainExits makes a function return at once after a call that unwinds the stack to
// switch goroutines. The linker branches to the end of all blocks, at a depth that
// differs, and returns 1 there.
func plainExits(code []instruction) []instruction {
	last := len(code) - 3
	if last < 0 || code[last].opcode != opEnd || !code[last+1].is(opI32Const, 1) {
		return code
	}
	var open blocks
	outermost := -1 // the last block that is in no other: it ends last
	for n := range code {
		if open = open.after(code, n); len(open) == 1 && open[0] == n {
			outermost = n
		}
	}
	var plain []instruction
	open = nil
	for n, i := range code {
		if len(open) > 0 && open[0] == outermost && code[outermost].opcode == opBlock && i.is(opBrIf, len(open)-1) {
			plain = append(plain, numbered(opIf, noResult), numbered(opI32Const, 1), plainly(opReturn), plainly(opEnd))
			continue
		}
		plain = append(plain, i)
		open = open.after(code, n)
	}
	return plain
}

// shortAddresses moves the offset of a load or store on the stack into the
// instruction. The linker adds the offset to the stack pointer first, in 64 bits.
func shortAddresses(code []instruction) []instruction {
	var short []instruction
	for n := 0; n < len(code); n++ {
		short = append(short, code[n])
		if !isAddress(code[n:]) {
			continue
		}
		offset, value := code[n+2].operand, code[n+5:]
		n += 4
		access := simple(value) // the stored value comes between the address and the store
		if access == 0 && value[0].isLoad() || access > 0 && access < len(value) && value[access].isStore() {
			short = append(short, value[:access]...)
			short = append(short, value[access].further(offset))
			n += access + 1
			continue
		}
		short = append(short, numbered(opI32Const, offset), plainly(opI32Add))
	}
	return short
}

// isAddress reports whether the code's first instructions add an offset to the stack
// pointer.
func isAddress(code []instruction) bool {
	return len(code) > 5 && code[0].is(opLocalGet, localStack) && code[1].opcode == opI64ExtendI32 &&
		code[2].opcode == opI64Const && code[2].operand >= 0 && code[2].operand <= math.MaxInt32 && code[3].opcode == opI64Add && code[4].opcode == opI32WrapI64
}

// simple returns how many instructions at the start of the code push a simple value:
// a constant, a variable, or a load from a variable's address. It returns 0 for any
// other value.
func simple(code []instruction) int {
	switch {
	case code[0].isConst():
		return 1
	case !code[0].isGet():
		return 0
	case len(code) > 1 && code[1].isLoad():
		return 2
	}
	return 1
}

// shareAddress computes return addresses from the function's address, which it puts
// into localAddress. The linker writes each return address as one constant, which
// differs in each function and at each call.
func shareAddress(locals []byte, code []instruction, address int) ([]byte, []instruction) {
	isWithin := func(i instruction) bool { return i.isWithin(address) }
	rest, found := bytes.CutPrefix(locals[1:], []byte{1, typeI32}) // the stack pointer
	if !found || locals[0] == math.MaxInt8 || !slices.ContainsFunc(code, isWithin) ||
		len(code) < 2 || !code[0].is(opGlobalGet, globalStack) || !code[1].is(opLocalSet, localStack) {
		return locals, code
	}
	locals = slices.Concat([]byte{locals[0] + 1, 1, typeI32, 1, typeI64}, rest)
	shared := []instruction{numbered(opI64Const, address), numbered(opLocalSet, localAddress)}
	for _, i := range code {
		switch {
		case i.isWithin(address):
			shared = append(shared, numbered(opLocalGet, localAddress), numbered(opI64Const, i.operand-address), plainly(opI64Or))
		case i.isLocal() && i.operand >= localAddress:
			shared = append(shared, numbered(i.opcode, i.operand+1))
		default:
			shared = append(shared, i)
		}
	}
	return locals, shared
}
