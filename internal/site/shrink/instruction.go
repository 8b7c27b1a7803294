package shrink

import (
	"encoding/binary"
)

// The opcodes (WebAssembly Core, Section 5.4) that Go's linker writes and that this
// package tells apart.
const (
	opNop          = 0x01
	opBlock        = 0x02
	opLoop         = 0x03
	opIf           = 0x04
	opEnd          = 0x0b
	opBr           = 0x0c
	opBrIf         = 0x0d
	opBrTable      = 0x0e
	opReturn       = 0x0f
	opCall         = 0x10
	opCallIndirect = 0x11
	opLocalGet     = 0x20
	opLocalSet     = 0x21
	opLocalTee     = 0x22
	opGlobalGet    = 0x23
	opGlobalSet    = 0x24
	firstLoad      = 0x28
	lastLoad       = 0x35
	firstStore     = 0x36
	opI64Store     = 0x37
	lastStore      = 0x3e
	opMemorySize   = 0x3f
	opMemoryGrow   = 0x40
	opI32Const     = 0x41
	opI64Const     = 0x42
	opF32Const     = 0x43
	opF64Const     = 0x44
	opI32Add       = 0x6a
	opI64Add       = 0x7c
	opI64Or        = 0x84
	opI32WrapI64   = 0xa7
	opI64ExtendI32 = 0xad // unsigned
	lastNumeric    = 0xc4
	opPrefix       = 0xfc // of more opcodes:
	lastTruncation = 7
	opMemoryCopy   = 10
	opMemoryFill   = 11

	// Types (Sections 5.3.1 and 5.4.1), the last one of a block.
	typeI32  = 0x7f
	typeI64  = 0x7e
	noResult = 0x40
)

// An instruction is one instruction of a function's body.
type instruction struct {
	octets  []byte
	opcode  byte
	operand int   // a label, an index, the type of a block, a constant, or the offset of a load or store
	labels  []int // of a br_table, the default label last
}

// blocks are the indices at which the blocks around an instruction begin, outermost
// first. A label counts them from the end.
type blocks []int

// after returns the blocks around the instruction that follows the n-th.
func (b blocks) after(code []instruction, n int) blocks {
	switch code[n].opcode {
	case opBlock, opLoop, opIf:
		return append(b, n)
	case opEnd:
		return b[:max(0, len(b)-1)] // the last end is the function's
	}
	return b
}

func (i instruction) is(opcode byte, operand int) bool {
	return i.opcode == opcode && i.operand == operand
}

func (i instruction) isConst() bool { return opI32Const <= i.opcode && i.opcode <= opF64Const }
func (i instruction) isGet() bool   { return i.opcode == opLocalGet || i.opcode == opGlobalGet }
func (i instruction) isLocal() bool { return opLocalGet <= i.opcode && i.opcode <= opLocalTee }
func (i instruction) isLoad() bool  { return firstLoad <= i.opcode && i.opcode <= lastLoad }
func (i instruction) isStore() bool { return firstStore <= i.opcode && i.opcode <= lastStore }

// further returns a load or store with a greater offset.
func (i instruction) further(by int) instruction {
	i.operand += by
	alignment := i.octets[1]
	i.octets = binary.AppendUvarint([]byte{i.opcode, alignment}, uint64(i.operand))
	return i
}

// plainly returns an instruction without operands.
func plainly(opcode byte) instruction { return instruction{octets: []byte{opcode}, opcode: opcode} }

// numbered returns an instruction with an operand that is not negative.
func numbered(opcode byte, operand int) instruction {
	i := instruction{opcode: opcode, operand: operand}
	if i.isConst() {
		i.octets = appendSigned([]byte{opcode}, operand)
	} else {
		i.octets = binary.AppendUvarint([]byte{opcode}, uint64(operand))
	}
	return i
}

// readCode returns the instructions of a function. known is false if it has an
// instruction that Go's linker does not write.
func readCode(in reader) (code []instruction, known bool) {
	for len(in.rest) > 0 {
		from := in.rest
		i := in.instruction()
		if in.failed {
			return nil, false
		}
		i.octets = from[:len(from)-len(in.rest)]
		code = append(code, i)
	}
	return code, true
}

func (r *reader) instruction() instruction {
	i := instruction{opcode: r.take(1)[0]}
	switch op := i.opcode; {
	case op == opBlock, op == opLoop, op == opIf, op == opBr, op == opBrIf, op == opCall, opLocalGet <= op && op <= opGlobalSet:
		i.operand = r.number()
	case op == opBrTable:
		for range 1 + r.number() {
			i.labels = append(i.labels, r.number())
		}
	case op == opCallIndirect:
		r.number() // type
		r.number() // table
	case firstLoad <= op && op <= lastStore:
		r.take(1) // alignment
		i.operand = r.number()
	case op == opMemorySize, op == opMemoryGrow:
		r.take(1)
	case op == opI32Const, op == opI64Const:
		i.operand = r.signed()
	case op == opF32Const:
		r.take(4)
	case op == opF64Const:
		r.take(8)
	case op == opPrefix:
		r.prefixed()
	case op > lastNumeric:
		r.failed = true
	}
	return i
}

// prefixed reads the rest of an instruction after opPrefix (Sections 5.4.7 and 5.4.8).
func (r *reader) prefixed() {
	switch op := r.number(); {
	case op <= lastTruncation:
	case op == opMemoryCopy:
		r.take(2)
	case op == opMemoryFill:
		r.take(1)
	default:
		r.failed = true
	}
}

// signed reads a signed number in LEB128 (Section 5.2.2).
func (r *reader) signed() int {
	var number int64
	for shift := 0; shift < 64; shift += 7 {
		octet := r.take(1)[0]
		number |= int64(octet&0x7f) << shift
		if octet&0x80 == 0 {
			if octet&0x40 != 0 && shift+7 < 64 {
				number |= -1 << (shift + 7)
			}
			return int(number)
		}
	}
	r.failed = true
	return 0
}
