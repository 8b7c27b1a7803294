package phonebook

import (
	"errors"
	"time"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/webpush"
)

// ErrNoIdentity is returned for a contact of whom it is not known who they are.
var ErrNoIdentity = errors.New("phonebook: a contact without an identity")

// A Contact is somebody whose card this phone keeps.
type Contact struct {
	Card     signaling.Card // the newest known; its Name is a claim, its Identity who this is
	CardTime time.Time      // when they said so, by their clock; zero for a card that was pasted
	Name     string         // as this phone's owner calls them
	Blocked  bool           // their calls are dropped
	Verified bool           // the person here has compared safety words with them

	// Told is the [call.CardDigest] of this phone's card that they were given last,
	// or "" for none; Heard says that they have made themselves heard since, so
	// that the next offer need not carry it.
	Told  string
	Heard bool

	// Moved says that they have another identity than the person here knew them
	// by, and that the person has not taken note of it.
	Moved bool
	// Succeeds is what tells them that this phone's identity is another than
	// they knew its owner by, until they are heard.
	Succeeds signaling.Chain
}

// Identity is who the contact is.
func (c Contact) Identity() webpush.PublicKey { return c.Card.Identity }

// forPhone returns what a phone reads of the contact.
func (c Contact) forPhone() call.Contact {
	told := ""
	if c.Heard {
		told = c.Told
	}
	return call.Contact{Card: c.Card, CardTime: c.CardTime, Name: c.Name, Blocked: c.Blocked, Told: told, Succeeds: c.Succeeds}
}

// fields names what is stored of a contact. The service worker reads name and
// blocked.
func (c *Contact) fields(f *fields) {
	f.card("card", &c.Card)
	f.time("cardTime", &c.CardTime)
	f.name("name", &c.Name)
	f.bool("blocked", &c.Blocked)
	f.bool("moved", &c.Moved)
	f.chain("succeeds", &c.Succeeds)
	if f.archive {
		return // whoever wrote it may have compared nothing, and told of another browser's card
	}
	f.bool("verified", &c.Verified)
	f.string("told", &c.Told)
	f.bool("heard", &c.Heard)
}

// Save writes the contact for the browser's store, where its identity is its key.
func (c Contact) Save(to Sink) { c.fields(&fields{to: to}) }

// Contact reads what Save has written. ErrNoIdentity is for one without an identity.
func (r *Reader) Contact(from Source) (Contact, error) {
	return r.contact(&fields{Reader: r, from: from})
}

func (r *Reader) contact(f *fields) (Contact, error) {
	var c Contact
	c.fields(f)
	if c.Identity().IsZero() {
		f.failed(ErrNoIdentity)
	}
	return c, f.err
}
