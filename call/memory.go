package call

import (
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// memory is what a phone keeps of messages and calls for as long as what
// belongs to them may still arrive.
type memory struct {
	strangers *allowance
	contacts  map[webpush.PublicKey]*allowance
	over      map[signaling.CallID]*over // calls that ended here
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
	return memory{strangers: newAllowance(false), contacts: map[webpush.PublicKey]*allowance{}, over: map[signaling.CallID]*over{}}
}

// seenBefore tells whether a message was taken before, and takes it. What is
// too old to be taken again is forgotten.
func (p *Phone) seenBefore(m signaling.Message, now time.Time) bool {
	key := pushed{m.From, m.Call, m.Type, m.Round}
	if p.memory.seen(key) {
		return true
	}
	p.allow(m.From).remember(key, m.Time.Add(freshFor(m.Type)+signaling.ClockSkew), now)
	return false
}

// seen tells whether a message is remembered, as a contact's or, from before they
// were one, as a stranger's.
func (m *memory) seen(key pushed) bool {
	_, seen := m.strangers.seen[key]
	if a := m.contacts[key.from]; a != nil && !seen {
		_, seen = a.seen[key]
	}
	return seen
}

// unsee forgets a message, which is to be taken again.
func (m *memory) unsee(key pushed) {
	delete(m.strangers.seen, key)
	if a := m.contacts[key.from]; a != nil {
		delete(a.seen, key)
	}
}

// moved has a contact's allowance go with them: to move gives nobody another.
func (m *memory) moved(from, to webpush.PublicKey) {
	if a := m.contacts[from]; a != nil {
		delete(m.contacts, from)
		m.contacts[to] = a
	}
}

// cancelled tells whether a cancel has come for the call of an offer: push
// services may reorder.
func (m *memory) cancelled(offer signaling.Message) bool {
	return m.seen(pushed{offer.From, offer.Call, signaling.Cancel, 0})
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
