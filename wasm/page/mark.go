//go:build js && wasm

package page

import (
	"crypto/sha256"
	"math"
	"slices"
	"strconv"

	"pushcall/wasm/js"
	"pushcall/webpush"
)

// An identity's mark is three rings of arcs and dots in two hues, drawn from
// the SHA-256 hash of its public key. It helps to recognize a friend; to make
// sure of one takes more, since who tries many keys finds a similar mark.
//
// Octets 0 and 1 of the hash choose the hues. The bits from octet 2 on are
// read ring by ring, from the outer one: four turn the ring, then for each
// piece two say how many places it takes (one is a dot) and two its hue.

// ring is one of the circles that pieces lie on.
type ring struct {
	radius float64 // in a square of 100
	places int
}

var rings = [...]ring{{44, 15}, {30, 10}, {16, 5}}

// piece is an arc or a dot.
type piece struct {
	path  string // SVG 2, Section 9.3
	color string
}

// drawMark draws an identity's mark into an SVG element of 100 by 100, with
// round line caps. An identity that is not known has an empty one.
func drawMark(svg js.Element, identity webpush.PublicKey) {
	if identity.IsZero() {
		svg.Replace()
		return
	}
	var colors, paths []string // a path for each hue, of all its pieces
	for _, p := range pieces(identity.Bytes()) {
		i := slices.Index(colors, p.color)
		if i < 0 {
			i = len(colors)
			colors, paths = append(colors, p.color), append(paths, "")
		}
		paths[i] += p.path
	}
	drawn := make([]js.Element, len(paths))
	for i := range paths {
		drawn[i] = js.NewSVGElement("path")
		drawn[i].SetAttribute("d", paths[i])
		drawn[i].SetAttribute("stroke", colors[i])
	}
	svg.Replace(drawn...)
}

func pieces(key []byte) []piece {
	hash := sha256.Sum256(key)
	hue := float64(hash[0]) / 256 * 360
	colors := [2]string{color(hue), color(hue + 80 + float64(hash[1])/256*200)} // at least 80 degrees apart
	bits := bitReader{octets: hash[2:]}

	var all []piece
	for i, r := range rings {
		place := 360 / float64(r.places)
		at := place * float64(bits.read(4)) / 16
		for left := r.places; left > 0; {
			n := min(1+bits.read(2), left)
			c := i % 2 // each ring has a hue of its own,
			if bits.read(2) == 0 {
				c = 1 - c // and a few pieces of the other
			}
			all = append(all, piece{r.arc(at, at+place*float64(n-1)), colors[c]})
			at += place * float64(n)
			left -= n
		}
	}
	return all
}

// arc is the path from one angle to another, clockwise, in degrees.
func (r ring) arc(from, to float64) string {
	if to == from {
		to += 0.1 // a line without length has no caps to see everywhere
	}
	large := " 0 1 "
	if to-from > 180 {
		large = " 1 1 "
	}
	radius := number(r.radius)
	return "M" + r.point(from) + "A" + radius + " " + radius + " 0" + large + r.point(to)
}

func (r ring) point(degrees float64) string {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return number(50+r.radius*cos) + " " + number(50+r.radius*sin)
}

// color has the same lightness for every hue, one that shows on paper and on
// ink (CSS Color 4, Section 9.3).
func color(hue float64) string {
	return "oklch(0.64 0.155 " + strconv.Itoa(int(hue)%360) + ")"
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

// bitReader reads octets from the most significant bit on. Pieces needs no
// more than 132 of the 240 bits there are.
type bitReader struct {
	octets []byte
	at     int // bits
}

func (b *bitReader) read(n int) int {
	v := 0
	for range n {
		v = v<<1 | int(b.octets[b.at/8]>>(7-b.at%8)&1)
		b.at++
	}
	return v
}
