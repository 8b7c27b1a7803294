package phonebook

import (
	"time"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/webpush"
)

// Contact is somebody whose card this phone keeps.
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

// Record is an entry in the list of calls.
type Record struct {
	ID       signaling.CallID
	Identity webpush.PublicKey // of the friend; zero where it never became known
	Card     signaling.Card    // the friend's as the call had it; zero for a missed call that came without
	Outgoing bool
	Time     time.Time // when it began
	Duration time.Duration
	Reason   call.Reason // NoReason: it has not ended, or its page crashed before
	Missed   bool        // it came in, and nobody here answered or declined it
	Seen     bool        // the person has looked at the list since
}
