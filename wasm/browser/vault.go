//go:build js && wasm

package browser

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/hack-pad/safejs"

	"pushcall/phonebook"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// ErrPassphrase is returned for an archive that is not opened by a passphrase:
// it is under another, or was changed.
var ErrPassphrase = errors.New("browser: wrong passphrase")

// SealArchive puts an archive's text under a passphrase, with a salt and a nonce
// of its own. What its file looks like is phonebook.Sealed's matter.
func SealArchive(ctx context.Context, passphrase string, text []byte) (phonebook.Sealed, error) {
	s := phonebook.Sealed{Iterations: phonebook.Iterations}
	rand.Read(s.Salt[:]) // never fails: crypto/rand
	rand.Read(s.Nonce[:])
	var err error
	if s.Ciphertext, err = applyKey(ctx, "encrypt", passphrase, s, text); err != nil {
		return phonebook.Sealed{}, js.Failure("seal an archive", err)
	}
	return s, nil
}

// OpenArchive returns the text of an archive.
func OpenArchive(ctx context.Context, passphrase string, s phonebook.Sealed) ([]byte, error) {
	text, err := applyKey(ctx, "decrypt", passphrase, s, s.Ciphertext)
	if js.IsNamed(err, "OperationError") {
		return nil, fmt.Errorf("%w: %w", ErrPassphrase, err)
	}
	if err != nil {
		return nil, js.Failure("open an archive", err)
	}
	return text, nil
}

// applyKey derives the key (Web Cryptography API, PBKDF2) and uses it once
// (AES-GCM).
func applyKey(ctx context.Context, method, passphrase string, s phonebook.Sealed, text []byte) ([]byte, error) {
	arrays := make([]safejs.Value, 5)
	for i, octets := range [][]byte{[]byte(passphrase), s.Salt[:], s.Nonce[:], s.Header(), text} {
		var err error
		if arrays[i], err = js.NewUint8Array(octets); err != nil {
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
	return js.BytesOf(result)
}

// predecessors is the setting that has the identities in it which this browser
// has signed with, and those of the files that it has taken in, separated by
// spaces.
const predecessors = "predecessors"

// Predecessors returns the identities that this browser's has followed.
func (s *Store) Predecessors(ctx context.Context) ([]webpush.PublicKey, error) {
	text, err := s.String(ctx, predecessors)
	if err != nil {
		return nil, err
	}
	var all []webpush.PublicKey
	for _, field := range strings.Fields(text) {
		identity, err := webpush.ParsePublicKey(field)
		if err != nil {
			return nil, fmt.Errorf("browser: read the identities before: %w", err)
		}
		all = append(all, identity)
	}
	return all, nil
}

// Move has another key, one that GenerateIdentity has made, sign this browser's
// messages, from when the page is next loaded, in place of all predecessors. It keeps
// the contacts who are to be told of that. When it fails, nothing is changed: a contact who is told of an identity
// that nobody has would be lost.
func (s *Store) Move(ctx context.Context, key webpush.Signer, before []webpush.PublicKey, contacts []phonebook.Contact) error {
	value, err := key.(*SigningKey).value()
	if err != nil {
		return err
	}
	texts := make([]string, len(before))
	for i, identity := range before {
		texts[i] = identity.String()
	}
	return s.transact(ctx, "move", settingsStore, "readwrite", func(settings safejs.Value) error {
		transaction, err := settings.Get("transaction")
		if err != nil {
			return err
		}
		kept, err := transaction.Call("objectStore", contactsStore)
		if err != nil {
			return err
		}
		for _, c := range contacts { // what takes room comes first
			if _, err := js.AwaitMethod(ctx, kept, "put", recordOf(c.Save), c.Identity().String()); err != nil {
				return err
			}
		}
		if _, err := js.AwaitMethod(ctx, settings, "put", strings.Join(texts, " "), predecessors); err != nil {
			return err
		}
		_, err = js.AwaitMethod(ctx, settings, "put", value, identity)
		return err
	}, contactsStore)
}
