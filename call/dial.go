package call

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"pushcall/signaling"
)

// dial makes an outgoing call. Its consent is given with it.
func (p *Phone) dial(card signaling.Card) {
	if s := p.session; s != nil {
		if s.ringsHere() && !card.Identity.IsZero() && card.Identity == s.remote.Identity {
			s.accept()
		}
		return
	}
	id, secrets := newSecrets()
	s := p.begin(card, id, true)
	s.secrets = secrets
	s.deadline(RingTime, func() { s.finish(NoAnswer, nil) })
	s.connect()
	s.show(Dialing)
}

// offered goes on once an offer was taken by the push service, or was not.
func (s *session) offered(err error) {
	switch {
	case err == nil || s.link.answered: // who answers has it, whatever the push service says
	case s.collides(): // they cannot know that they are called, but they call
		s.yield(*s.collided)
	case s.round > 0:
		s.finish(Network, err)
	default:
		reason := reasonOf(err)
		if reason == Undelivered { // it may be on its way all the same
			s.pushEnd()
		}
		s.end(reason, err)
	}
}

// collides tells whether the friend is calling too, since the last that was
// heard of them, and waits for what comes of this phone's own call.
func (s *session) collides() bool {
	return s.collided != nil && s.collided.Time.After(s.heard) && !s.phone.memory.cancelled(*s.collided)
}

// refused ends a call that the callee does not take. If they have called since,
// that rings now.
func (s *session) refused(reason Reason) {
	theyCall := s.collides()
	s.end(reason, nil)
	if theyCall {
		s.phone.ringOrDrop(*s.collided)
	}
}

// receiveAnswer takes what the callee says to an offer: that its person is
// asked and the peers can connect meanwhile, or that the person takes the call.
func (s *session) receiveAnswer(m signaling.Message) error {
	l := s.link
	again := l != nil && l.answered && (m.Type == signaling.Ringing || s.accepted)
	if !s.outgoing || l == nil || m.Round != l.round || again {
		return fmt.Errorf("%w: %s of round %d while %s", ErrWrongCall, m.Type, m.Round, s.state)
	}
	if m.Time.Before(s.heard) { // a phone that has lost the call asks its person anew
		return fmt.Errorf("%w: %s", ErrSuperseded, m.Type)
	}
	s.remote.Identity = m.From // a plain subscription did not tell
	if m.Type == signaling.Ringing {
		s.accepted = false // of a friend who has lost the call, the person is asked again
	}
	if !l.answered {
		l.answered = true
		l.certificate = m.Description.Fingerprint
		s.setAnswer(l, m)
	}
	switch {
	case m.Type == signaling.Ringing:
		if !s.since.IsZero() {
			s.deadline(RingTime, func() { s.finish(NoAnswer, nil) })
		}
		s.show(Ringing)
	case l.open:
		s.accepted = true
		s.connected()
	case s.state == Reconnecting:
		s.accepted = true
		s.awaitPath()
	default:
		s.accepted = true
		s.connecting()
	}
	return nil
}

func (s *session) setAnswer(l *link, m signaling.Message) {
	s.hurry()
	s.phone.loop.Beside(func() func() {
		err := l.peer.SetRemoteDescription(l.ctx, withoutCandidates(signalAnswer, *m.Description))
		if err == nil {
			l.addCandidates(*m.Description)
		}
		return func() {
			if err != nil && s.link == l {
				s.finish(Protocol, err)
			}
		}
	})
}

// yield drops an outgoing call in favour of the one that the same friend is
// making: both people want to talk, so it is answered at once. A caller of whom
// only the subscription is the friend's may be anybody, and rings.
func (s *session) yield(offer signaling.Message) {
	p := s.phone
	s.drop()
	if s.isFrom(offer) {
		p.take(offer)
		return
	}
	p.ringOrDrop(offer)
	if rings := p.session; rings != nil {
		rings.instead = s
	}
}

// ringOrDrop rings, or tells why not.
func (p *Phone) ringOrDrop(offer signaling.Message) {
	if err := p.ring(offer); err != nil {
		p.config.OnDrop(err)
	}
}

// take answers a call that this phone's person has consented to by calling.
func (p *Phone) take(offer signaling.Message) {
	s := p.begin(*offer.Card, offer.Call, false)
	s.heard, s.offer, s.round, s.accepted = offer.Time, &offer, offer.Round, true
	s.connect()
	s.connecting()
}

// connect makes a link for the session's round, gathers, and pushes its
// description: an offer, or what answers the offer that came. The browser has
// begun with it on return, so that it gathers while the call is shown.
func (s *session) connect() {
	l, err := s.newLink()
	if err != nil {
		s.on(func() { s.finish(Protocol, err) })
		return
	}
	offer := s.offer
	if offer != nil {
		l.certificate = offer.Description.Fingerprint
	}
	ready := s.ready()
	s.prepareEnd()
	s.hurry()
	s.phone.loop.Beside(func() func() {
		d, err := l.describe(s.outgoing, offer)
		if err == nil {
			select {
			case err = <-ready:
			case <-l.ctx.Done():
				err = l.ctx.Err()
			}
		}
		return func() {
			switch {
			case s.link != l:
			case errors.Is(err, errNoAddress): // until ReconnectTime is over
				s.connect()
			case errors.Is(err, ErrNotReady) && s.collides(): // what answers them reaches them
				s.yield(*s.collided)
			case err != nil:
				s.finish(Protocol, err)
			default:
				l.description = &d
				s.pushDescription(l)
			}
		}
	})
	runtime.Gosched() // in a page, which has one thread, that is done next
}

// readyTime is how long it may take to find out. It is less than a person waits
// for an answer, since what they would wait for cannot come.
const readyTime = 10 * time.Second

// ready looks whether this phone is ready for the answer to a call. To one that
// goes on it was, and may have no network now.
func (s *session) ready() <-chan error {
	ready := make(chan error, 1)
	if !s.outgoing || s.round > 0 {
		ready <- nil
		return ready
	}
	s.phone.loop.Beside(func() func() {
		ctx, cancel := context.WithTimeout(s.ctx, readyTime)
		defer cancel()
		err := s.phone.config.Ready(ctx)
		if err != nil {
			err = fmt.Errorf("%w: %w", ErrNotReady, err)
		}
		ready <- err
		return nil
	})
	return ready
}

// describe makes the link's description. It runs beside the loop and reads
// only what does not change.
func (l *link) describe(outgoing bool, offer *signaling.Message) (signaling.Description, error) {
	if err := l.prepare(outgoing, offer); err != nil {
		return signaling.Description{}, err
	}
	if err := l.peer.SetLocalDescription(l.ctx); err != nil {
		return signaling.Description{}, err
	}
	if !outgoing {
		l.addCandidates(*offer.Description)
	}
	if err := l.gathering.wait(l.ctx); err != nil {
		return signaling.Description{}, err
	}
	if l.round > 0 && l.gathering.fruitless() {
		return signaling.Description{}, errNoAddress
	}
	l.inDescription.Store(l.gathering.count.Load())
	local, err := l.peer.LocalDescription()
	if err != nil {
		return signaling.Description{}, err
	}
	return signaling.Describe(local.SDP)
}

func (l *link) prepare(outgoing bool, offer *signaling.Message) error {
	if outgoing {
		return l.peer.CreateChannel()
	}
	return l.peer.SetRemoteDescription(l.ctx, withoutCandidates(signalOffer, *offer.Description))
}
