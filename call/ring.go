package call

import (
	"fmt"
	"time"

	"pushcall/signaling"
)

// receiveOffer handles an offer: it rings, resolves an offer collision, or drops it with an
// error.
func (p *Phone) receiveOffer(m signaling.Message) error {
	s := p.session
	switch {
	case p.memory.cancelled(m):
		p.reportMissed(m)
		return ErrCancelled
	case p.memory.ended[m.Call] != nil:
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
		p.reportMissed(m)
		return ErrNoCard
	}
	m.Card = &remote
	if p.refusesStranger(m) {
		p.reportMissed(m)
		return ErrNoContact
	}
	free := s == nil || p.displacesRinging(m, s)
	switch w := p.waiting; {
	case free && w != nil && (w.answered || w.offer.From == m.From): // it is the next, once the bye has arrived
		return p.waitOrRefuse(m)
	case free:
		return p.ring(m)
	case !s.isFrom(m) && !(s.isClaimed(m) && p.allowanceOf(m.From).rings.has(time.Now())):
		return p.waitOrRefuse(m)
	case s.heard.After(m.Time):
		return ErrSuperseded
	case s.outgoing && s.state == Dialing && !polite(p.config.Identity.Public(), m.From):
		s.collidingOffer = &m // this side is impolite: the friend answers its offer
	case s.outgoing && s.since.IsZero():
		s.yieldTo(m)
	default: // the friend has lost this call by a reload or a crash, and calls anew
		s.end(s.reasonNow(Cancelled), nil)
		return p.ring(m)
	}
	return nil
}

// displacesRinging reports whether an offer replaces the call that rings here. A contact's
// offer replaces a stranger's call, or strangers could keep contacts away.
func (p *Phone) displacesRinging(m signaling.Message, s *session) bool {
	_, known := p.contact(m.From)
	_, other := p.contact(s.remote.Identity)
	return known && !other && s.ringsHere()
}

// refusesStranger reports whether an offer does not ring because only contacts may ring.
// The offer of somebody whom this phone is calling or talking to rings in any case.
func (p *Phone) refusesStranger(m signaling.Message) bool {
	_, known := p.config.Contact(m.From)
	s := p.session
	wanted := s != nil && s.isFrom(m) && (s.outgoing || s.accepted)
	return !known && p.config.ContactsOnly() && !wanted
}

// cardOf returns the card to answer an offer to: the card in the offer, which its sender
// has signed, or the stored one if that is newer or the only one.
func (p *Phone) cardOf(m signaling.Message) (signaling.Card, bool) {
	contact, known := p.config.Contact(m.From)
	if m.Card == nil || known && !m.Time.After(contact.CardTime) {
		if s := p.session; !known && s != nil && s.remote.Identity == m.From {
			return s.remote, true // the newest card that they have signed
		}
		return p.config.CardOf(m.From)
	}
	if known && *m.Card != contact.Card && p.allowanceOf(m.From).changes.take(time.Now()) {
		p.config.OnCard(m)
	}
	return *m.Card, true
}

// ring begins an incoming call, which rings. It connects to a contact meanwhile, if
// Config.Early allows. It returns ErrTooMany for a caller whose rings went unanswered too
// often, and reports their call as missed.
func (p *Phone) ring(m signaling.Message) error {
	may := p.allowanceOf(m.From)
	if !may.rings.take(time.Now()) {
		p.reportMissed(m)
		return ErrTooMany
	}
	if s := p.session; s != nil {
		s.end(NoAnswer, nil)
		p.pushBusy(*s.offer)
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

// ringFor returns how long an offer rings. Its age is the difference of two clocks.
func ringFor(age time.Duration) time.Duration {
	return min(max(RingTime-age, MinRingTime), RingTime)
}

// accept answers the call that rings here.
func (s *session) accept() {
	s.accepted = true
	s.phone.allowanceOf(s.remote.Identity).refund(s)
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
		if l.ringingFailed {
			s.pushDescription(l)
		}
	}
}

// receiveRound handles a new offer of the present call, whose path the caller's peer has
// lost. It makes another link. Both people's consent stands.
func (s *session) receiveRound(m signaling.Message) error {
	if s.outgoing || !s.isFrom(m) || m.Round <= s.round || m.Round >= maxRounds {
		return fmt.Errorf("%w: %s of round %d while %s", ErrWrongCall, m.Type, m.Round, s.state)
	}
	s.heard, s.offer, s.round = m.Time, &m, m.Round
	if m.Card != nil {
		s.remote = *m.Card
	}
	connect := s.accepted || s.link != nil
	s.closeLink()
	if s.state == Connected {
		s.reconnecting()
	}
	s.awaitPath()
	if connect {
		s.connect()
	}
	return nil
}

// refuseBusy reports an offer as missed, and tells its caller that this phone is in another
// call.
func (p *Phone) refuseBusy(m signaling.Message) {
	p.reportMissed(m)
	p.pushBusy(m)
}

// pushBusy pushes a busy message to a caller, if their allowance has a push left.
func (p *Phone) pushBusy(m signaling.Message) {
	if p.allowanceOf(m.From).pushes.take(time.Now()) {
		p.pushReply(m.Call, signaling.Busy, *m.Card)
	}
}

// reportMissed reports a call that does not ring here to OnMissed, if its caller's allowance
// has an entry left.
func (p *Phone) reportMissed(m signaling.Message) { p.reportUnrung(m, false) }

// reportUnrung is reportMissed of a call that the person may have declined while it waited.
func (p *Phone) reportUnrung(m signaling.Message, declined bool) {
	if p.config.Logged(m.Call) || !p.allowanceOf(m.From).entries.take(time.Now()) {
		return
	}
	missed := Missed{ID: m.Call, Identity: m.From, Time: m.Time, Declined: declined}
	if m.Card != nil {
		missed.Card = *m.Card
	} else if card, found := p.config.CardOf(m.From); found {
		missed.Card = card
	}
	p.config.OnMissed(missed)
}
