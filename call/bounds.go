package call

import (
	"time"

	"pushcall/webpush"
)

// Token buckets bound the effects that a sender can cause on this side while its person
// does nothing: a burst, and one more in each interval. Each contact has buckets of its
// own. All strangers share theirs, since anybody can make identities without end: so
// strangers use up no contact's tokens. The table of all bounds is in SECURITY.md.
const (
	strangerRings, strangerRingEvery    = 10, 30 * time.Second // rings that nobody answers
	strangerBurst, strangerEvery        = 3, 20 * time.Second  // messages pushed unasked: a busy, the end of a call that is over
	strangerEntries, strangerEntryEvery = 20, time.Minute      // entries in the list for calls that did not ring
	contactRings, contactRingEvery      = 20, 15 * time.Second
	contactPushes, contactPushEvery     = 10, 20 * time.Second // ringing, too
	contactEntries, contactEntryEvery   = 50, 30 * time.Second
	contactChanges, contactChangesEvery = 10, time.Minute             // changes of their card or identity
	maxRemembered                       = 1024                        // messages remembered, to drop replays
	ringingSignals, ringingSignalEvery  = 200, 200 * time.Millisecond // in-band, before the callee's person has answered
	signalBurst, signalEvery            = 1000, 5 * time.Millisecond  // in-band, after that; a friend sends the most of them with fast files
	textBurst, textEvery                = 400, 50 * time.Millisecond  // texts
	textWindow                          = textBurst / 2               // a sender limits itself to it: see type texts
	maxCandidates                       = 64                          // in-band, for one description
	maxCandidateSize                    = 1 << 10                     // octets
	maxDescriptionSize                  = 64 << 10                    // octets; a browser's with voice, camera and screen has a quarter of it
	maxSignalSize                       = 128 << 10                   // octets; enough for the longest text, escaped
)

// bucket is a token bucket. It begins full.
type bucket struct {
	size  int
	every time.Duration // after which one spent token comes back
	spent int
	since time.Time // when the last token came back
}

// has reports whether the bucket has a token.
func (b *bucket) has(now time.Time) bool {
	if back := int(now.Sub(b.since) / b.every); back < b.spent {
		b.spent -= back
		b.since = b.since.Add(time.Duration(back) * b.every)
	} else {
		b.spent, b.since = 0, now
	}
	return b.spent < b.size
}

// take takes a token. It reports whether the bucket had one.
func (b *bucket) take(now time.Time) bool {
	if !b.has(now) {
		return false
	}
	b.spent++
	return true
}

// give puts a token back.
func (b *bucket) give() { b.spent = max(b.spent-1, 0) }

// allowance holds the buckets of one contact, or of all strangers together.
type allowance struct {
	rings, pushes, entries, changes bucket
	seen                            map[messageKey]time.Time // messages received, until they would be stale anyway
}

func newAllowance(known bool) *allowance {
	if !known {
		return &allowance{
			rings:   bucket{size: strangerRings, every: strangerRingEvery},
			pushes:  bucket{size: strangerBurst, every: strangerEvery},
			entries: bucket{size: strangerEntries, every: strangerEntryEvery},
			seen:    map[messageKey]time.Time{},
		}
	}
	return &allowance{
		rings:   bucket{size: contactRings, every: contactRingEvery},
		pushes:  bucket{size: contactPushes, every: contactPushEvery},
		entries: bucket{size: contactEntries, every: contactEntryEvery},
		changes: bucket{size: contactChanges, every: contactChangesEvery},
		seen:    map[messageKey]time.Time{},
	}
}

// allowanceOf returns the allowance of a contact, or that of all strangers.
func (p *Phone) allowanceOf(identity webpush.PublicKey) *allowance {
	if _, known := p.contact(identity); !known {
		return p.memory.strangers
	}
	a := p.memory.contacts[identity]
	if a == nil {
		a = newAllowance(true)
		p.memory.contacts[identity] = a
	}
	return a
}

// refund gives back the tokens that the ring of a session has cost, because its person
// has answered it.
func (a *allowance) refund(s *session) {
	a.rings.give()
	if s.link != nil { // it has connected while it rang, which took a push
		a.pushes.give()
	}
}

// remember records a message and deletes those that would be stale anyway. If there are
// too many, it deletes the one that would be stale first.
func (a *allowance) remember(key messageKey, until, now time.Time) {
	var first messageKey
	var firstUntil time.Time
	for key, until := range a.seen {
		if now.After(until) {
			delete(a.seen, key)
		} else if firstUntil.IsZero() || until.Before(firstUntil) {
			first, firstUntil = key, until
		}
	}
	if len(a.seen) >= maxRemembered {
		delete(a.seen, first)
	}
	a.seen[key] = until
}
