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

// A link is a peer connection with its data channel. A call has one link at a time, and
// replaces one that is beyond repair. The phone's loop owns its fields, except for those
// that do not change or are atomic.
type link struct {
	round     int
	ctx       context.Context // ends with the link
	cancel    context.CancelFunc
	peer      Peer
	gathering *gathering
	closed    chan struct{} // closed when the data channel is

	inDescription atomic.Int32 // the local description has at least so many of gathered

	description    *signaling.Description // the local one, once it has enough candidates
	certificate    [32]byte               // the fingerprint in the remote description that was pushed
	secret         secret                 // the caller's of this round; zero before it was revealed
	revealed       chan struct{}          // closed on the callee's side when it is revealed
	answered       bool                   // caller: the remote description is known
	ringingFailed  bool                   // callee: the push of its ringing message failed
	open           bool                   // the data channel is open
	earlySignals   []signal               // messages that arrived before the ChannelOpen event
	acceptReceived bool                   // caller: accept has arrived over this link
	gathered       []Candidate
	media          bool         // caller: media was offered over this link
	negotiation    *negotiation // nil before the data channel is open
	pulse          *pulse       // nil before the data channel is open
	ringing        bucket       // for in-band messages before the callee's person has answered
	signals        bucket       // for in-band messages after that
	candidates     int          // number of those received in-band since the last description
}

// newLink makes the link of the session's round, and closes the one before.
func (s *session) newLink() (*link, error) {
	p := s.phone
	s.closeLink()
	l := &link{round: s.round, gathering: newGathering(p.config.Farthest(), p.networks), closed: make(chan struct{}), revealed: make(chan struct{}),
		ringing: bucket{size: ringingSignals, every: ringingSignalEvery}, signals: bucket{size: signalBurst, every: signalEvery}}
	l.ctx, l.cancel = context.WithCancel(s.ctx)
	on := func(f func()) { s.postOnLink(l, f) }
	peer, err := p.config.NewPeer(PeerEvents{
		NegotiationNeeded: func() { on(func() { l.negotiate((*negotiation).needed) }) },
		Candidate:         func(c Candidate) { on(func() { s.addLocalCandidate(l, c) }) },
		ConnectionState:   func(state ConnectionState) { on(func() { s.connectionState(l, state) }) },
		ChannelOpen:       func() { on(func() { s.channelOpen(l) }) },
		ChannelMessage: func(text string) {
			p.loop.Post(func() {
				if p.session == s && s.link == l {
					s.channelMessage(l, text)
				} else if p.byeSession == s && s.byeLink == l {
					s.receiveAfterBye(l, text)
				}
			})
		},
		ChannelClosed: func() {
			close(l.closed)
			on(func() { s.linkLost(errClosed) })
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

// closeLink closes the session's link, if it has one.
func (s *session) closeLink() {
	if l := s.link; l != nil {
		s.link = nil
		s.texts.linkClosed()
		s.files.Unlink()
		l.stop()
		l.peer.Close()
	}
}

// stop ends the link's context, negotiation and pulse, but leaves its peer open.
func (l *link) stop() {
	l.cancel()
	if l.negotiation != nil {
		l.negotiation.close()
	}
	if l.pulse != nil {
		l.pulse.stop()
	}
}

// channelOpen handles the first ChannelOpen event of a link: it starts the negotiation and
// the pulse, and sends the messages that waited for the channel.
func (s *session) channelOpen(l *link) {
	p := s.phone
	if l.open {
		return // a link has one channel
	}
	l.open = true
	s.endHurry()
	defer s.readEarly(l)
	l.negotiation = newNegotiation(l.peer, polite(p.config.Identity.Public(), s.remote.Identity), l.send,
		func(err error) { s.post(func() { p.config.OnDrop(err) }) })
	for _, c := range l.gathered[l.inDescription.Load():] { // those gathered after the description was made
		l.sendCandidate(c)
	}
	if s.outgoing {
		s.reveal()
	}
	s.startPulse(l)
	s.sendMedia()
	if !s.accepted {
		return // the callee's person has not answered yet
	}
	if !s.outgoing {
		s.sendAlive()
		s.sendCard()
		s.resume()
	}
	s.connected()
}

// readEarly handles the messages that arrived before the ChannelOpen event. The order of
// these two events must not cost an accept or another message that is sent only once.
func (s *session) readEarly(l *link) {
	early := l.earlySignals
	l.earlySignals = nil
	for _, m := range early {
		if s.link == l {
			s.receiveSignal(l, m)
		}
	}
}

// resume repeats over a new link the texts and file signals that may have been lost with
// the one before. The caller's side calls it after the callee's accept, since the callee's
// page may have been reloaded, and then asks its person anew.
func (s *session) resume() {
	s.texts.flush()
	s.files.Resume()
}

// receiveAccept handles the first accept over a link: the callee's person has answered.
func (s *session) receiveAccept(l *link) {
	if !s.outgoing || l.acceptReceived {
		return
	}
	l.acceptReceived = true
	s.resume()
	if !s.accepted {
		s.accepted = true
		s.connected()
	}
}

// channelMessage handles an in-band message, within the bounds for its sender.
func (s *session) channelMessage(l *link, text string) {
	flow := &l.signals
	if !s.accepted {
		flow = &l.ringing
	}
	if !flow.take(time.Now()) { // the page would have no time for anything else
		s.finish(Protocol, ErrFlood)
		return
	}
	m, err := parseSignal(text)
	switch {
	case err != nil:
		s.phone.config.OnDrop(err)
	case l.open:
		s.receiveSignal(l, m)
	case len(l.earlySignals) < signalBurst:
		l.earlySignals = append(l.earlySignals, m)
	default: // a friend sends no more at first, and dropping any of them may lose the one that matters
		s.finish(Protocol, ErrFlood)
	}
}

// receiveAfterBye handles a message that arrives after this side's bye: it may confirm
// texts.
func (s *session) receiveAfterBye(l *link, text string) {
	if !l.signals.take(time.Now()) {
		return
	}
	if m, err := parseSignal(text); err == nil && (m.kind == signalPing || m.kind == signalAccept) {
		s.texts.arrived(m.number)
	}
}

// receiveSignal handles an in-band message.
func (s *session) receiveSignal(l *link, m signal) {
	p := s.phone
	l.pulse.noteRunning()
	l.pulse.noteHeard()
	if m.kind == signalDeaf { // the sender would not receive the offer of an ICE restart either
		if time.Since(l.pulse.running) > quietTime {
			s.linkLost(errSilent)
		}
		return
	}
	s.pathRecovered()
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
		s.receiveAccept(l)
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

// receiveDescription handles an in-band description. Its fingerprint has to be that of
// the pushed, signed description.
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

// receiveCandidate handles a candidate of the other side, within the bounds.
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

// connectionState handles a change of the peer's connection state. Before the channel is
// open, failed means no path on the caller's side only: the caller has both descriptions,
// while the callee's peer may fail before the caller's has begun, as Firefox's does
// (observed).
func (s *session) connectionState(l *link, state ConnectionState) {
	switch {
	case state == PeerFailed && l.open:
		s.linkLost(errFailed)
	case state == PeerFailed && s.outgoing && l.answered && s.state != Reconnecting:
		s.finish(Network, errFailed)
	case state == PeerDisconnected && s.state == Connected && l.open:
		s.doubtPath(l)
	case state == PeerConnected && l.open:
		s.pathRecovered()
	}
}

// addLocalCandidate handles a gathered candidate. It sends it in-band if the channel is
// open. If not, the description to be pushed may have it, or channelOpen sends it.
func (s *session) addLocalCandidate(l *link, c Candidate) {
	l.gathering.add(c)
	if c.Candidate == "" {
		s.phone.networks = max(s.phone.networks, l.gathering.networks) // the most, since browsers end gathering early once there is a path
		return
	}
	if l.open {
		l.sendCandidate(c)
	} else {
		l.gathered = append(l.gathered, c)
	}
}

// sendCandidate sends a gathered candidate in-band, unless the other side refuses its kind:
// Chromium gathers a TCP candidate for each address.
func (l *link) sendCandidate(c Candidate) {
	if signaling.MayTry(c.Candidate) {
		l.send(signal{kind: signalCandidate, candidate: c})
	}
}

// negotiate calls f with the link's negotiation, if it has begun. Before that the pushed
// descriptions negotiate the data channel.
func (l *link) negotiate(f func(*negotiation)) {
	if l.negotiation != nil {
		f(l.negotiation)
	}
}

// send sends an in-band message. It ignores the error of a closing channel, since
// ChannelClosed follows.
func (l *link) send(m signal) { _ = l.peer.Send(m.format()) }

// send sends an in-band message over the session's link.
func (s *session) send(m signal) { s.link.send(m) }
