package call

import (
	"context"

	"pushcall/files"
)

// Peer is the part of RTCPeerConnection that a call needs, with one data channel for
// signaling. The names and their meaning are those of W3C webrtc-pc. A method that returns
// a promise there blocks here until the promise settles or ctx ends.
type Peer interface {
	// CreateChannel creates the data channel. Only the caller's side calls it, before
	// its first description. The callee's browser announces the channel (datachannel
	// event).
	CreateChannel() error
	// AddMedia adds transceivers for voice, camera and screen, each in both directions,
	// and so makes NegotiationNeeded fire. Only the caller's side calls it, once both
	// people want the call. The callee's side sends over the transceivers that the
	// offer makes.
	AddMedia() error
	// SetLocalDescription makes the description that the signaling state
	// asks for, an offer or an answer, and sets it.
	SetLocalDescription(ctx context.Context) error
	// LocalDescription returns the local description with the candidates gathered so
	// far.
	LocalDescription() (Description, error)
	// SetRemoteDescription sets a remote description. It rolls back a pending local
	// offer if the remote description is an offer.
	SetRemoteDescription(ctx context.Context, remote Description) error
	SignalingState() SignalingState
	AddICECandidate(ctx context.Context, candidate Candidate) error
	// RestartICE makes NegotiationNeeded fire, for an offer with new credentials.
	RestartICE() error
	// Send queues a message on the data channel.
	Send(text string) error
	// OpenFiles opens the channel for files, once the data channel is open.
	OpenFiles(events files.Events) (files.Channel, error)
	// Close frees everything. No event follows.
	Close()
}

// PeerEvents are the events of a Peer. The functions are called one at a time, in the
// order of the events, and never block.
type PeerEvents struct {
	NegotiationNeeded func()
	Candidate         func(Candidate) // a candidate was gathered; the empty one: gathering is complete
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
	SDPMid    string // the mid of its media description
}

// SignalingState is an RTCSignalingState.
type SignalingState string

// The signaling states that package call uses.
const (
	Stable          SignalingState = "stable"
	HaveLocalOffer  SignalingState = "have-local-offer"
	HaveRemoteOffer SignalingState = "have-remote-offer"
)

// ConnectionState is an RTCPeerConnectionState.
type ConnectionState string

// The connection states that package call uses.
const (
	PeerConnected    ConnectionState = "connected"
	PeerDisconnected ConnectionState = "disconnected"
	PeerFailed       ConnectionState = "failed"
)
