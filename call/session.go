package call

import (
	"context"
	"time"

	"pushcall/files"
	"pushcall/signaling"
	"pushcall/webpush"
)

// session is one call, from its first message to its end. The phone's loop owns its fields,
// except for those that do not change: phone, id, outgoing, secrets and ctx.
type session struct {
	phone    *Phone
	id       signaling.CallID
	outgoing bool
	secrets  [maxRounds]secret // outgoing: id commits to them
	ctx      context.Context   // ends with the session
	cancel   context.CancelFunc

	state    State
	remote   signaling.Card
	heard    time.Time // of the newest message from the other side, by their clock
	since    time.Time // of the first Connected
	waits    bool      // outgoing: the callee is in another call, and sees this one
	accepted bool      // the callee's person is known to want the call, as the caller's does
	timer    *time.Timer
	endHurry func() // ends the context of the last OnHurry

	link           *link              // nil before there is one, and between two
	round          int                // of the newest offer
	offer          *signaling.Message // incoming: the newest
	collidingOffer *signaling.Message // outgoing: the friend's offer, which the friend drops for this side's
	yieldedCall    *session           // incoming: the dropped call to a plain subscription, whose owner the caller claims to be
	pushes         int                // of this side
	texts          *texts
	confirming     bool                   // confirmTexts has posted a confirmation
	remoteMedia    Media                  // that the other side announces
	retryAt        time.Time              // of the next attempt to push a message; zero: none waits
	retryCause     error                  // of the last attempt
	armEnd         func() (disarm func()) // registers the prepared end with pagehide; nil before it is prepared
	disarm         func()                 // undoes armEnd; nil while the end is not registered
	files          *files.Transfers
	byeLink        *link // over which this side has sent a bye

	endPushed bool // this side has pushed the end
	endKept   bool // see keepPreparedEnd
}

// ringsHere reports whether this phone's person is asked.
func (s *session) ringsHere() bool { return !s.outgoing && s.state == Ringing }

// talking reports whether both people have joined the call and it was connected, even if its
// path is lost now.
func (s *session) talking() bool {
	return s.accepted && (s.state == Connected || s.state == Reconnecting)
}

// isFrom reports whether a message comes from the other side of this call. The owner of a
// plain subscription is unknown at first; only somebody who can decrypt the offer that was
// pushed to it knows the call's id.
func (s *session) isFrom(m signaling.Message) bool {
	if s.remote.Identity.IsZero() {
		return m.Call == s.id
	}
	return m.From == s.remote.Identity
}

// isClaimed reports whether an offer claims to come from the owner of the plain subscription
// that this call goes to. Anybody who has seen the subscription can claim that.
func (s *session) isClaimed(offer signaling.Message) bool {
	return s.outgoing && s.remote.Identity.IsZero() && offer.Card.Subscription.UAPublic == s.remote.Subscription.UAPublic
}

// inBand reports whether the data channel to the other side is open.
func (s *session) inBand() bool { return s.link != nil && s.link.open }

// mayPush reports whether this side has not used up its pushes.
func (s *session) mayPush() bool {
	if s.outgoing {
		return s.pushes < maxCallerPushes
	}
	return s.pushes < maxCalleePushes
}

// endKind returns the type of the message with which this side ends the call.
func (s *session) endKind() signaling.Type {
	if s.outgoing {
		return signaling.Cancel
	}
	return signaling.Decline
}

// reasonNow returns the reason if the other side ends the call now. before is the reason for
// a call that was never connected.
func (s *session) reasonNow(before Reason) Reason {
	switch {
	case s.since.IsZero():
		return before
	case s.state == Reconnecting:
		return Network
	default:
		return HungUp
	}
}

// arm registers the prepared end of the call with pagehide once the other side may know of
// the call, except while the call rings here, and removes it when it is not wanted any more.
func (s *session) arm() {
	known := !s.outgoing || s.pushes > 0
	wanted := s.armEnd != nil && known && !s.ringsHere() && s.mayPush()
	switch {
	case wanted && s.disarm == nil:
		s.disarm = s.armEnd()
	case !wanted && s.disarm != nil:
		s.disarm()
		s.disarm = nil
	}
}

// setPreparedEnd replaces the prepared end; nil removes it.
func (s *session) setPreparedEnd(armEnd func() (disarm func())) {
	s.armEnd = nil
	s.arm()
	s.armEnd = armEnd
	s.arm()
}

// begin makes a session and makes it the phone's.
func (p *Phone) begin(remote signaling.Card, id signaling.CallID, outgoing bool) *session {
	s := &session{phone: p, id: id, outgoing: outgoing, remote: remote, endHurry: func() {}}
	if p.byeSession != nil {
		p.byeSession.loseTexts() // or a later OnLost would seem to be of this call
	}
	s.texts, s.files = s.newTexts(), s.newFiles()
	s.ctx, s.cancel = context.WithCancel(p.loop.Context())
	p.session = s
	return s
}

// post posts f, to run if s is still the phone's session by then.
func (s *session) post(f func()) {
	s.phone.loop.Post(func() {
		if s.phone.session == s {
			f()
		}
	})
}

// later posts f after d, to run if s is still the phone's session by then.
func (s *session) later(d time.Duration, f func()) {
	time.AfterFunc(d, func() { s.post(f) })
}

// postOnLink posts f, to run if the session and its link are still the same by then.
func (s *session) postOnLink(l *link, f func()) {
	s.post(func() {
		if s.link == l {
			f()
		}
	})
}

// deadline sets the session's timer to run f after d. If this side stood still shortly
// before that or at that time, f runs lostTime later, so that messages that arrived
// meanwhile are handled first.
func (s *session) deadline(d time.Duration, f func()) {
	s.after(d-lostTime, func(time.Duration) {
		s.after(lostTime, func(late time.Duration) {
			if late > lateTime {
				s.after(lostTime, func(time.Duration) { f() })
			} else {
				f()
			}
		})
	})
}

// after sets the session's timer to run f after d, in place of the function set before. late
// is the delay beyond d.
func (s *session) after(d time.Duration, f func(late time.Duration)) {
	if s.timer != nil {
		s.timer.Stop()
	}
	due := time.Now().Add(d)
	var timer *time.Timer
	timer = time.AfterFunc(d, func() {
		s.post(func() {
			if s.timer == timer { // it may have been replaced or stopped after it fired
				f(time.Since(due))
			}
		})
	})
	s.timer = timer
}

// startHurry calls OnHurry with a context that endHurry ends: the other side waits for this
// side's next step.
func (s *session) startHurry() {
	s.endHurry()
	var ctx context.Context
	ctx, s.endHurry = context.WithCancel(s.ctx)
	s.phone.config.OnHurry(ctx)
}

// show enters a state and reports the call to OnCall.
func (s *session) show(state State) {
	s.state = state
	s.arm()
	s.phone.config.OnCall(s.call())
}

// call returns the call as OnCall reports it.
func (s *session) call() Call {
	contact, known := s.phone.contact(s.remote.Identity)
	return Call{ID: s.id, State: s.state, Outgoing: s.outgoing, Remote: s.remote, Known: known, Name: contact.Name,
		Since: s.since, Heard: s.heard, Waits: s.waits && s.state == Ringing, Theirs: s.remoteMedia, Again: s.retryAt, Err: s.retryCause}
}

func (p *Phone) contact(identity webpush.PublicKey) (Contact, bool) {
	if identity.IsZero() {
		return Contact{}, false
	}
	return p.config.Contact(identity)
}

// connecting enters Connecting, for ConnectTime at most.
func (s *session) connecting() {
	s.deadline(ConnectTime, func() { s.finish(Network, errNoPath) })
	s.show(Connecting)
}

// connected enters Connected and starts media.
func (s *session) connected() {
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	if s.since.IsZero() {
		s.since = time.Now()
	}
	s.show(Connected)
	s.startMedia()
}

// reconnecting enters Reconnecting, for ReconnectTime at most.
func (s *session) reconnecting() {
	s.state = Reconnecting
	s.awaitPath()
	s.show(Reconnecting)
}

// awaitPath restarts the time limit of Reconnecting, because of a new offer or an answer to
// one.
func (s *session) awaitPath() {
	if s.state == Reconnecting {
		s.deadline(ReconnectTime, func() { s.finish(Network, errLost) })
	}
}
