package call

import "time"

// Times after which a dead path is noticed. Browsers report it after 5 to 30 s; people
// notice sooner.
const (
	beatTime  = time.Second             // between two pings of a side
	quietTime = 2200 * time.Millisecond // of silence, after which the path is in doubt
	lostTime  = 3200 * time.Millisecond // of silence, after which the path is lost
	pauseTime = 2500 * time.Millisecond // without a beat, after which this side has not run; browsers stretch a hidden page's second to two
)

// lateTime is the delay of a timer up to which it counts as in time.
const lateTime = 100 * time.Millisecond

// networkChangeTime is how long a network interface may take to go away. Firefox reports a
// path as failed as soon as the interface begins to, and would gather its last addresses
// (observed).
const networkChangeTime = time.Second

// maxRounds is the most offers that a call pushes: the first, one after silence, and one
// after each close of a data channel.
const maxRounds = 4

// pulse sends pings to the other side, and notices its silence.
type pulse struct {
	heard   time.Time   // when the last message arrived
	deaf    bool        // nothing has arrived for lostTime
	lastRun time.Time   // the last time of noteRunning
	running time.Time   // since when this side has run without a pause
	beat    *time.Timer // of the next ping
	silence *time.Timer // of the next checkSilence
}

func (pu *pulse) stop() {
	pu.beat.Stop()
	pu.silence.Stop()
}

func (s *session) startPulse(l *link) {
	on := func(f func()) func() {
		return func() { s.postOnLink(l, f) }
	}
	now := time.Now()
	l.pulse = &pulse{heard: now, lastRun: now, running: now}
	l.pulse.beat = time.AfterFunc(beatTime, on(func() {
		l.pulse.noteRunning()
		if l.pulse.deaf {
			l.send(signal{kind: signalDeaf})
		} else {
			s.sendAlive()
		}
		l.pulse.beat.Reset(beatTime)
	}))
	l.pulse.silence = time.AfterFunc(quietTime, on(func() { s.checkSilence(l) }))
}

// sendAlive sends a ping, or accept if it is the callee's side and its person has answered.
// The caller's side cannot go on without accept, so every ping repeats it: messages that
// were sent once were lost between two browsers that changed networks (observed).
func (s *session) sendAlive() {
	m := signal{kind: signalPing, number: s.texts.got}
	if !s.outgoing && s.accepted {
		m.kind = signalAccept
	}
	s.send(m)
}

// noteRunning records that this side runs. It notices whether this side stood still before
// because its page was frozen or overloaded, or the machine was stopped. Then the messages
// that the other side sent meanwhile are still unread, so their absence does not mean
// silence, and a deaf that arrives now is from the time of the pause.
func (pu *pulse) noteRunning() {
	now := time.Now()
	if now.Sub(pu.lastRun) > pauseTime {
		pu.running, pu.deaf = now, false
	}
	pu.lastRun = now
}

// checkSilence runs when nothing may have arrived for quietTime, and again for lostTime.
func (s *session) checkSilence(l *link) {
	l.pulse.noteRunning()
	silence := min(time.Since(l.pulse.heard), time.Since(l.pulse.running))
	switch {
	case silence < quietTime: // a message arrived while this was posted, or this side did not run
		l.pulse.silence.Reset(quietTime - silence)
	case silence < lostTime:
		s.doubtPath(l)
		l.pulse.silence.Reset(lostTime - silence)
	default:
		if !l.pulse.deaf {
			l.pulse.deaf = true
			l.send(signal{kind: signalDeaf}) // the other direction may work
		}
		s.linkLost(errSilent)
		if s.link == l { // an answer by push may make the call Connected without a path
			l.pulse.silence.Reset(quietTime)
		}
	}
}

// noteHeard records a sign of life of the other side.
func (pu *pulse) noteHeard() {
	pu.heard, pu.deaf = time.Now(), false
	pu.silence.Reset(quietTime)
}

// pathRecovered returns a call whose path was in doubt or lost to Connected.
func (s *session) pathRecovered() {
	if s.state == Reconnecting && s.accepted {
		s.connected()
	}
}

// doubtPath enters Reconnecting because the path is in doubt. If messages still arrive, so
// that only the browser doubts it, the caller's side restarts ICE. It does not do so in
// silence: a side that stands still would handle the offer only once it runs again, and
// then Chromium and Firefox found no path in one direction until the call ended
// (observed). Between these two browsers only the first offerer can restart ICE, so the
// caller's side does (observed).
func (s *session) doubtPath(l *link) {
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

// linkLost handles the loss of the link for err. The caller's side pushes an offer for
// another link, and the callee's side waits for it. A path may come back after silence in
// one direction or both (errSilent), or after the browser has given it up because the other
// side stands still (errFailed). So the caller's side offers only one other link for these;
// after that both sides keep the link and wait. A closed channel does not open again
// (errClosed).
func (s *session) linkLost(err error) {
	if s.state == Connected {
		s.reconnecting()
	}
	offeredAgain := s.round > 0
	if err == errSilent && (!s.outgoing || offeredAgain) || err == errFailed && (offeredAgain || !s.outgoing && s.talking()) {
		return
	}
	s.link.open = false
	switch {
	case !s.outgoing:
		s.closeLink()
	case s.round+1 == maxRounds:
		s.finish(Network, err)
	default:
		s.round++
		s.awaitPath()
		if err == errFailed {
			s.connectLater()
		} else {
			s.connect()
		}
	}
}

// connectLater closes the link, and makes another after networkChangeTime, when the network
// that failed has gone away.
func (s *session) connectLater() {
	s.closeLink()
	s.phone.loop.Beside(func() func() {
		if sleep(s.ctx, networkChangeTime) != nil {
			return nil
		}
		return func() {
			if s.phone.session == s && s.link == nil {
				s.connect()
			}
		}
	})
}
