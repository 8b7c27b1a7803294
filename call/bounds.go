package call

import (
	"time"

	"pushcall/webpush"
)

// What a sender can cause on this side without anything that its person does is
// bounded: so many at once, and one more each time. Each contact has bounds of
// its own. Strangers share theirs, since anybody can make identities without
// end: so they take nothing from a contact. The table of all bounds is in
// SECURITY.md.
const (
	strangerRings, strangerRingEvery    = 10, 30 * time.Second // rings that nobody answers
	strangerBurst, strangerEvery        = 3, 20 * time.Second  // messages pushed unasked: busy, the end of a call that is over
	strangerEntries, strangerEntryEvery = 20, time.Minute      // entries in the list for calls that did not ring
	contactRings, contactRingEvery      = 20, 15 * time.Second
	contactPushes, contactPushEvery     = 10, 20 * time.Second // ringing, too
	contactEntries, contactEntryEvery   = 50, 30 * time.Second
	contactChanges, contactChangesEvery = 10, time.Minute             // of their card or identity
	maxRemembered                       = 1024                        // messages remembered, so that none is taken twice
	ringingSignals, ringingSignalEvery  = 200, 200 * time.Millisecond // in-band, before the callee's person has answered
	signalBurst, signalEvery            = 1000, 5 * time.Millisecond  // in-band, after that; fast files make a friend say the most
	textBurst, textEvery                = 400, 50 * time.Millisecond  // texts
	textAhead                           = textBurst / 2               // that a sender keeps to: see type texts
	maxCandidates                       = 64                          // in-band, for one description
	maxCandidateSize                    = 1 << 10                     // octets
	maxDescriptionSize                  = 64 << 10                    // octets; with voice, camera and screen a browser writes a quarter
	maxSignalSize                       = 128 << 10                   // octets; the longest text, escaped
)

// bucket is a token bucket, full at first.
type bucket struct {
	size  int
	every time.Duration // for one token to come back
	spent int
	since time.Time // when the last one did
}

// has tells whether there is a token.
func (b *bucket) has(now time.Time) bool {
	if back := int(now.Sub(b.since) / b.every); back < b.spent {
		b.spent -= back
		b.since = b.since.Add(time.Duration(back) * b.every)
	} else {
		b.spent, b.since = 0, now
	}
	return b.spent < b.size
}

// take takes a token, if there is one.
func (b *bucket) take(now time.Time) bool {
	if !b.has(now) {
		return false
	}
	b.spent++
	return true
}

// give puts a token back.
func (b *bucket) give() { b.spent = max(b.spent-1, 0) }

// allowance is what one contact, or all strangers together, may still cause.
type allowance struct {
	rings, pushes, entries, changes bucket
	seen                            map[pushed]time.Time // messages taken, until they would be stale anyway
}

func newAllowance(known bool) *allowance {
	if !known {
		return &allowance{
			rings:   bucket{size: strangerRings, every: strangerRingEvery},
			pushes:  bucket{size: strangerBurst, every: strangerEvery},
			entries: bucket{size: strangerEntries, every: strangerEntryEvery},
			seen:    map[pushed]time.Time{},
		}
	}
	return &allowance{
		rings:   bucket{size: contactRings, every: contactRingEvery},
		pushes:  bucket{size: contactPushes, every: contactPushEvery},
		entries: bucket{size: contactEntries, every: contactEntryEvery},
		changes: bucket{size: contactChanges, every: contactChangesEvery},
		seen:    map[pushed]time.Time{},
	}
}

// allow returns what somebody may still cause.
func (p *Phone) allow(identity webpush.PublicKey) *allowance {
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

// answered gives back what the ring of a session has cost that its person took.
func (a *allowance) answered(s *session) {
	a.rings.give()
	if s.link != nil { // it connected early, for which a message was pushed
		a.pushes.give()
	}
}

// remember remembers a message, and forgets those that would be stale anyway. In
// place of one too many it forgets the one that would be stale first.
func (a *allowance) remember(key pushed, until, now time.Time) {
	var first pushed
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
