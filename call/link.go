package call

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"pushcall/files"
	"pushcall/signaling"
)

var (
	errNoPath    = fmt.Errorf("call: no path within %v", ConnectTime)
	errLost      = fmt.Errorf("call: the path was lost for %v", ReconnectTime)
	errClosed    = errors.New("call: the data channel closed")
	errFailed    = errors.New("call: the peer connection failed")
	errNoAddress = errors.New("call: no address was gathered")
	errSilent    = fmt.Errorf("call: nothing was heard for %v", lostTime)

	errCertificate = errors.New("call: a description in-band has another certificate than the pushed one")
)

// A link is a peer connection with its data channel. A call has one, and makes
// another when that one is beyond repair. It belongs to the phone's loop, but
// for what does not change and what is atomic.
type link struct {
	round     int
	ctx       context.Context // ends with the link
	cancel    context.CancelFunc
	peer      Peer
	gathering *gathering
	closed    chan struct{} // closed when the data channel is

	inDescription atomic.Int32 // how many of gathered are in it, at least

	description *signaling.Description // the local one, once it is complete enough
	certificate [32]byte               // the fingerprint in the remote one that was pushed
	secret      secret                 // the caller's of this round; zero before the callee knows it
	revealed    chan struct{}          // closed once it does
	answered    bool                   // the caller's: the remote one is known
	unheard     bool                   // the callee's: its ringing message was not taken
	open        bool                   // the data channel
	early       []signal               // messages that came before it was said to be open
	taken       bool                   // the caller's: the callee's person takes the call
	gathered    []Candidate
	media       bool         // the caller's: it is, or was, offered
	negotiation *negotiation // once the data channel is open
	pulse       *pulse       // the same
	ringing     bucket       // what the other side may still send before the callee's person has answered
	signals     bucket       // and after that
	candidates  int          // that came in-band since the last description
}

// newLink makes the link of a session's round, in place of the one before.
func (s *session) newLink() (*link, error) {
	p := s.phone
	s.unlink()
	l := &link{round: s.round, gathering: newGathering(p.config.Farthest(), p.networks), closed: make(chan struct{}), revealed: make(chan struct{}),
		ringing: bucket{size: ringingSignals, every: ringingSignalEvery}, signals: bucket{size: signalBurst, every: signalEvery}}
	l.ctx, l.cancel = context.WithCancel(s.ctx)
	on := func(f func()) { s.onLink(l, f) }
	peer, err := p.config.NewPeer(PeerEvents{
		NegotiationNeeded: func() { on(func() { l.negotiate((*negotiation).needed) }) },
		Candidate:         func(c Candidate) { on(func() { s.candidate(l, c) }) },
		ConnectionState:   func(state ConnectionState) { on(func() { s.connectionState(l, state) }) },
		ChannelOpen:       func() { on(func() { s.channelOpen(l) }) },
		ChannelMessage: func(text string) {
			p.loop.Post(func() {
				if p.session == s && s.link == l {
					s.channelMessage(l, text)
				} else if p.parted == s && s.farewell == l {
					s.lastMessage(l, text)
				}
			})
		},
		ChannelClosed: func() {
			close(l.closed)
			on(func() { s.lost(errClosed) })
		},
	})
	if err != nil {
		l.cancel()
		return nil, err
	}
	l.peer = peer
	s.link = l
	return l, nil
}

// unlink closes the session's link, if it has one.
func (s *session) unlink() {
	if l := s.link; l != nil {
		s.link = nil
		s.texts.unlink()
		s.files.Unlink()
		l.stop()
		l.peer.Close()
	}
}

// stop ends all that a link has running, but its peer.
func (l *link) stop() {
	l.cancel()
	if l.negotiation != nil {
		l.negotiation.close()
	}
	if l.pulse != nil {
		l.pulse.stop()
	}
}

func (s *session) channelOpen(l *link) {
	p := s.phone
	if l.open {
		return // one channel a link
	}
	l.open = true
	s.rest()
	defer s.readEarly(l)
	l.negotiation = newNegotiation(l.peer, polite(p.config.Identity.Public(), s.remote.Identity), l.send,
		func(err error) { s.on(func() { p.config.OnDrop(err) }) })
	for _, c := range l.gathered[l.inDescription.Load():] { // those that came after the cap
		l.send(signal{kind: signalCandidate, candidate: c})
	}
	if s.outgoing {
		s.reveal()
	}
	s.startPulse(l)
	s.sayMedia()
	if !s.accepted {
		return // the callee's person is still asked
	}
	if !s.outgoing {
		s.sendAlive()
		s.sendCard()
		s.resume()
	}
	s.connected()
}

// readEarly reads what came before the channel was said to be open. The other
// side says once that its person takes the call: that must not be lost to the
// order of two events.
func (s *session) readEarly(l *link) {
	early := l.early
	l.early = nil
	for _, m := range early {
		if s.link == l {
			s.receiveSignal(l, m)
		}
	}
}

// resume says again, over a new link, what may have been lost with the one
// before. The caller's side waits for the callee's accept: their page may be
// another now, which asks its person anew.
func (s *session) resume() {
	s.texts.flush()
	s.files.Resume()
}

// taken goes on once the callee's person takes the call, anew over each link.
func (s *session) taken(l *link) {
	if !s.outgoing || l.taken {
		return
	}
	l.taken = true
	s.resume()
	if !s.accepted {
		s.accepted = true
		s.connected()
	}
}

func (s *session) channelMessage(l *link, text string) {
	flow := &l.signals
	if !s.accepted {
		flow = &l.ringing
	}
	if !flow.take(time.Now()) { // nor would the page do anything else
		s.finish(Protocol, ErrFlood)
		return
	}
	m, err := parseSignal(text)
	switch {
	case err != nil:
		s.phone.config.OnDrop(err)
	case l.open:
		s.receiveSignal(l, m)
	case len(l.early) < signalBurst:
		l.early = append(l.early, m)
	default: // a friend begins with no more, and each may be the one that counts
		s.finish(Protocol, ErrFlood)
	}
}

// lastMessage reads after this side's bye which texts have arrived before it.
func (s *session) lastMessage(l *link, text string) {
	if !l.signals.take(time.Now()) {
		return
	}
	if m, err := parseSignal(text); err == nil && (m.kind == signalPing || m.kind == signalAccept) {
		s.texts.arrived(m.number)
	}
}

func (s *session) receiveSignal(l *link, m signal) {
	p := s.phone
	l.pulse.run()
	l.pulse.heardNow()
	if m.kind == signalDeaf { // an ICE restart in-band would not reach them either
		if time.Since(l.pulse.running) > quietTime {
			s.lost(errSilent)
		}
		return
	}
	s.recovered()
	switch {
	case m.kind == signalPing:
		s.texts.arrived(m.number)
	case m.kind == signalBye:
		s.texts.arrived(m.number)
		s.receiveBye(m.text)
	case m.kind == signalCandidate:
		s.receiveCandidate(l, m)
	case m.kind == signalAccept:
		s.texts.arrived(m.number)
		s.taken(l)
	case m.kind == signalSecret:
		s.receiveSecret(l, m.secret)
	case m.kind == signalMedia:
		s.receiveMedia(m.media)
	case !s.accepted:
		p.config.OnDrop(fmt.Errorf("%w: %s", ErrEarly, m.kind))
	case m.kind == signalText:
		if err := s.texts.receive(m); err != nil {
			s.finish(Protocol, err)
		}
	case m.kind == signalCard:
		s.receiveCard(m)
	case files.IsSignal(m.kind):
		s.files.Receive(m.file)
	default:
		s.receiveDescription(l, m)
	}
}

// receiveDescription takes a later description. It has to let the certificate
// pass that the pushed, signed one does, and no other.
func (s *session) receiveDescription(l *link, m signal) {
	_, candidates := splitCandidates(m.sdp)
	switch fingerprint, err := signaling.Fingerprint(m.sdp); {
	case errors.Is(err, signaling.ErrNoFingerprint):
		s.phone.config.OnDrop(err)
	case len(candidates) > maxCandidates:
		s.phone.config.OnDrop(fmt.Errorf("%w: %d candidates", ErrTooMany, len(candidates)))
	case err != nil || fingerprint != l.certificate:
		s.finish(Protocol, errCertificate)
	default:
		l.candidates = len(candidates)
		l.negotiation.received(m)
	}
}

// receiveCandidate takes a candidate of the other side.
func (s *session) receiveCandidate(l *link, m signal) {
	l.candidates++
	switch {
	case !signaling.MayTry(m.candidate.Candidate):
		s.phone.config.OnDrop(fmt.Errorf("%w: candidate %.100q", ErrSignal, m.candidate.Candidate))
	case l.candidates > maxCandidates:
		s.phone.config.OnDrop(fmt.Errorf("%w: %d candidates", ErrTooMany, l.candidates))
	default:
		l.negotiation.received(m)
	}
}

// connectionState follows the peer. Until the channel opens only the caller can
// know that there is no path: it has both descriptions, while the callee's peer
// may fail before the caller's has begun, as Firefox's does (observed).
func (s *session) connectionState(l *link, state ConnectionState) {
	switch {
	case state == PeerFailed && l.open:
		s.lost(errFailed)
	case state == PeerFailed && s.outgoing && l.answered && s.state != Reconnecting:
		s.finish(Network, errFailed)
	case state == PeerDisconnected && s.state == Connected && l.open:
		s.falter(l)
	case state == PeerConnected && l.open:
		s.recovered()
	}
}

// candidate takes a gathered candidate: into the description that is about to
// be pushed, or in-band.
func (s *session) candidate(l *link, c Candidate) {
	l.gathering.candidate(c)
	if c.Candidate == "" {
		s.phone.networks = max(s.phone.networks, l.gathering.networks) // browsers end early where there is a path already
		return
	}
	if l.open {
		l.send(signal{kind: signalCandidate, candidate: c})
	} else {
		l.gathered = append(l.gathered, c)
	}
}

// negotiate does something with the negotiation if there is one yet. Before,
// the pushed descriptions are all there is to negotiate.
func (l *link) negotiate(f func(*negotiation)) {
	if l.negotiation != nil {
		f(l.negotiation)
	}
}

// send sends an in-band message. A channel that cannot is closing, and its
// closing is reported on its own.
func (l *link) send(m signal) { _ = l.peer.Send(m.format()) }

// send sends an in-band message over the session's link.
func (s *session) send(m signal) { s.link.send(m) }
