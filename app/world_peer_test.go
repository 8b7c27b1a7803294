package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"pushcall/call"
	"pushcall/files"
	"pushcall/internal/config"
	"pushcall/internal/filestest"
	"pushcall/internal/loop"
	"pushcall/signaling"
)

// testPeer follows the offer/answer rules of an RTCPeerConnection: see that of
// package call. It connects to the peer that has its description, and it has that one's.
type testPeer struct {
	world  *world
	tab    *tab
	events call.PeerEvents
	queue  *loop.Loop // events, in order

	// the world's mutex guards these
	signaling     call.SignalingState
	ufrag         string // of the local description
	local, remote call.Description
	needed        bool // negotiation
	media         bool
	channel       bool
	opened        bool
	closed        bool
	dead          bool // its tab is gone, or its path
	far           *testPeer
	files         *filestest.Channel
	shows         [32]byte // its certificate
}

var errState = errors.New("InvalidStateError")

// NewPeer implements Peers.
func (t *tab) NewPeer(_ []config.ICEServer, events call.PeerEvents) (call.Peer, error) {
	w := t.world
	p := &testPeer{world: w, tab: t, events: events, signaling: call.Stable, queue: loop.New(func(err error) { w.t.Error(err) })}
	w.change(func() { w.made++; p.shows = sha256.Sum256(fmt.Append(nil, w.made)) })
	return p, nil
}

// Gather implements Peers.
func (t *tab) Gather(ctx context.Context, _ []config.ICEServer, events GatherEvents) error {
	t.world.mu.Lock()
	gathers := t.gathers
	t.world.mu.Unlock()
	return gathers(ctx, events)
}

const mediaSections = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"

func hasMedia(d call.Description) bool { return strings.HasSuffix(d.SDP, mediaSections) }

// describe makes a description with new credentials; w.mu is held.
func (p *testPeer) describe(kind string) call.Description {
	w := p.world
	w.made++
	p.ufrag = fmt.Sprintf("uf%06d", w.made)
	w.peers[p.ufrag] = p
	d := signaling.Description{
		ICEUfrag: p.ufrag, ICEPwd: "passwordpasswordpassword", Fingerprint: p.shows,
		Candidates: []signaling.Candidate{{Type: signaling.Host, Protocol: signaling.UDP, Addr: netip.MustParseAddr("192.0.2.1"), Port: 9, Priority: 255}},
	}
	if kind == "answer" {
		d.Setup = signaling.Active
	}
	sdp := d.SDP()
	if kind == "offer" && p.media || kind == "answer" && hasMedia(p.remote) {
		sdp += mediaSections
	}
	return call.Description{Type: kind, SDP: sdp}
}

func (p *testPeer) CreateChannel() error {
	p.world.change(func() { p.channel = true; p.need() })
	return nil
}

func (p *testPeer) AddMedia() error {
	p.world.change(func() { p.media = true; p.need() })
	return nil
}

// RestartICE implements call.Peer.
func (p *testPeer) RestartICE() error {
	p.world.change(p.need)
	return nil
}

// need fires negotiationneeded, once the signaling state is stable. w.mu is held.
func (p *testPeer) need() {
	p.needed = true
	p.queue.Post(func() {
		p.world.mu.Lock()
		fire := p.needed && p.signaling == call.Stable
		p.world.mu.Unlock()
		if fire {
			p.events.NegotiationNeeded()
		}
	})
}

func (p *testPeer) SetLocalDescription(context.Context) error {
	time.Sleep(time.Millisecond)
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	switch {
	case p.closed:
		return errState
	case p.signaling == call.HaveRemoteOffer:
		p.local, p.signaling = p.describe("answer"), call.Stable
	default:
		p.local, p.signaling, p.needed = p.describe("offer"), call.HaveLocalOffer, false
	}
	for _, c := range []call.Candidate{{Candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host", SDPMid: "0"}, {}} {
		p.queue.Post(func() { p.events.Candidate(c) })
	}
	p.settle()
	return nil
}

func (p *testPeer) LocalDescription() (call.Description, error) {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	return p.local, nil
}

func (p *testPeer) SetRemoteDescription(_ context.Context, remote call.Description) error {
	time.Sleep(time.Millisecond)
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	switch {
	case p.closed, remote.Type == "answer" && p.signaling != call.HaveLocalOffer:
		return errState
	case remote.Type == "answer":
		p.signaling = call.Stable
	default:
		p.needed = p.needed || p.signaling == call.HaveLocalOffer // rolled back: needed again
		p.signaling = call.HaveRemoteOffer
		p.media = p.media || hasMedia(remote)
	}
	p.remote = remote
	p.settle()
	return nil
}

// settle connects two peers that have each other's descriptions, and fires a
// negotiationneeded that waited for the stable state. w.mu is held.
func (p *testPeer) settle() {
	if p.signaling == call.Stable && p.needed {
		p.need()
	}
	far := p.world.peers[ufragOf(p.remote.SDP)]
	if p.signaling != call.Stable || far == nil || far.signaling != call.Stable || far.closed || ufragOf(far.remote.SDP) != p.ufrag {
		return
	}
	p.far, far.far = far, p
	time.AfterFunc(pathTime, func() { p.connect(far) })
}

func ufragOf(sdp string) string {
	_, after, _ := strings.Cut(sdp, "a=ice-ufrag:")
	ufrag, _, _ := strings.Cut(after, "\r\n")
	return ufrag
}

func (p *testPeer) connect(far *testPeer) {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	if p.closed || far.closed || p.far != far || !p.channel && !far.channel || p.dead || far.dead {
		return
	}
	for _, x := range []*testPeer{p, far} {
		x.queue.Post(func() { x.events.ConnectionState(call.PeerConnected) })
		if !x.opened {
			x.opened = true
			x.queue.Post(x.events.ChannelOpen)
		}
	}
}

func (p *testPeer) SignalingState() call.SignalingState {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	return p.signaling
}

func (p *testPeer) AddICECandidate(context.Context, call.Candidate) error { return nil }

func (p *testPeer) Send(text string) error {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	if !p.opened || p.closed || p.far.closed {
		return errState
	}
	if far := p.far; !p.dead && !far.dead {
		far.queue.Post(func() { far.events.ChannelMessage(text) })
	}
	return nil
}

// fileChannel hands filestest the sources and sinks that are in those of this package.
type fileChannel struct{ *filestest.Channel }

func (c fileChannel) Send(number int, from files.Source, at, until int64) {
	c.Channel.Send(number, &from.(*testSource).Source, at, until)
}

func (c fileChannel) Take(number int, into files.Sink, at, size int64) {
	c.Channel.Take(number, &into.(*testSink).Sink, at, size)
}

func (p *testPeer) OpenFiles(events files.Events) (files.Channel, error) {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	p.files = filestest.NewChannel(filestest.Path{
		Mutex:   &p.world.mu,
		Far:     func() *filestest.Channel { return p.far.files },
		Blocked: func() bool { return p.dead || p.far.dead },
		Pace:    func(d time.Duration) time.Duration { return d },
		Post:    p.queue.Post,
	}, events)
	return fileChannel{p.files}, nil
}

func (p *testPeer) Close() {
	p.world.mu.Lock()
	p.closed = true
	far := p.far
	told := far != nil && p.opened && !p.dead && !far.dead
	p.world.mu.Unlock()
	if told {
		far.queue.Post(func() {
			p.world.mu.Lock()
			tell := far.opened && !far.closed
			far.opened = false
			p.world.mu.Unlock()
			if tell {
				far.events.ChannelClosed()
			}
		})
	}
	go p.queue.Close() // it may be one of the queue's own events that closes the peer
}

// cut takes the path away from all links there are, for good, and tells nobody; new
// links find another.
func (w *world) cut() {
	w.change(func() {
		for _, p := range w.peers {
			p.dead = true
		}
	})
}
