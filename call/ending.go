package call

import (
	"fmt"
	"time"

	"pushcall/signaling"
)

// byeTime is the time limit for a bye to reach the other side. After it the peer
// connection is closed.
const byeTime = time.Second

// hangUp ends the call with the reason that its state gives.
func (p *Phone) hangUp() {
	s := p.session
	switch {
	case s == nil && p.answering():
		p.declineWaiting()
	case s == nil:
	case !s.since.IsZero():
		s.finish(HungUp, nil)
	case s.outgoing:
		s.finish(Cancelled, nil)
	default:
		s.finish(Declined, nil)
	}
}

// finish ends the call on this side's initiative. It sends a bye if the channel is open,
// and pushes the end if the path may be lost.
func (s *session) finish(reason Reason, err error) {
	if s.inBand() {
		s.send(signal{kind: signalBye, text: byeReason(reason, err), number: s.texts.got})
	}
	if !s.inBand() || s.state == Reconnecting {
		s.finishByPush(reason)
	}
	s.endAfterBye(reason, err)
}

// finishByPush pushes the end of the call, unless the other side cannot know of the
// call or comes to the same end by itself.
func (s *session) finishByPush(reason Reason) {
	if s.inCollision() { // the friend may never have received this side's offer
		s.phone.reportMissed(*s.collidingOffer)
		s.phone.pushReply(s.collidingOffer.Call, signaling.Decline, *s.collidingOffer.Card)
	}
	switch {
	case s.outgoing && s.pushes > 0 && (reason != Network || s.state != Connecting),
		!s.outgoing && reason != NoAnswer && reason != Network:
		s.pushEnd()
	}
}

// byeReason returns the "reason" of a bye, or "" for none.
func byeReason(reason Reason, err error) string {
	switch {
	case reason == NoAnswer:
		return byeNoAnswer
	case err == ErrFlood:
		return byeFlood
	default:
		return ""
	}
}

// receiveBye ends the call because the other side has ended it. It confirms the texts that
// have arrived, as the bye does.
func (s *session) receiveBye(why string) {
	s.sendAlive()
	switch {
	case why == byeFlood:
		s.end(Protocol, ErrFlooded)
	case !s.since.IsZero() && why == byeLeft:
		s.end(HungUp, ErrLeft)
	case !s.since.IsZero():
		s.end(HungUp, nil)
	case why == byeNoAnswer:
		s.end(NoAnswer, nil)
	case s.outgoing:
		s.end(Declined, nil)
	default:
		s.end(Cancelled, nil)
	}
}

// receiveLate handles a message of a call that has ended here. If its sender does not know
// that, it pushes the end to them, once.
func (p *Phone) receiveLate(m signaling.Message) error {
	err := fmt.Errorf("%w: late %s", ErrWrongCall, m.Type)
	o := p.memory.ended[m.Call]
	if o == nil {
		switch {
		case p.session != nil && p.session.id == m.Call: // the call is with somebody else
		case m.Type == signaling.Cancel:
			p.reportMissed(m) // the cancel has replaced its offer at the push service
		case m.Type == signaling.Answer || m.Type == signaling.Ringing:
			// An earlier page made the call, or the sender made it up.
			if card, reachable := p.config.CardOf(m.From); reachable && p.allowanceOf(m.From).pushes.take(time.Now()) {
				p.pushReply(m.Call, signaling.Cancel, card)
			}
		}
		return err
	}
	if now := p.session; now != nil && now.ringsHere() && now.isFrom(m) && m.Type == signaling.Answer && m.Time.After(now.heard) {
		now.end(Cancelled, nil) // they gave up the call that rings here to answer this phone's
	}
	s := o.session
	if m.Type == signaling.Answer && s.isFrom(m) && m.Time.After(s.heard) {
		s.heard = m.Time // they gave up all their older offers for this call
	}
	waitsForEnd := s.outgoing && m.Description != nil && m.Type != signaling.Offer || !s.outgoing && m.Type == signaling.Offer && m.Round > s.round
	endUnderway := s.endPushed && time.Since(o.at) < endTravelTime
	if o.endRepeated || !waitsForEnd || endUnderway || !s.isFrom(m) || !p.allowanceOf(m.From).pushes.take(time.Now()) {
		return err
	}
	o.endRepeated = true
	s.pushEnd()
	return err
}

// leavePage ends the call with the messages that can be sent at once.
func (p *Phone) leavePage() {
	p.dropWaiting()
	s := p.session
	if s == nil || s.ringsHere() {
		p.dropRinging()
		return
	}
	if s.inBand() {
		s.send(signal{kind: signalBye, text: byeLeft, number: s.texts.got})
	}
	switch {
	case s.disarm != nil: // the prepared end is pushed, since a bye may be lost with the page (Firefox, observed)
		s.endPushed = true
		s.pushes++
		s.armEnd, s.disarm = nil, nil // Chromium runs the listener that pushes after the one that has called Leave (observed)
	case !s.inBand() || s.state == Reconnecting:
		s.finishByPush(Cancelled) // the push may be sent before the page is gone
	}
	before := Cancelled
	if !s.outgoing {
		before = Declined // as in hangUp
	}
	s.endAfterBye(s.reasonNow(before), nil)
}

// handOver ends the call, or drops one that rings here, for another tab that takes the
// line.
func (p *Phone) handOver() {
	p.dropWaiting()
	if s := p.session; s == nil || s.ringsHere() {
		p.dropRinging()
		return
	}
	p.hangUp()
}

// dropRinging drops a call that rings here without a message to the friend, and forgets
// its offer, so that the call may ring again. A friend's phone that has connected notices
// the silence and offers anew.
func (p *Phone) dropRinging() {
	if s := p.session; s != nil {
		s.drop()
		delete(p.memory.ended, s.id)
		p.memory.forget(messageKey{s.offer.From, s.id, signaling.Offer, s.round})
		p.config.OnCall(Call{State: Idle})
	}
}

// end ends the phone's session at once, without a message to the other side.
func (s *session) end(reason Reason, err error) {
	p := s.phone
	s.drop()
	if s.yieldedCall != nil && !s.accepted { // the caller's claim may have been false, while this side's call still rings at the friend's
		s.yieldedCall.pushEnd()
	}
	s.state = Ended
	c := s.call()
	c.Reason, c.Err = reason, err
	p.config.OnCall(c)
	if p.byeSession != s {
		s.loseTexts()
	}
	p.loop.Post(p.nextCall) // once what follows in this step has had its turn
}

// drop ends a session without telling the person or the friend.
func (s *session) drop() {
	s.phone.session = nil
	s.phone.memory.rememberEnded(s, time.Now())
	s.cancel()
	if !s.endKept {
		s.setPreparedEnd(nil)
	}
	s.files.End()
	if s.timer != nil {
		s.timer.Stop()
	}
	s.closeLink()
}

// endAfterBye ends the phone's session. If the channel is open, it closes the link only
// once the other side has received the bye: the other side then closes its end of the
// channel.
func (s *session) endAfterBye(reason Reason, err error) {
	p := s.phone
	if !s.inBand() {
		s.end(reason, err)
		return
	}
	l := s.link
	s.link = nil // or end would close it
	p.byeSession, s.byeLink = s, l
	s.end(reason, err)
	l.stop()
	p.loop.Beside(func() func() {
		defer l.peer.Close()
		patience := time.NewTimer(byeTime)
		defer patience.Stop()
		heard := true
		select {
		case <-l.closed:
		case <-p.loop.Context().Done():
		case <-patience.C:
			heard = false
		}
		return func() {
			s.loseTexts()
			if !heard {
				s.pushUnconfirmedEnd(reason)
			}
			p.nextCall()
		}
	})
}

// pushUnconfirmedEnd pushes the end of a call whose bye was not confirmed, since the path
// may have been lost unnoticed. It does so only for a call that never connected: a
// connected friend notices the loss soon, but a page that rings would ring on.
func (s *session) pushUnconfirmedEnd(reason Reason) {
	if s.since.IsZero() && reason != NoAnswer && reason != Network && !s.endPushed {
		s.pushEnd()
	}
}
