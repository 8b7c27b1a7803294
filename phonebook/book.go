package phonebook

import (
	"errors"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/webpush"
)

// ErrOtherAddress is returned for a contact's card whose address differs from the
// stored one. It is a newer card of theirs, or somebody else has made it.
var ErrOtherAddress = errors.New("phonebook: another address than the stored one of a contact")

// MaxRecords is the most calls in the list.
const MaxRecords = 500

// durationTime is the interval at which the duration of a connected call is saved: a
// crash loses no more than that of it.
const durationTime = 10 * time.Second

// A Book holds contacts and the list of calls in memory. It saves each change with
// the functions given to NewBook. Its methods do not block and may be called from any
// goroutine.
type Book struct {
	saveContact   func(Contact)
	deleteContact func(webpush.PublicKey)
	saveRecord    func(Record)

	mu       sync.Mutex
	contacts map[webpush.PublicKey]Contact
	records  []Record // newest first

	current struct { // the call that Follow was told of last
		id    signaling.CallID
		state call.State // its last one
		began time.Time
		heard bool // noteHeard was called for it
		steps int  // counts the calls of logCall
	}
}

// NewBook returns an empty book. It calls the functions with each contact or record
// that has changed, one at a time. They must not block or call the book.
func NewBook(saveContact func(Contact), deleteContact func(webpush.PublicKey), saveRecord func(Record)) *Book {
	return &Book{saveContact: saveContact, deleteContact: deleteContact, saveRecord: saveRecord, contacts: map[webpush.PublicKey]Contact{}}
}

// Load replaces all contacts and records of the book by stored ones.
func (b *Book) Load(contacts []Contact, records []Record) {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.contacts)
	for _, c := range contacts {
		b.contacts[c.Identity()] = c
	}
	b.records = slices.Clone(records)
	for i := range b.records { // a record without a reason: its page was left or has crashed during the call
		b.records[i].conclude()
	}
	sort.SliceStable(b.records, func(i, j int) bool { return b.records[i].Time.After(b.records[j].Time) })
	b.trimRecords()
}

// Contact returns the contact of an identity.
func (b *Book) Contact(identity webpush.PublicKey) (Contact, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, found := b.contacts[identity]
	return c, found
}

// ForPhone returns the contact of an identity as [call.Directory] wants it.
func (b *Book) ForPhone(identity webpush.PublicKey) (call.Contact, bool) {
	c, found := b.Contact(identity)
	return c.callContact(), found
}

// Contacts returns all contacts, sorted by name.
func (b *Book) Contacts() []Contact {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]Contact, 0, len(b.contacts))
	for _, c := range b.contacts {
		all = append(all, c)
	}
	sort.Slice(all, func(i, j int) bool {
		x, y := strings.ToLower(all[i].Name), strings.ToLower(all[j].Name)
		return x < y || x == y && all[i].Identity().Compare(all[j].Identity()) < 0
	})
	return all
}

// Records returns the list of calls, newest first.
func (b *Book) Records() []Record {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.records)
}

// Logged reports whether the list has a call and its end.
func (b *Book) Logged(id signaling.CallID) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.findRecord(id)
	return r != nil && r.Reason != call.NoReason
}

// Answered reports whether an offer of a call that was sent at a time was answered here,
// perhaps on a page that is gone. The list may have no end of the call.
func (b *Book) Answered(id signaling.CallID, at time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.findRecord(id)
	return r != nil && !at.After(r.Heard)
}

// Listed reports whether the list has a call, ended or not.
func (b *Book) Listed(id signaling.CallID) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.findRecord(id) != nil
}

// findRecord returns the record of a call, or nil. The caller holds b.mu.
func (b *Book) findRecord(id signaling.CallID) *Record {
	for i := range b.records {
		if b.records[i].ID == id {
			return &b.records[i]
		}
	}
	return nil
}

// Add makes the owner of a card a contact. It keeps the stored card of somebody who is
// a contact already, since a pasted card is a claim until they answer there. It does
// nothing for a card without an identity.
func (b *Book) Add(card signaling.Card) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.contacts[card.Identity]; !known && !card.Identity.IsZero() {
		b.putContact(Contact{Card: card, Name: card.Name})
	}
}

// ToDial returns the card to dial for the owner of a card. For a contact it is the
// stored card, since anybody can make a card with a contact's identity and an address of
// their own. ToDial returns ErrOtherAddress if the given card has another address than
// the stored one, and [call.ErrBlocked] for a blocked contact.
func (b *Book) ToDial(card signaling.Card) (signaling.Card, error) {
	contact, known := b.Contact(card.Identity)
	switch {
	case !known:
		return card, nil
	case contact.Blocked:
		return signaling.Card{}, call.ErrBlocked
	case contact.Card.Subscription != card.Subscription:
		return signaling.Card{}, ErrOtherAddress
	}
	return contact.Card, nil
}

// Update calls change on the contact of an identity and saves the result. It reports
// whether there is such a contact.
func (b *Book) Update(identity webpush.PublicKey, change func(*Contact)) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, known := b.contacts[identity]
	if known {
		change(&c)
		b.putContact(c)
	}
	return known
}

// Delete deletes a contact. Their calls stay in the list, as a stranger's.
func (b *Book) Delete(identity webpush.PublicKey) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.contacts[identity]; known {
		delete(b.contacts, identity)
		b.deleteContact(identity)
	}
}

// Move replaces a contact's identity by its successor. It keeps their name and clears
// Verified: only the old key says that the new one is in the same hands, and the old one
// may have been stolen.
func (b *Book) Move(from, to webpush.PublicKey) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, known := b.contacts[from]
	if !known {
		return
	}
	delete(b.contacts, from)
	c.Card.Identity, c.CardTime = to, time.Time{} // their new browser has another clock
	c.Verified, c.Moved = false, true
	if already, known := b.contacts[to]; known { // the person has pasted their new card before
		c.Card, c.CardTime, c.Told, c.Heard = already.Card, already.CardTime, already.Told, already.Heard
		c.Blocked, c.Verified = c.Blocked || already.Blocked, already.Verified
	}
	b.putContact(c)
	b.deleteContact(from)
	for i := range b.records {
		if r := &b.records[i]; r.Identity == from {
			r.Identity = to
			b.saveRecord(*r)
		}
	}
}

// CardOf returns the newest card of a contact, or of anybody else in the list of calls.
func (b *Book) CardOf(identity webpush.PublicKey) (signaling.Card, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c, known := b.contacts[identity]; known {
		return c.Card, true
	}
	for _, r := range b.records {
		if r.Identity == identity && r.Card != (signaling.Card{}) {
			return r.Card, true
		}
	}
	return signaling.Card{}, false
}

// NewCard stores the card that a contact has signed, unless the stored one is newer.
func (b *Book) NewCard(m signaling.Message) {
	b.Update(m.From, func(c *Contact) {
		if m.Card != nil && m.Time.After(c.CardTime) {
			c.Card, c.CardTime = *m.Card, m.Time
		}
	})
}

// Follow updates the book from a call that has changed: the call's record, and whether
// the friend has own, this phone's card. It lists an outgoing call from its beginning,
// since a page that is left or crashes lists nothing. It lists an incoming call once it
// was answered here or has ended, since until then it may ring in another tab.
func (b *Book) Follow(c call.Call, own signaling.Card) {
	b.mu.Lock()
	defer b.mu.Unlock()
	changed := b.current.id != c.ID || b.current.state != c.State
	if b.current.id != c.ID {
		if before := b.findRecord(b.current.id); before != nil && before.conclude() { // it gave way to this one, without a word
			b.saveRecord(*before)
		}
		b.current.id, b.current.began, b.current.heard = c.ID, time.Now(), false
	}
	b.current.state = c.State
	if changed && (c.Outgoing || c.State != call.Ringing) { // the other fields change as often as the friend likes
		b.logCall(c)
	}
	contact, known := b.contacts[c.Remote.Identity]
	switch {
	case c.State == call.Ended:
		if known && c.Outgoing && contact.Heard && !b.current.heard { // no answer: they may have lost this phone's card
			contact.Heard = false
			b.putContact(contact)
		}
	case !b.current.heard && (c.State == call.Connected || c.Outgoing && c.State != call.Dialing):
		b.current.heard = true
		b.noteHeard(c, call.CardDigest(own))
	}
}

// noteHeard records that a friend has answered, or was answered: they know this
// phone's card, whose digest is told. A callee has read it in the offer. A caller may
// have dialed a plain subscription, and learns from the answer whose it is. The stored
// card stays: an answer from another address does not prove that the address is the
// friend's, since somebody may have passed the offer on. The caller of noteHeard holds
// b.mu.
func (b *Book) noteHeard(c call.Call, told string) {
	contact, known := b.contacts[c.Remote.Identity]
	if !known && !c.Outgoing || c.Remote.Identity.IsZero() {
		return
	}
	switch {
	case !known:
		contact = Contact{Card: c.Remote, CardTime: c.Heard, Name: c.Remote.Name, From: FromCall}
	case c.Outgoing && contact.Card.Subscription == c.Remote.Subscription && c.Heard.After(contact.CardTime):
		contact.CardTime = c.Heard // they use this address now: an older card with another one is outdated
	}
	contact.Told, contact.Heard = told, true
	contact.Succeeds = signaling.Chain{} // they know this identity by now
	b.putContact(contact)
}

// logCall saves the record of a call, and saves it again every durationTime while the
// call is connected. The caller holds b.mu.
func (b *Book) logCall(c call.Call) {
	r := Record{ID: c.ID, Identity: c.Remote.Identity, Card: c.Remote, Outgoing: c.Outgoing, Time: b.current.began,
		Reason: c.Reason, Missed: c.Missed()}
	if !c.Since.IsZero() {
		r.Duration = max(time.Since(c.Since), time.Millisecond)
	}
	if !c.Outgoing {
		r.Heard = c.Heard
	}
	before := b.findRecord(c.ID)
	if before != nil {
		if !before.Identity.IsZero() {
			r.Identity = before.Identity // Move may have replaced it during the call
		}
		if before.Duration > r.Duration { // saved by an earlier page, which has crashed
			r.Time, r.Duration, r.Missed = before.Time, before.Duration, false
		}
	}
	if before == nil || c.State == call.Ended || r.Duration > 0 || r.Heard.After(before.Heard) {
		b.putRecord(r)
	}
	b.current.steps++
	if step := b.current.steps; r.Duration > 0 && c.State != call.Ended {
		time.AfterFunc(durationTime, func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			if b.current.steps == step {
				b.logCall(c)
			}
		})
	}
}

// Missed adds a call that did not ring to the list, unless it is there: a call that was
// answered before its page crashed was not missed.
func (b *Book) Missed(m call.Missed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.findRecord(m.ID) == nil {
		r := Record{ID: m.ID, Identity: m.Identity, Card: m.Card, Time: m.Time, Reason: call.Cancelled, Missed: !m.Declined}
		if m.Declined {
			r.Reason = call.Declined
		}
		b.putRecord(r)
	}
}

// Seen marks all missed calls as seen by the person.
func (b *Book) Seen() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.records {
		if r := &b.records[i]; r.Unseen() {
			r.Seen = true
			b.saveRecord(*r)
		}
	}
}

// putRecord saves a record. It replaces the record of the same call, and stands where its
// time belongs: a missed call may be heard of after later ones. The caller holds b.mu.
func (b *Book) putRecord(r Record) {
	b.records = slices.DeleteFunc(b.records, func(other Record) bool { return other.ID == r.ID })
	at := slices.IndexFunc(b.records, func(other Record) bool { return !other.Time.After(r.Time) })
	if at < 0 {
		at = len(b.records)
	}
	b.records = slices.Insert(b.records, at, r)
	b.trimRecords()
	b.saveRecord(r)
}

// trimRecords drops records until MaxRecords are left, each time the oldest of the group
// that has the most: so one caller cannot push others out of the list. Each contact's
// incoming calls are a group. Those of strangers are one group, since anybody can make
// identities without end, and so are all outgoing calls. The caller holds b.mu.
func (b *Book) trimRecords() {
	type group struct {
		contact webpush.PublicKey
		own     bool
	}
	groupOf := func(r Record) group {
		if _, known := b.contacts[r.Identity]; known && !r.Outgoing {
			return group{contact: r.Identity}
		}
		return group{own: r.Outgoing}
	}
	count := map[group]int{}
	for _, r := range b.records {
		count[groupOf(r)]++
	}
	for len(b.records) > MaxRecords {
		var most group
		for g, n := range count {
			if n > count[most] {
				most = g
			}
		}
		oldest := len(b.records) - 1
		for groupOf(b.records[oldest]) != most {
			oldest--
		}
		b.records = slices.Delete(b.records, oldest, oldest+1)
		count[most]--
	}
}

// putContact saves a contact that is new or has changed. The caller holds b.mu.
func (b *Book) putContact(c Contact) {
	if before, known := b.contacts[c.Identity()]; known && before == c {
		return
	}
	b.contacts[c.Identity()] = c
	b.saveContact(c)
}
