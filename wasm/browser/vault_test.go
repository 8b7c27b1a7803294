//go:build js && wasm

package browser

import (
	"errors"
	"slices"
	"testing"

	"pushcall/phonebook"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

func TestArchive(t *testing.T) {
	const text = `{"v":1}`
	sealed, err := SealArchive(t.Context(), "correct horse", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	file, err := phonebook.ParseSealed(sealed.Bytes())
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
		sealed     phonebook.Sealed
	}{"passphrase": {"correct house", file}, "no passphrase": {"", file}, "ciphertext": {"correct horse", cut}, "header": {"correct horse", header}} {
		if opened, err := OpenArchive(t.Context(), test.passphrase, test.sealed); !errors.Is(err, ErrPassphrase) {
			t.Errorf("another %s: %q, %v", name, opened, err)
		}
	}
}

func TestMove(t *testing.T) {
	ctx, store := t.Context(), newStore(t)
	own, err := store.Identity(ctx)
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := GenerateIdentity(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if before, err := store.Predecessors(ctx); err != nil || len(before) > 0 {
		t.Errorf("a new store has the predecessors %v, %v", before, err)
	}
	friend := phonebook.Contact{Card: newCard(t, "Ada"), Name: "Ada"}
	stranger := phonebook.Contact{Card: newCard(t, "Bob"), Name: "Bob"}

	function, err := js.Get("isNaN") // which no store takes
	if err != nil {
		t.Fatal(err)
	}
	unstorable := &SigningKey{private: function, public: fresh.public}
	if err := store.Move(ctx, unstorable, []webpush.PublicKey{own.Public()}, []phonebook.Contact{friend, stranger}); err == nil {
		t.Fatal("a key was stored that cannot be")
	}
	if before, err := store.Predecessors(ctx); err != nil || len(before) > 0 {
		t.Errorf("kept of a move that failed: %v, %v", before, err)
	}
	if contacts, err := store.Contacts(ctx); err != nil || len(contacts) > 0 {
		t.Errorf("kept of a move that failed: %v, %v", contacts, err)
	}
	if kept, err := store.Identity(ctx); err != nil || kept.Public() != own.Public() {
		t.Errorf("the identity has moved with nothing else: %v", err)
	}

	if err := store.Move(ctx, fresh, []webpush.PublicKey{own.Public(), friend.Identity()}, []phonebook.Contact{friend, stranger}); err != nil {
		t.Fatal(err)
	}
	if contacts, err := store.Contacts(ctx); err != nil || len(contacts) != 2 {
		t.Errorf("%d contacts, %v", len(contacts), err)
	}
	if before, err := store.Predecessors(ctx); err != nil || !slices.Equal(before, []webpush.PublicKey{own.Public(), friend.Identity()}) {
		t.Errorf("predecessors %v, %v", before, err)
	}
	signer, err := store.Identity(ctx)
	if err != nil || signer.Public() != fresh.Public() {
		t.Fatalf("the identity is another: %v", err)
	}
	signature, err := signer.Sign(ctx, []byte("message"))
	if err != nil {
		t.Fatal(err)
	}
	if err := Verify(ctx, fresh.Public(), []byte("message"), signature); err != nil {
		t.Error(err)
	}
	if js.IsTrue(signer.private, "extractable") {
		t.Error("the key can be read")
	}
}
