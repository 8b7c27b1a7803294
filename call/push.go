package call

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// ErrUndelivered is what a Config.Push wraps when a message did not reach the
// push service: no network, or no relay that works.
var ErrUndelivered = errors.New("call: the message did not reach the push service")

// ErrUncarried is what a Config.Push wraps when the receiver's push service takes no
// messages from this page, and none of its relays carries to it: so it will be
// the next time.
var ErrUncarried = errors.New("call: no relay carries to the push service")

// A BusyError is what a Config.Push returns when a message was turned away on
// its way, and the push service has not seen it: the relays have too much to do.
type BusyError struct {
	RetryAfter time.Duration // until it is worth trying again
}

func (e *BusyError) Error() string {
	return fmt.Sprintf("call: the relays are busy, retry after %v", e.RetryAfter)
}

// Unwrap says that the message did not reach the push service.
func (e *BusyError) Unwrap() error { return ErrUndelivered }

// Tell signs and pushes a message that belongs to no call of this phone: a changed
// card or a test. It blocks until the push service has answered.
func (p *Phone) Tell(ctx context.Context, to signaling.Card, m signaling.Message) error {
	payload, options, err := p.seal(ctx, to, m)
	if err != nil {
		return err
	}
	return p.config.Push(ctx, to, payload, options)
}

// pushDescription pushes the link's description: in an offer, or in the ringing or
// answer message that replies to one.
func (s *session) pushDescription(l *link) {
	p := s.phone
	m := signaling.Message{Type: signaling.Ringing, Call: s.id, Round: l.round, Description: l.description}
	switch {
	case s.outgoing:
		m.Type = signaling.Offer
		if own := p.config.Card(); !s.hasCard(own) {
			m.Card = &own
			if contact, known := p.contact(s.remote.Identity); known && contact.Succeeds.New() == own.Identity {
				m.Succeeds = contact.Succeeds
			}
		}
	case s.accepted:
		m.Type = signaling.Answer
	}
	rest := s.rest // of this step: the answer may come before the push service's own
	s.push(m, func(err error) {
		rest()
		switch {
		case s.link != l || p.session != s:
		case s.outgoing:
			s.offered(err)
		case err == nil || l.open:
		case m.Type == signaling.Answer && !s.since.IsZero():
			s.end(Network, err)
		case m.Type == signaling.Answer:
			s.end(reasonOf(err), err)
		default: // the caller will learn of it by the answer
			l.unheard = true
			p.config.OnDrop(fmt.Errorf("push %s: %w", m.Type, err))
			if s.accepted {
				s.pushDescription(l)
			}
		}
	})
}

// hasCard reports whether the friend is known to have this phone's card.
func (s *session) hasCard(own signaling.Card) bool {
	contact, known := s.phone.contact(s.remote.Identity)
	return known && contact.Told == CardDigest(own)
}

// pushEnd pushes the end of the session's call: a cancel or a decline.
func (s *session) pushEnd() {
	s.endPushed = true
	m := signaling.Message{Type: s.endKind(), Call: s.id}
	s.push(m, func(err error) {
		if err != nil {
			s.endPushed = false
			s.phone.config.OnDrop(fmt.Errorf("push %s: %w", m.Type, err))
		}
	})
}

// prepareEnd has the same message ready in case the page goes away: nothing that takes
// time works then. It signs and encrypts it while the peer gathers, so that it is
// ready before the friend's phone rings.
func (s *session) prepareEnd() {
	p := s.phone
	if p.config.Prepare == nil {
		return
	}
	m, to := signaling.Message{Type: s.endKind(), Call: s.id}, s.remote
	p.loop.Beside(func() func() {
		payload, options, err := p.seal(s.ctx, to, m)
		if err != nil {
			return nil // it is a courtesy
		}
		arm, err := p.config.Prepare(s.ctx, to, payload, options)
		if err != nil {
			return nil
		}
		return func() {
			if p.session == s {
				s.prepared(arm)
			}
		}
	})
}

// pushEndOf pushes a busy, decline or cancel message for a call that this phone has no
// session of.
func (p *Phone) pushEndOf(id signaling.CallID, kind signaling.Type, to signaling.Card) {
	p.loop.Beside(func() func() {
		err := p.Tell(Unasked(p.loop.Context()), to, signaling.Message{Type: kind, Call: id})
		return func() {
			if err != nil {
				p.config.OnDrop(fmt.Errorf("push %s: %w", kind, err))
			}
		}
	})
}

// push pushes a message of the session's call, if the call may still have one, then
// calls then. Where relays or the push service ask to wait for less than a ring lasts,
// it shows that to the person and pushes the message again. It does the same for a call
// whose path was lost, since the network may be away for a while.
func (s *session) push(m signaling.Message, then func(error)) {
	if !s.mayPush() {
		return
	}
	s.pushes++
	s.arm()
	ctx := s.phone.loop.Context() // an end must get through after the session's own
	if m.Description != nil {
		ctx = s.ctx
	}
	if !s.outgoing && !s.accepted {
		ctx = Unasked(ctx)
	}
	s.attempt(ctx, s.remote, m, time.Now().Add(RingTime), then)
}

// attempt pushes m once, and later again if that fails with an error that asks for it
// and there is time for it before last.
func (s *session) attempt(ctx context.Context, to signaling.Card, m signaling.Message, last time.Time, then func(error)) {
	p := s.phone
	p.loop.Beside(func() func() {
		err := p.Tell(ctx, to, m)
		return func() {
			wait, asked := waitOf(err)
			if !asked && m.Round > 0 && errors.Is(err, ErrUndelivered) {
				wait, asked = settleTime, true
			}
			if ctx.Err() != nil || !asked || !time.Now().Add(wait).Before(last) {
				s.showWait(time.Time{}, nil)
				then(err)
				return
			}
			s.showWait(time.Now().Add(wait), err)
			p.loop.Beside(func() func() {
				if sleep(ctx, wait) != nil {
					return func() { then(err) }
				}
				return func() { s.attempt(ctx, to, m, last, then) }
			})
		}
	})
}

// showWait shows the person when a message is pushed again, and why; the zero time
// says that none waits.
func (s *session) showWait(until time.Time, why error) {
	if s.phone.session == s && s.again != until {
		s.again, s.turnedAway = until, why
		s.show(s.state)
	}
}

// seal signs m, and returns its payload for a card's owner with the options for the
// push service.
func (p *Phone) seal(ctx context.Context, to signaling.Card, m signaling.Message) ([]byte, webpush.Options, error) {
	own := p.config.Identity.Public()
	m.From, m.Time = own, time.Now()
	payload, err := m.Seal(ctx, p.config.Identity, to.Subscription.UAPublic)
	if err == nil && to.Subscription.Endpoint.Service().Declarative {
		payload = signaling.Declare(payload, m.Type)
	}
	return payload, webpush.Options{TTL: ttl(m.Type), Urgency: webpush.UrgencyHigh, Topic: topic(m, own, to)}, err
}

// ttl returns how long a push service stores a message for its receiver.
func ttl(kind signaling.Type) time.Duration {
	if kind == signaling.Decline {
		return RingTime // by then the caller has given up
	}
	return freshFor(kind)
}

// topic names the subject of a message to the push service of one side: a cancel
// replaces its undelivered offer, and a card an older one. It does not give the call's
// id away, which lets one answer, nor does it tell a relay that two pushes belong to
// one call.
func topic(m signaling.Message, own webpush.PublicKey, to signaling.Card) string {
	subject := m.Call[:]
	if m.Type == signaling.CardChanged {
		subject = own.Bytes()
	}
	sum := sha256.Sum256(slices.Concat(subject, to.Subscription.UAPublic.Bytes()))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// waitOf returns how long the error of a push asks to wait before another attempt.
func waitOf(err error) (wait time.Duration, asked bool) {
	var busy *BusyError
	var tooMany *webpush.TooManyRequestsError
	var unavailable *webpush.UnavailableError
	switch {
	case errors.As(err, &busy):
		return busy.RetryAfter, true
	case errors.As(err, &unavailable):
		return unavailable.RetryAfter, true
	case errors.As(err, &tooMany):
		return tooMany.RetryAfter, tooMany.RetryAfter > 0
	}
	return 0, false
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
