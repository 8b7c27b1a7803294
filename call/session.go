package call

import (
	"context"
	"time"

	"pushcall/files"
	"pushcall/signaling"
	"pushcall/webpush"
)

// session is one call, from its first message to its end. It belongs to the
// phone's loop, but for what does not change: phone, id, outgoing, secrets and ctx.
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
	accepted bool      // the callee's person is known to want it, as the caller's does
	timer    *time.Timer
	rest     func() // ends the hurry that this side is in, if it is

	link       *link              // nil before there is one, and between two
	round      int                // of the newest offer
	offer      *signaling.Message // incoming: the newest
	collided   *signaling.Message // outgoing: theirs, which gives way to ours
	instead    *session           // incoming: the call to a plain subscription that made way, since this one claims to come from there
	pushes     int                // by this side
	texts      *texts
	confirming bool                   // that texts have come is about to be said
	theirs     Media                  // what the other side says that it sends
	again      time.Time              // when what was turned away is pushed again; zero: nothing waits
	turnedAway error                  // why
	parting    func() (disarm func()) // has a prepared end sent once the page goes away; nil before there is one
	disarm     func()                 // undoes that; nil while it is not to be sent
	files      *files.Transfers
	farewell   *link // that this side's bye went over

	endPushed bool // the other side was told by push that it is over
}

// ringsHere tells whether this phone's person is asked.
func (s *session) ringsHere() bool { return !s.outgoing && s.state == Ringing }

// talks tells whether the two people are together, be the path lost.
func (s *session) talks() bool {
	return s.accepted && (s.state == Connected || s.state == Reconnecting)
}

// isFrom tells whether a message comes from the one this call is with. A plain
// subscription does not say who answers there: whoever can decrypt what was
// pushed to it knows the call's id, and nobody else does.
func (s *session) isFrom(m signaling.Message) bool {
	if s.remote.Identity.IsZero() {
		return m.Call == s.id
	}
	return m.From == s.remote.Identity
}

// isClaimed tells whether an offer says that it comes from the owner of the
// plain subscription that this call goes to. Anybody who has seen the
// subscription can say so.
func (s *session) isClaimed(offer signaling.Message) bool {
	return s.outgoing && s.remote.Identity.IsZero() && offer.Card.Subscription.UAPublic == s.remote.Subscription.UAPublic
}

// inBand tells whether there is a channel to the other side.
func (s *session) inBand() bool { return s.link != nil && s.link.open }

// mayPush tells whether this side has not used up its pushes.
func (s *session) mayPush() bool {
	if s.outgoing {
		return s.pushes < maxCallerPushes
	}
	return s.pushes < maxCalleePushes
}

// endKind is the message by which this side ends the call.
func (s *session) endKind() signaling.Type {
	if s.outgoing {
		return signaling.Cancel
	}
	return signaling.Decline
}

// reasonNow is why the call ends if the other side ends it now; before is the
// reason of a call that was never connected.
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

// arm registers the prepared end of the call with pagehide, from when the other
// side may know of the call, except while it rings here.
func (s *session) arm() {
	known := !s.outgoing || s.pushes > 0
	wanted := s.parting != nil && known && !s.ringsHere() && s.mayPush()
	switch {
	case wanted && s.disarm == nil:
		s.disarm = s.parting()
	case !wanted && s.disarm != nil:
		s.disarm()
		s.disarm = nil
	}
}

// prepared has another end sent once the page goes away, or none.
func (s *session) prepared(parting func() (disarm func())) {
	s.parting = nil
	s.arm()
	s.parting = parting
	s.arm()
}

// begin makes the phone's session.
func (p *Phone) begin(remote signaling.Card, id signaling.CallID, outgoing bool) *session {
	s := &session{phone: p, id: id, outgoing: outgoing, remote: remote, rest: func() {}}
	if p.parted != nil {
		p.parted.loseTexts() // or they would be taken for those of this call
	}
	s.texts, s.files = s.newTexts(), s.newFiles()
	s.ctx, s.cancel = context.WithCancel(p.loop.Context())
	p.session = s
	return s
}

// on posts f, to run if s is still the phone's session by then.
func (s *session) on(f func()) {
	s.phone.loop.Post(func() {
		if s.phone.session == s {
			f()
		}
	})
}

// later does the same after d.
func (s *session) later(d time.Duration, f func()) {
	time.AfterFunc(d, func() { s.on(f) })
}

// onLink posts f, to run if the session and its link are still the same by then.
func (s *session) onLink(l *link, f func()) {
	s.on(func() {
		if s.link == l {
			f()
		}
	})
}

// deadline has f run after d, in place of what was to run before. Where this side
// has not run just before, or when it was due, what came meanwhile is read first.
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

// after has f run after d, and learn how late that is, in place of what was to run
// before.
func (s *session) after(d time.Duration, f func(late time.Duration)) {
	if s.timer != nil {
		s.timer.Stop()
	}
	due := time.Now().Add(d)
	var timer *time.Timer
	timer = time.AfterFunc(d, func() {
		s.on(func() {
			if s.timer == timer { // it may have been stopped while this was posted
				f(time.Since(due))
			}
		})
	})
	s.timer = timer
}

// hurry has all else wait for the session's next step, until rest is called.
func (s *session) hurry() {
	s.rest()
	var ctx context.Context
	ctx, s.rest = context.WithCancel(s.ctx)
	s.phone.config.OnHurry(ctx)
}

// show enters a state and tells of it.
func (s *session) show(state State) {
	s.state = state
	s.arm()
	s.phone.config.OnCall(s.call())
}

func (s *session) call() Call {
	contact, known := s.phone.contact(s.remote.Identity)
	return Call{ID: s.id, State: s.state, Outgoing: s.outgoing, Remote: s.remote, Known: known, Name: contact.Name,
		Since: s.since, Heard: s.heard, Theirs: s.theirs, Again: s.again, Err: s.turnedAway}
}

func (p *Phone) contact(identity webpush.PublicKey) (Contact, bool) {
	if identity.IsZero() {
		return Contact{}, false
	}
	return p.config.Contact(identity)
}

func (s *session) connecting() {
	s.deadline(ConnectTime, func() { s.finish(Network, errNoPath) })
	s.show(Connecting)
}

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

// reconnecting waits for the path that was lost, or for another.
func (s *session) reconnecting() {
	s.state = Reconnecting
	s.awaitPath()
	s.show(Reconnecting)
}

// awaitPath gives two sides that reconnect ReconnectTime from now, since there is
// another way to do so.
func (s *session) awaitPath() {
	if s.state == Reconnecting {
		s.deadline(ReconnectTime, func() { s.finish(Network, errLost) })
	}
}
