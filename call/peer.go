package call

import (
	"context"

	"pushcall/files"
)

// Peer is what a call needs of an RTCPeerConnection with one data channel. The
// names and the meaning are those of W3C webrtc-pc; what is a promise there
// blocks here until it settles or ctx ends.
type Peer interface {
	// CreateChannel creates the data channel; only the caller's side does,
	// before its first description. The callee's is announced to it.
	CreateChannel() error
	// AddMedia makes NegotiationNeeded fire, for an offer of what voice, camera
	// and screen go through, each in both directions. Only the caller's side
	// adds it, once both people want the call. The callee's takes what is
	// offered, and sends by the same.
	AddMedia() error
	// SetLocalDescription makes the description that the signaling state
	// asks for, an offer or an answer, and sets it.
	SetLocalDescription(ctx context.Context) error
	// LocalDescription has the candidates gathered so far.
	LocalDescription() (Description, error)
	// SetRemoteDescription rolls back a pending local offer if it must.
	SetRemoteDescription(ctx context.Context, remote Description) error
	SignalingState() SignalingState
	AddICECandidate(ctx context.Context, candidate Candidate) error
	// RestartICE makes NegotiationNeeded fire, for an offer with new credentials.
	RestartICE() error
	// Send queues a message on the data channel.
	Send(text string) error
	// OpenFiles opens the channel for files, when the data channel is open.
	OpenFiles(events files.Events) (files.Channel, error)
	// Close frees everything. No event follows.
	Close()
}

// PeerEvents is what a peer reports. The functions are called one at a time,
// in the order things happened, and never block.
type PeerEvents struct {
	NegotiationNeeded func()
	Candidate         func(Candidate) // gathered; the empty one says that gathering is complete
	ConnectionState   func(ConnectionState)
	ChannelOpen       func()
	ChannelMessage    func(text string)
	ChannelClosed     func()
}

// Description is an RTCSessionDescription.
type Description struct {
	Type string // "offer" or "answer"
	SDP  string
}

// Candidate is an RTCIceCandidate.
type Candidate struct {
	Candidate string // candidate-attribute of RFC 8839, Section 5.1, without "a="
	SDPMid    string // the media description it belongs to
}

// SignalingState is an RTCSignalingState.
type SignalingState string

// The states that matter here.
const (
	Stable          SignalingState = "stable"
	HaveLocalOffer  SignalingState = "have-local-offer"
	HaveRemoteOffer SignalingState = "have-remote-offer"
)

// ConnectionState is an RTCPeerConnectionState.
type ConnectionState string

// The states that matter here.
const (
	PeerConnected    ConnectionState = "connected"
	PeerDisconnected ConnectionState = "disconnected"
	PeerFailed       ConnectionState = "failed"
)
