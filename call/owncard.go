package call

import (
	"time"

	"pushcall/signaling"
)

// A contact may have called at an address that they have been given anew, and
// store another: the stored one changes by its owner's word only. So a callee
// says in-band what their card is.

// sendCard tells the caller this side's card, once its person has taken the call.
// It lets nobody ring who could not: they have rung.
func (s *session) sendCard() {
	if !s.outgoing {
		s.send(signal{kind: signalCard, card: s.phone.config.Card(), time: time.Now()})
	}
}

// receiveCard takes the card of the contact whom this side has called.
func (s *session) receiveCard(m signal) {
	p := s.phone
	contact, known := p.contact(s.remote.Identity)
	card := m.card
	card.Identity = s.remote.Identity
	if !s.outgoing || !known || contact.Card == card || m.time.After(time.Now().Add(signaling.ClockSkew)) ||
		!p.allow(s.remote.Identity).changes.take(time.Now()) {
		return
	}
	p.config.OnCard(signaling.Message{Type: signaling.CardChanged, From: card.Identity, Card: &card, Time: m.time})
}
