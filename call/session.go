package call

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"pushcall/signaling"
)

// farewellTime is how long a hang up may take to reach the other side before
// the peer connection is closed under it.
const farewellTime = time.Second

// session is one call, from its first message to its end. The fields above
// state do not change; those below belong to the phone's loop.
type session struct {
	id        signaling.CallID
	outgoing  bool
	ctx       context.Context // ends with the session
	cancel    context.CancelFunc
	peer      Peer
	gathering *gathering
	described atomic.Bool   // the local description may have been pushed
	closed    chan struct{} // closed when the data channel is

	inDescription atomic.Int32 // how many of gathered are in it, at least

	state       State
	remote      signaling.Card
	heard       time.Time // of the newest message from the other side, by their clock
	since       time.Time // of the first Connected
	timer       *time.Timer
	gathered    []Candidate
	negotiation *negotiation // once the data channel is open
}

// opened tells whether the data channel was open once: the call is on.
func (s *session) opened() bool { return !s.since.IsZero() }

// isFrom tells whether a message comes from the one this call is with. A
// plain subscription does not say who answers it, but whoever can decrypt what
// was pushed there and has the call's id does.
func (s *session) isFrom(m signaling.Message) bool {
	if s.remote.Identity.IsZero() {
		return m.Card == nil || m.Card.Subscription.UAPublic == s.remote.Subscription.UAPublic
	}
	return m.From == s.remote.Identity
}

// begin makes the phone's session with its peer.
func (p *Phone) begin(remote signaling.Card, id signaling.CallID, outgoing bool) (*session, error) {
	s := &session{id: id, outgoing: outgoing, remote: remote, gathering: newGathering(), closed: make(chan struct{})}
	s.ctx, s.cancel = context.WithCancel(p.loop.Context())
	peer, err := p.config.NewPeer(PeerEvents{
		NegotiationNeeded: func() { p.on(s, func() { s.negotiate((*negotiation).needed) }) },
		Candidate:         func(c Candidate) { p.on(s, func() { s.candidate(c) }) },
		ConnectionState:   func(state ConnectionState) { p.on(s, func() { p.connectionState(s, state) }) },
		ChannelOpen:       func() { p.on(s, func() { p.channelOpen(s) }) },
		ChannelMessage:    func(text string) { p.on(s, func() { p.channelMessage(s, text) }) },
		ChannelClosed: func() {
			close(s.closed)
			p.on(s, func() { p.end(s, Network, fmt.Errorf("call: the data channel closed")) })
		},
	})
	if err != nil {
		s.cancel()
		p.ended(s, Protocol, err)
		return nil, err
	}
	s.peer = peer
	p.session = s
	return s, nil
}

// on posts f, to run if s is still the phone's session by then.
func (p *Phone) on(s *session, f func()) {
	p.loop.Post(func() {
		if p.session == s {
			f()
		}
	})
}

// show enters a state and tells of it.
func (p *Phone) show(s *session, state State) {
	s.state = state
	p.config.OnCall(Call{ID: s.id, State: state, Outgoing: s.outgoing, Remote: s.remote, Since: s.since})
}

func (p *Phone) connecting(s *session) {
	if s.timer != nil {
		s.timer.Stop()
	}
	s.timer = time.AfterFunc(ConnectTime, func() {
		p.on(s, func() { p.end(s, Network, fmt.Errorf("call: no path within %v", ConnectTime)) })
	})
	p.show(s, Connecting)
}

func (p *Phone) channelOpen(s *session) {
	if s.opened() {
		return // one channel a call
	}
	s.timer.Stop()
	s.since = time.Now()
	s.negotiation = newNegotiation(s.peer, polite(p.config.Identity.Public(), s.remote.Identity), s.send,
		func(err error) { p.on(s, func() { p.config.OnDrop(err) }) })
	for _, c := range s.gathered[s.inDescription.Load():] { // those that came after the cap
		s.send(signal{kind: signalCandidate, candidate: c})
	}
	p.show(s, Connected)
}

func (p *Phone) channelMessage(s *session, text string) {
	m, err := parseSignal(text)
	switch {
	case err != nil:
		p.config.OnDrop(err)
	case !s.opened():
	case m.kind == signalText:
		p.config.OnText(Text{Text: m.text, Time: time.Now()})
	case m.kind == signalBye:
		p.end(s, HungUp, nil)
	default:
		s.negotiation.received(m)
	}
}

// connectionState follows the peer. Until the channel opens only the caller can
// know that there is no path: it has both descriptions, while the callee's peer
// may fail before the caller's has begun, as Firefox's does (observed).
func (p *Phone) connectionState(s *session, state ConnectionState) {
	switch {
	case state == PeerFailed && (s.opened() || s.outgoing && s.state == Connecting):
		p.end(s, Network, fmt.Errorf("call: the peer connection failed while %s", s.state))
	case state == PeerDisconnected && s.state == Connected:
		p.show(s, Reconnecting)
		if s.outgoing { // between Firefox and Chromium only the first offerer can restart (observed)
			if err := s.peer.RestartICE(); err != nil {
				p.config.OnDrop(err)
			}
		}
	case state == PeerConnected && s.state == Reconnecting:
		p.show(s, Connected)
	}
}

// candidate takes a gathered candidate: into the description that is about to
// be pushed, or in-band.
func (s *session) candidate(c Candidate) {
	s.gathering.candidate(c)
	if c.Candidate == "" {
		return
	}
	if s.opened() {
		s.send(signal{kind: signalCandidate, candidate: c})
	} else {
		s.gathered = append(s.gathered, c)
	}
}

// negotiate does something with the negotiation if there is one yet. Before,
// the pushed descriptions are all there is to negotiate.
func (s *session) negotiate(f func(*negotiation)) {
	if s.negotiation != nil {
		f(s.negotiation)
	}
}

// send sends an in-band message. A channel that cannot is closing, and its
// closing is reported on its own.
func (s *session) send(m signal) { _ = s.peer.Send(m.format()) }

// end ends the phone's session at once.
func (p *Phone) end(s *session, reason Reason, err error) {
	p.drop(s)
	p.ended(s, reason, err)
}

func (p *Phone) ended(s *session, reason Reason, err error) {
	s.state = Ended
	p.config.OnCall(Call{ID: s.id, State: Ended, Outgoing: s.outgoing, Remote: s.remote, Since: s.since, Reason: reason, Err: err})
}

// drop ends a session without a word, neither to the person nor to the friend.
func (p *Phone) drop(s *session) {
	p.session = nil
	s.release()
	s.peer.Close()
}

// farewell says bye and closes the peer once that has arrived: the other side
// closes its end of the channel then.
func (p *Phone) farewell(s *session) {
	s.release()
	s.send(signal{kind: signalBye})
	p.loop.Beside(func() func() {
		patience := time.NewTimer(farewellTime)
		defer patience.Stop()
		select {
		case <-s.closed:
		case <-patience.C:
		case <-p.loop.Context().Done():
		}
		s.peer.Close()
		return nil
	})
}

// release stops all that a session has running, but its peer.
func (s *session) release() {
	s.cancel()
	if s.timer != nil {
		s.timer.Stop()
	}
	if s.negotiation != nil {
		s.negotiation.close()
	}
}
