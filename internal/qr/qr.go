// Package qr draws QR codes (ISO/IEC 18004:2015) of texts in octets, which is
// what links are made of: byte mode, versions 1 to 40, levels L and M.
//
//	Encode: text → codewords, with those that correct errors   codewords.go
//	        → modules, under the mask that suits scanners best  matrix.go
//
// It is here because the libraries that there are draw images, too, and choose
// no mask; this takes 4 kB of the page's program.
package qr

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrTooLong is returned for a text that no QR code holds.
var ErrTooLong = errors.New("qr: text is too long for a code")

// Quiet is how wide the light border has to be (Section 9.1); modules.
const Quiet = 4

// A Code is a square of dark and light modules.
type Code struct {
	Size    int // modules on each side, without the border
	dark    []bool
	reserve []bool // belongs to no codeword: patterns and information
}

// Encode returns the smallest code that holds text. It can be read with 15 % of
// it damaged where there is room for that, and else with 7 %.
func Encode(text string) (*Code, error) {
	for version := 1; version <= 40; version++ {
		for _, l := range []level{levelM, levelL} {
			if data, fits := dataOf(text, version, l); fits {
				return draw(version, l, interleave(data, version, l)), nil
			}
		}
	}
	return nil, fmt.Errorf("%w: %d octets", ErrTooLong, len(text))
}

// Dark reports whether the module in column x and row y is dark.
func (c *Code) Dark(x, y int) bool { return c.dark[y*c.Size+x] }

// Path returns the dark modules as an SVG path (SVG 2, Section 9.3) in a square
// of Size + 2*Quiet.
func (c *Code) Path() string {
	var path strings.Builder
	for y := range c.Size {
		for x := 0; x < c.Size; x++ {
			start := x
			for x < c.Size && c.Dark(x, y) {
				x++
			}
			if n := strconv.Itoa(x - start); x > start {
				path.WriteString("M" + strconv.Itoa(start+Quiet) + " " + strconv.Itoa(y+Quiet) + "h" + n + "v1h-" + n + "z")
			}
		}
	}
	return path.String()
}
