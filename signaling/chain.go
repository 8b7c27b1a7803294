package signaling

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"

	"pushcall/webpush"
)

// MaxSuccessions is how many a Chain has at most. It is ours: six, with a card
// whose endpoint has 600 octets, stay below MaxPayload.
const MaxSuccessions = 6

// Parts of a chain's octets.
const (
	chainKey  = webpush.CompressedKeySize
	chainStep = chainKey + signatureSize
)

// A Chain leads from an identity to the one that its owner signs with now, over
// those between, so that a friend who was away for some of the moves knows who
// it is. Chains compare with ==, and the zero value says nothing.
type Chain struct {
	// octets are, sizes in octets:
	//
	//	33       the oldest identity, compressed
	//	         up to six times:
	//	  33       the next identity, compressed
	//	  64       the signature that takes one to the other
	octets string
}

// IsZero reports whether c says nothing.
func (c Chain) IsZero() bool { return c == Chain{} }

// Successions returns the successions, the oldest first.
func (c Chain) Successions() []Succession {
	list, _ := successionsOf(c.octets) // which were checked as they came in
	return list
}

// successionsOf reads the octets of a chain. It does not check the signatures.
func successionsOf(octets string) ([]Succession, error) {
	if octets == "" {
		return nil, nil
	}
	n := (len(octets) - chainKey) / chainStep
	if n < 1 || n > MaxSuccessions || len(octets) != chainKey+n*chainStep {
		return nil, fmt.Errorf("%w: a chain of %d octets", ErrSuccession, len(octets))
	}
	list := make([]Succession, n)
	old, err := webpush.NewCompressedKey([]byte(octets[:chainKey]))
	for i := 0; i < n && err == nil; i++ {
		next := octets[chainKey+i*chainStep:]
		s := Succession{Old: old, Signature: [signatureSize]byte([]byte(next[chainKey:chainStep]))}
		if s.New, err = webpush.NewCompressedKey([]byte(next[:chainKey])); err == nil {
			err = s.check()
		}
		list[i], old = s, s.New
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSuccession, err)
	}
	return list, nil
}

// New returns the identity that the chain leads to.
func (c Chain) New() webpush.PublicKey {
	list := c.Successions()
	if list == nil {
		return webpush.PublicKey{}
	}
	return list[len(list)-1].New
}

// Append returns the chain with one more succession. It begins anew with one
// that does not go on from its end, and a full chain loses its oldest.
func (c Chain) Append(s Succession) Chain {
	octets := c.octets
	if c.New() != s.Old {
		octets = string(s.Old.Compressed())
	}
	if len(octets) == chainKey+MaxSuccessions*chainStep {
		octets = octets[chainKey:2*chainKey] + octets[chainKey+chainStep:]
	}
	return Chain{octets + string(s.New.Compressed()) + string(s.Signature[:])}
}

// Verify returns ErrSuccession unless each identity has signed over to the next.
func (c Chain) Verify(ctx context.Context, verify webpush.VerifyFunc) error {
	for _, s := range c.Successions() {
		if err := s.Verify(ctx, verify); err != nil {
			return err
		}
	}
	return nil
}

// String returns the chain's octets in base64url, or "" of the zero value.
func (c Chain) String() string { return base64.RawURLEncoding.EncodeToString([]byte(c.octets)) }

// ParseChain reads what String returns of a chain that is not zero. It does not
// check the signatures.
func ParseChain(text string) (Chain, error) {
	octets, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(octets) == 0 || bytes.ContainsAny([]byte(text), "\r\n") {
		return Chain{}, fmt.Errorf("%w: %d characters", ErrSuccession, len(text))
	}
	if _, err := successionsOf(string(octets)); err != nil {
		return Chain{}, err
	}
	return Chain{string(octets)}, nil
}
