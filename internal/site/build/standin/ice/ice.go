// Package ice stands in for github.com/pion/ice in the page's program. A
// browser has an ICE agent of its own; what pion/webrtc names of pion's is
// declared here, so that it compiles, and does nothing.
//
// Our binding never comes here: it takes candidates as the browser writes them
// and has the browser read its ICE servers. Those methods of pion/webrtc that
// would, ICECandidate.ToJSON and PeerConnection.SetConfiguration with servers
// among them, get ErrBrowser.
package ice

import (
	"errors"
	"net"

	"github.com/pion/logging"
)

// ErrBrowser is returned by all that would take an ICE agent.
var ErrBrowser = errors.New("ice: this is left to the browser")

// ConnectionState is the state of an ICE agent.
type ConnectionState int

// The states of RTCIceTransportState.
const (
	ConnectionStateUnknown ConnectionState = iota
	ConnectionStateNew
	ConnectionStateChecking
	ConnectionStateConnected
	ConnectionStateCompleted
	ConnectionStateFailed
	ConnectionStateDisconnected
	ConnectionStateClosed
)

// NetworkType is what a candidate is reached over.
type NetworkType int

// The network types that pion/webrtc knows.
const (
	NetworkTypeUDP4 NetworkType = iota + 1
	NetworkTypeUDP6
	NetworkTypeTCP4
	NetworkTypeTCP6
)

// NetworkShort names the transport protocol.
func (NetworkType) NetworkShort() string { return "" }

func (NetworkType) String() string { return "" }

// SchemeType is the scheme of a server's URL.
type SchemeType int

// The schemes that pion/webrtc asks for: RFC 7065, Section 3.1.
const (
	SchemeTypeTURN SchemeType = iota + 1
	SchemeTypeTURNS
)

// URL is the URL of a STUN or TURN server.
type URL struct{ Scheme SchemeType }

// ParseURL returns ErrBrowser.
func ParseURL(string) (*URL, error) { return nil, ErrBrowser }

// TCPMux shares a listener among agents.
type TCPMux interface{}

// TCPMuxDefault is none.
type TCPMuxDefault struct{}

// TCPMuxParams are the parameters of NewTCPMuxDefault.
type TCPMuxParams struct {
	Listener       net.Listener
	Logger         logging.LeveledLogger
	ReadBufferSize int
}

// NewTCPMuxDefault returns nil.
func NewTCPMuxDefault(TCPMuxParams) *TCPMuxDefault { return nil }

// UDPMux shares a socket among agents.
type UDPMux interface{}

// UDPMuxDefault is none.
type UDPMuxDefault struct{}

// UDPMuxParams are the parameters of NewUDPMuxDefault.
type UDPMuxParams struct {
	Logger  logging.LeveledLogger
	UDPConn net.PacketConn
}

// NewUDPMuxDefault returns nil.
func NewUDPMuxDefault(UDPMuxParams) *UDPMuxDefault { return nil }
