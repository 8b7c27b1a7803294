package shrink

import (
	"bytes"
	"encoding/binary"
	"math"
)

const (
	moduleHeader = "\x00asm\x01\x00\x00\x00" // magic number and version 1 (WebAssembly Core, Section 5.5.16)
	dataSection  = 11                        // its number (Section 5.5.2)
	activeData   = 0                         // an active segment of the one memory (Section 5.5.14)

	// minGap is the smallest number of zeros to leave out between two segments, in
	// octets. The linker leaves out every eight, which makes a hundred thousand
	// segments, and their offsets do not compress as well as zeros.
	minGap = 4 << 10
)

// rewriteData returns the module with its initial memory changed by change, and
// written in segments that only gaps of minGap zeros separate. The module is not
// modified.
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

// programMemory returns a module's initial memory.
func programMemory(module []byte) (memory []byte, err error) {
	_, err = rewriteSection(module, dataSection, func(content []byte) ([]byte, error) {
		var err error
		memory, err = readData(content)
		return content, err
	})
	return memory, err
}

// rewriteSection returns the module with the content of a section replaced by the
// result of rewrite.
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

// readData returns the initial memory that a data section (Section 5.5.14) describes.
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

// writeData returns the data section that describes the memory.
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

// appendSigned appends a non-negative number in signed LEB128 (Section 5.2.2), whose
// sign is the second bit of the last octet.
func appendSigned(b []byte, n int) []byte {
	b = binary.AppendUvarint(b, uint64(n))
	if last := &b[len(b)-1]; *last&0x40 != 0 {
		*last |= 0x80
		b = append(b, 0)
	}
	return b
}

// A reader reads the parts of a module and remembers whether it read beyond the end.
type reader struct {
	rest   []byte
	failed bool
}

// take returns the next n octets, or one zero if there are fewer.
func (r *reader) take(n int) []byte {
	if n > len(r.rest) {
		r.failed = true
		return make([]byte, 1)
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

// number reads an unsigned number in LEB128 (Section 5.2.2) of at most 31 bits. A
// signed, non-negative number has the same octets, with perhaps one more for the sign.
func (r *reader) number() int {
	number, n := binary.Uvarint(r.rest)
	if n <= 0 || number > math.MaxInt32 {
		r.failed = true
		return 0
	}
	r.rest = r.rest[n:]
	return int(number)
}
