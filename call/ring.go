package call

import (
	"fmt"
	"time"

	"pushcall/signaling"
)

// receiveOffer decides what an offer means at this moment.
func (p *Phone) receiveOffer(m signaling.Message) error {
	s := p.session
	switch {
	case p.memory.cancelled(m):
		p.missed(m)
		return ErrCancelled
	case p.memory.over[m.Call] != nil:
		return p.receiveLate(m)
	case s != nil && s.id == m.Call:
		return s.receiveRound(m)
	case p.config.Logged(m.Call):
		return ErrReplay
	case p.memory.superseded(m):
		return ErrSuperseded
	}
	remote, reachable := p.cardOf(m)
	if !reachable {
		p.missed(m)
		return ErrNoCard
	}
	m.Card = &remote
	if p.turnsAway(m) {
		p.missed(m)
		return ErrNoContact
	}
	switch {
	case s == nil || p.displaces(m, s):
		return p.ring(m)
	case !s.isFrom(m) && !(s.isClaimed(m) && p.allow(m.From).rings.has(time.Now())):
		p.refuse(m)
	case s.heard.After(m.Time):
		return ErrSuperseded
	case s.outgoing && s.state == Dialing && !polite(p.config.Identity.Public(), m.From):
		s.collided = &m // an offer collision, and ours stands: they will answer it
	case s.outgoing && s.since.IsZero():
		s.yield(m)
	default: // they have lost this call, by a reload or a crash, and call anew
		s.end(s.reasonNow(Cancelled), nil)
		return p.ring(m)
	}
	return nil
}

// displaces tells whether an offer takes the place of the call that rings here:
// a contact's does of a stranger's, or strangers could keep contacts away.
func (p *Phone) displaces(m signaling.Message, s *session) bool {
	_, known := p.contact(m.From)
	_, other := p.contact(s.remote.Identity)
	return known && !other && s.ringsHere()
}

// turnsAway tells whether an offer does not ring for whom it comes from. Who is
// being called or talked to, and calls, is welcome in any case.
func (p *Phone) turnsAway(m signaling.Message) bool {
	_, known := p.config.Contact(m.From)
	s := p.session
	wanted := s != nil && s.isFrom(m) && (s.outgoing || s.accepted)
	return !known && p.config.ContactsOnly() && !wanted
}

// cardOf returns the card to answer an offer to: the one in it, which its
// sender has signed, or one that came before.
func (p *Phone) cardOf(m signaling.Message) (signaling.Card, bool) {
	contact, known := p.config.Contact(m.From)
	if m.Card == nil || known && !m.Time.After(contact.CardTime) {
		if s := p.session; !known && s != nil && s.remote.Identity == m.From {
			return s.remote, true // the newest that they have signed
		}
		return p.config.CardOf(m.From)
	}
	if known && *m.Card != contact.Card && p.allow(m.From).changes.take(time.Now()) {
		p.config.OnCard(m)
	}
	return *m.Card, true
}

// ring asks the person. A contact's peer may connect meanwhile. ErrTooMany is for
// a caller who has rung in vain too often: their call is missed.
func (p *Phone) ring(m signaling.Message) error {
	may := p.allow(m.From)
	if !may.rings.take(time.Now()) {
		p.missed(m)
		return ErrTooMany
	}
	if s := p.session; s != nil {
		s.end(NoAnswer, nil)
		p.tellBusy(*s.offer)
	}
	s := p.begin(*m.Card, m.Call, false)
	s.heard, s.offer, s.round = m.Time, &m, m.Round
	s.deadline(ringFor(time.Since(m.Time)), func() { s.finish(NoAnswer, nil) })
	if _, known := p.config.Contact(m.From); known && p.config.Early() && may.pushes.take(time.Now()) {
		s.connect()
	}
	s.show(Ringing)
	return nil
}

// ringFor tells how long an offer rings that has the given age by two clocks.
func ringFor(age time.Duration) time.Duration {
	return min(max(RingTime-age, MinRingTime), RingTime)
}

// accept takes the call that rings here.
func (s *session) accept() {
	s.accepted = true
	s.phone.allow(s.remote.Identity).answered(s)
	switch l := s.link; {
	case l == nil:
		s.connect()
		s.connecting()
	case l.open:
		s.sendAlive()
		s.sendCard()
		s.connected()
	default:
		s.connecting()
		if l.unheard {
			s.pushDescription(l)
		}
	}
}

// receiveRound takes a new offer for the present call: the caller's peer has
// lost its path, and this is another. Both people's consent stands.
func (s *session) receiveRound(m signaling.Message) error {
	if s.outgoing || !s.isFrom(m) || m.Round <= s.round || m.Round >= maxRounds {
		return fmt.Errorf("%w: %s of round %d while %s", ErrWrongCall, m.Type, m.Round, s.state)
	}
	s.heard, s.offer, s.round = m.Time, &m, m.Round
	if m.Card != nil {
		s.remote = *m.Card
	}
	connect := s.accepted || s.link != nil
	s.unlink()
	if s.state == Connected {
		s.reconnecting()
	}
	s.awaitPath()
	if connect {
		s.connect()
	}
	return nil
}

// refuse tells a caller that this phone is in another call.
func (p *Phone) refuse(m signaling.Message) {
	p.missed(m)
	p.tellBusy(m)
}

// tellBusy tells it to a caller who has not made this phone push too much.
func (p *Phone) tellBusy(m signaling.Message) {
	if p.allow(m.From).pushes.take(time.Now()) {
		p.pushEndOf(m.Call, signaling.Busy, *m.Card)
	}
}

// missed notes a call that does not ring here.
func (p *Phone) missed(m signaling.Message) {
	if p.config.Logged(m.Call) || !p.allow(m.From).entries.take(time.Now()) {
		return
	}
	missed := Missed{ID: m.Call, Identity: m.From, Time: m.Time}
	if m.Card != nil {
		missed.Card = *m.Card
	} else if card, found := p.config.CardOf(m.From); found {
		missed.Card = card
	}
	p.config.OnMissed(missed)
}
