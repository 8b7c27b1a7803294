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

// ErrOtherAddress is returned for a contact's card with another address than the
// stored one: a newer card of theirs, or one that somebody else has made.
var ErrOtherAddress = errors.New("phonebook: another address than the stored one of a contact")

// MaxRecords is how many calls are listed at most.
const MaxRecords = 200

// durationTime is how often the duration of a call that goes on is saved: a crash
// loses no more of it.
const durationTime = 10 * time.Second

// A Book is the phone book: the contacts, and the list of calls. It is kept in
// memory; whoever made it is told of each change, to keep it for good. Its
// methods do not block and may be called from any goroutine.
type Book struct {
	saveContact   func(Contact)
	deleteContact func(webpush.PublicKey)
	saveRecord    func(Record)

	mu       sync.Mutex
	contacts map[webpush.PublicKey]Contact
	records  []Record // newest first

	current struct { // the call that is followed
		id    signaling.CallID
		state call.State // that it was last in
		began time.Time
		heard bool // the friend has made themselves heard
		steps int  // how often it was listed
	}
}

// NewBook returns an empty book. The functions are called with what has
// changed, one at a time, and must not block or call the book.
func NewBook(saveContact func(Contact), deleteContact func(webpush.PublicKey), saveRecord func(Record)) *Book {
	return &Book{saveContact: saveContact, deleteContact: deleteContact, saveRecord: saveRecord, contacts: map[webpush.PublicKey]Contact{}}
}

// Load puts what was kept in place of all that is in the book.
func (b *Book) Load(contacts []Contact, records []Record) {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.contacts)
	for _, c := range contacts {
		b.contacts[c.Identity()] = c
	}
	b.records = slices.Clone(records)
	for i := range b.records { // what was saved of a call is all there is if its page was left or has crashed
		switch r := &b.records[i]; {
		case r.Reason != call.NoReason || !r.Outgoing: // one that came in may ring again: its caller offers anew
		case r.Duration > 0:
			r.Reason = call.HungUp
		default:
			r.Reason = call.Cancelled
		}
	}
	sort.SliceStable(b.records, func(i, j int) bool { return b.records[i].Time.After(b.records[j].Time) })
	b.trim()
}

// Contact finds a contact.
func (b *Book) Contact(identity webpush.PublicKey) (Contact, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, found := b.contacts[identity]
	return c, found
}

// ForPhone finds a contact, as [call.Config] asks for one.
func (b *Book) ForPhone(identity webpush.PublicKey) (call.Contact, bool) {
	c, found := b.Contact(identity)
	return c.forPhone(), found
}

// Contacts returns all contacts, by name.
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

// Logged tells whether a call that has ended is in the list.
func (b *Book) Logged(id signaling.CallID) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.record(id)
	return r != nil && r.Reason != call.NoReason
}

// Listed tells whether a call is in the list.
func (b *Book) Listed(id signaling.CallID) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.record(id) != nil
}

// record finds a call in the list, or nil; b.mu is held.
func (b *Book) record(id signaling.CallID) *Record {
	for i := range b.records {
		if b.records[i].ID == id {
			return &b.records[i]
		}
	}
	return nil
}

// Add makes the owner of a card a contact. The card of one who is a contact
// already stays: what was pasted is a claim until they answer there. It does
// nothing for a card without an identity.
func (b *Book) Add(card signaling.Card) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.contacts[card.Identity]; !known && !card.Identity.IsZero() {
		b.put(Contact{Card: card, Name: card.Name})
	}
}

// ToDial returns the card by which the owner of a card is called. Of a contact
// that is the stored one, since whoever made the other may have put any address
// beside their identity. ErrOtherAddress is for a card that has another address
// than the stored one, [call.ErrBlocked] for a blocked contact.
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

// Update changes a contact, if there is one of that identity.
func (b *Book) Update(identity webpush.PublicKey, change func(*Contact)) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, known := b.contacts[identity]
	if known {
		change(&c)
		b.put(c)
	}
	return known
}

// Delete forgets a contact. The calls with them stay in the list, as a
// stranger's.
func (b *Book) Delete(identity webpush.PublicKey) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.contacts[identity]; known {
		delete(b.contacts, identity)
		b.deleteContact(identity)
	}
}

// Move has a contact take the identity that theirs has signed over to. Their
// name stays. What was compared with them is over: that the new key is in the
// same hands is what the old one says, and it may have been stolen.
func (b *Book) Move(from, to webpush.PublicKey) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, known := b.contacts[from]
	if !known {
		return
	}
	delete(b.contacts, from)
	c.Card.Identity, c.CardTime = to, time.Time{} // their clock is another
	c.Verified, c.Moved = false, true
	if already, known := b.contacts[to]; known { // their new card was pasted
		c.Card, c.CardTime, c.Told, c.Heard = already.Card, already.CardTime, already.Told, already.Heard
		c.Blocked, c.Verified = c.Blocked || already.Blocked, already.Verified
	}
	b.put(c)
	b.deleteContact(from)
	for i := range b.records {
		if r := &b.records[i]; r.Identity == from {
			r.Identity = to
			b.saveRecord(*r)
		}
	}
}

// CardOf finds the newest card of a contact, or of somebody who has called.
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

// NewCard takes what a contact has signed of their card.
func (b *Book) NewCard(m signaling.Message) {
	b.Update(m.From, func(c *Contact) {
		if m.Card != nil && m.Time.After(c.CardTime) {
			c.Card, c.CardTime = *m.Card, m.Time
		}
	})
}

// Follow notes where a call is: whether the friend has this phone's card, own, and
// the call itself. It lists a call from its beginning, since a page that is left or
// crashes lists nothing; one that came in from when it is taken here, since it may
// ring in another tab until then.
func (b *Book) Follow(c call.Call, own signaling.Card) {
	b.mu.Lock()
	defer b.mu.Unlock()
	changed := b.current.id != c.ID || b.current.state != c.State
	if b.current.id != c.ID {
		b.current.id, b.current.began, b.current.heard = c.ID, time.Now(), false
	}
	b.current.state = c.State
	if changed && (c.Outgoing || c.State != call.Ringing) { // what else changes is the friend's to change, as often as they like
		b.log(c)
	}
	contact, known := b.contacts[c.Remote.Identity]
	switch {
	case c.State == call.Ended:
		if known && c.Outgoing && contact.Heard && !b.current.heard { // they may have lost this phone's card
			contact.Heard = false
			b.put(contact)
		}
	case !b.current.heard && (c.State == call.Connected || c.Outgoing && c.State != call.Dialing):
		b.current.heard = true
		b.heard(c, call.CardDigest(own))
	}
}

// heard notes the first that is heard of a friend: whoever answers an
// offer has read the card in it, and whoever calls and is answered knows whom
// they talk to, which one who has called a plain subscription does not before.
// The stored card stays: to be answered at another address does not tell that it is
// the friend's, since somebody may have passed the offer on.
func (b *Book) heard(c call.Call, told string) {
	contact, known := b.contacts[c.Remote.Identity]
	if !known && !c.Outgoing || c.Remote.Identity.IsZero() {
		return
	}
	switch {
	case !known:
		contact = Contact{Card: c.Remote, CardTime: c.Heard, Name: c.Remote.Name}
	case c.Outgoing && contact.Card.Subscription == c.Remote.Subscription && c.Heard.After(contact.CardTime):
		contact.CardTime = c.Heard // they are there: an older word of another address is out of date
	}
	contact.Told, contact.Heard = told, true
	contact.Succeeds = signaling.Chain{} // who answers this identity knows it
	b.put(contact)
}

// log lists a call, and every durationTime while it is connected; b.mu is held.
func (b *Book) log(c call.Call) {
	r := Record{ID: c.ID, Identity: c.Remote.Identity, Card: c.Remote, Outgoing: c.Outgoing, Time: b.current.began,
		Reason: c.Reason, Missed: c.Missed()}
	if !c.Since.IsZero() {
		r.Duration = max(time.Since(c.Since), time.Millisecond)
	}
	before := b.record(c.ID)
	if before != nil {
		if !before.Identity.IsZero() {
			r.Identity = before.Identity // they may have moved meanwhile
		}
		if before.Duration > r.Duration { // on a page that crashed before this one
			r.Time, r.Duration, r.Missed = before.Time, before.Duration, false
		}
	}
	if before == nil || c.State == call.Ended || r.Duration > 0 {
		b.list(r)
	}
	b.current.steps++
	if step := b.current.steps; r.Duration > 0 && c.State != call.Ended {
		time.AfterFunc(durationTime, func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			if b.current.steps == step {
				b.log(c)
			}
		})
	}
}

// Missed lists a call that did not ring. One that was taken before its page crashed
// was not missed.
func (b *Book) Missed(m call.Missed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.record(m.ID) == nil {
		b.list(Record{ID: m.ID, Identity: m.Identity, Card: m.Card, Time: m.Time, Reason: call.Cancelled, Missed: true})
	}
}

// Seen takes note that the person has looked at the list.
func (b *Book) Seen() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.records {
		if r := &b.records[i]; r.Missed && !r.Seen {
			r.Seen = true
			b.saveRecord(*r)
		}
	}
}

// list puts a record at the head, or in the place of that of the same call; b.mu is
// held.
func (b *Book) list(r Record) {
	if before := b.record(r.ID); before != nil {
		*before = r
	} else {
		b.records = append([]Record{r}, b.records...)
		b.trim()
	}
	b.saveRecord(r)
}

// trim drops the calls above MaxRecords, each the oldest of whoever has the most
// in the list: nobody's calls take the place of another's. Strangers count as
// one, since anybody can make identities without end, and this side's own calls
// count as one; b.mu is held.
func (b *Book) trim() {
	type whose struct {
		contact webpush.PublicKey
		own     bool
	}
	of := func(r Record) whose {
		if _, known := b.contacts[r.Identity]; known && !r.Outgoing {
			return whose{contact: r.Identity}
		}
		return whose{own: r.Outgoing}
	}
	count := map[whose]int{}
	for _, r := range b.records {
		count[of(r)]++
	}
	for len(b.records) > MaxRecords {
		var most whose
		for w, n := range count {
			if n > count[most] {
				most = w
			}
		}
		oldest := len(b.records) - 1
		for of(b.records[oldest]) != most {
			oldest--
		}
		b.records = slices.Delete(b.records, oldest, oldest+1)
		count[most]--
	}
}

// put keeps a contact that is new or has changed; b.mu is held.
func (b *Book) put(c Contact) {
	if before, known := b.contacts[c.Identity()]; known && before == c {
		return
	}
	b.contacts[c.Identity()] = c
	b.saveContact(c)
}
