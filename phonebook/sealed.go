package phonebook

import (
	"bytes"
	"fmt"
)

// A Sealed is an archive encrypted with a key made from a passphrase. Its file:
//
//	8        "PUSHCALL"
//	1        version of this layout, 1
//	4        iterations of PBKDF2 (RFC 8018, Section 5.2) with HMAC-SHA-256
//	16       salt
//	12       nonce of AES-256-GCM (NIST SP 800-38D), whose key PBKDF2 makes;
//	         all of the above is its additional data
//	…        ciphertext, and a tag of 16 octets
type Sealed struct {
	Iterations uint32
	Salt       [16]byte
	Nonce      [12]byte
	Ciphertext []byte // with its tag
}

const (
	sealedMagic   = "PUSHCALL"
	sealedVersion = 1
	sealedHeader  = len(sealedMagic) + 1 + 4 + 16 + 12

	// Iterations is the least that OWASP asks for (Password Storage Cheat Sheet,
	// PBKDF2-HMAC-SHA256, 2023). ParseSealed refuses fewer, and more than
	// maxIterations, with which a page would never be done.
	Iterations    = 600_000
	maxIterations = 10_000_000

	// MaxArchive is the size of the largest file, chosen here; octets.
	MaxArchive = 256 << 20

	tagSize = 16 // NIST SP 800-38D, Section 5.2.1.2; octets
)

// Header returns the part of the file before the ciphertext, which is the additional
// data of AES-GCM.
func (s Sealed) Header() []byte {
	b := append([]byte(sealedMagic), sealedVersion,
		byte(s.Iterations>>24), byte(s.Iterations>>16), byte(s.Iterations>>8), byte(s.Iterations))
	b = append(b, s.Salt[:]...)
	return append(b, s.Nonce[:]...)
}

// Bytes returns the file.
func (s Sealed) Bytes() []byte { return append(s.Header(), s.Ciphertext...) }

// ParseSealed parses a file that Bytes has written.
func ParseSealed(file []byte) (Sealed, error) {
	rest, found := bytes.CutPrefix(file, []byte(sealedMagic))
	switch {
	case !found || len(rest) < 1:
		return Sealed{}, fmt.Errorf("%w: it begins otherwise", ErrArchive)
	case rest[0] != sealedVersion:
		return Sealed{}, fmt.Errorf("%w: %d", ErrArchiveVersion, rest[0])
	case len(file) < sealedHeader+tagSize || len(file) > MaxArchive:
		return Sealed{}, fmt.Errorf("%w: %d octets", ErrArchive, len(file))
	}
	rest = rest[1:]
	s := Sealed{
		Iterations: uint32(rest[0])<<24 | uint32(rest[1])<<16 | uint32(rest[2])<<8 | uint32(rest[3]),
		Salt:       [16]byte(rest[4:20]),
		Nonce:      [12]byte(rest[20:32]),
		Ciphertext: bytes.Clone(rest[32:]),
	}
	if s.Iterations < Iterations || s.Iterations > maxIterations {
		return Sealed{}, fmt.Errorf("%w: %d iterations", ErrArchive, s.Iterations)
	}
	return s, nil
}
