package call

import (
	"time"

	"pushcall/signaling"
)

// A waitingCall is a contact's call that has arrived during another call. The phone shows
// it to its person, who may answer it, which ends the other call, decline it, or let it
// ring out. It rings once the other call is over.
type waitingCall struct {
	offer    signaling.Message
	timer    *time.Timer // rings it out
	answered bool        // it takes the place of the call that has just ended, once that one's bye has arrived
}

// answering reports whether the waiting call is answered, so that no other may begin.
func (p *Phone) answering() bool { return p.waiting != nil && p.waiting.answered }

// waitOrRefuse handles an offer of somebody else during a call. A contact's waits if both
// people have joined the call, and their phone is told so. Other calls are refused as busy:
// a stranger's, one that arrives while another waits, and one beyond the bound of rings.
func (p *Phone) waitOrRefuse(m signaling.Message) error {
	may, now := p.allowanceOf(m.From), time.Now()
	_, known := p.contact(m.From)
	w := p.waiting
	switch {
	case w != nil && w.offer.From == m.From && !m.Time.After(w.offer.Time):
		return ErrSuperseded
	case w != nil && w.offer.Call == m.Call && w.offer.From == m.From: // of a later round
		w.offer = m
		return nil
	case w != nil && w.offer.From == m.From: // the friend has lost that call by a reload or a crash
		p.missWaiting(Cancelled)
		if s := p.session; s == nil || p.displacesRinging(m, s) {
			return p.ring(m)
		}
	}
	if !known || p.session == nil || !p.session.accepted || p.waiting != nil || !may.rings.take(now) {
		p.refuseBusy(m)
		return nil
	}
	w = &waitingCall{offer: m}
	w.timer = time.AfterFunc(ringFor(now.Sub(m.Time)), func() {
		p.loop.Post(func() {
			if p.waiting == w {
				p.missWaiting(NoAnswer)
			}
		})
	})
	p.waiting = w
	if may.pushes.take(now) {
		p.pushReply(m.Call, signaling.Waiting, *m.Card)
	}
	p.showWaiting(w, Ringing, NoReason)
	return nil
}

// showWaiting reports a waiting call to OnWaiting.
func (p *Phone) showWaiting(w *waitingCall, state State, reason Reason) {
	contact, known := p.contact(w.offer.From)
	p.config.OnWaiting(Call{ID: w.offer.Call, State: state, Remote: *w.offer.Card, Known: known, Name: contact.Name, Heard: w.offer.Time, Reason: reason})
}

// takeWaiting returns the waiting call, which waits no longer; nil if there is none.
func (p *Phone) takeWaiting() *waitingCall {
	w := p.waiting
	if w != nil {
		p.waiting = nil
		w.timer.Stop()
	}
	return w
}

// missWaiting ends the waiting call, which has rung out or was cancelled.
func (p *Phone) missWaiting(reason Reason) {
	w := p.takeWaiting()
	p.reportMissed(w.offer)
	p.showWaiting(w, Ended, reason)
}

// answerWaiting ends the present call, if there is one, and answers the waiting call.
func (p *Phone) answerWaiting() {
	if !p.answering() {
		p.hangUp()
		p.waiting.answered = true
		p.nextCall()
	}
}

// declineWaiting declines the waiting call.
func (p *Phone) declineWaiting() {
	w := p.takeWaiting()
	p.pushReply(w.offer.Call, signaling.Decline, *w.offer.Card)
	p.reportUnrung(w.offer, true)
	p.showWaiting(w, Ended, Declined)
}

// nextCall has the waiting call ring, or connect if it is answered, because the call that
// it waited for is over. It does nothing if another call has begun meanwhile, or the bye has
// not arrived yet: texts that it would confirm would be lost.
func (p *Phone) nextCall() {
	w := p.waiting
	if w == nil || p.byeSession != nil || p.session != nil && !p.displacesRinging(w.offer, p.session) {
		return
	}
	if contact, known := p.contact(w.offer.From); !known || contact.Blocked {
		p.missWaiting(Cancelled)
		return
	}
	p.takeWaiting()
	p.allowanceOf(w.offer.From).rings.give() // an answer gives it back, and a ring takes it
	if w.answered {
		p.answerAtOnce(w.offer)
	} else {
		p.ringOrLog(w.offer)
	}
	p.showWaiting(w, Idle, NoReason)
}

// dropWaiting drops the waiting call without a message, and forgets its offer, so that it
// rings in the tab that has the line next.
func (p *Phone) dropWaiting() {
	if w := p.takeWaiting(); w != nil {
		p.memory.forget(messageKey{w.offer.From, w.offer.Call, signaling.Offer, w.offer.Round})
		p.showWaiting(w, Idle, NoReason)
	}
}
