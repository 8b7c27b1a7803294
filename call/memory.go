package call

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// memory is what a phone keeps of messages and calls for as long as what
// belongs to them may still arrive.
type memory struct {
	seen map[pushed]time.Time       // messages taken, until they would be stale anyway
	over map[signaling.CallID]*over // calls that ended here
	busy bucket                     // what those may still be told whom this phone has no call with
}

// pushed names a message, to recognize it when it comes again.
type pushed struct {
	from  webpush.PublicKey
	call  signaling.CallID
	kind  signaling.Type
	round int
}

// over is a call that ended here. Who answers it late is told so, once.
type over struct {
	session *session
	at      time.Time
	told    bool
}

// crossTime is how long an end may take to the other side: what they send
// until then was sent before they knew.
const crossTime = 5 * time.Second

func newMemory() memory {
	return memory{seen: map[pushed]time.Time{}, over: map[signaling.CallID]*over{}, busy: bucket{size: strangerBurst, every: strangerEvery}}
}

// maxSeen is ours: so many messages are remembered. Who sends more makes the
// phone forget the one that would be stale first.
const maxSeen = 4096

// seenBefore tells whether a message was taken before, and takes it. What is
// too old to be taken again is forgotten.
func (m *memory) seenBefore(message signaling.Message, now time.Time) bool {
	key := pushed{message.From, message.Call, message.Type, message.Round}
	if _, again := m.seen[key]; again {
		return true
	}
	m.forget(now)
	m.seen[key] = message.Time.Add(freshFor(message.Type) + signaling.ClockSkew)
	return false
}

func (m *memory) forget(now time.Time) {
	var first pushed
	var firstUntil time.Time
	for key, until := range m.seen {
		if now.After(until) {
			delete(m.seen, key)
		} else if firstUntil.IsZero() || until.Before(firstUntil) {
			first, firstUntil = key, until
		}
	}
	if len(m.seen) >= maxSeen {
		delete(m.seen, first)
	}
}

// cancelled tells whether a cancel has come for the call of an offer: push
// services may reorder.
func (m *memory) cancelled(offer signaling.Message) bool {
	_, found := m.seen[pushed{offer.From, offer.Call, signaling.Cancel, 0}]
	return found
}

// superseded tells whether an offer is older than what its sender said of a
// call that is over by now: nobody is in two calls, so it was given up for that.
func (m *memory) superseded(offer signaling.Message) bool {
	for _, o := range m.over {
		if o.session.isFrom(offer) && o.session.heard.After(offer.Time) {
			return true
		}
	}
	return false
}

// ended keeps a session that has ended.
func (m *memory) ended(s *session, now time.Time) {
	for id, o := range m.over {
		if now.Sub(o.at) > RingTime+ConnectTime+signaling.ClockSkew {
			delete(m.over, id)
		}
	}
	m.over[s.id] = &over{session: s, at: now}
}

// Strangers, who can make as many identities as they like, are told that this
// phone is busy no more than so often, nor is anybody that it does not call them:
// each time costs a push.
const (
	strangerBurst = 3
	strangerEvery = 20 * time.Second
)

// bucket is a token bucket, full at first.
type bucket struct {
	size  int
	every time.Duration // for one token to come back
	spent int
	since time.Time // when the last one did
}

// take takes a token, if there is one.
func (b *bucket) take(now time.Time) bool {
	if back := int(now.Sub(b.since) / b.every); back > 0 {
		b.spent = max(b.spent-back, 0)
		b.since = now
	}
	if b.spent == b.size {
		return false
	}
	b.spent++
	return true
}

// topic names what a message is about to the push service of one side: a cancel
// takes the place of its undelivered offer, a card that of an older one. It does
// not give the call's id away, which lets one answer, nor does it tell a relay
// that two pushes belong to one call.
func topic(m signaling.Message, own webpush.PublicKey, to signaling.Card) string {
	subject := m.Call[:]
	if m.Type == signaling.CardChanged {
		subject = own.Bytes()
	}
	sum := sha256.Sum256(slices.Concat(subject, to.Subscription.UAPublic.Bytes()))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}
