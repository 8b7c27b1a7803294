package webpush

import (
	"context"
	"errors"
)

const signatureSize = 64 // RFC 7518, Section 3.4: r and s; octets

// ErrSignature is returned when a signature is not the key's over the message.
var ErrSignature = errors.New("webpush: wrong signature")

// Signer signs with a private key that it may not be able to show: in a page
// the key can be one that WebCrypto does not let out. The application server
// key of a VAPID token is a Signer, and so is a person's identity.
type Signer interface {
	// Public returns the key that verifies.
	Public() PublicKey

	// Sign returns the ES256 signature of message: ECDSA on P-256 with
	// SHA-256, r‖s in 64 octets (RFC 7518, Section 3.4).
	Sign(ctx context.Context, message []byte) ([]byte, error)
}

// VerifyFunc checks an ES256 signature. It returns ErrSignature when it does
// not match, and another error when it could not be checked.
type VerifyFunc func(ctx context.Context, key PublicKey, message, signature []byte) error
