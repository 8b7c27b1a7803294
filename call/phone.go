package call

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pushcall/internal/loop"
	"pushcall/signaling"
	"pushcall/webpush"
)

// Why a call has ended with Protocol in which somebody, or their script, sent more
// than a friend can mean.
var (
	ErrFlood   = errors.New("call: more came through the data channel than a friend can mean")
	ErrFlooded = errors.New("call: the other side took what this one sent for a flood")
)

// ErrNotReady is why a call has ended whose answer could not have reached this
// phone. It wraps what Config.Ready says.
var ErrNotReady = errors.New("call: no answer could reach this phone")

// Reasons to drop what a push or the data channel brought, told to Config.OnDrop.
var (
	ErrReplay     = errors.New("call: message was seen before")
	ErrNoCard     = errors.New("call: offer without a card, of somebody who never sent one")
	ErrOwn        = errors.New("call: message from this phone itself")
	ErrBlocked    = errors.New("call: message from a blocked contact")
	ErrStranger   = errors.New("call: changed card of a stranger")
	ErrWrongCall  = errors.New("call: message belongs to no call of this phone")
	ErrCancelled  = errors.New("call: offer of a call that was cancelled")
	ErrSuperseded = errors.New("call: message is older than what its sender said since")
	ErrNoContact  = errors.New("call: offer of a stranger, and only contacts ring")
	ErrEarly      = errors.New("call: not before the call was answered")
	ErrTooMany    = errors.New("call: more than one sender may cause")
)

// A Phone has at most one call. Its methods may be called from any goroutine, the
// browser's callbacks included, and return at once if they take no context.
type Phone struct {
	config  Config
	loop    *loop.Loop
	opening *loop.Loop // opens messages, in the order they came
	session *session   // nil when idle
	parted  *session   // ended by this side's bye, which its friend may still be reading; or nil
	media   Media      // what this side sends
	memory  memory

	networks int // the most that a gathering has ended with
}

// New returns an idle phone. Its error names the required field that config lacks.
func New(config Config) (*Phone, error) {
	if err := config.complete(); err != nil {
		return nil, err
	}
	p := &Phone{config: config, memory: newMemory()}
	p.loop, p.opening = loop.New(p.panicked), loop.New(p.panicked)
	return p, nil
}

// Dial calls the owner of a card. To dial whoever rings at the moment is to
// answer; during any other call it does nothing.
func (p *Phone) Dial(card signaling.Card) { p.loop.Post(func() { p.dial(card) }) }

// Answer takes the call that rings here, if it is the one with that id. Of a
// message that was delivered before it need not wait for the outcome.
func (p *Phone) Answer(id signaling.CallID) { p.decide(id, (*session).accept) }

// Decline refuses the call that rings here, if it is the one with that id.
func (p *Phone) Decline(id signaling.CallID) {
	p.decide(id, func(s *session) { s.finish(Declined, nil) })
}

// HangUp ends the call, whatever its state.
func (p *Phone) HangUp() { p.loop.Post(p.hangUp) }

// Leave ends the call because the page goes away, with what can be sent at
// once, beside the message of Config.Prepare. A call that rings here is left to
// ring, for the person to come back to.
func (p *Phone) Leave() { p.loop.Post(p.leave) }

// HandOver ends the call because another tab takes the line. A call that rings
// here is left to ring there.
func (p *Phone) HandOver() { p.loop.Post(p.handOver) }

// SendText sends a text message; OnText shows it, or OnUnsent where there is no
// call that is connected. It drops a text above MaxText.
func (p *Phone) SendText(text string) { p.loop.Post(func() { p.sendText(text, "") }) }

// SendAgain sends a text that was lost in a call before, if it was meant for the
// friend of this one. Else it does nothing, and the caller tries in the next call.
func (p *Phone) SendAgain(to webpush.PublicKey, t Text) {
	p.loop.Post(func() {
		if s := p.session; s != nil && s.remote.Identity == to {
			p.sendText(t.Text, t.ID)
		}
	})
}

// SetMedia says what this side sends from now on, or would once a call is
// answered. It is told to the other side of this call, and of those to come.
func (p *Phone) SetMedia(m Media) { p.loop.Post(func() { p.setMedia(m) }) }

// Deliver takes the payload of a push message.
func (p *Phone) Deliver(payload []byte) {
	p.opening.Post(func() {
		receiver := p.config.Card().Subscription.UAPublic
		m, err := signaling.Open(p.opening.Context(), payload, receiver, p.config.Verify)
		p.loop.Post(func() {
			if err == nil {
				err = p.receive(m)
			}
			if err != nil {
				p.config.OnDrop(err)
			}
		})
	})
}

// Settle waits until all that was delivered before has had its effect. Its errors
// are those of ctx, and loop.ErrClosed after Close.
func (p *Phone) Settle(ctx context.Context) error {
	if err := p.opening.Do(ctx, func() {}); err != nil { // it posts what it has opened to the other
		return err
	}
	return p.loop.Do(ctx, func() {})
}

// Close ends the call and waits for everything the phone has started.
func (p *Phone) Close() {
	_ = p.loop.Do(context.Background(), p.hangUp) // its error says that it was closed before
	p.opening.Close()
	p.loop.Close()
}

// decide acts on the call that rings here, after all that was delivered before.
func (p *Phone) decide(id signaling.CallID, f func(*session)) {
	p.opening.Post(func() {
		p.loop.Post(func() {
			if s := p.session; s != nil && s.id == id && s.ringsHere() {
				f(s)
			}
		})
	})
}

// receive acts on a message whose signature is good.
func (p *Phone) receive(m signaling.Message) error {
	now := time.Now()
	if m.From == p.config.Identity.Public() {
		if m.Type == signaling.Test {
			p.config.OnTest(m.Call)
			return nil
		}
		return ErrOwn
	}
	contact, known := p.config.Contact(m.From)
	before, blocked := p.predecessor(m.Succeeds)
	moved := !before.IsZero()
	if contact.Blocked || blocked {
		return ErrBlocked
	}
	if err := p.checkTime(m, now); err != nil {
		return err
	}
	if m.Description != nil && m.Description.HasMedia() {
		return fmt.Errorf("%w: media in %s", ErrEarly, m.Type)
	}
	if m.Type == signaling.CardChanged && !known && !moved {
		return ErrStranger
	}
	if p.seenBefore(m, now) {
		return ErrReplay
	}
	if moved {
		if !p.allow(before).changes.take(now) {
			return ErrTooMany
		}
		p.config.OnMoved(before, m.From)
		p.memory.moved(before, m.From)
	}
	switch m.Type {
	case signaling.Offer:
		return p.receiveOffer(m)
	case signaling.CardChanged:
		if !p.allow(m.From).changes.take(now) {
			return ErrTooMany
		}
		p.config.OnCard(m)
		return nil
	}
	s := p.session
	if s == nil || s.id != m.Call || !s.isFrom(m) {
		return p.receiveLate(m)
	}
	if m.Time.After(s.heard) {
		s.heard = m.Time
	}
	return s.receiveFor(m)
}

// predecessor returns the newest identity in a chain that is a contact's, or the
// zero value, and whether any contact among them is blocked: who moves stays so.
func (p *Phone) predecessor(chain signaling.Chain) (newest webpush.PublicKey, blocked bool) {
	for _, s := range chain.Successions() {
		if contact, known := p.contact(s.Old); known {
			newest, blocked = s.Old, blocked || contact.Blocked
		}
	}
	return newest, blocked
}

// checkTime returns an error for a message that is not to be acted on at the time
// now. Either clock may be wrong, this phone's own after it was set back: a call
// that does not ring for that is missed. What belongs to the present call is
// taken at any time, since nobody can send it before: they do not know its id.
func (p *Phone) checkTime(m signaling.Message, now time.Time) error {
	if s := p.session; s != nil && s.id == m.Call && s.isFrom(m) {
		return nil
	}
	err := m.Fresh(now, freshFor(m.Type))
	if err != nil && (m.Type == signaling.Offer || m.Type == signaling.Cancel) {
		if m.Time.After(now) {
			m.Time = now // or it would head the list for as long
		}
		p.missed(m)
	}
	return err
}

// receiveFor acts on what the other side of the present call says of it.
func (s *session) receiveFor(m signaling.Message) error {
	over := s.reasonNow
	switch {
	case m.Type == signaling.Answer || m.Type == signaling.Ringing:
		return s.receiveAnswer(m)
	case m.Type == signaling.Decline && s.outgoing:
		s.refused(over(Declined))
	case m.Type == signaling.Busy && s.outgoing && s.state == Dialing:
		s.refused(Busy)
	case m.Type == signaling.Cancel && !s.outgoing:
		s.end(over(Cancelled), nil)
	default:
		return fmt.Errorf("%w: %s while %s", ErrWrongCall, m.Type, s.state)
	}
	return nil
}

// panicked ends the call of a phone that had a bug in it; the page goes on.
func (p *Phone) panicked(err error) {
	p.loop.Post(func() {
		err = fmt.Errorf("call: %w", err)
		p.config.OnDrop(err)
		if s := p.session; s != nil {
			s.end(Protocol, err)
		}
	})
}

// polite tells which of two people yields in an offer collision.
func polite(own, remote webpush.PublicKey) bool { return own.Compare(remote) < 0 }
