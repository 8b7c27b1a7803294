// Package ice stands in for pion/ice in the page, where the browser gathers
// candidates and checks pairs of them. It declares the names that pion/webrtc uses
// when it is compiled for JavaScript: states, URLs, candidates and statistics. It
// parses and formats them as pion/ice does; its tests compare both. Functions that
// need sockets return an error.
package ice

import (
	"errors"
	"net"
)

// ConnectionState is the state of the connectivity checks (RFC 8445).
type ConnectionState int

const (
	ConnectionStateNew ConnectionState = iota + 1
	ConnectionStateChecking
	ConnectionStateConnected
	ConnectionStateCompleted
	ConnectionStateFailed
	ConnectionStateDisconnected
	ConnectionStateClosed
)

// NetworkType is a transport protocol over a version of IP.
type NetworkType int

const (
	NetworkTypeUDP4 NetworkType = iota + 1
	NetworkTypeUDP6
	NetworkTypeTCP4
	NetworkTypeTCP6
)

const unknown = "Unknown"

func (t NetworkType) String() string {
	switch t {
	case NetworkTypeUDP4:
		return "udp4"
	case NetworkTypeUDP6:
		return "udp6"
	case NetworkTypeTCP4:
		return "tcp4"
	case NetworkTypeTCP6:
		return "tcp6"
	}
	return unknown
}

// NetworkShort is the protocol without the version: udp or tcp.
func (t NetworkType) NetworkShort() string {
	switch t {
	case NetworkTypeUDP4, NetworkTypeUDP6:
		return "udp"
	case NetworkTypeTCP4, NetworkTypeTCP6:
		return "tcp"
	}
	return unknown
}

// ErrNoSockets is returned for a mux, which shares a socket between peer
// connections: a page has no sockets.
var ErrNoSockets = errors.New("ice: a page has no sockets")

// A TCPMux can only be closed: nothing in a page takes one.
type TCPMux interface{ Close() error }

// A UDPMux can only be closed: nothing in a page takes one.
type UDPMux interface{ Close() error }

// TCPMuxParams are the parameters of a TCPMux.
type TCPMuxParams struct {
	Listener       net.Listener
	Logger         any
	ReadBufferSize int
}

// UDPMuxParams are the parameters of a UDPMux.
type UDPMuxParams struct {
	UDPConn net.PacketConn
	Logger  any
}

// NewTCPMuxDefault returns a mux that fails with ErrNoSockets.
func NewTCPMuxDefault(TCPMuxParams) TCPMux { return noMux{} }

// NewUDPMuxDefault returns a mux that fails with ErrNoSockets.
func NewUDPMuxDefault(UDPMuxParams) UDPMux { return noMux{} }

type noMux struct{}

func (noMux) Close() error { return ErrNoSockets }
