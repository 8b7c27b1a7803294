package signaling

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"pushcall/webpush"
)

// ErrSuccession is returned for a statement that one identity has taken the
// place of another, and that the other has not signed.
var ErrSuccession = errors.New("signaling: not a succession")

// successionDomain is what nothing else begins with that an identity signs.
const successionDomain = "pushcall succession 1\n"

// A Succession says that somebody has moved: they sign with another identity
// from now on, since the old one's key cannot leave the browser that made it.
// The old identity signs it:
//
//	"pushcall succession 1\n" ‖ old identity, 65 octets ‖ new identity, 65 octets
//
// Who receives one with a message of the new identity takes it for the old one,
// if they know that, and only for what identities say by themselves: whether
// the new one is still used by the same person is for two people to find out.
// It travels in a Chain. The zero value says nothing.
type Succession struct {
	Old, New  webpush.PublicKey
	Signature [signatureSize]byte
}

// Succeed has the old identity say that the new one takes its place.
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

// IsZero reports whether s says nothing.
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
