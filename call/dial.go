package call

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"pushcall/signaling"
)

// dial begins an outgoing call, or answers the call that rings here from the owner of the
// card.
func (p *Phone) dial(card signaling.Card) {
	if w := p.waiting; p.session == nil && w != nil && (w.answered || card.Identity == w.offer.From) {
		p.answerWaiting()
		return
	}
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

// offerPushed handles the result of the push of an offer.
func (s *session) offerPushed(err error) {
	switch {
	case err == nil || s.link.answered: // an answer proves that the offer arrived, despite the push service's error
	case s.inCollision(): // the friend does not know of this call, but calls this phone
		s.yieldTo(*s.collidingOffer)
	case s.round > 0:
		s.finish(Network, err)
	default:
		reason := reasonOf(err)
		if reason == Undelivered { // the offer may arrive all the same
			s.pushEnd()
		}
		s.end(reason, err)
	}
}

// inCollision reports whether this call is in an offer collision: the friend's offer is
// newer than all else that they have sent, is not cancelled, and waits for the end of
// this phone's own call.
func (s *session) inCollision() bool {
	return s.collidingOffer != nil && s.collidingOffer.Time.After(s.heard) && !s.phone.memory.cancelled(*s.collidingOffer)
}

// endByRefusal ends a call that the callee refuses. If the callee has called meanwhile,
// their call rings now.
func (s *session) endByRefusal(reason Reason) {
	theyCall := s.inCollision()
	s.end(reason, nil)
	if theyCall {
		s.phone.ringOrLog(*s.collidingOffer)
	}
}

// receiveAnswer handles a ringing message, with which the peers connect while the callee's
// person is asked, or an answer message, by which the person takes the call.
func (s *session) receiveAnswer(m signaling.Message) error {
	l := s.link
	again := l != nil && l.answered && (m.Type == signaling.Ringing || s.accepted)
	if !s.outgoing || l == nil || m.Round != l.round || again {
		return fmt.Errorf("%w: %s of round %d while %s", ErrWrongCall, m.Type, m.Round, s.state)
	}
	if m.Time.Before(s.heard) { // the callee's phone may have lost the call since, and ask its person anew
		return fmt.Errorf("%w: %s", ErrSuperseded, m.Type)
	}
	s.waits = false
	s.remote.Identity = m.From // unknown before in a call to a plain subscription
	if m.Type == signaling.Ringing {
		s.accepted = false // a friend's phone that has lost the call asks its person again
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

// setAnswer sets the description of a ringing or answer message, then adds its candidates.
func (s *session) setAnswer(l *link, m signaling.Message) {
	s.startHurry()
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

// yieldTo drops the outgoing call and answers the friend's offer at once, since both
// people want to talk. If the outgoing call goes to a plain subscription, the sender of
// the offer only claims to own it: their call rings.
func (s *session) yieldTo(offer signaling.Message) {
	p := s.phone
	s.drop()
	if s.isFrom(offer) {
		p.answerAtOnce(offer)
		return
	}
	p.ringOrLog(offer)
	if rings := p.session; rings != nil {
		rings.yieldedCall = s
	}
}

// ringOrLog rings for an offer, or reports to OnDrop why it does not.
func (p *Phone) ringOrLog(offer signaling.Message) {
	if err := p.ring(offer); err != nil {
		p.config.OnDrop(err)
	}
}

// answerAtOnce answers a call without ringing: this phone's person has consented to it by
// calling the friend.
func (p *Phone) answerAtOnce(offer signaling.Message) {
	s := p.begin(*offer.Card, offer.Call, false)
	s.heard, s.offer, s.round, s.accepted = offer.Time, &offer, offer.Round, true
	s.connect()
	s.connecting()
}

// connect makes a link for the session's round, gathers, and pushes the description: an
// offer, or a ringing or answer message. The browser has begun to gather when connect
// returns, so that it gathers while the call is drawn.
func (s *session) connect() {
	l, err := s.newLink()
	if err != nil {
		s.post(func() { s.finish(Protocol, err) })
		return
	}
	offer := s.offer
	if offer != nil {
		l.certificate = offer.Description.Fingerprint
	}
	ready := s.checkReady()
	s.prepareEnd()
	s.startHurry()
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
			case errors.Is(err, errNoAddress): // again, until ReconnectTime is over
				s.connect()
			case errors.Is(err, ErrNotReady) && s.inCollision(): // this side's answer can reach the friend
				s.yieldTo(*s.collidingOffer)
			case err != nil:
				s.finish(Protocol, err)
			default:
				l.description = &d
				s.pushDescription(l)
			}
		}
	})
	runtime.Gosched() // a page has one thread: this runs the function above at once
}

// readyTime is the time limit of Config.Ready. It is shorter than a person waits for an
// answer, since without Ready no answer can arrive.
const readyTime = 10 * time.Second

// checkReady calls Config.Ready beside the loop, and returns a channel with its error. It
// does so before the first offer only: a later round needs no check, and may begin while
// there is no network.
func (s *session) checkReady() <-chan error {
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

// describe makes the link's local description and waits for its candidates. It runs beside
// the loop, so it reads only fields that do not change or are atomic.
func (l *link) describe(outgoing bool, offer *signaling.Message) (signaling.Description, error) {
	if err := l.prepareSignaling(outgoing, offer); err != nil {
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
	if l.round > 0 && l.gathering.foundNothing() {
		return signaling.Description{}, errNoAddress
	}
	l.inDescription.Store(l.gathering.count.Load())
	local, err := l.peer.LocalDescription()
	if err != nil {
		return signaling.Description{}, err
	}
	return signaling.Describe(local.SDP)
}

// prepareSignaling creates the data channel of an outgoing call, or sets the offer of an
// incoming one.
func (l *link) prepareSignaling(outgoing bool, offer *signaling.Message) error {
	if outgoing {
		return l.peer.CreateChannel()
	}
	return l.peer.SetRemoteDescription(l.ctx, withoutCandidates(signalOffer, *offer.Description))
}
