package shrink

import "bytes"

// dropTraces zeroes the tables in a program's memory that only the traces of panics
// use: the file and line of each instruction, the inlined calls, and the formats of
// arguments. They are an eighth of the compressed program. A trace still names each
// function, and the number of the resume point that the call returns to.
//
// The tables that the runtime itself uses stay: the size of each frame, the pointers
// in it, its deferred calls, and the names of functions, by which the runtime
// recognises some of its own. The runtime also reads inlined calls to find out
// whether a function that recovers was deferred itself. Such a function is never
// inlined, and only few packages have inlined functions around it (inlined, in the
// builder).
//
// After an error the memory may be partly changed.
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
	arguments := make(map[uint32]bool) // offsets of formats already dropped, since functions share them
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

// forgetTraces removes the function's references to dropped tables.
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

// A packer moves the parts of a region of memory that stay to its start, and stores
// equal parts once.
type packer struct {
	region []byte
	packed []byte
	moved  map[string]uint32 // offset by part
}

// newPacker returns a packer of a region. It puts no part at offset zero, which means
// that there is none.
func newPacker(region []byte) *packer {
	return &packer{region: region, packed: make([]byte, 1, len(region)), moved: map[string]uint32{}}
}

// keep adds the part that read returns for the region at an offset, and replaces the
// offset by the part's new one.
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

// finish writes the parts to the region and zeroes the rest. It panics if they do not
// fit.
func (p *packer) finish() {
	if len(p.packed) > len(p.region) {
		panic(ErrTables)
	}
	clear(p.region[copy(p.region, p.packed):])
}

// cString returns the zero-terminated text at the start of memory, with its zero.
func cString(memory []byte) []byte { return memory[:1+bytes.IndexByte(memory, 0)] }
