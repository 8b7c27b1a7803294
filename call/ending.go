package call

import (
	"fmt"
	"time"

	"pushcall/signaling"
)

// farewellTime is how long a hang up may take to reach the other side before
// the peer connection is closed under it.
const farewellTime = time.Second

func (p *Phone) hangUp() {
	s := p.session
	switch {
	case s == nil:
	case !s.since.IsZero():
		s.finish(HungUp, nil)
	case s.outgoing:
		s.finish(Cancelled, nil)
	default:
		s.finish(Declined, nil)
	}
}

// finish ends the call because this side says so, and tells the other: in-band
// where there is a path, by push where there may be none.
func (s *session) finish(reason Reason, err error) {
	if s.inBand() {
		s.send(signal{kind: signalBye, text: byeReason(reason, err), number: s.texts.got})
	}
	if !s.inBand() || s.state == Reconnecting {
		s.finishByPush(reason)
	}
	s.part(reason, err)
}

// finishByPush pushes the end of the call, unless the other side cannot know of the
// call or comes to the same end by itself.
func (s *session) finishByPush(reason Reason) {
	if s.collides() { // they may never have had this side's offer
		s.phone.missed(*s.collided)
		s.phone.pushEndOf(s.collided.Call, signaling.Decline, *s.collided.Card)
	}
	switch {
	case s.outgoing && s.pushes > 0 && (reason != Network || s.state != Connecting),
		!s.outgoing && reason != NoAnswer && reason != Network:
		s.pushEnd()
	}
}

// byeReason is what a bye says beyond that the call is over.
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

// receiveBye takes the other side's end of the call. Both say which texts have
// come.
func (s *session) receiveBye(why string) {
	s.sendAlive()
	switch {
	case why == byeFlood:
		s.end(Protocol, ErrFlooded)
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

// receiveLate answers what belongs to a call that has ended here: with the
// end, once.
func (p *Phone) receiveLate(m signaling.Message) error {
	err := fmt.Errorf("%w: late %s", ErrWrongCall, m.Type)
	o := p.memory.over[m.Call]
	if o == nil {
		switch {
		case p.session != nil && p.session.id == m.Call: // which is with somebody else
		case m.Type == signaling.Cancel:
			p.missed(m) // it has taken the place of its offer
		case m.Type == signaling.Answer || m.Type == signaling.Ringing:
			// A page before this one made the call, or nobody did.
			if card, reachable := p.config.CardOf(m.From); reachable && p.allow(m.From).pushes.take(time.Now()) {
				p.pushEndOf(m.Call, signaling.Cancel, card)
			}
		}
		return err
	}
	if now := p.session; now != nil && now.ringsHere() && now.isFrom(m) && m.Type == signaling.Answer && m.Time.After(now.heard) {
		now.end(Cancelled, nil) // they gave up calling to answer
	}
	s := o.session
	if m.Type == signaling.Answer && s.isFrom(m) && m.Time.After(s.heard) {
		s.heard = m.Time // an offer of theirs that is older was given up for this call
	}
	asks := s.outgoing && m.Description != nil && m.Type != signaling.Offer || !s.outgoing && m.Type == signaling.Offer && m.Round > s.round
	crossing := s.endPushed && time.Since(o.at) < crossTime
	if o.told || !asks || crossing || !s.isFrom(m) || !p.allow(m.From).pushes.take(time.Now()) {
		return err
	}
	o.told = true
	s.pushEnd()
	return err
}

// leave ends the call with what can be sent at once.
func (p *Phone) leave() {
	s := p.session
	if s == nil || s.ringsHere() {
		p.abandon()
		return
	}
	if s.inBand() {
		s.send(signal{kind: signalBye, number: s.texts.got})
	}
	switch {
	case s.disarm != nil: // a bye may end with the page (Firefox, observed)
		s.endPushed = true
		s.pushes++
		s.disarm = nil // Chromium runs the listener that pushes after the one that has called Leave (observed)
	case !s.inBand() || s.state == Reconnecting:
		s.finishByPush(Cancelled) // it may just be in time
	}
	before := Cancelled
	if !s.outgoing {
		before = Declined // as hanging up would
	}
	s.part(s.reasonNow(before), nil)
}

func (p *Phone) handOver() {
	if s := p.session; s == nil || s.ringsHere() {
		p.abandon()
		return
	}
	p.hangUp()
}

// abandon drops a call that rings here without a word to the friend, whose
// phone offers anew where it notices.
func (p *Phone) abandon() {
	if s := p.session; s != nil {
		s.drop()
		delete(p.memory.over, s.id)
		p.memory.unsee(pushed{s.offer.From, s.id, signaling.Offer, s.round})
		p.config.OnCall(Call{State: Idle})
	}
}

// end ends the phone's session at once.
func (s *session) end(reason Reason, err error) {
	p := s.phone
	s.drop()
	if s.instead != nil && !s.accepted { // the claim may have been false, and the friend rings on
		s.instead.pushEnd()
	}
	s.state = Ended
	c := s.call()
	c.Reason, c.Err = reason, err
	p.config.OnCall(c)
	if p.parted != s {
		s.loseTexts()
	}
}

// drop ends a session without a word, neither to the person nor to the friend.
func (s *session) drop() {
	s.phone.session = nil
	s.phone.memory.ended(s, time.Now())
	s.cancel()
	s.prepared(nil)
	s.files.End()
	if s.timer != nil {
		s.timer.Stop()
	}
	s.unlink()
}

// part ends the phone's session. Where a bye is under way, it closes the link
// only once that has arrived: the other side closes its end of the channel then.
func (s *session) part(reason Reason, err error) {
	p := s.phone
	if !s.inBand() {
		s.end(reason, err)
		return
	}
	l := s.link
	s.link = nil // or end would close it
	p.parted, s.farewell = s, l
	s.end(reason, err)
	l.stop()
	p.loop.Beside(func() func() {
		defer l.peer.Close()
		patience := time.NewTimer(farewellTime)
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
				s.unheard(reason)
			}
		}
	})
}

// unheard goes on after a bye that nobody confirmed: the path may have gone
// unnoticed. A friend who talks notices that soon; one whose page rings would
// let it ring on.
func (s *session) unheard(reason Reason) {
	if s.since.IsZero() && reason != NoAnswer && reason != Network && !s.endPushed {
		s.pushEnd()
	}
}
