package call

import (
	"slices"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// contactSaved is called by the book for a contact that is new or has changed.
func (h *human) contactSaved(c Contact) {
	h.a.mu.Lock()
	defer h.a.mu.Unlock()
	identity := c.Card.Identity
	stored, known := h.kept[identity]
	if !known {
		_, called := h.called[identity]
		if !called && !h.adds[identity] && !h.succeeds(identity) && !h.meansReaderOf(identity) {
			h.a.breaks("card", "%s has a contact %s, whom nobody made one", h.name, h.a.whose(identity))
		}
		h.kept[identity] = storedCard{card: c.Card, blocked: c.Blocked}
		return
	}
	if c.Card != stored.card {
		at, said := h.saidAt(identity, c.Card)
		switch {
		case !said:
			h.a.breaks("card", "%s keeps another card of %s, who said nothing of it", h.name, h.a.whose(identity))
		case at.Before(stored.at):
			h.a.breaks("older card", "%s keeps a card of %s that is %v older", h.name, h.a.whose(identity), stored.at.Sub(at))
		}
		stored.at = at
	}
	stored.card, stored.blocked = c.Card, c.Blocked
	h.kept[identity] = stored
}

// succeeds reports whether somebody's identity has signed a succession to this one; a.mu is
// held.
func (h *human) succeeds(identity webpush.PublicKey) bool {
	for _, new := range h.moved {
		if new == identity {
			return true
		}
	}
	return false
}

// saidAt returns when an identity has last signed a card as theirs; a.mu is held.
func (h *human) saidAt(identity webpush.PublicKey, card signaling.Card) (at time.Time, said bool) {
	for _, w := range h.words[identity] {
		if w.card == card {
			said = true
			if w.at.After(at) {
				at = w.at
			}
		}
	}
	return at, said
}

// contactDeleted is called by the book for a contact that has moved: people delete none.
func (h *human) contactDeleted(identity webpush.PublicKey) {
	h.a.mu.Lock()
	defer h.a.mu.Unlock()
	if _, said := h.moved[identity]; !said {
		h.a.breaks("card", "%s forgets %s, who said nothing of a move", h.name, h.a.whose(identity))
	}
	delete(h.kept, identity)
}

// checkCard checks that a card that OnCard reports was signed by its owner, or sent in-band by
// the owner's phone. Mallory's identities may sign any card.
func (h *human) checkCard(m signaling.Message) {
	h.a.mu.Lock()
	defer h.a.mu.Unlock()
	said := func(w word) bool { return w.card == *m.Card && w.at.UnixMilli() == m.Time.UnixMilli() }
	if slices.ContainsFunc(h.words[m.From], said) {
		return
	}
	s := h.phone.session
	if s == nil || s.link == nil || s.remote.Identity != m.From {
		h.a.breaks("card", "%s hears of another card of %s, who said nothing", h.name, h.a.whose(m.From))
		return
	}
	h.checkFarEnd(s)
	h.words[m.From] = append(h.words[m.From], word{*m.Card, m.Time})
}
