package shrink

import "bytes"

// dropTraces zeroes what a program has in its memory for the traces of panics
// and for nothing else: the file and line of each instruction, what was inlined
// where, and how arguments are printed. That is an eighth of the program once
// it is compressed. A trace still names each function, and has how far into it
// the call is, by which a build with lines tells the line.
//
// What stays is what the runtime works with: the size of each frame, where
// pointers are in it, what it deferred, and names, by which the runtime knows
// some functions of its own. By what was inlined it also tells whether a
// function that recovers was deferred itself: that function is never inlined,
// and what may be inlined around it is in few packages (inlined, in the builder).
//
// After an error the memory may be changed in part.
func dropTraces(memory []byte) (err error) {
	defer func() {
		if recover() != nil { // an offset led out of the memory
			err = ErrTables
		}
	}()
	m, err := findModuleData(memory)
	if err != nil {
		return err
	}
	names, tables := newPacker(m.Names.in(memory)), newPacker(m.Tables.in(memory))
	arguments := make(map[uint32]bool) // that are dropped, since functions share them; by offset
	for i := range m.Functions.Len - 1 {
		f := m.function(memory, i)
		if f.has(dataInlined) {
			calls := 1 + tableMax(tables.region[f.tables[tableInlined]:])
			clear(memory[m.Data+uint64(f.data[dataInlined]):][:calls*inlinedCallSize])
		}
		if f.has(dataArguments) && !arguments[f.data[dataArguments]] {
			arguments[f.data[dataArguments]] = true
			printed := memory[m.Data+uint64(f.data[dataArguments]):]
			clear(printed[:1+bytes.IndexByte(printed, endOfArguments)])
		}
		f.forgetTraces()
		names.keep(&f.words[wordName], cStringSize)
		tables.keep(&f.words[wordFrameSize], tableSize)
		if len(f.tables) > tableStackMap {
			tables.keep(&f.tables[tableStackMap], tableSize)
		}
		f.write(memory)
	}
	names.finish()
	tables.finish()
	clear(memory[m.Units.Start:][:m.Units.Len*unitSize])
	clear(m.Files.in(memory))
	return nil
}

// forgetTraces has the function refer to nothing that is dropped.
func (f function) forgetTraces() {
	for _, word := range []int{wordFiles, wordLines, wordUnit, wordStartLine} {
		f.words[word] = 0
	}
	for i := range f.tables {
		if i != tableStackMap {
			f.tables[i] = noTable
		}
	}
	for _, i := range []int{dataInlined, dataArguments} {
		if f.has(i) {
			f.data[i] = noData
		}
	}
}

// A packer moves the parts of a region of memory that are kept to its start.
type packer struct {
	region []byte
	packed []byte
	moved  map[uint32]uint32 // from offset to offset
}

// newPacker returns a packer of a region at whose start there is nothing: an
// offset of zero has a meaning of its own.
func newPacker(region []byte) *packer {
	return &packer{region: region, packed: make([]byte, 1, len(region)), moved: map[uint32]uint32{0: 0}}
}

// keep keeps the part at an offset, and changes that to where the part will be.
func (p *packer) keep(offset *uint32, size func([]byte) int) {
	to, found := p.moved[*offset]
	if !found {
		to = uint32(len(p.packed))
		part := p.region[*offset:]
		p.packed = append(p.packed, part[:size(part)]...)
		p.moved[*offset] = to
	}
	*offset = to
}

// finish moves the parts, with zeros after them.
func (p *packer) finish() {
	clear(p.region[copy(p.region, p.packed):])
}

// cStringSize is that of a text that a zero ends, with it; octets.
func cStringSize(text []byte) int {
	return 1 + bytes.IndexByte(text, 0)
}
