package signaling

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"

	"pushcall/webpush"
)

// MaxSuccessions is the largest number of successions in a Chain. It is our
// choice: a message with six, and a card whose endpoint has 600 octets, stays
// below MaxPayload.
const MaxSuccessions = 6

// Parts of a chain's octets.
const (
	chainKey  = webpush.CompressedKeySize
	chainStep = chainKey + signatureSize
)

// A Chain is a list of successions, each from the identity that the one before
// leads to. It leads from an earlier identity to the one that its owner signs with
// now, so that a friend who has missed some of the moves still recognises them.
// Chains compare with ==. The zero value is the empty chain.
type Chain struct {
	// octets are, sizes in octets:
	//
	//	33       the oldest identity, compressed
	//	         up to six times:
	//	  33       the next identity, compressed
	//	  64       the signature that takes one to the other
	octets string
}

// IsZero reports whether c is empty.
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

// Append returns the chain with one more succession. If s does not start at
// the identity that the chain leads to, the result has only s. A full chain loses
// its oldest succession.
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

// String returns the chain's octets in base64url, or "" for the zero value.
func (c Chain) String() string { return base64.RawURLEncoding.EncodeToString([]byte(c.octets)) }

// ParseChain parses the text that String returns for a chain that is not empty.
// It does not check the signatures.
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
