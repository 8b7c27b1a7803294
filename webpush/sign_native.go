//go:build !js

package webpush

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"math/big"
)

// A page has WebCrypto, which also keeps a key to itself, and crypto/ecdsa
// would be 60 kB or more to download: hence the build tag. The page's Signer
// and VerifyFunc are in wasm/browser.

type nativeSigner struct {
	public  PublicKey
	private *ecdsa.PrivateKey // nil of no key
}

// NewSigner returns a Signer that computes in Go.
func NewSigner(key ApplicationServerKey) Signer {
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), key.Bytes())
	if err != nil { // only the zero value
		private = nil
	}
	return nativeSigner{key.Public(), private}
}

func (s nativeSigner) Public() PublicKey { return s.public }

func (s nativeSigner) Sign(_ context.Context, message []byte) ([]byte, error) {
	if s.private == nil {
		return nil, fmt.Errorf("%w: no key to sign with", ErrApplicationServerKey)
	}
	digest := sha256.Sum256(message)
	r, t, err := ecdsa.Sign(rand.Reader, s.private, digest[:])
	if err != nil {
		return nil, fmt.Errorf("webpush: sign: %w", err)
	}
	signature := make([]byte, signatureSize)
	r.FillBytes(signature[:signatureSize/2])
	t.FillBytes(signature[signatureSize/2:])
	return signature, nil
}

// Verify is the VerifyFunc that computes in Go.
func Verify(_ context.Context, key PublicKey, message, signature []byte) error {
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), key.point[:])
	if err != nil { // only the zero value
		return fmt.Errorf("%w: no key to verify with", ErrPublicKey)
	}
	if len(signature) != signatureSize {
		return fmt.Errorf("%w: %d octets", ErrSignature, len(signature))
	}
	digest := sha256.Sum256(message)
	r := new(big.Int).SetBytes(signature[:signatureSize/2])
	s := new(big.Int).SetBytes(signature[signatureSize/2:])
	if !ecdsa.Verify(public, digest[:], r, s) {
		return ErrSignature
	}
	return nil
}
