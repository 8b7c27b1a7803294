package call

import "time"

// How a dead path is noticed. Browsers take 5 to 30 s to say so; people notice
// sooner.
const (
	beatTime  = time.Second             // between two pings of a side
	quietTime = 2200 * time.Millisecond // of silence: the path is in doubt
	lostTime  = 3200 * time.Millisecond // of silence: it is lost
	pauseTime = 2500 * time.Millisecond // without a beat: this side did not run; browsers stretch a hidden page's second to two
)

// lateTime is how late a deadline may be taken for one that is in time.
const lateTime = 100 * time.Millisecond

// settleTime is how long a network may take to go. Firefox calls a path failed as
// soon as its interface does, and would gather what is left of that (observed).
const settleTime = time.Second

// maxRounds is how many offers a call pushes at most: the first, one where the other
// side has fallen silent, and one more each time that a data channel closes.
const maxRounds = 4

// pulse tells the other side that this one is there, and notices when they
// fall silent.
type pulse struct {
	heard   time.Time // when anything came last
	deaf    bool      // nothing has come for lostTime
	beaten  time.Time // when this side was last seen to run
	running time.Time // since when it has, without a pause
	beat    *time.Timer
	silence *time.Timer
}

func (pu *pulse) stop() {
	pu.beat.Stop()
	pu.silence.Stop()
}

func (s *session) startPulse(l *link) {
	on := func(f func()) func() {
		return func() { s.onLink(l, f) }
	}
	now := time.Now()
	l.pulse = &pulse{heard: now, beaten: now, running: now}
	l.pulse.beat = time.AfterFunc(beatTime, on(func() {
		l.pulse.run()
		if l.pulse.deaf {
			l.send(signal{kind: signalDeaf})
		} else {
			s.sendAlive()
		}
		l.pulse.beat.Reset(beatTime)
	}))
	l.pulse.silence = time.AfterFunc(quietTime, on(func() { s.silent(l) }))
}

// sendAlive says that this side is there, and whether its person takes the call.
// All depends on that for the caller, so it is said with every beat: what was
// sent once has been seen to get lost between two browsers that change networks.
func (s *session) sendAlive() {
	m := signal{kind: signalPing, number: s.texts.got}
	if !s.outgoing && s.accepted {
		m.kind = signalAccept
	}
	s.send(m)
}

// run notices that this side runs, and whether it stood still before: its page
// was frozen or busy, or the machine was stopped. What the other side sent
// meanwhile is about to be read. Until it is, this side cannot say that it hears
// nothing, and what they say of not hearing it is of the time before.
func (pu *pulse) run() {
	now := time.Now()
	if now.Sub(pu.beaten) > pauseTime {
		pu.running, pu.deaf = now, false
	}
	pu.beaten = now
}

// silent is called when the other side has not been heard for quietTime, and
// again for lostTime.
func (s *session) silent(l *link) {
	l.pulse.run()
	silence := min(time.Since(l.pulse.heard), time.Since(l.pulse.running))
	switch {
	case silence < quietTime: // something came while this was posted, or this side did not run
		l.pulse.silence.Reset(quietTime - silence)
	case silence < lostTime:
		s.falter(l)
		l.pulse.silence.Reset(lostTime - silence)
	default:
		if !l.pulse.deaf {
			l.pulse.deaf = true
			l.send(signal{kind: signalDeaf}) // what this side sends may arrive
		}
		s.lost(errSilent)
		if s.link == l { // a call that is answered meanwhile is not connected by that
			l.pulse.silence.Reset(quietTime)
		}
	}
}

// heardNow takes note of a sign of life.
func (pu *pulse) heardNow() {
	pu.heard, pu.deaf = time.Now(), false
	pu.silence.Reset(quietTime)
}

// recovered goes on with a call whose path was in doubt.
func (s *session) recovered() {
	if s.state == Reconnecting && s.accepted {
		s.connected()
	}
}

// falter says that the path is in doubt. Where the browser doubts it and the other
// side is heard, the peers look for a better one in-band. An offer to a side that
// stands still would be taken only once that runs again: then Chromium and Firefox
// have lost the way from one to the other, until the call ended (observed). Between
// the two only the first offerer can restart ICE, so the caller does (observed).
func (s *session) falter(l *link) {
	if s.state != Connected {
		return
	}
	s.reconnecting()
	if s.outgoing && time.Since(l.pulse.heard) < quietTime {
		if err := l.peer.RestartICE(); err != nil {
			s.phone.config.OnDrop(err)
		}
	}
}

// lost goes on after the link is beyond repair: the caller offers another by
// push, and the callee waits for that. A path that is merely silent, in one
// direction or both, may come back, and so may one that the browser has given up
// because the other side stands still. Another is offered for that only once; then
// both sides wait for it. A channel that has closed does not open again.
func (s *session) lost(err error) {
	if s.state == Connected {
		s.reconnecting()
	}
	offeredAgain := s.round > 0
	if err == errSilent && (!s.outgoing || offeredAgain) || err == errFailed && (offeredAgain || !s.outgoing && s.talks()) {
		return
	}
	s.link.open = false
	switch {
	case !s.outgoing:
		s.unlink()
	case s.round+1 == maxRounds:
		s.finish(Network, err)
	default:
		s.round++
		s.awaitPath()
		if err == errFailed {
			s.settle()
		} else {
			s.connect()
		}
	}
}

// settle takes the link away, and makes another once the network has changed
// that it has gone with.
func (s *session) settle() {
	s.unlink()
	s.phone.loop.Beside(func() func() {
		if sleep(s.ctx, settleTime) != nil {
			return nil
		}
		return func() {
			if s.phone.session == s && s.link == nil {
				s.connect()
			}
		}
	})
}
