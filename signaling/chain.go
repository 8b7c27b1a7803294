package signaling

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"iter"
	"slices"

	"pushcall/webpush"
)

// MaxSuccessions is how many a Chain has at most. It is ours: six, with a card
// whose endpoint has 600 octets, stay below MaxPayload.
const MaxSuccessions = 6

// A Chain leads from an identity to the one that its owner signs with now, over
// those between, so that a friend who was away for some of the moves knows who
// it is. The oldest succession comes first; zero values fill the rest. Chains
// compare with ==, and the zero value says nothing.
type Chain [MaxSuccessions]Succession

// IsZero reports whether c says nothing.
func (c Chain) IsZero() bool { return c == Chain{} }

// All yields the successions, the oldest first.
func (c Chain) All() iter.Seq[Succession] {
	return func(yield func(Succession) bool) {
		for _, s := range c {
			if s.IsZero() || !yield(s) {
				return
			}
		}
	}
}

// New returns the identity that the chain leads to.
func (c Chain) New() (newest webpush.PublicKey) {
	for s := range c.All() {
		newest = s.New
	}
	return newest
}

// Append returns the chain with one more succession. It begins anew with one
// that does not go on from its end, and a full chain loses its oldest.
func (c Chain) Append(s Succession) Chain {
	list := slices.Collect(c.All())
	if c.New() != s.Old {
		list = nil
	}
	list = append(list, s)
	var longer Chain
	copy(longer[:], list[max(0, len(list)-MaxSuccessions):])
	return longer
}

// check returns ErrSuccession unless each succession goes on from the one
// before, and none follows a zero one.
func (c Chain) check() error {
	rest := false
	for i, s := range c {
		switch {
		case s.IsZero():
			rest = true
		case rest || i > 0 && s.Old != c[i-1].New:
			return fmt.Errorf("%w: a chain that is broken", ErrSuccession)
		default:
			if err := s.check(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Verify returns ErrSuccession unless each identity has signed over to the next.
func (c Chain) Verify(ctx context.Context, verify webpush.VerifyFunc) error {
	if err := c.check(); err != nil {
		return err
	}
	for s := range c.All() {
		if err := s.Verify(ctx, verify); err != nil {
			return err
		}
	}
	return nil
}

// String returns base64url of the first identity, and of the identity and the
// signature of each succession, or "" of the zero value; sizes in octets:
//
//	33       the oldest identity, compressed
//	         up to six times:
//	  33       the next identity, compressed
//	  64       the signature that takes one to the other
func (c Chain) String() string {
	if c.IsZero() {
		return ""
	}
	octets := c[0].Old.Compressed()
	for s := range c.All() {
		octets = slices.Concat(octets, s.New.Compressed(), s.Signature[:])
	}
	return base64.RawURLEncoding.EncodeToString(octets)
}

// ParseChain reads what String returns of a chain that is not zero. It does not
// check the signatures.
func ParseChain(text string) (Chain, error) {
	const key, step = webpush.CompressedKeySize, webpush.CompressedKeySize + signatureSize
	octets, err := base64.RawURLEncoding.Strict().DecodeString(text)
	n := (len(octets) - key) / step
	if err != nil || n < 1 || n > MaxSuccessions || len(octets) != key+n*step || bytes.ContainsAny([]byte(text), "\r\n") {
		return Chain{}, fmt.Errorf("%w: %d characters", ErrSuccession, len(text))
	}
	var c Chain
	old, err := webpush.NewCompressedKey(octets[:key])
	for i := 0; i < n && err == nil; i++ {
		next := octets[key+i*step:]
		c[i] = Succession{Old: old, Signature: [signatureSize]byte(next[key:step])}
		c[i].New, err = webpush.NewCompressedKey(next[:key])
		old = c[i].New
	}
	if err != nil {
		return Chain{}, fmt.Errorf("%w: %w", ErrSuccession, err)
	}
	if err := c.check(); err != nil {
		return Chain{}, err
	}
	return c, nil
}
