package qr

// draw makes a code of codewords, under the mask with the least penalty.
func draw(version int, l level, codewords []byte) *Code {
	plain := newCode(version)
	plain.place(codewords)
	best := plain.masked(0, l)
	for mask := 1; mask < 8; mask++ {
		if c := plain.masked(mask, l); c.penalty() < best.penalty() {
			best = c
		}
	}
	return best
}

// newCode has all that is the same in every code of a version.
func newCode(version int) *Code {
	size := 17 + 4*version
	c := &Code{Size: size, dark: make([]bool, size*size), reserve: make([]bool, size*size)}
	for i := range size { // timing (Section 6.3.5)
		c.set(6, i, i%2 == 0)
		c.set(i, 6, i%2 == 0)
	}
	at := alignments(version)
	for i, y := range at {
		for j, x := range at {
			last := len(at) - 1
			if i == 0 && j == 0 || i == 0 && j == last || i == last && j == 0 {
				continue // there are finders
			}
			c.square(x, y, 2, func(distance int) bool { return distance != 1 })
		}
	}
	for _, corner := range [][2]int{{3, 3}, {size - 4, 3}, {3, size - 4}} { // with separators
		c.square(corner[0], corner[1], 4, func(distance int) bool { return distance != 2 && distance != 4 })
	}
	c.setFormat(0) // keeps its place
	c.setVersion(version)
	return c
}

func (c *Code) set(x, y int, dark bool) {
	c.dark[y*c.Size+x] = dark
	c.reserve[y*c.Size+x] = true
}

// square draws concentric squares, as far as they are in the code.
func (c *Code) square(x, y, radius int, dark func(distance int) bool) {
	for dy := -radius; dy <= radius; dy++ {
		for dx := -radius; dx <= radius; dx++ {
			if x+dx >= 0 && x+dx < c.Size && y+dy >= 0 && y+dy < c.Size {
				c.set(x+dx, y+dy, dark(max(dx, -dx, dy, -dy)))
			}
		}
	}
}

// alignments returns where the alignment patterns are, in rows and columns
// (Annex E).
func alignments(version int) []int {
	if version == 1 {
		return nil
	}
	n := version/7 + 2
	step := (version*8 + n*3 + 5) / (n*4 - 4) * 2
	at := make([]int, n)
	for i := range at {
		at[i] = version*4 + 10 - step*(n-1-i)
	}
	at[0] = 6
	return at
}

// setFormat writes level and mask, with a code that corrects errors, in two
// places (Section 7.9).
func (c *Code) setFormat(data int) {
	rest := data
	for range 10 {
		rest = rest<<1 ^ rest>>9*0x537
	}
	bits := (data<<10 | rest) ^ 0x5412
	bit := func(i int) bool { return bits>>i&1 == 1 }
	for i := range 15 {
		switch { // around the first finder; row and column 6 are the timing's
		case i < 6:
			c.set(8, i, bit(i))
		case i < 8:
			c.set(8, i+1, bit(i))
		case i == 8:
			c.set(7, 8, bit(i))
		default:
			c.set(14-i, 8, bit(i))
		}
		if i < 8 {
			c.set(c.Size-1-i, 8, bit(i))
		} else {
			c.set(8, c.Size-15+i, bit(i))
		}
	}
	c.set(8, c.Size-8, true)
}

// setVersion writes the version beside two finders, from version 7 on
// (Section 7.10).
func (c *Code) setVersion(version int) {
	if version < 7 {
		return
	}
	rest := version
	for range 12 {
		rest = rest<<1 ^ rest>>11*0x1f25
	}
	bits := version<<12 | rest
	for i := range 18 {
		dark := bits>>i&1 == 1
		c.set(c.Size-11+i%3, i/3, dark)
		c.set(i/3, c.Size-11+i%3, dark)
	}
}

// place writes codewords in columns of two, upwards and downwards in turn, from
// the right (Section 7.7.3).
func (c *Code) place(codewords []byte) {
	i := 0
	for right := c.Size - 1; right >= 1; right -= 2 {
		if right == 6 {
			right = 5 // the timing's column
		}
		for n := range c.Size {
			y := n
			if (right+1)&2 == 0 {
				y = c.Size - 1 - n
			}
			for _, x := range [...]int{right, right - 1} {
				if at := y*c.Size + x; !c.reserve[at] && i < 8*len(codewords) {
					c.dark[at] = codewords[i/8]>>(7-i%8)&1 == 1
					i++
				}
			}
		}
	}
}

// masked returns the code under a mask (Section 7.8.2), and says so in it.
func (c *Code) masked(mask int, l level) *Code {
	m := &Code{Size: c.Size, dark: make([]bool, len(c.dark)), reserve: c.reserve}
	for y := range c.Size {
		for x := range c.Size {
			at := y*c.Size + x
			m.dark[at] = c.dark[at] != (!c.reserve[at] && inverts(mask, x, y))
		}
	}
	m.setFormat([...]int{levelL: 1, levelM: 0}[l]<<3 | mask)
	return m
}

func inverts(mask, x, y int) bool {
	switch mask {
	case 0:
		return (x+y)%2 == 0
	case 1:
		return y%2 == 0
	case 2:
		return x%3 == 0
	case 3:
		return (x+y)%3 == 0
	case 4:
		return (x/3+y/2)%2 == 0
	case 5:
		return x*y%2+x*y%3 == 0
	case 6:
		return (x*y%2+x*y%3)%2 == 0
	default:
		return ((x+y)%2+x*y%3)%2 == 0
	}
}

// penalty counts what is hard to scan (Section 7.8.3).
func (c *Code) penalty() int {
	total, darkModules := 0, 0
	for a := range c.Size {
		total += c.linePenalty(func(b int) bool { return c.Dark(a, b) })
		total += c.linePenalty(func(b int) bool { return c.Dark(b, a) })
		for b := range c.Size {
			if c.Dark(a, b) {
				darkModules++
			}
			if a > 0 && b > 0 && c.Dark(a, b) == c.Dark(a-1, b) && c.Dark(a, b) == c.Dark(a, b-1) && c.Dark(a, b) == c.Dark(a-1, b-1) {
				total += 3
			}
		}
	}
	off := darkModules*20 - len(c.dark)*10 // from one half, in twentieths of all
	return total + 10*(max(off, -off)/len(c.dark))
}

// linePenalty is that of a row or a column: for runs of one colour, and for
// what looks like a finder.
func (c *Code) linePenalty(dark func(int) bool) int {
	const finder, before, after = 0b00001011101, 0b10111010000, 1<<11 - 1
	total, run, last := 0, 0, 0
	for i := range c.Size {
		bit := 0
		if dark(i) {
			bit = 1
		}
		if i > 0 && bit != last&1 {
			run = 0
		}
		if run++; run == 5 {
			total += 3
		} else if run > 5 {
			total++
		}
		last = (last<<1 | bit) & after
		if i >= 10 && (last == finder || last == before) {
			total += 40
		}
	}
	return total
}
