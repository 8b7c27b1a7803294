package webpush

import (
	"bytes"
	"errors"
	"fmt"
	"unique"

	"filippo.io/nistec"
)

const publicKeySize = 65 // SEC 1, Section 2.3.3: 0x04, X, Y; octets

// CompressedKeySize is the size of what Compressed returns.
const CompressedKeySize = 33 // SEC 1, Section 2.3.3: 0x02 or 0x03, X; octets

var (
	// ErrPublicKey is returned for what is not an uncompressed point of P-256.
	ErrPublicKey = errors.New("webpush: not a P-256 public key")

	// ErrApplicationServerKey is returned for what is not a P-256 private key.
	ErrApplicationServerKey = errors.New("webpush: not an application server key")
)

// PublicKey is a public key on P-256: a user agent's p256dh, a sender's
// applicationServerKey, an identity. Keys compare with ==. The zero value is
// no key; every other value is a point on the curve.
type PublicKey struct {
	point [publicKeySize]byte
}

// NewPublicKey takes the 65 octets of an uncompressed point and checks that
// it is on the curve.
func NewPublicKey(raw []byte) (PublicKey, error) {
	if _, err := nistec.NewP256Point().SetBytes(raw); err != nil || len(raw) != publicKeySize {
		return PublicKey{}, fmt.Errorf("%w: %d octets that are no uncompressed point", ErrPublicKey, len(raw))
	}
	return PublicKey{point: [publicKeySize]byte(raw)}, nil
}

// ParsePublicKey reads a key in base64url, or in plain base64 as some tools
// print it, padded or not.
func ParsePublicKey(text string) (PublicKey, error) {
	raw, err := decodeBase64(text)
	if err != nil {
		return PublicKey{}, fmt.Errorf("%w: %w", ErrPublicKey, err)
	}
	return NewPublicKey(raw)
}

// NewCompressedKey takes the 33 octets that Compressed returns.
func NewCompressedKey(raw []byte) (PublicKey, error) {
	point, err := nistec.NewP256Point().SetBytes(raw)
	if err != nil || len(raw) != CompressedKeySize {
		return PublicKey{}, fmt.Errorf("%w: %d octets that are no compressed point", ErrPublicKey, len(raw))
	}
	return PublicKey{point: [publicKeySize]byte(point.Bytes())}, nil
}

// IsZero reports whether k is no key.
func (k PublicKey) IsZero() bool { return k == PublicKey{} }

// Bytes returns the 65 octets of the uncompressed point, or nil of no key.
func (k PublicKey) Bytes() []byte {
	if k.IsZero() {
		return nil
	}
	return k.point[:]
}

// Compressed returns the point without Y but for its parity, in 33 octets, or
// nil of no key: the short form, for links and codes that people hand on.
func (k PublicKey) Compressed() []byte {
	if k.IsZero() {
		return nil
	}
	return append([]byte{2 + k.point[publicKeySize-1]&1}, k.point[1:CompressedKeySize]...)
}

// String returns the key in base64url, or "" of no key.
func (k PublicKey) String() string { return encodeBase64(k.Bytes()) }

// Compare orders keys by their octets: -1, 0 or +1 as k is before, equal to or
// after other. Two sides that compare their keys come to opposite answers.
func (k PublicKey) Compare(other PublicKey) int {
	return bytes.Compare(k.point[:], other.point[:])
}

// MarshalText returns the key in base64url. To have no key is an error.
func (k PublicKey) MarshalText() ([]byte, error) {
	if k.IsZero() {
		return nil, fmt.Errorf("%w: no key to write", ErrPublicKey)
	}
	return []byte(k.String()), nil
}

// UnmarshalText reads what ParsePublicKey reads.
func (k *PublicKey) UnmarshalText(text []byte) error {
	parsed, err := ParsePublicKey(string(text))
	if err != nil {
		return err
	}
	*k = parsed
	return nil
}

// ApplicationServerKey is the key pair that a subscription is bound to
// (RFC 8292, Section 4): whoever holds the private key may push to it. Keys
// compare with ==, and the zero value is no key.
//
// The scalar sits behind a handle, which compares by value and prints as an
// address: fmt does not show it even where the key is in an unexported field
// of what somebody prints, out of reach of its String method.
type ApplicationServerKey struct {
	scalar unique.Handle[string] // 32 octets
}

// GenerateApplicationServerKey makes a new key pair.
func GenerateApplicationServerKey() (ApplicationServerKey, error) {
	scalar := newScalar()
	return newApplicationServerKey(scalar[:])
}

// ParseApplicationServerKey reads a private key as web-push and its kin print
// it: the 32 octets of the scalar in base64url. The public key follows from it.
func ParseApplicationServerKey(text string) (ApplicationServerKey, error) {
	scalar, err := decodeBase64(text)
	if err != nil {
		return ApplicationServerKey{}, fmt.Errorf("%w: %w", ErrApplicationServerKey, err)
	}
	return newApplicationServerKey(scalar)
}

func newApplicationServerKey(scalar []byte) (ApplicationServerKey, error) {
	if !isScalar(scalar) {
		return ApplicationServerKey{}, fmt.Errorf("%w: %d octets that are no private scalar", ErrApplicationServerKey, len(scalar))
	}
	return ApplicationServerKey{unique.Make(string(scalar))}, nil
}

// IsZero reports whether k is no key.
func (k ApplicationServerKey) IsZero() bool { return k == ApplicationServerKey{} }

// Public computes the public key, which a user agent subscribes with; of no key
// it is no key. In a page that takes a millisecond, so that hundreds of cards are
// read without it.
func (k ApplicationServerKey) Public() PublicKey {
	public, _ := publicOf(k.Bytes()) // fails for no key only
	return public
}

// Bytes returns the 32 octets of the private scalar, or nil of no key.
func (k ApplicationServerKey) Bytes() []byte {
	if k.IsZero() {
		return nil
	}
	return []byte(k.scalar.Value())
}

// String keeps the key out of logs: it names the public half only.
func (k ApplicationServerKey) String() string {
	if k.IsZero() {
		return "no application server key"
	}
	return "application server key (private half redacted) of " + k.Public().String()
}

// MarshalText returns the private scalar in base64url: this is how the key is
// stored and handed over, and the one way to print it. To have no key is an
// error.
func (k ApplicationServerKey) MarshalText() ([]byte, error) {
	if k.IsZero() {
		return nil, fmt.Errorf("%w: no key to write", ErrApplicationServerKey)
	}
	return []byte(encodeBase64(k.Bytes())), nil
}

// UnmarshalText reads what ParseApplicationServerKey reads.
func (k *ApplicationServerKey) UnmarshalText(text []byte) error {
	parsed, err := ParseApplicationServerKey(string(text))
	if err != nil {
		return err
	}
	*k = parsed
	return nil
}
