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

// Causes of an end with Protocol, because one side, or its script, sent more in-band
// messages than a friend's phone would.
var (
	ErrFlood   = errors.New("call: more came through the data channel than a friend can mean")
	ErrFlooded = errors.New("call: the other side took what this one sent for a flood")
)

// ErrLeft is the cause of an end with HungUp because the other side's page was closed,
// left or reloaded.
var ErrLeft = errors.New("call: the other side's page has closed")

// ErrNotReady is the cause of an end before the offer was pushed: an answer could not have
// reached this phone. It is wrapped together with the error of Config.Ready.
var ErrNotReady = errors.New("call: no answer could reach this phone")

// Errors for Config.OnDrop: causes for which a push message or an in-band message was
// dropped.
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

// A Phone makes and receives calls, one at a time. Its methods may be called from any
// goroutine, the browser's callbacks included, and return at once if they take no context.
type Phone struct {
	config     Config
	loop       *loop.Loop
	opening    *loop.Loop   // opens push messages, in the order in which they arrived
	session    *session     // nil when idle
	waiting    *waitingCall // during the session's call; or nil
	byeSession *session     // ended by a bye that the other side may not have received yet; or nil
	media      Media        // that this side sends
	memory     memory

	networks int // the most networks that a gathering has found
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

// Dial calls the owner of a card. If their call rings here, Dial answers it. During any
// other call it does nothing.
func (p *Phone) Dial(card signaling.Card) { p.loop.Post(func() { p.dial(card) }) }

// Answer answers the call that rings or waits here, if it has that id. A call that waits
// takes the place of the present one, which ends. Answer takes effect after all messages
// that were given to Deliver before.
func (p *Phone) Answer(id signaling.CallID) {
	p.decide(id, (*session).accept, p.answerWaiting)
}

// Decline declines the call that rings or waits here, if it has that id. It takes effect
// after all messages that were given to Deliver before.
func (p *Phone) Decline(id signaling.CallID) {
	p.decide(id, func(s *session) { s.finish(Declined, nil) }, p.declineWaiting)
}

// HangUp ends the call, whatever its state.
func (p *Phone) HangUp() { p.loop.Post(p.hangUp) }

// Leave ends the call because the page goes away. It sends only messages that can be sent
// at once, beside the message of Config.Prepare. A call that rings here is dropped without
// a message, so that it rings on when the person comes back.
func (p *Phone) Leave() { p.loop.Post(p.leavePage) }

// HandOver ends the call because another tab takes the line. A call that rings here is
// dropped without a message, so that it rings there.
func (p *Phone) HandOver() { p.loop.Post(p.handOver) }

// SendText sends a text and reports it to OnText. Unless the call is connected, it
// returns the text to OnUnsent instead. It drops a text above MaxText.
func (p *Phone) SendText(text string) { p.loop.Post(func() { p.sendText(text, "") }) }

// SendAgain sends a text that was lost in an earlier call with the same friend. It does
// nothing unless there is a connected call with them, so the next call may try again.
func (p *Phone) SendAgain(to webpush.PublicKey, t Text) {
	p.loop.Post(func() {
		if s := p.session; s != nil && s.remote.Identity == to {
			p.sendText(t.Text, t.ID)
		}
	})
}

// SetMedia sets the media that this side sends from now on, or would send once a call is
// answered. The phone announces them to the other side of this call and of later ones.
func (p *Phone) SetMedia(m Media) { p.loop.Post(func() { p.setMedia(m) }) }

// Deliver opens and handles the payload of a push message.
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

// Settle waits until all messages that were given to Deliver before have taken effect. Its
// errors are those of ctx, and loop.ErrClosed after Close.
func (p *Phone) Settle(ctx context.Context) error {
	if err := p.opening.Do(ctx, func() {}); err != nil { // opening has posted the messages to loop by then
		return err
	}
	return p.loop.Do(ctx, func() {})
}

// Close hangs up and waits for all goroutines of the phone.
func (p *Phone) Close() {
	_ = p.loop.Do(context.Background(), func() { p.dropWaiting(); p.hangUp() }) // an error means that the phone was closed before
	p.opening.Close()
	p.loop.Close()
}

// decide calls ringing with the session that rings here, or waiting if a call waits, for
// the one that has that id, after the messages that were given to Deliver before have taken
// effect.
func (p *Phone) decide(id signaling.CallID, ringing func(*session), waiting func()) {
	p.opening.Post(func() {
		p.loop.Post(func() {
			if s := p.session; s != nil && s.id == id && s.ringsHere() {
				ringing(s)
			} else if p.waiting != nil && p.waiting.offer.Call == id {
				waiting()
			}
		})
	})
}

// receive handles a message whose signature is valid. It returns an error for a message
// that it drops.
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
		if !p.allowanceOf(before).changes.take(now) {
			return ErrTooMany
		}
		p.config.OnMoved(before, m.From)
		p.memory.moveContact(before, m.From)
	}
	switch m.Type {
	case signaling.Offer:
		return p.receiveOffer(m)
	case signaling.CardChanged:
		if !p.allowanceOf(m.From).changes.take(now) {
			return ErrTooMany
		}
		p.config.OnCard(m)
		return nil
	}
	s := p.session
	if w := p.waiting; w != nil && m.Type == signaling.Cancel && m.Call == w.offer.Call && m.From == w.offer.From {
		p.missWaiting(Cancelled)
		return nil
	}
	if s == nil || s.id != m.Call || !s.isFrom(m) {
		return p.receiveLate(m)
	}
	if m.Time.After(s.heard) {
		s.heard = m.Time
	}
	return s.receiveFor(m)
}

// predecessor returns the newest identity in a chain that is a contact's, or the zero
// value. blocked reports whether any of these contacts is blocked, since a successor of a
// blocked contact stays blocked.
func (p *Phone) predecessor(chain signaling.Chain) (newest webpush.PublicKey, blocked bool) {
	for _, s := range chain.Successions() {
		if contact, known := p.contact(s.Old); known {
			newest, blocked = s.Old, blocked || contact.Blocked
		}
	}
	return newest, blocked
}

// checkTime returns an error for a message that is stale or from the future at the time
// now. Either clock may be wrong, this phone's own after it was set back; so an offer that
// is dropped for its time is reported as a missed call. Messages of the present call pass
// at any time: nobody can have sent them before it, without its id.
func (p *Phone) checkTime(m signaling.Message, now time.Time) error {
	if s := p.session; s != nil && s.id == m.Call && s.isFrom(m) {
		return nil
	}
	err := m.Fresh(now, freshFor(m.Type))
	if err != nil && (m.Type == signaling.Offer || m.Type == signaling.Cancel) {
		if m.Time.After(now) {
			m.Time = now // or it would stay first in the list until then
		}
		p.reportMissed(m)
	}
	return err
}

// receiveFor handles a message of the present call from its other side.
func (s *session) receiveFor(m signaling.Message) error {
	reason := s.reasonNow
	switch {
	case m.Type == signaling.Answer || m.Type == signaling.Ringing:
		return s.receiveAnswer(m)
	case m.Type == signaling.Decline && s.outgoing:
		s.endByRefusal(reason(Declined))
	case m.Type == signaling.Busy && s.outgoing && s.state == Dialing:
		s.endByRefusal(Busy)
	case m.Type == signaling.Waiting && s.outgoing && s.state == Dialing:
		s.remote.Identity, s.waits = m.From, true // as in receiveAnswer
		s.show(Ringing)
	case m.Type == signaling.Cancel && !s.outgoing:
		s.end(reason(Cancelled), nil)
	default:
		return fmt.Errorf("%w: %s while %s", ErrWrongCall, m.Type, s.state)
	}
	return nil
}

// panicked ends the call after a panic in the phone. The program keeps running.
func (p *Phone) panicked(err error) {
	p.loop.Post(func() {
		err = fmt.Errorf("call: %w", err)
		p.config.OnDrop(err)
		if s := p.session; s != nil {
			s.end(Protocol, err)
		}
	})
}

// polite reports whether this side is the polite one, which yields in an offer collision
// (W3C webrtc-pc, Section 10.7).
func polite(own, remote webpush.PublicKey) bool { return own.Compare(remote) < 0 }
