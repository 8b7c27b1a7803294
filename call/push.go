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

// ErrUndelivered is wrapped by the error of Config.Push for a message that did not reach
// the push service: there is no network, or no working relay.
var ErrUndelivered = errors.New("call: the message did not reach the push service")

// ErrUncarried is wrapped by the error of Config.Push if the receiver's push service
// accepts no requests from this page, and none of the page's relays forwards to that
// service. Another attempt will fail, too.
var ErrUncarried = errors.New("call: no relay carries to the push service")

// A BusyError is returned by Config.Push if overloaded relays have refused the message. It
// has not reached the push service.
type BusyError struct {
	RetryAfter time.Duration // before another attempt
}

func (e *BusyError) Error() string {
	return fmt.Sprintf("call: the relays are busy, retry after %v", e.RetryAfter)
}

// Unwrap returns ErrUndelivered.
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

// pushDescription pushes the link's description in an offer, or in a ringing or answer
// message that replies to one.
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
	endHurry := s.endHurry // of this step: the friend's answer may arrive before the push service's response
	s.push(m, func(err error) {
		endHurry()
		switch {
		case s.link != l || p.session != s:
		case s.outgoing:
			s.offerPushed(err)
		case err == nil || l.open:
		case m.Type == signaling.Answer:
			reason := reasonOf(err)
			if reason == Undelivered {
				s.keepPreparedEnd()
			}
			if !s.since.IsZero() {
				reason = Network
			}
			s.end(reason, err)
		default: // the caller connects once the answer message arrives
			l.ringingFailed = true
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
	s.keepPreparedEnd()
	m := signaling.Message{Type: s.endKind(), Call: s.id}
	s.push(m, func(err error) {
		if err == nil {
			s.setPreparedEnd(nil)
			return
		}
		s.endPushed = false
		s.phone.config.OnDrop(fmt.Errorf("push %s: %w", m.Type, err))
	})
}

// keepPreparedEnd leaves the prepared end registered with pagehide for RingTime, even if
// the call ends here meanwhile, since a page that goes away breaks off its requests. Firefox
// does so some time before pagehide: they fail in a page that still runs (observed).
func (s *session) keepPreparedEnd() {
	s.endKept = true
	time.AfterFunc(RingTime, func() {
		s.phone.loop.Post(func() {
			if s.phone.session != s {
				s.setPreparedEnd(nil)
			}
		})
	})
}

// prepareEnd prepares the message of pushEnd for a page that goes away, which has no time
// to sign and encrypt. It does so while the peer gathers, so that the message is ready
// before the friend's phone rings.
func (s *session) prepareEnd() {
	p := s.phone
	if p.config.Prepare == nil {
		return
	}
	m, to := signaling.Message{Type: s.endKind(), Call: s.id}, s.remote
	p.loop.Beside(func() func() {
		payload, options, err := p.seal(s.ctx, to, m)
		if err != nil {
			return nil // the call works without it
		}
		arm, err := p.config.Prepare(s.ctx, to, payload, options)
		if err != nil {
			return nil
		}
		return func() {
			if p.session == s {
				s.setPreparedEnd(arm)
			}
		}
	})
}

// pushReply pushes a busy, waiting, decline or cancel message of a call that has no session here.
func (p *Phone) pushReply(id signaling.CallID, kind signaling.Type, to signaling.Card) {
	p.loop.Beside(func() func() {
		err := p.Tell(Unasked(p.loop.Context()), to, signaling.Message{Type: kind, Call: id})
		return func() {
			if err != nil {
				p.config.OnDrop(fmt.Errorf("push %s: %w", kind, err))
			}
		}
	})
}

// push pushes a message of the session's call, unless the call has used up its pushes, and
// calls then with the result. If relays or the push service ask to wait, for less than
// RingTime, push shows that to the person and retries after the wait. In a call whose path
// was lost it also retries after ErrUndelivered, since the network may be away for a while.
func (s *session) push(m signaling.Message, then func(error)) {
	if !s.mayPush() {
		return
	}
	s.pushes++
	s.arm()
	ctx := s.phone.loop.Context() // a pushed end outlives the session
	if m.Description != nil {
		ctx = s.ctx
	}
	if !s.outgoing && !s.accepted {
		ctx = Unasked(ctx)
	}
	s.attempt(ctx, s.remote, m, time.Now().Add(RingTime), then)
}

// attempt pushes m once. If that fails with an error that asks for a retry, it retries
// after the wait, but not after last.
func (s *session) attempt(ctx context.Context, to signaling.Card, m signaling.Message, last time.Time, then func(error)) {
	p := s.phone
	p.loop.Beside(func() func() {
		err := p.Tell(ctx, to, m)
		return func() {
			wait, asked := retryAfter(err)
			if !asked && m.Round > 0 && errors.Is(err, ErrUndelivered) {
				wait, asked = networkChangeTime, true
			}
			if ctx.Err() != nil || !asked || !time.Now().Add(wait).Before(last) {
				s.showRetry(time.Time{}, nil)
				then(err)
				return
			}
			s.showRetry(time.Now().Add(wait), err)
			p.loop.Beside(func() func() {
				if sleep(ctx, wait) != nil {
					return func() { then(err) }
				}
				return func() { s.attempt(ctx, to, m, last, then) }
			})
		}
	})
}

// showRetry shows the person the time of the next attempt to push, and the error of the
// last one. The zero time means that no message waits.
func (s *session) showRetry(until time.Time, why error) {
	if s.phone.session == s && s.retryAt != until {
		s.retryAt, s.retryCause = until, why
		s.show(s.state)
	}
}

// seal signs m and returns its payload for the owner of a card, with the options for the
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

// topic returns the topic of a message (RFC 8030, Section 5.4): a cancel replaces its
// undelivered offer, and a changed card replaces an older one. The topic is a hash, since
// anybody who knows the call's id can answer the call. It also depends on the receiver, so
// that a relay cannot link the pushes of a call's two sides.
func topic(m signaling.Message, own webpush.PublicKey, to signaling.Card) string {
	subject := m.Call[:]
	if m.Type == signaling.CardChanged {
		subject = own.Bytes()
	}
	sum := sha256.Sum256(slices.Concat(subject, to.Subscription.UAPublic.Bytes()))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// retryAfter returns the wait that the error of a push asks for before a retry.
func retryAfter(err error) (wait time.Duration, asked bool) {
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

// sleep waits for d. It returns the error of ctx if that ends before.
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
