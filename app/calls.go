package app

import (
	"context"
	"errors"
	"strings"

	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

// ErrOwnSubscription is returned for this browser's own card: nobody calls
// themselves.
var ErrOwnSubscription = errors.New("app: own subscription")

// Calls makes calls and takes them.
type Calls struct {
	*common
	contacts *Contacts
	studio   *Studio
}

// Dial, after Line.Prepare, calls the owner of a card or plain subscription, and
// makes them a contact. video says to send the camera, too. An error says why it was
// not even tried: [phonebook.ErrOtherAddress] that the person is to choose between
// CallContact and DialElsewhere, [call.ErrBlocked] that they have blocked whom the
// card is of.
func (c *Calls) Dial(ctx context.Context, text string, video bool) error {
	card, err := signaling.ParseCard(text)
	if err != nil {
		return err
	}
	if c.line.IsOwn(card) {
		return ErrOwnSubscription
	}
	if card, err = c.book.ToDial(card); err != nil {
		return err
	}
	if err := c.config.Sender.CanPush(card); err != nil {
		return err
	}
	c.contacts.add(card, FromOf(text))
	return c.dial(ctx, card, video)
}

// FromOf returns where the card in a text came from: [phonebook.FromLink] or FromText.
func FromOf(text string) string {
	if strings.Contains(text, signaling.CardFragment) && !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return phonebook.FromLink
	}
	return phonebook.FromText
}

// DialElsewhere, after Line.Prepare, calls a contact at the address of a card that
// has another than the stored one. Only they can answer there, since the identity is
// theirs.
func (c *Calls) DialElsewhere(ctx context.Context, card signaling.Card, video bool) error {
	if _, err := c.book.ToDial(card); err != nil && !errors.Is(err, phonebook.ErrOtherAddress) {
		return err
	}
	if err := c.config.Sender.CanPush(card); err != nil {
		return err
	}
	return c.dial(ctx, card, video)
}

// CallContact, after Line.Prepare, calls a contact, or a stranger of the list of
// calls. A stranger who answers becomes a contact, and not under the name that they
// claim.
func (c *Calls) CallContact(ctx context.Context, identity webpush.PublicKey, video bool) error {
	card, found := c.book.CardOf(identity)
	if !found {
		return errNotContact
	}
	if _, known := c.book.Contact(identity); !known {
		card.Name = ""
	}
	card, err := c.book.ToDial(card)
	if err != nil {
		return err
	}
	return c.dial(ctx, card, video)
}

func (c *Calls) dial(ctx context.Context, card signaling.Card, video bool) error {
	if err := ctx.Err(); err != nil { // the person thought better of it
		return err
	}
	c.studio.prepare()
	c.studio.SetSource(Camera, video)
	c.phone.Dial(card)
	return nil
}

// Answer takes the call that rings here, with the microphone, and the camera if it
// is on by now. One that waits takes the place of the present call, which ends. A call
// that does neither any more is left alone.
func (c *Calls) Answer(id signaling.CallID) { c.phone.Answer(id) }

// Decline refuses the call that rings or waits here.
func (c *Calls) Decline(id signaling.CallID) { c.phone.Decline(id) }

// HangUp ends the call.
func (c *Calls) HangUp() { c.phone.HangUp() }

// SafetyWords are those of the connection that is in use: both people see the same
// if nobody sits between them.
func (c *Calls) SafetyWords(ctx context.Context) ([]string, error) { return c.phone.SafetyWords(ctx) }
