//go:build js && wasm

package browser

import (
	"context"
	"strings"
	"testing"

	"pushcall/app"
	"pushcall/call"
	"pushcall/signaling"
	"pushcall/wasm/js"
)

// recorder turns a peer's events into channels.
type recorder struct {
	gathered, opened, closed chan struct{}
	messages                 chan string
}

func record(t *testing.T) (*Peer, *recorder) {
	t.Helper()
	r := &recorder{make(chan struct{}, 9), make(chan struct{}, 9), make(chan struct{}, 9), make(chan string, 2000)}
	peer, err := NewPeer(nil, NewMedia(func([app.Sources]js.Stream) {}), call.PeerEvents{
		NegotiationNeeded: func() {},
		Candidate: func(c call.Candidate) {
			if c.Candidate == "" {
				r.gathered <- struct{}{}
			} else if c.SDPMid != "0" {
				t.Errorf("a candidate has the mid %q", c.SDPMid)
			}
		},
		ConnectionState: func(call.ConnectionState) {},
		ChannelOpen:     func() { r.opened <- struct{}{} },
		ChannelMessage:  func(text string) { r.messages <- text },
		ChannelClosed:   func() { r.closed <- struct{}{} },
	})
	if err != nil {
		t.Fatal(err)
	}
	return peer, r
}

// hand gives one peer's gathered description to the other, in the form that
// travels by push.
func hand(t *testing.T, from *Peer, r *recorder, to *Peer) {
	t.Helper()
	if err := from.SetLocalDescription(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-r.gathered
	local, err := from.LocalDescription()
	if err != nil {
		t.Fatal(err)
	}
	compact, err := signaling.ParseSDP(local.SDP)
	if err != nil {
		t.Fatal(err)
	}
	if err := to.SetRemoteDescription(t.Context(), call.Description{Type: local.Type, SDP: compact.SDP()}); err != nil {
		t.Fatal(err)
	}
}

func TestPeers(t *testing.T) {
	caller, atCaller := record(t)
	callee, atCallee := record(t)
	if err := caller.CreateChannel(); err != nil {
		t.Fatal(err)
	}
	hand(t, caller, atCaller, callee)
	if got := caller.SignalingState(); got != call.HaveLocalOffer {
		t.Errorf("the caller is %s", got)
	}
	if got := callee.SignalingState(); got != call.HaveRemoteOffer {
		t.Errorf("the callee is %s", got)
	}
	hand(t, callee, atCallee, caller)
	<-atCaller.opened
	<-atCallee.opened
	if got := caller.SignalingState(); got != call.Stable {
		t.Errorf("the caller is %s", got)
	}

	const many = 1000 // messages arrive in the order they were sent
	for i := range many {
		if err := caller.Send(strings.Repeat("x", i)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range many {
		if got := <-atCallee.messages; len(got) != i {
			t.Fatalf("message %d has %d octets", i, len(got))
		}
	}

	callee.Close()
	<-atCaller.closed
	if err := caller.Send("late"); err == nil {
		t.Error("a closed channel takes messages")
	}
	caller.Close()
	caller.Close() // is no harm
}

// Waiting for a peer that is closed meanwhile ends with its context.
func TestPeerGivesUp(t *testing.T) {
	peer, _ := record(t)
	peer.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := peer.SetLocalDescription(ctx); err == nil {
		t.Error("a closed peer makes a description")
	}
	if err := peer.Send("text"); err == nil {
		t.Error("a peer without a channel sends")
	}
}
