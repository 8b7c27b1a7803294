//go:build js && wasm

package browser

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

// newCard returns a card of a made-up friend.
func newCard(t *testing.T, name string) signaling.Card {
	t.Helper()
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	subscription, err := webpush.NewSubscription("https://push.example/"+name, key.Public().String(), "AAAAAAAAAAAAAAAAAAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	return signaling.Card{Subscription: subscription, Key: key, Identity: key.Public(), Name: name}
}

func TestContacts(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	bob := phonebook.Contact{Card: newCard(t, "Bob"), CardTime: time.UnixMilli(1_790_000_000_123).UTC(), Name: "Bobby", Verified: true, Told: "digest", Heard: true, From: phonebook.FromLink}
	eve := phonebook.Contact{Card: newCard(t, "Eve"), Blocked: true, Moved: true}
	eve.Succeeds = signaling.Chain{}.Append(signaling.Succession{Old: bob.Identity(), New: eve.Identity(), Signature: [64]byte{1}})
	setsAll(t, bob, eve)
	for _, contact := range []phonebook.Contact{bob, eve} {
		if err := store.PutContact(ctx, contact); err != nil {
			t.Fatal(err)
		}
	}
	kept := contactsOf(t, store)
	if len(kept) != 2 || kept["Bob"] != bob || kept["Eve"] != eve {
		t.Errorf("kept %+v", kept)
	}

	bob.Name, bob.Heard = "Robert", false
	if err := store.PutContact(ctx, bob); err != nil {
		t.Fatal(err)
	}
	if err := store.DeleteContact(ctx, eve.Identity()); err != nil {
		t.Fatal(err)
	}
	if kept := contactsOf(t, store); len(kept) != 1 || kept["Bob"] != bob {
		t.Errorf("kept %+v", kept)
	}
	if err := store.DeleteContact(ctx, eve.Identity()); err != nil {
		t.Errorf("a contact that is not there: %v", err)
	}
	if err := store.PutContact(ctx, phonebook.Contact{Name: "nobody"}); !errors.Is(err, phonebook.ErrNoIdentity) {
		t.Errorf("a contact without an identity: %v", err)
	}
}

// setsAll checks that there is no field that is zero in all records.
func setsAll[T any](t *testing.T, records ...T) {
	t.Helper()
	for _, field := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		if !slices.ContainsFunc(records, func(r T) bool { return !reflect.ValueOf(r).FieldByIndex(field.Index).IsZero() }) {
			t.Errorf("%s is not tried", field.Name)
		}
	}
}

func contactsOf(t *testing.T, store *Store) map[string]phonebook.Contact {
	t.Helper()
	contacts, err := store.Contacts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]phonebook.Contact{}
	for _, contact := range contacts {
		byName[contact.Card.Name] = contact
	}
	return byName
}

func TestContactsSkipNonsense(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	if err := store.PutContact(ctx, phonebook.Contact{Card: newCard(t, "Bob")}); err != nil {
		t.Fatal(err)
	}
	anonymous := newCard(t, "Anonymous")
	anonymous.Identity = webpush.PublicKey{}
	for key, value := range map[string]any{
		"1": nil, "2": "text", "3": 4, "4": map[string]any{},
		"5": map[string]any{"card": "{}", "cardTime": 0, "name": "", "blocked": false, "told": "", "heard": false},
		"6": map[string]any{"card": string(anonymous.JSON()), "cardTime": 0, "name": "", "blocked": false, "told": "", "heard": false},
		"7": map[string]any{"card": string(newCard(t, "X").JSON()), "cardTime": "0", "name": "", "blocked": false, "told": "", "heard": false},
	} {
		if _, err := store.request(ctx, "put", contactsStore, "readwrite", "put", value, key); err != nil {
			t.Fatal(err)
		}
	}
	if kept := contactsOf(t, store); len(kept) != 1 {
		t.Errorf("kept %+v", kept)
	}
}
