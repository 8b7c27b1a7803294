package shrink

import (
	"bytes"
	"encoding/binary"
	"math"
)

const (
	moduleHeader = "\x00asm\x01\x00\x00\x00" // magic number and version 1 (WebAssembly Core, Section 5.5.16)
	dataSection  = 11                        // its number (Section 5.5.2)
	activeData   = 0                         // a segment for the one memory, at an offset (Section 5.5.14)

	// minGap is how many zeros are left out between two segments. A linker
	// saves octets with every eight of them, which makes a hundred thousand
	// segments, whose offsets do not compress as zeros do; octets.
	minGap = 4 << 10
)

// rewriteData returns the module with its memory, as it is before the program
// runs, changed by change, and written in as few segments as there are long
// runs of zeros in it. The module is not changed.
func rewriteData(module []byte, change func(memory []byte) error) ([]byte, error) {
	return rewriteSection(module, dataSection, func(content []byte) ([]byte, error) {
		memory, err := readData(content)
		if err != nil {
			return nil, err
		}
		if err := change(memory); err != nil {
			return nil, err
		}
		return writeData(memory), nil
	})
}

// programMemory returns the memory that a module begins with.
func programMemory(module []byte) (memory []byte, err error) {
	_, err = rewriteSection(module, dataSection, func(content []byte) ([]byte, error) {
		var err error
		memory, err = readData(content)
		return content, err
	})
	return memory, err
}

// rewriteSection returns the module with what rewrite returns in place of the
// content of a section.
func rewriteSection(module []byte, number byte, rewrite func(content []byte) ([]byte, error)) ([]byte, error) {
	rest, found := bytes.CutPrefix(module, []byte(moduleHeader))
	if !found {
		return nil, ErrModule
	}
	rewritten := []byte(moduleHeader)
	for in := (reader{rest: rest}); len(in.rest) > 0; {
		section := in.take(1)
		content := in.take(in.number())
		if in.failed {
			return nil, ErrModule
		}
		if section[0] == number {
			var err error
			if content, err = rewrite(content); err != nil {
				return nil, err
			}
		}
		rewritten = append(rewritten, section...)
		rewritten = binary.AppendUvarint(rewritten, uint64(len(content)))
		rewritten = append(rewritten, content...)
	}
	return rewritten, nil
}

// readData returns the memory that a data section (Section 5.5.14) makes.
func readData(content []byte) ([]byte, error) {
	var memory []byte
	in := reader{rest: content}
	for range in.number() {
		kind, opcode := in.take(1), in.take(1)
		offset := in.number()
		end := in.take(1)
		data := in.take(in.number())
		if in.failed || kind[0] != activeData || opcode[0] != opI32Const || end[0] != opEnd {
			return nil, ErrModule
		}
		memory = append(memory, make([]byte, max(0, offset+len(data)-len(memory)))...)
		copy(memory[offset:], data)
	}
	if in.failed || len(in.rest) > 0 {
		return nil, ErrModule
	}
	return memory, nil
}

// writeData returns the data section that makes the memory.
func writeData(memory []byte) []byte {
	var count int
	var segments []byte
	for offset := 0; ; {
		offset += zeros(memory[offset:])
		if offset == len(memory) {
			break
		}
		data := untilGap(memory[offset:])
		segments = append(segments, activeData, opI32Const)
		segments = appendSigned(segments, offset)
		segments = append(segments, opEnd)
		segments = binary.AppendUvarint(segments, uint64(len(data)))
		segments = append(segments, data...)
		offset += len(data)
		count++
	}
	return append(binary.AppendUvarint(nil, uint64(count)), segments...)
}

// zeros returns how many zeros the memory begins with.
func zeros(memory []byte) int {
	return len(memory) - len(bytes.TrimLeft(memory, "\x00"))
}

// untilGap returns the memory up to the first gap, or to its end.
func untilGap(memory []byte) []byte {
	end := bytes.Index(memory, make([]byte, minGap))
	if end < 0 {
		end = len(memory)
	}
	return memory[:end]
}

// appendSigned appends a number that is not negative in LEB128 with a sign
// (Section 5.2.2), which is the second bit of the last octet.
func appendSigned(b []byte, n int) []byte {
	b = binary.AppendUvarint(b, uint64(n))
	if last := &b[len(b)-1]; *last&0x40 != 0 {
		*last |= 0x80
		b = append(b, 0)
	}
	return b
}

// A reader reads what a module is made of, and remembers when there was less.
type reader struct {
	rest   []byte
	failed bool
}

// take returns the next n octets, or a zero when there are fewer.
func (r *reader) take(n int) []byte {
	if n > len(r.rest) {
		r.failed = true
		return make([]byte, 1)
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

// number reads a number in LEB128 (Section 5.2.2) of 31 bits at most. With a
// sign it is written the same, but that an octet may follow for it.
func (r *reader) number() int {
	number, n := binary.Uvarint(r.rest)
	if n <= 0 || number > math.MaxInt32 {
		r.failed = true
		return 0
	}
	r.rest = r.rest[n:]
	return int(number)
}
