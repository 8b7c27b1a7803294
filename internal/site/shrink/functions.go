package shrink

import (
	"bytes"
	"encoding/binary"
	"iter"
	"math"
	"slices"
)

// pcHeaderMagic begins runtime.pcHeader (runtime/symtab.go): a number, two
// zeros, and the sizes of an instruction's step and of an address; octets.
const pcHeaderMagic = "\xf1\xff\xff\xff\x00\x00\x01\x08"

// moduleData is the part of runtime.moduledata (runtime/symtab.go) that this package
// uses.
type moduleData struct {
	Header    uint64     // address of the pcHeader
	Names     region     // of functions
	Units     region     // the files of each compiled package
	Files     region     // names of files
	Tables    region     // values by program counter
	Records   region     // runtime._func, after the content of Functions
	Functions region     // 8 octets each: where its code begins, and its offset in Records
	_         [21]uint64 // from findfunctab to rodata
	Data      uint64     // base address of the offsets of functions' data
}

// region is the header of a slice in memory; Len and Cap count its elements.
type region struct{ Start, Len, Cap uint64 }

// in returns the region's octets, for elements of one octet.
func (r region) in(memory []byte) []byte {
	return memory[r.Start:][:r.Len]
}

// findModuleData finds the program's moduledata. The memory is as the linker writes
// it, so addresses are offsets into it.
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
	wordDeferred   = 3 // the resume point at which deferred functions are called, or noDefer
	wordFrameSize  = 4 // offset in Tables, as the next two
	wordFiles      = 5
	wordLines      = 6
	wordTableCount = 7
	wordUnit       = 8
	wordStartLine  = 9
	wordDataCount  = 10 // in its last octet; flags are in its second
	wordCount      = 11

	noTable = 0
	noData  = math.MaxUint32

	// Of internal/abi/symtab.go: indices in tables and data.
	tableStackMap = 1 // where pointers are
	tableInlined  = 2 // the inlined call that an instruction belongs to, as an index in dataInlined
	dataInlined   = 3 // the inlined calls
	dataArguments = 5 // how arguments are printed

	flagAssembly = 1 << 2 // abi.FuncFlagAsm

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

// words reads count numbers of four octets.
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

// write writes the record back to its place in memory.
func (f function) write(memory []byte) {
	record := memory[f.address:f.address]
	for _, list := range [][]uint32{f.words, f.tables, f.data} {
		for _, word := range list {
			record = binary.LittleEndian.AppendUint32(record, word)
		}
	}
}

// code returns the address of the function's code. The record has it without the low
// bits for resume points.
func (f function) code() int { return int(f.words[0]) << blockBits }

// knownPlaces returns the program's data about the resume points of its functions, by
// the address of a function's code, without functions in assembly.
func knownPlaces(program []byte) (functions map[int]*known, err error) {
	defer func() {
		if recover() != nil { // an offset led out of the memory
			err = ErrTables
		}
	}()
	var memory []byte
	if memory, err = programMemory(program); err != nil {
		return nil, err
	}
	m, err := findModuleData(memory)
	if err != nil {
		return nil, err
	}
	functions = map[int]*known{}
	tables := m.Tables.in(memory)
	for i := range m.Functions.Len - 1 {
		f := m.function(memory, i)
		if f.words[wordDataCount]>>8&flagAssembly != 0 || f.words[wordFrameSize] == noTable {
			continue
		}
		k := &known{deferred: int(f.words[wordDeferred]), depths: tables[f.words[wordFrameSize]:]}
		if len(f.tables) > tableStackMap && f.tables[tableStackMap] != noTable {
			k.stackMaps = tables[f.tables[tableStackMap]:]
		}
		functions[f.code()] = k
	}
	return functions, nil
}

// rewriteTables returns functions that rewrite the function's tables of stack depths
// and of stack maps for the new numbers of its resume points, and renumbers the resume
// point in its record.
func (f function) rewriteTables(n *numbering) (depths, stackMaps func([]byte) []byte) {
	if n == nil {
		asItIs := func(table []byte) []byte { return table[:tableSize(table)] }
		return asItIs, asItIs
	}
	deferred := int(f.words[wordDeferred])
	f.words[wordDeferred] = uint32(n.number(deferred))
	return n.depths, func(table []byte) []byte { return n.stackMaps(table, deferred) }
}

// A table of values by program counter is a list of pairs: the difference to the
// value before, with its sign in the lowest bit, and the difference to the program
// counter before. The value before the first is -1. A difference of zero after the
// first ends the table (runtime.step in runtime/symtab.go).

// tableSize returns the size of a table in octets.
func tableSize(table []byte) int {
	size := 0
	for range pairs(table, &size) {
	}
	return size
}

// tableMax returns the highest value in a table, -1 if none is above it.
func tableMax(table []byte) int {
	size, highest := 0, -1
	for value := range pairs(table, &size) {
		highest = max(highest, value)
	}
	return highest
}

// tableValue returns the value at a program counter.
func tableValue(table []byte, at int) int {
	size := 0
	for value, end := range pairs(table, &size) {
		if at < end {
			return value
		}
	}
	panic(ErrTables)
}

// pairs yields a table's values, each with the program counter at which it ends, and
// adds the octets that it has read to size.
func pairs(table []byte, size *int) iter.Seq2[int, int] {
	return func(yield func(value, end int) bool) {
		value, counter := -1, 0
		for {
			difference, n := binary.Uvarint(table[*size:])
			if n <= 0 {
				panic(ErrTables)
			}
			first := *size == 0
			*size += n
			if difference == 0 && !first {
				return
			}
			value += int(difference>>1) ^ -int(difference&1)
			step, n := binary.Uvarint(table[*size:])
			*size += n
			counter += int(step)
			if !yield(value, counter) {
				return
			}
		}
	}
}

// unknownValue in a list of values may be written as any value.
const unknownValue = math.MinInt32

// appendTable appends a table of values. It extends the run of the last value to the
// longest that takes as many octets, so that tables which differ only in the length
// of that run become equal.
func appendTable(table []byte, values []int) []byte {
	known := slices.IndexFunc(values, func(v int) bool { return v != unknownValue })
	if known < 0 {
		known = 0
		values[0] = -1
	}
	value, last := values[known], -1
	for run := 0; len(values) > 0; values, run = values[run:], 0 {
		for run < len(values) && (values[run] == value || values[run] == unknownValue) {
			run++
		}
		length := run
		if run == len(values) {
			length = longRun(run)
		}
		difference := value - last
		table = binary.AppendUvarint(table, uint64(difference<<1^difference>>63))
		table = binary.AppendUvarint(table, uint64(length))
		last = value
		if run < len(values) {
			value = values[run]
		}
	}
	return append(table, 0)
}

// longRun returns the longest run whose length takes as many octets as run's.
func longRun(run int) int {
	for long := math.MaxInt8; ; long = long<<7 | math.MaxInt8 {
		if run <= long {
			return long
		}
	}
}
