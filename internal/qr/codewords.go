package qr

// level is how much of a code may be damaged.
type level int

const (
	levelL level = iota // 7 %
	levelM              // 15 %
)

// Table 9 of the standard, by version.
var (
	checkSizes = [...][40]byte{ // octets of a block that correct errors
		levelL: {7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
			28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
		levelM: {10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
			26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28},
	}
	blockCounts = [...][40]byte{
		levelL: {1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8,
			8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25},
		levelM: {1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
			17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49},
	}
)

// capacity is how many octets a code has, of both kinds.
func capacity(version int) int {
	modules := (16*version+128)*version + 64 // without finders, separators and format
	if version >= 2 {
		n := version/7 + 2          // alignment patterns in a row
		modules -= (25*n-10)*n - 55 // without these, less what is on the timing patterns
		if version >= 7 {
			modules -= 36 // version information
		}
	}
	return modules / 8
}

// dataOf returns the octets of data, padded, or tells that they do not fit
// (Sections 7.4.5 and 7.4.10).
func dataOf(text string, version int, l level) (data []byte, fits bool) {
	size := capacity(version) - int(checkSizes[l][version-1])*int(blockCounts[l][version-1])
	var b bits
	b.add(0b0100, 4) // byte mode
	if version < 10 {
		b.add(len(text), 8)
	} else {
		b.add(len(text), 16)
	}
	if b.n+8*len(text) > 8*size {
		return nil, false
	}
	for i := range len(text) {
		b.add(int(text[i]), 8)
	}
	b.add(0, min(4, 8*size-b.n)) // the end
	b.add(0, -b.n&7)
	for pad := 0xec; len(b.octets) < size; pad ^= 0xec ^ 0x11 {
		b.add(pad, 8)
	}
	return b.octets, true
}

// bits collects bits, the most significant first.
type bits struct {
	octets []byte
	n      int
}

func (b *bits) add(value, count int) {
	for i := count - 1; i >= 0; i-- {
		if b.n%8 == 0 {
			b.octets = append(b.octets, 0)
		}
		b.octets[b.n/8] |= byte(value>>i&1) << (7 - b.n%8)
		b.n++
	}
}

// interleave deals the data into blocks, adds what corrects errors to each, and
// takes from all in turn (Section 7.6).
func interleave(data []byte, version int, l level) []byte {
	count, checkSize := int(blockCounts[l][version-1]), int(checkSizes[l][version-1])
	total := capacity(version)
	short := total/count - checkSize   // data of a block; the last blocks
	shortBlocks := count - total%count // have one octet more
	divisor := generator(checkSize)
	blocks, checks := make([][]byte, count), make([][]byte, count)
	for i := range blocks {
		n := short
		if i >= shortBlocks {
			n++
		}
		blocks[i], data = data[:n], data[n:]
		checks[i] = remainder(blocks[i], divisor)
	}
	all := make([]byte, 0, total)
	for i := range short + 1 {
		for _, block := range blocks {
			if i < len(block) {
				all = append(all, block[i])
			}
		}
	}
	for i := range checkSize {
		for _, check := range checks {
			all = append(all, check[i])
		}
	}
	return all
}

// generator returns the Reed-Solomon generator polynomial of a degree, without
// its leading 1 (Annex A).
func generator(degree int) []byte {
	g := make([]byte, degree)
	g[degree-1] = 1
	root := byte(1)
	for range degree {
		for i := range g {
			g[i] = multiply(g[i], root)
			if i+1 < degree {
				g[i] ^= g[i+1]
			}
		}
		root = multiply(root, 2)
	}
	return g
}

func remainder(data, divisor []byte) []byte {
	r := make([]byte, len(divisor))
	for _, octet := range data {
		factor := octet ^ r[0]
		copy(r, r[1:])
		r[len(r)-1] = 0
		for i, d := range divisor {
			r[i] ^= multiply(d, factor)
		}
	}
	return r
}

// multiply is that of GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1 (Section 7.5.2).
func multiply(x, y byte) byte {
	z := 0
	for i := 7; i >= 0; i-- {
		z = z<<1 ^ z>>7*0x11d
		z ^= int(y>>i&1) * int(x)
	}
	return byte(z)
}
