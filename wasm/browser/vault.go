//go:build js && wasm

package browser

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/hack-pad/safejs"

	"pushcall/call"
	"pushcall/webpush"
)

// ErrPassphrase is returned for an archive that is not opened by a passphrase:
// it is under another, or was changed.
var ErrPassphrase = errors.New("browser: wrong passphrase")

// SealArchive puts an archive's text under a passphrase, with a salt and a nonce
// of its own. What its file looks like is call.Sealed's matter.
func SealArchive(ctx context.Context, passphrase string, text []byte) (call.Sealed, error) {
	s := call.Sealed{Iterations: call.Iterations}
	rand.Read(s.Salt[:]) // never fails: crypto/rand
	rand.Read(s.Nonce[:])
	var err error
	if s.Ciphertext, err = applyKey(ctx, "encrypt", passphrase, s, text); err != nil {
		return call.Sealed{}, failure("seal an archive", err)
	}
	return s, nil
}

// OpenArchive returns the text of an archive.
func OpenArchive(ctx context.Context, passphrase string, s call.Sealed) ([]byte, error) {
	text, err := applyKey(ctx, "decrypt", passphrase, s, s.Ciphertext)
	if isNamed(err, "OperationError") {
		return nil, fmt.Errorf("%w: %w", ErrPassphrase, err)
	}
	if err != nil {
		return nil, failure("open an archive", err)
	}
	return text, nil
}

// applyKey derives the key (Web Cryptography API, PBKDF2) and uses it once
// (AES-GCM).
func applyKey(ctx context.Context, method, passphrase string, s call.Sealed, text []byte) ([]byte, error) {
	arrays := make([]safejs.Value, 5)
	for i, octets := range [][]byte{[]byte(passphrase), s.Salt[:], s.Nonce[:], s.Header(), text} {
		var err error
		if arrays[i], err = newUint8Array(octets); err != nil {
			return nil, err
		}
	}
	secret, err := subtle(ctx, "importKey", "raw", arrays[0], "PBKDF2", false, usages("deriveKey"))
	if err != nil {
		return nil, err
	}
	key, err := subtle(ctx, "deriveKey", map[string]any{"name": "PBKDF2", "hash": "SHA-256", "salt": arrays[1], "iterations": int(s.Iterations)},
		secret, map[string]any{"name": "AES-GCM", "length": 256}, false, usages(method))
	if err != nil {
		return nil, err
	}
	result, err := subtle(ctx, method, map[string]any{"name": "AES-GCM", "iv": arrays[2], "additionalData": arrays[3]}, key, arrays[4])
	if err != nil {
		return nil, err
	}
	return bytesOf(result)
}

// SetIdentity has another key sign this browser's messages, from when the page
// is next loaded. Like the one before it cannot be read out of the store.
func (s *Store) SetIdentity(ctx context.Context, key webpush.ApplicationServerKey) error {
	signer, err := ImportSigner(ctx, key)
	if err != nil {
		return err
	}
	public, err := newUint8Array(signer.public.Bytes())
	if err != nil {
		return failure("keep the identity", err)
	}
	_, err = s.request(ctx, "keep the identity", settingsStore, "readwrite", "put", map[string]any{"private": signer.private, "public": public}, identity)
	return err
}
