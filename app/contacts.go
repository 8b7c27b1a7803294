package app

import (
	"context"
	"errors"
	"sync/atomic"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

// BookStore stores the contacts and the list of calls.
type BookStore interface {
	Contacts(ctx context.Context) ([]phonebook.Contact, error)
	// PutContact saves a contact, in place of one of the same identity.
	PutContact(ctx context.Context, contact phonebook.Contact) error
	DeleteContact(ctx context.Context, identity webpush.PublicKey) error
	// Calls returns the stored calls, the newest first.
	Calls(ctx context.Context) ([]phonebook.Record, error)
	// PutCall saves a call, in place of one of the same ID.
	PutCall(ctx context.Context, record phonebook.Record) error
	// ForgetCalls forgets, now and then, the calls that are not listed any more.
	ForgetCalls(ctx context.Context, listed func(signaling.CallID) bool) error
}

// BookView shows the contacts and the list of calls.
type BookView interface {
	// ShowContacts shows who can be called.
	ShowContacts([]phonebook.Contact)
	// ShowCalls shows the calls there were, the newest first.
	ShowCalls([]phonebook.Record)
}

// errNotContact is for a person whom the page shows and the book has not.
var errNotContact = errors.New("app: not a contact")

// Contacts are the people whom the person knows, and the calls there were.
type Contacts struct {
	*common
	conversations *Conversations
	persistence   *Persistence

	remote atomic.Pointer[signaling.Card] // the other side of the call now, or of the last
}

// load reads what the tab before has saved.
func (c *Contacts) load(ctx context.Context) error {
	contacts, err := c.config.Store.Contacts(ctx)
	records, callsErr := c.config.Store.Calls(ctx)
	c.book.Load(contacts, records)
	if err == nil {
		err = callsErr
	}
	return err
}

// show shows the contacts and the list of calls.
func (c *Contacts) show() {
	c.storage.Post(c.persistence.ask)
	c.view.ShowContacts(c.book.Contacts())
	c.view.ShowCalls(c.book.Records())
}

func (c *Contacts) save(contact phonebook.Contact) {
	c.storage.Post(func() { c.logError(c.config.Store.PutContact(c.storage.Context(), contact)) })
}

func (c *Contacts) delete(identity webpush.PublicKey) {
	c.storage.Post(func() { c.logError(c.config.Store.DeleteContact(c.storage.Context(), identity)) })
}

func (c *Contacts) saveCall(r phonebook.Record) {
	c.storage.Post(func() {
		c.logError(c.config.Store.PutCall(c.storage.Context(), r))
		c.logError(c.config.Store.ForgetCalls(c.storage.Context(), c.book.Listed))
	})
}

// follow lists the call, whose callee gets this browser's card, own, in the offer.
func (c *Contacts) follow(x call.Call, own signaling.Card) {
	c.remote.Store(&x.Remote)
	c.book.Follow(x, own)
}

func (c *Contacts) missed(m call.Missed) {
	c.book.Missed(m)
	c.show()
}

func (c *Contacts) add(card signaling.Card, from string) {
	c.make(card, from)
	c.conversations.saveUnsaved(card.Identity)
	c.show()
}

// make makes the owner of a card a contact, who has come from somewhere. It changes
// nothing of a contact.
func (c *Contacts) make(card signaling.Card, from string) {
	if _, known := c.book.Contact(card.Identity); !known {
		c.book.Add(card)
		c.book.Update(card.Identity, func(contact *phonebook.Contact) { contact.From = from })
	}
}

// AddContact makes the owner of a pasted card, who has not been called, a contact.
func (c *Contacts) AddContact(card signaling.Card, name string) error {
	c.make(card, phonebook.FromText)
	return c.SaveContact(card.Identity, name)
}

// AddLinked does the same for the card in a link.
func (c *Contacts) AddLinked(card signaling.Card, name string) error {
	c.make(card, phonebook.FromLink)
	return c.SaveContact(card.Identity, name)
}

// SaveContact makes a caller a contact, or gives a contact another name.
func (c *Contacts) SaveContact(identity webpush.PublicKey, name string) error {
	return c.change(identity, func(contact *phonebook.Contact) { contact.Name = signaling.CleanName(name) })
}

// Block drops what somebody sends from now on, or takes that back.
func (c *Contacts) Block(identity webpush.PublicKey, blocked bool) error {
	return c.change(identity, func(contact *phonebook.Contact) { contact.Blocked = blocked })
}

// DeleteContact forgets a contact, and what was written to them and by them.
func (c *Contacts) DeleteContact(ctx context.Context, identity webpush.PublicKey) error {
	c.book.Delete(identity)
	c.show()
	return c.conversations.DeleteTexts(ctx, identity)
}

// SetVerified saves that safety words were the same, or were not.
func (c *Contacts) SetVerified(identity webpush.PublicKey, verified bool) error {
	return c.change(identity, func(contact *phonebook.Contact) {
		contact.Verified = verified
		contact.Moved = contact.Moved && !verified
	})
}

// Acknowledge saves that the person knows of a contact's new identity.
func (c *Contacts) Acknowledge(identity webpush.PublicKey) error {
	return c.change(identity, func(contact *phonebook.Contact) { contact.Moved = false })
}

// CallsSeen marks the missed calls as seen.
func (c *Contacts) CallsSeen() {
	c.book.Seen()
	c.show()
}

// onMoved gives a contact and the conversation with them their new identity. It runs
// on the phone's loop.
func (c *Contacts) onMoved(from, to webpush.PublicKey) {
	c.book.Move(from, to)
	c.conversations.move(from, to)
	c.show()
}

// change changes a contact, and makes a caller one first.
func (c *Contacts) change(identity webpush.PublicKey, f func(*phonebook.Contact)) error {
	if _, known := c.book.Contact(identity); !known {
		card, found := c.book.CardOf(identity)
		if remote := c.remote.Load(); !found && remote != nil && remote.Identity == identity {
			card, found = *remote, true
		}
		if !found {
			return errNotContact
		}
		c.make(card, phonebook.FromCall)
	}
	c.book.Update(identity, f)
	c.conversations.saveUnsaved(identity)
	c.show()
	return nil
}
