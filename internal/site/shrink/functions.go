package shrink

import (
	"bytes"
	"encoding/binary"
	"math"
)

// pcHeaderMagic begins runtime.pcHeader (runtime/symtab.go): a number, two
// zeros, and the sizes of an instruction's step and of an address; octets.
const pcHeaderMagic = "\xf1\xff\xff\xff\x00\x00\x01\x08"

// moduleData is as much of runtime.moduledata (runtime/symtab.go) as is known here.
type moduleData struct {
	Header    uint64     // address of the pcHeader
	Names     region     // of functions
	Units     region     // which files each compiled package has
	Files     region     // their names
	Tables    region     // values by program counter
	Records   region     // runtime._func, and in front of them what Functions is
	Functions region     // 8 octets each: where its code begins, and its offset in Records
	_         [21]uint64 // from findfunctab to rodata
	Data      uint64     // address that a function's data are offset from
}

// region is where a slice is in memory; Len and Cap count its elements.
type region struct{ Start, Len, Cap uint64 }

// in returns a region whose elements have one octet.
func (r region) in(memory []byte) []byte {
	return memory[r.Start:][:r.Len]
}

// findModuleData finds what a program knows of its functions. In memory as the
// linker writes it, addresses are offsets.
func findModuleData(memory []byte) (moduleData, error) {
	var m moduleData
	header := bytes.Index(memory, []byte(pcHeaderMagic))
	if header < 0 {
		return m, ErrTables
	}
	names := uint64(header) + binary.LittleEndian.Uint64(memory[header+32:])
	start := binary.LittleEndian.AppendUint64(nil, uint64(header))
	start = binary.LittleEndian.AppendUint64(start, names)
	at := bytes.Index(memory, start)
	if at < 0 {
		return m, ErrTables
	}
	if _, err := binary.Decode(memory[at:], binary.LittleEndian, &m); err != nil {
		return m, ErrTables
	}
	return m, nil
}

// function is a record of a function, runtime._func (runtime/runtime2.go): its
// words, and the two lists that follow them.
type function struct {
	address uint64
	words   []uint32
	tables  []uint32 // offsets in Tables, or noTable
	data    []uint32 // offsets from Data, or noData
}

const (
	wordName       = 1 // offset in Names
	wordFrameSize  = 4 // offset in Tables, as the next two
	wordFiles      = 5
	wordLines      = 6
	wordTableCount = 7
	wordUnit       = 8
	wordStartLine  = 9
	wordDataCount  = 10 // in its last octet
	wordCount      = 11

	noTable = 0
	noData  = math.MaxUint32

	// Of internal/abi/symtab.go: indices in tables and data.
	tableStackMap = 1 // where pointers are
	tableInlined  = 2 // which call of data's list an instruction belongs to
	dataInlined   = 3 // what calls were inlined
	dataArguments = 5 // how arguments are printed

	unitSize        = 4    // of an element of Units; octets
	inlinedCallSize = 16   // runtime.inlinedCall (runtime/symtabinl.go); octets
	endOfArguments  = 0xff // TraceArgsEndSeq (internal/abi/symtab.go)
)

func (m moduleData) function(memory []byte, i uint64) function {
	offset := binary.LittleEndian.Uint32(memory[m.Functions.Start+8*i+4:])
	f := function{address: m.Records.Start + uint64(offset)}
	f.words = words(memory[f.address:], wordCount)
	lists := memory[f.address+4*wordCount:]
	f.tables = words(lists, f.words[wordTableCount])
	f.data = words(lists[4*len(f.tables):], f.words[wordDataCount]>>24)
	return f
}

// words reads numbers of four octets.
func words(memory []byte, count uint32) []uint32 {
	list := make([]uint32, count)
	for i := range list {
		list[i] = binary.LittleEndian.Uint32(memory[4*i:])
	}
	return list
}

// has reports whether a function has data of a kind.
func (f function) has(kind int) bool {
	return kind < len(f.data) && f.data[kind] != noData
}

// write writes the record to where it was read from.
func (f function) write(memory []byte) {
	record := memory[f.address:f.address]
	for _, list := range [][]uint32{f.words, f.tables, f.data} {
		for _, word := range list {
			record = binary.LittleEndian.AppendUint32(record, word)
		}
	}
}

// tableSize is that of a table of values by program counter, in octets.
func tableSize(table []byte) int {
	size, _ := walkTable(table)
	return size
}

// tableMax returns the highest value in a table, -1 if none is above it.
func tableMax(table []byte) int {
	_, highest := walkTable(table)
	return highest
}

// walkTable reads a table as runtime.step (runtime/symtab.go) does: pairs of a
// difference in the value, its sign in the lowest bit, and one in the program
// counter. The first value is a difference to -1; later a difference of zero
// ends the table.
func walkTable(table []byte) (size, highest int) {
	value, highest := -1, -1
	for {
		difference, n := binary.Uvarint(table[size:])
		if n <= 0 {
			panic(ErrTables)
		}
		if difference == 0 && size > 0 {
			return size + n, highest
		}
		value += int(difference>>1) ^ -int(difference&1)
		highest = max(highest, value)
		_, step := binary.Uvarint(table[size+n:])
		size += n + step
	}
}
