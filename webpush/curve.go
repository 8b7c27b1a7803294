package webpush

import (
	"encoding/binary"
	"math/bits"
)

// crypto/elliptic can find the Y of a point, too, and would bring all of its
// curves into the page's program: 200 kB of brotli; math/big, 50 kB. Nothing
// here is constant in time: public keys are public.

// number is one modulo the p of P-256, in limbs from the least significant on.
type number [4]uint64

// The curve is y² = x³ - 3x + b modulo p (SEC 2, Section 2.4.2).
var (
	curveP = number{0xffffffffffffffff, 0x00000000ffffffff, 0, 0xffffffff00000001}
	curveB = number{0x3bce3c3e27d2604b, 0x651d06b0cc53b0f6, 0xb3ebbd55769886bc, 0x5ac635d8aa3a93e7}
	foldP  = number{1, 0xffffffff00000000, 0xffffffffffffffff, 0x00000000fffffffe} // 2^256 - p
	rootP  = number{0, 1 << 30, 1 << 62, 0x3fffffffc0000000}                       // (p + 1) / 4
)

// decompress returns the Y of a point whose X is known, with the parity wanted,
// or that there is none (SEC 1, Section 2.3.4).
func decompress(octets [32]byte, odd bool) (y [32]byte, found bool) {
	x := numberFrom(octets)
	if !x.less(curveP) {
		return y, false
	}
	square := x.multiply(x).subtract(number{3}).multiply(x).add(curveB)
	root := number{1}
	for i := 255; i >= 0; i-- {
		root = root.multiply(root)
		if rootP[i/64]>>(i%64)&1 == 1 {
			root = root.multiply(square)
		}
	}
	if root.multiply(root) != square {
		return y, false
	}
	if root[0]&1 == 1 != odd {
		root = number{}.subtract(root) // no point of this curve has a Y of zero
	}
	return root.octets(), true
}

func numberFrom(octets [32]byte) (n number) {
	for i := range n {
		n[3-i] = binary.BigEndian.Uint64(octets[8*i:])
	}
	return n
}

func (n number) octets() (octets [32]byte) {
	for i := range n {
		binary.BigEndian.PutUint64(octets[8*i:], n[3-i])
	}
	return octets
}

func (n number) less(m number) bool {
	_, borrow := n.minus(m)
	return borrow == 1
}

func (n number) minus(m number) (difference number, borrow uint64) {
	for i := range n {
		difference[i], borrow = bits.Sub64(n[i], m[i], borrow)
	}
	return difference, borrow
}

func (n number) plus(m number) (sum number, carry uint64) {
	for i := range n {
		sum[i], carry = bits.Add64(n[i], m[i], carry)
	}
	return sum, carry
}

func (n number) add(m number) number {
	sum, carry := n.plus(m)
	if reduced, borrow := sum.minus(curveP); carry == 1 || borrow == 0 {
		return reduced
	}
	return sum
}

func (n number) subtract(m number) number {
	difference, borrow := n.minus(m)
	if borrow == 1 {
		difference, _ = difference.plus(curveP)
	}
	return difference
}

// multiply folds what is above 2^256 to what it is modulo p, until nothing is.
func (n number) multiply(m number) number {
	low, high := product(n, m)
	for high != (number{}) {
		foldLow, foldHigh := product(high, foldP)
		sum, carry := low.plus(foldLow)
		low = sum
		high, _ = foldHigh.plus(number{carry})
	}
	if !low.less(curveP) {
		low, _ = low.minus(curveP)
	}
	return low
}

// product is that of two numbers, in 512 bits.
func product(n, m number) (low, high number) {
	var all [8]uint64
	for i := range n {
		carry := uint64(0)
		for j := range m {
			h, l := bits.Mul64(n[i], m[j])
			l, c := bits.Add64(l, all[i+j], 0)
			h += c
			l, c = bits.Add64(l, carry, 0)
			h += c
			all[i+j], carry = l, h
		}
		all[i+4] = carry
	}
	return number(all[:4]), number(all[4:])
}
