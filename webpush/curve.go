package webpush

import (
	"bytes"
	"crypto/rand"
	"fmt"

	"filippo.io/nistec"
)

// P-256 is that of filippo.io/nistec, which is the standard library's without
// crypto/ecdh around it: that would bring a table of 88 kB into the page's
// program, which does not compress and only serves to make keys faster.
// nistec has that table, too, from v0.0.4 on.

const scalarSize = 32 // RFC 7518, Section 6.2.2.1; octets

// order is the n of the curve (SEC 2, Section 2.4.2).
var order = []byte("\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff" +
	"\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51")

// newScalar draws a private scalar. One in 2^32 is not below the order, and is
// drawn again.
func newScalar() (scalar [scalarSize]byte) {
	for {
		rand.Read(scalar[:]) // never fails, says its documentation
		if bytes.Compare(scalar[:], order) < 0 {
			return scalar
		}
	}
}

// isScalar tells whether octets are a private scalar, which is above zero and
// below the order (SEC 1, Section 3.2.1).
func isScalar(octets []byte) bool {
	return len(octets) == scalarSize && bytes.Compare(octets, order) < 0 && !bytes.Equal(octets, make([]byte, scalarSize))
}

// publicOf returns the public key of a private scalar.
func publicOf(scalar []byte) (PublicKey, error) {
	if !isScalar(scalar) {
		return PublicKey{}, fmt.Errorf("%d octets that are no private scalar", len(scalar))
	}
	point, err := nistec.NewP256Point().ScalarBaseMult(scalar)
	if err != nil {
		return PublicKey{}, err
	}
	return NewPublicKey(point.Bytes())
}

// agree is ECDH (RFC 8291, Section 3.1): the X of the point that both sides
// come to (SEC 1, Section 3.3.1).
func agree(scalar []byte, with PublicKey) ([]byte, error) {
	point, err := nistec.NewP256Point().SetBytes(with.Bytes())
	if err != nil { // only the zero value
		return nil, fmt.Errorf("%w: no key", ErrPublicKey)
	}
	if _, err := point.ScalarMult(point, scalar); err != nil {
		return nil, fmt.Errorf("webpush: agree on a key: %w", err)
	}
	return point.BytesX()
}
