package call

import (
	"context"
	"fmt"

	"pushcall/internal/loop"
)

// negotiation is perfect negotiation (W3C webrtc-pc, Section 10.7) over the
// open data channel: either side may offer at any time, and an offer collision
// resolves itself, because the impolite peer ignores the other's offer and the
// polite one takes it in place of its own.
//
// The example there guards the time between asking for a description and having it with
// makingOffer. Here one goroutine makes and sets all descriptions, so the signaling state
// alone shows a collision.
type negotiation struct {
	peer   Peer
	polite bool
	send   func(signal)
	failed func(error)
	steps  *loop.Loop // may block on the peer; not the phone's loop

	ignoreOffer bool // the last offer was ignored, and so are its candidates
}

func newNegotiation(peer Peer, polite bool, send func(signal), failed func(error)) *negotiation {
	return &negotiation{peer: peer, polite: polite, send: send, failed: failed, steps: loop.New(failed)}
}

// needed makes an offer; it is the peer's NegotiationNeeded. The browser fires
// it again after an exchange that was under way if it is still needed.
func (n *negotiation) needed() {
	n.step("make an offer", func(ctx context.Context) error {
		if n.peer.SignalingState() != Stable {
			return nil
		}
		return n.sendLocal(ctx)
	})
}

// received takes an offer, an answer or a candidate of the remote peer.
func (n *negotiation) received(s signal) {
	n.step("take the "+s.kind, func(ctx context.Context) error {
		if s.kind == signalCandidate {
			err := n.peer.AddICECandidate(ctx, s.candidate)
			if n.ignoreOffer {
				return nil
			}
			return err
		}
		return n.takeDescription(ctx, Description{Type: s.kind, SDP: s.sdp})
	})
}

func (n *negotiation) takeDescription(ctx context.Context, remote Description) error {
	offerCollision := remote.Type == signalOffer && n.peer.SignalingState() != Stable
	n.ignoreOffer = offerCollision && !n.polite
	if n.ignoreOffer {
		return nil
	}
	if err := n.peer.SetRemoteDescription(ctx, remote); err != nil {
		return err
	}
	if remote.Type == signalOffer {
		return n.sendLocal(ctx)
	}
	return nil
}

// sendLocal sets the description the signaling state asks for and sends it. Where
// its credentials are those of the one before, the other side has the candidates,
// or gets them as they are found.
func (n *negotiation) sendLocal(ctx context.Context) error {
	before, err := n.peer.LocalDescription()
	if err != nil {
		return err
	}
	if err := n.peer.SetLocalDescription(ctx); err != nil {
		return err
	}
	local, err := n.peer.LocalDescription()
	if err != nil {
		return err
	}
	if ufrag(local.SDP) == ufrag(before.SDP) {
		local.SDP, _ = splitCandidates(local.SDP)
	}
	n.send(signal{kind: local.Type, sdp: local.SDP})
	return nil
}

func (n *negotiation) step(what string, f func(context.Context) error) {
	n.steps.Post(func() {
		if err := f(n.steps.Context()); err != nil && n.steps.Context().Err() == nil {
			n.failed(fmt.Errorf("call: %s: %w", what, err))
		}
	})
}

func (n *negotiation) close() { n.steps.Close() }
