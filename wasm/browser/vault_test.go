//go:build js && wasm

package browser

import (
	"errors"
	"testing"

	"pushcall/call"
	"pushcall/webpush"
)

func TestArchive(t *testing.T) {
	const text = `{"v":1}`
	sealed, err := SealArchive(t.Context(), "correct horse", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	file, err := call.ParseSealed(sealed.Bytes())
	if err != nil || file.Iterations < 600_000 {
		t.Fatalf("%d iterations, %v", file.Iterations, err)
	}
	if opened, err := OpenArchive(t.Context(), "correct horse", file); err != nil || string(opened) != text {
		t.Errorf("%q, %v", opened, err)
	}
	again, err := SealArchive(t.Context(), "correct horse", []byte(text))
	if err != nil || again.Salt == sealed.Salt || again.Nonce == sealed.Nonce {
		t.Errorf("the same salt or nonce twice; error %v", err)
	}
	cut, header := file, file
	cut.Ciphertext = file.Ciphertext[1:]
	header.Iterations++
	for name, test := range map[string]struct {
		passphrase string
		sealed     call.Sealed
	}{"passphrase": {"correct house", file}, "no passphrase": {"", file}, "ciphertext": {"correct horse", cut}, "header": {"correct horse", header}} {
		if opened, err := OpenArchive(t.Context(), test.passphrase, test.sealed); !errors.Is(err, ErrPassphrase) {
			t.Errorf("another %s: %q, %v", name, opened, err)
		}
	}
}

func TestSetIdentity(t *testing.T) {
	store := newStore(t)
	if _, err := store.Identity(t.Context()); err != nil {
		t.Fatal(err)
	}
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	if err := store.SetIdentity(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	signer, err := store.Identity(t.Context())
	if err != nil || signer.Public() != key.Public() {
		t.Fatalf("the identity is another: %v", err)
	}
	signature, err := signer.Sign(t.Context(), []byte("message"))
	if err != nil {
		t.Fatal(err)
	}
	if err := Verify(t.Context(), key.Public(), []byte("message"), signature); err != nil {
		t.Error(err)
	}
	if extractable, err := signer.private.Get("extractable"); err != nil || !extractable.IsNull() && isTrue(signer.private, "extractable") {
		t.Errorf("the key can be read; error %v", err)
	}
}
