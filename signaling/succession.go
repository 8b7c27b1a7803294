package signaling

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"pushcall/webpush"
)

// ErrSuccession is returned for a succession that the old identity has not signed.
var ErrSuccession = errors.New("signaling: not a succession")

// successionDomain begins the signed octets of a succession, and of nothing else
// that an identity signs.
const successionDomain = "pushcall succession 1\n"

// A Succession states that a new identity replaces an old one, because its owner
// has moved to another browser: a key cannot leave the browser that made it. The
// old identity signs it:
//
//	"pushcall succession 1\n" ‖ old identity, 65 octets ‖ new identity, 65 octets
//
// A receiver who knows the old identity treats a message of the new one as a
// message of the same contact. A succession does not prove that the same person
// uses the new identity, so it verifies nobody: two people compare safety words for
// that. Messages carry successions in a Chain. The zero value is no succession.
type Succession struct {
	Old, New  webpush.PublicKey
	Signature [signatureSize]byte
}

// Succeed signs, with the old identity, a Succession to the new one.
func Succeed(ctx context.Context, old webpush.Signer, new webpush.PublicKey) (Succession, error) {
	s := Succession{Old: old.Public(), New: new}
	if err := s.check(); err != nil {
		return Succession{}, err
	}
	signature, err := old.Sign(ctx, s.signed())
	if err != nil {
		return Succession{}, fmt.Errorf("sign succession: %w", err)
	}
	if len(signature) != signatureSize {
		return Succession{}, fmt.Errorf("%w: signature of %d octets", ErrSuccession, len(signature))
	}
	s.Signature = [signatureSize]byte(signature)
	return s, nil
}

func (s Succession) signed() []byte {
	return slices.Concat([]byte(successionDomain), s.Old.Bytes(), s.New.Bytes())
}

func (s Succession) check() error {
	if s.Old.IsZero() || s.New.IsZero() || s.Old == s.New {
		return fmt.Errorf("%w: of one identity", ErrSuccession)
	}
	return nil
}

// IsZero reports whether s is the zero value.
func (s Succession) IsZero() bool { return s == Succession{} }

// Verify returns ErrSuccession unless the old identity has signed s.
func (s Succession) Verify(ctx context.Context, verify webpush.VerifyFunc) error {
	if err := s.check(); err != nil {
		return err
	}
	err := verify(ctx, s.Old, s.signed(), s.Signature[:])
	if errors.Is(err, webpush.ErrSignature) {
		return fmt.Errorf("%w: %w", ErrSuccession, err)
	}
	return err
}
