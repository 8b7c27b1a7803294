package call

import (
	"time"

	"pushcall/signaling"
)

// A caller may have dialed a new address of a contact, and still store the old one: only a
// signed or in-band message of the owner changes a stored card. So the callee's side sends
// its card in-band.

// sendCard sends this side's card to the caller, once the callee's person has answered. It
// gives no new ability to ring, since the caller has just rung.
func (s *session) sendCard() {
	if !s.outgoing {
		s.send(signal{kind: signalCard, card: s.phone.config.Card(), time: time.Now()})
	}
}

// receiveCard reports the card of the contact whom this side has called. The card of
// anybody else replaces the dialed one in the call, and so in the list of calls: they may
// call back without sending it again.
func (s *session) receiveCard(m signal) {
	p := s.phone
	contact, known := p.contact(s.remote.Identity)
	card := m.card
	card.Identity = s.remote.Identity
	switch {
	case !s.outgoing || card.Identity.IsZero() || m.time.After(time.Now().Add(signaling.ClockSkew)):
		return
	case !known:
		s.remote = card
		return
	case contact.Card == card || !p.allowanceOf(s.remote.Identity).changes.take(time.Now()):
		return
	}
	p.config.OnCard(signaling.Message{Type: signaling.CardChanged, From: card.Identity, Card: &card, Time: m.time})
}
