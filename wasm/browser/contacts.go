//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"fmt"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

// ErrNoIdentity is returned for a contact of whom it is not known who they are.
var ErrNoIdentity = errors.New("browser: a contact without an identity")

// Contacts returns all contacts, in no order. The service worker reads them,
// too: from them it knows a caller's name, and whom to turn away.
func (s *Store) Contacts(ctx context.Context) ([]phonebook.Contact, error) {
	store, err := s.objectStore(ctx, contactsStore, "readonly")
	if err != nil {
		return nil, failure("read the contacts", err)
	}
	kept, err := awaitList(ctx, store, "getAll")
	if err != nil {
		return nil, failure("read the contacts", err)
	}
	contacts := make([]phonebook.Contact, 0, len(kept))
	for _, value := range kept {
		contact, err := contactFrom(&object{value: value})
		if err != nil {
			Log(fmt.Sprintf("browser: a contact is skipped: %v", err))
			continue
		}
		contacts = append(contacts, contact)
	}
	return contacts, nil
}

func contactFrom(o *object) (phonebook.Contact, error) {
	contact := phonebook.Contact{
		CardTime: call.TimeOf(o.number("cardTime")),
		Name:     o.text("name"),
		Blocked:  o.truth("blocked"),
		Verified: isTrue(o.value, "verified"), // contacts of earlier versions do not say
		Told:     o.text("told"),
		Heard:    o.truth("heard"),
	}
	contact.Moved = isTrue(o.value, "moved")
	card := o.text("card")
	if o.err != nil {
		return phonebook.Contact{}, o.err
	}
	var err error
	if contact.Card, err = signaling.ParseCard(card); err != nil {
		return phonebook.Contact{}, err
	}
	if contact.Identity().IsZero() {
		return phonebook.Contact{}, ErrNoIdentity
	}
	if text, err := stringOf(o.value, "succeeds"); err == nil && text != "" { // contacts of earlier versions do not say, either
		if contact.Succeeds, err = signaling.ParseChain(text); err != nil {
			return phonebook.Contact{}, err
		}
	}
	return contact, nil
}

// PutContact keeps a contact, in place of one of the same identity. It returns
// ErrNoIdentity for one without.
func (s *Store) PutContact(ctx context.Context, contact phonebook.Contact) error {
	if contact.Identity().IsZero() {
		return ErrNoIdentity
	}
	_, err := s.request(ctx, "keep a contact", contactsStore, "readwrite", "put", contactValue(contact), contact.Identity().String())
	return err
}

// contactValue is what contactFrom reads.
func contactValue(contact phonebook.Contact) map[string]any {
	return map[string]any{
		"card":     string(contact.Card.JSON()),
		"cardTime": call.Milliseconds(contact.CardTime),
		"name":     contact.Name,
		"blocked":  contact.Blocked,
		"verified": contact.Verified,
		"moved":    contact.Moved,
		"succeeds": contact.Succeeds.String(),
		"told":     contact.Told,
		"heard":    contact.Heard,
	}
}

// DeleteContact forgets a contact, if there is one of that identity.
func (s *Store) DeleteContact(ctx context.Context, identity webpush.PublicKey) error {
	_, err := s.request(ctx, "delete a contact", contactsStore, "readwrite", "delete", identity.String())
	return err
}
