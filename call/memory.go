package call

import (
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// memory remembers messages to drop replays, and ended calls to answer late messages.
type memory struct {
	strangers *allowance
	contacts  map[webpush.PublicKey]*allowance
	ended     map[signaling.CallID]*endedCall // on this phone
}

// messageKey identifies a message, to recognize its replay.
type messageKey struct {
	from  webpush.PublicKey
	call  signaling.CallID
	kind  signaling.Type
	round int
}

// endedCall is a call that has ended here. The first late message of the other side is
// answered with the end.
type endedCall struct {
	session     *session
	at          time.Time
	endRepeated bool
}

// endTravelTime is how long a pushed end may take to the other side: messages from before
// it arrives do not mean that it is lost.
const endTravelTime = 5 * time.Second

func newMemory() memory {
	return memory{strangers: newAllowance(false), contacts: map[webpush.PublicKey]*allowance{}, ended: map[signaling.CallID]*endedCall{}}
}

// seenBefore reports whether a message was received before, and records it.
func (p *Phone) seenBefore(m signaling.Message, now time.Time) bool {
	key := messageKey{m.From, m.Call, m.Type, m.Round}
	if p.memory.seen(key) {
		return true
	}
	p.allowanceOf(m.From).remember(key, m.Time.Add(freshFor(m.Type)+signaling.ClockSkew), now)
	return false
}

// seen reports whether a message is recorded: as a contact's, or as a stranger's if its
// sender became a contact after it.
func (m *memory) seen(key messageKey) bool {
	_, seen := m.strangers.seen[key]
	if a := m.contacts[key.from]; a != nil && !seen {
		_, seen = a.seen[key]
	}
	return seen
}

// forget deletes the record of a message, so that the phone accepts it again.
func (m *memory) forget(key messageKey) {
	delete(m.strangers.seen, key)
	if a := m.contacts[key.from]; a != nil {
		delete(a.seen, key)
	}
}

// moveContact gives a contact's new identity the allowance of the old one: a successor
// brings no fresh tokens.
func (m *memory) moveContact(from, to webpush.PublicKey) {
	if a := m.contacts[from]; a != nil {
		delete(m.contacts, from)
		m.contacts[to] = a
	}
}

// cancelled reports whether a cancel has arrived before its offer: push services may
// reorder messages.
func (m *memory) cancelled(offer signaling.Message) bool {
	return m.seen(messageKey{offer.From, offer.Call, signaling.Cancel, 0})
}

// superseded reports whether an offer is older than a message of its sender in a call that
// has ended. Nobody is in two calls, so its sender gave the offer up for that call.
func (m *memory) superseded(offer signaling.Message) bool {
	for _, o := range m.ended {
		if o.session.isFrom(offer) && o.session.heard.After(offer.Time) {
			return true
		}
	}
	return false
}

// rememberEnded records an ended session, and deletes those for which no message can
// arrive any more.
func (m *memory) rememberEnded(s *session, now time.Time) {
	for id, o := range m.ended {
		if now.Sub(o.at) > RingTime+ConnectTime+signaling.ClockSkew {
			delete(m.ended, id)
		}
	}
	m.ended[s.id] = &endedCall{session: s, at: now}
}
