//go:build !js

package signaling_test

import (
	"testing"
	"time"

	"github.com/pion/webrtc/v3"

	"pushcall/signaling"
)

// Two peers that have nothing of each other but compact descriptions open a
// data channel and talk over it.
func TestConnect(t *testing.T) {
	caller, callee := newPeer(t), newPeer(t)
	channel, err := caller.CreateDataChannel("", nil)
	if err != nil {
		t.Fatal(err)
	}
	heard := make(chan string, 2)
	channel.OnOpen(func() { channel.SendText("hello") })
	channel.OnMessage(func(m webrtc.DataChannelMessage) { heard <- string(m.Data) })
	callee.OnDataChannel(func(channel *webrtc.DataChannel) {
		channel.OnMessage(func(m webrtc.DataChannelMessage) {
			heard <- string(m.Data)
			channel.SendText("hello to you")
		})
	})

	offer, err := caller.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := callee.SetRemoteDescription(across(t, gathered(t, caller, offer))); err != nil {
		t.Fatal(err)
	}
	answer, err := callee.CreateAnswer(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := caller.SetRemoteDescription(across(t, gathered(t, callee, answer))); err != nil {
		t.Fatal(err)
	}

	for _, want := range []string{"hello", "hello to you"} {
		select {
		case got := <-heard:
			if got != want {
				t.Fatalf("heard %q, want %q", got, want)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("no %q; the caller is %v, the callee %v", want, caller.ConnectionState(), callee.ConnectionState())
		}
	}
}

func newPeer(t *testing.T) *webrtc.PeerConnection {
	t.Helper()
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(true) // a machine with no network is enough
	peer, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := peer.Close(); err != nil {
			t.Error(err)
		}
	})
	return peer
}

// gathered sets a local description and returns it with all its candidates.
func gathered(t *testing.T, peer *webrtc.PeerConnection, d webrtc.SessionDescription) webrtc.SessionDescription {
	t.Helper()
	complete := webrtc.GatheringCompletePromise(peer)
	if err := peer.SetLocalDescription(d); err != nil {
		t.Fatal(err)
	}
	<-complete
	return *peer.LocalDescription()
}

// across takes a description the way it goes in a message.
func across(t *testing.T, d webrtc.SessionDescription) webrtc.SessionDescription {
	t.Helper()
	local, err := signaling.ParseSDP(d.SDP)
	if err != nil {
		t.Fatal(err)
	}
	text, err := local.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var remote signaling.Description
	if err := remote.UnmarshalText(text); err != nil {
		t.Fatal(err)
	}
	t.Logf("%v: %d octets, compact %d", d.Type, len(d.SDP), len(text))
	return webrtc.SessionDescription{Type: d.Type, SDP: remote.SDP()}
}
