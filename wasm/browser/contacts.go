//go:build js && wasm

package browser

import (
	"context"
	"fmt"

	"pushcall/phonebook"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// Contacts returns all contacts, in no order. The service worker reads them,
// too: from them it knows a caller's name, and whom to turn away.
func (s *Store) Contacts(ctx context.Context) ([]phonebook.Contact, error) {
	store, err := s.objectStore(ctx, contactsStore, "readonly")
	if err != nil {
		return nil, js.Failure("read the contacts", err)
	}
	kept, err := js.AwaitList(ctx, store, "getAll")
	if err != nil {
		return nil, js.Failure("read the contacts", err)
	}
	contacts := make([]phonebook.Contact, 0, len(kept))
	reader := phonebook.NewReader()
	for _, value := range kept {
		contact, err := reader.Contact(propertiesOf(value))
		if err != nil {
			js.Log(fmt.Sprintf("browser: a contact is skipped: %v", err))
			continue
		}
		contacts = append(contacts, contact)
	}
	return contacts, nil
}

// PutContact keeps a contact, in place of one of the same identity. It returns
// phonebook.ErrNoIdentity for one without.
func (s *Store) PutContact(ctx context.Context, contact phonebook.Contact) error {
	if contact.Identity().IsZero() {
		return phonebook.ErrNoIdentity
	}
	_, err := s.request(ctx, "keep a contact", contactsStore, "readwrite", "put", recordOf(contact.Save), contact.Identity().String())
	return err
}

// DeleteContact forgets a contact, if there is one of that identity.
func (s *Store) DeleteContact(ctx context.Context, identity webpush.PublicKey) error {
	_, err := s.request(ctx, "delete a contact", contactsStore, "readwrite", "delete", identity.String())
	return err
}
