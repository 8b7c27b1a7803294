package phonebook

import (
	"errors"
	"time"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/webpush"
)

// ErrNoIdentity is returned for a contact or a text without a friend's identity.
var ErrNoIdentity = errors.New("phonebook: a contact without an identity")

// Ways on which a card comes here, as a contact's From. On the first two, and in a file,
// somebody else may have replaced it; the card of a call is signed by its identity, which
// may be anybody's.
const (
	FromLink = "link" // that was opened, or scanned
	FromText = "text" // that was pasted
	FromCall = "call" // with them
	FromFile = "file" // an archive
)

// A Contact is a person in the phone book.
type Contact struct {
	Card     signaling.Card // the newest known; its Name is a claim, its Identity is the contact's
	CardTime time.Time      // when they last confirmed it, by their clock; zero for a pasted card
	Name     string         // as this phone's owner calls them
	Blocked  bool           // their calls are dropped
	Verified bool           // the person here has compared safety words with them
	From     string         // where the card came from that made them a contact: FromLink and so on; "" if an early version has stored them

	// Told is the [call.CardDigest] of this phone's card that was last sent to them,
	// or "" for none. Heard says that they have answered since, or were answered, so
	// that the next offer need not carry the card.
	Told  string
	Heard bool

	// Moved says that their identity was replaced by a successor, and that the person
	// has not confirmed it yet.
	Moved bool
	// Succeeds proves to them that this phone's identity succeeds the one that they
	// know. It is sent until they have answered or were answered.
	Succeeds signaling.Chain
}

// Identity returns the contact's identity.
func (c Contact) Identity() webpush.PublicKey { return c.Card.Identity }

// callContact returns the part of the contact that a phone reads.
func (c Contact) callContact() call.Contact {
	told := ""
	if c.Heard {
		told = c.Told
	}
	return call.Contact{Card: c.Card, CardTime: c.CardTime, Name: c.Name, Blocked: c.Blocked, Told: told, Succeeds: c.Succeeds}
}

// fields names the stored fields of a contact. The service worker reads name and
// blocked.
func (c *Contact) fields(f *fields) {
	f.card("card", &c.Card)
	f.time("cardTime", &c.CardTime)
	f.name("name", &c.Name)
	f.bool("blocked", &c.Blocked)
	f.bool("moved", &c.Moved)
	f.string("from", &c.From)
	f.chain("succeeds", &c.Succeeds)
	if f.archive {
		return // the writer may have compared nothing, and Told is of another browser's card
	}
	f.bool("verified", &c.Verified)
	f.string("told", &c.Told)
	f.bool("heard", &c.Heard)
}

// Save writes the contact's fields for the browser's store, where its identity is its
// key.
func (c Contact) Save(to Sink) { c.fields(&fields{to: to}) }

// Contact reads a contact that Save has written. It returns ErrNoIdentity if that has no
// identity.
func (r *Reader) Contact(from Source) (Contact, error) {
	return r.contact(&fields{Reader: r, from: from})
}

func (r *Reader) contact(f *fields) (Contact, error) {
	var c Contact
	c.fields(f)
	if c.Identity().IsZero() {
		f.fail(ErrNoIdentity)
	}
	return c, f.err
}
