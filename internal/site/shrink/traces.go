package shrink

import "bytes"

// dropTraces zeroes what a program has in its memory for the traces of panics
// and for nothing else: the file and line of each instruction, what was inlined
// where, and how arguments are printed. That is an eighth of the program once
// it is compressed. A trace still names each function, and has the number of the
// place in it that the call returns to.
//
// What stays is what the runtime works with: the size of each frame, where
// pointers are in it, what it deferred, and names, by which the runtime knows
// some functions of its own. By what was inlined it also tells whether a
// function that recovers was deferred itself: that function is never inlined,
// and what may be inlined around it is in few packages (inlined, in the builder).
//
// After an error the memory may be changed in part.
func dropTraces(memory []byte, numberings map[int]*numbering) (err error) {
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
		names.keep(&f.words[wordName], cString)
		depths, stackMaps := f.rewriteTables(numberings[f.code()])
		tables.keep(&f.words[wordFrameSize], depths)
		if len(f.tables) > tableStackMap {
			tables.keep(&f.tables[tableStackMap], stackMaps)
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

// A packer moves the parts of a region of memory that are kept to its start, each
// once.
type packer struct {
	region []byte
	packed []byte
	moved  map[string]uint32 // from part to offset
}

// newPacker returns a packer of a region at whose start there is nothing: an
// offset of zero has a meaning of its own.
func newPacker(region []byte) *packer {
	return &packer{region: region, packed: make([]byte, 1, len(region)), moved: map[string]uint32{}}
}

// keep keeps what read makes of the part at an offset, and changes that to where the
// part will be.
func (p *packer) keep(offset *uint32, read func([]byte) []byte) {
	if *offset == 0 {
		return
	}
	part := read(p.region[*offset:])
	to, found := p.moved[string(part)]
	if !found {
		to = uint32(len(p.packed))
		p.packed = append(p.packed, part...)
		p.moved[string(part)] = to
	}
	*offset = to
}

// finish moves the parts, with zeros after them. It panics where they do not fit.
func (p *packer) finish() {
	if len(p.packed) > len(p.region) {
		panic(ErrTables)
	}
	clear(p.region[copy(p.region, p.packed):])
}

// cString returns the text at the start of memory that a zero ends, with it.
func cString(memory []byte) []byte { return memory[:1+bytes.IndexByte(memory, 0)] }
