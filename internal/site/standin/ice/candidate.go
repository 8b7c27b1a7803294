package ice

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// CandidateType is how an agent came by an address (RFC 8445, Section 5.1.1).
type CandidateType byte

const (
	CandidateTypeHost CandidateType = iota + 1
	CandidateTypeServerReflexive
	CandidateTypePeerReflexive
	CandidateTypeRelay
)

func (t CandidateType) String() string {
	switch t {
	case CandidateTypeHost:
		return "host"
	case CandidateTypeServerReflexive:
		return "srflx"
	case CandidateTypePeerReflexive:
		return "prflx"
	case CandidateTypeRelay:
		return "relay"
	}
	return "Unknown candidate type"
}

// TCPType is who opens the connection of a TCP candidate (RFC 6544, Section 4.5).
type TCPType int

const (
	TCPTypeUnspecified TCPType = iota
	TCPTypeActive
	TCPTypePassive
	TCPTypeSimultaneousOpen
)

// NewTCPType parses active, passive or so; any other text is unspecified.
func NewTCPType(text string) TCPType {
	switch strings.ToLower(text) {
	case "active":
		return TCPTypeActive
	case "passive":
		return TCPTypePassive
	case "so":
		return TCPTypeSimultaneousOpen
	}
	return TCPTypeUnspecified
}

func (t TCPType) String() string {
	switch t {
	case TCPTypeUnspecified:
		return ""
	case TCPTypeActive:
		return "active"
	case TCPTypePassive:
		return "passive"
	case TCPTypeSimultaneousOpen:
		return "so"
	}
	return unknown
}

// A Candidate is a transport address to try; nil beside an error.
type Candidate = *candidate

type candidate struct {
	config      CandidateConfig
	typ         CandidateType
	networkType NetworkType
}

// CandidateConfig has the fields of a new candidate. A host candidate has no
// related address, and only a host candidate has a TCPType.
type CandidateConfig struct {
	CandidateID string
	Network     string // udp or tcp
	Address     string
	Port        int
	Component   uint16
	Priority    uint32 // 0: as RFC 8445, Section 5.1.2.1, recommends
	Foundation  string // "": derived from type, address and network
	TCPType     TCPType
	RelAddr     string
	RelPort     int
}

// The four kinds of candidates have the same fields.
type (
	CandidateHostConfig            = CandidateConfig
	CandidateServerReflexiveConfig = CandidateConfig
	CandidatePeerReflexiveConfig   = CandidateConfig
	CandidateRelayConfig           = CandidateConfig
)

// CandidateRelatedAddress is the base of a reflexive candidate, or for a relayed
// one the address that its server sees.
type CandidateRelatedAddress struct {
	Address string
	Port    int
}

// ErrCandidate is returned for an invalid candidate.
var ErrCandidate = errors.New("ice: not a candidate")

// NewCandidateHost makes a candidate of an address of this machine, which may
// be an mDNS name.
func NewCandidateHost(config *CandidateHostConfig) (Candidate, error) {
	return newCandidate(CandidateTypeHost, config)
}

// NewCandidateServerReflexive makes a candidate that a STUN server has seen.
func NewCandidateServerReflexive(config *CandidateServerReflexiveConfig) (Candidate, error) {
	return newCandidate(CandidateTypeServerReflexive, config)
}

// NewCandidatePeerReflexive makes a candidate that the peer has seen.
func NewCandidatePeerReflexive(config *CandidatePeerReflexiveConfig) (Candidate, error) {
	return newCandidate(CandidateTypePeerReflexive, config)
}

// NewCandidateRelay makes a candidate on a TURN server.
func NewCandidateRelay(config *CandidateRelayConfig) (Candidate, error) {
	return newCandidate(CandidateTypeRelay, config)
}

func newCandidate(typ CandidateType, config *CandidateConfig) (Candidate, error) {
	c := &candidate{*config, typ, NetworkTypeUDP4}
	if typ == CandidateTypeHost && strings.HasSuffix(config.Address, ".local") {
		return c, nil // counts as UDP over IPv4 until it is resolved
	}
	ip := net.ParseIP(config.Address)
	if ip == nil {
		return nil, fmt.Errorf("%w: the address %q", ErrCandidate, config.Address)
	}
	switch network := strings.ToLower(config.Network); {
	case strings.HasPrefix(network, "udp"):
	case strings.HasPrefix(network, "tcp"):
		c.networkType = NetworkTypeTCP4
	default:
		return nil, fmt.Errorf("%w: the network %q", ErrCandidate, config.Network)
	}
	if ip.To4() == nil {
		c.networkType++
	}
	return c, nil
}

// UnmarshalCandidate parses a candidate-attribute (RFC 8839, Section 5.1)
// without its "candidate:".
func UnmarshalCandidate(text string) (Candidate, error) {
	fields := strings.Fields(text)
	if strings.HasPrefix(text, " ") { // an empty foundation, which some agents send
		fields = append([]string{" "}, fields...)
	}
	if len(fields) < 8 || len(fields)%2 != 0 { // the fields after the eighth are pairs
		return nil, fmt.Errorf("%w: %q", ErrCandidate, text)
	}
	component, componentErr := strconv.ParseUint(fields[1], 10, 16)
	priority, priorityErr := strconv.ParseUint(fields[3], 10, 32)
	port, portErr := strconv.ParseUint(fields[5], 10, 16)
	if err := cmp.Or(componentErr, priorityErr, portErr); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCandidate, err)
	}
	config := &CandidateConfig{
		Foundation: fields[0],
		Component:  uint16(component),
		Network:    fields[2],
		Priority:   uint32(priority),
		Address:    withoutZone(fields[4]),
		Port:       int(port),
	}
	for pairs := fields[8:]; len(pairs) > 0; pairs = pairs[2:] {
		if err := config.set(pairs[0], pairs[1]); err != nil {
			return nil, err
		}
	}
	for typ := CandidateTypeHost; typ <= CandidateTypeRelay; typ++ {
		if typ.String() == fields[7] {
			return newCandidate(typ, config)
		}
	}
	return nil, fmt.Errorf("%w: the type %q", ErrCandidate, fields[7])
}

func (c *CandidateConfig) set(name, value string) error {
	switch name {
	case "raddr":
		c.RelAddr = value
	case "rport":
		port, err := strconv.ParseUint(value, 10, 16)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrCandidate, err)
		}
		c.RelPort = int(port)
	case "tcptype":
		c.TCPType = NewTCPType(value)
	}
	return nil
}

// withoutZone removes the zone of a link-local address, which only its own
// machine knows.
func withoutZone(address string) string {
	address, _, _ = strings.Cut(address, "%")
	return address
}

// Marshal is the inverse of UnmarshalCandidate.
func (c *candidate) Marshal() string {
	text := fmt.Sprintf("%s %d %s %d %s %d typ %s", strings.TrimSpace(c.Foundation()), c.Component(),
		c.networkType.NetworkShort(), c.Priority(), withoutZone(c.Address()), c.Port(), c.typ)
	if c.TCPType() != TCPTypeUnspecified {
		text += " tcptype " + c.TCPType().String()
	}
	if r := c.RelatedAddress(); r != nil && r.Address != "" && r.Port != 0 {
		text += fmt.Sprintf(" raddr %s rport %d", r.Address, r.Port)
	}
	return text
}

// String returns a description for people.
func (c *candidate) String() string {
	text := fmt.Sprintf("%s %s %s", c.networkType, c.typ, net.JoinHostPort(c.Address(), strconv.Itoa(c.Port())))
	if r := c.RelatedAddress(); r != nil {
		text += fmt.Sprintf(" related %s:%d", r.Address, r.Port)
	}
	return text
}

// ID is the CandidateID of the candidate's config.
func (c *candidate) ID() string { return c.config.CandidateID }

// Type is the kind of candidate.
func (c *candidate) Type() CandidateType { return c.typ }

// NetworkType is the transport and the version of IP.
func (c *candidate) NetworkType() NetworkType { return c.networkType }

// Component is 1 for RTP and all else, 2 for RTCP on a port of its own.
func (c *candidate) Component() uint16 { return c.config.Component }

// Address is an IP address or an mDNS name.
func (c *candidate) Address() string { return c.config.Address }

// Port is the port of the address.
func (c *candidate) Port() int { return c.config.Port }

// TCPType is unspecified except for TCP host candidates.
func (c *candidate) TCPType() TCPType { return c.config.TCPType }

// RelatedAddress is nil for a host candidate.
func (c *candidate) RelatedAddress() *CandidateRelatedAddress {
	if c.typ == CandidateTypeHost {
		return nil
	}
	return &CandidateRelatedAddress{c.config.RelAddr, c.config.RelPort}
}

// Foundation is the same for candidates of the same type, address and network.
func (c *candidate) Foundation() string {
	if c.config.Foundation != "" {
		return c.config.Foundation
	}
	sum := checksum(c.typ.String() + c.Address() + c.networkType.String())
	return strconv.FormatUint(uint64(sum), 10)
}

// Priority orders candidates (RFC 8445, Section 5.1.2.1).
func (c *candidate) Priority() uint32 {
	if c.config.Priority != 0 {
		return c.config.Priority
	}
	typ, local := c.preferences()
	return typ<<24 + local<<8 + 256 - uint32(c.Component())
}

// preferences returns the preferences of RFC 8445, Section 5.1.2.2. TCP comes after
// UDP, and its local preference depends on the TCPType (RFC 6544, Section 4.2).
func (c *candidate) preferences() (typ, local uint32) {
	typ = map[CandidateType]uint32{
		CandidateTypeHost:            126,
		CandidateTypePeerReflexive:   110,
		CandidateTypeServerReflexive: 100,
	}[c.typ]
	if c.networkType != NetworkTypeTCP4 && c.networkType != NetworkTypeTCP6 {
		return typ, 65535
	}
	if typ > 0 {
		typ -= 27
	}
	direction := map[TCPType]uint32{TCPTypeActive: 6, TCPTypePassive: 4, TCPTypeSimultaneousOpen: 2}[c.TCPType()]
	return typ, direction<<13 + 8191
}

// checksum returns the CRC-32 of IEEE 802.3, without the table that hash/crc32
// would compute at each start of the page.
func checksum(text string) uint32 {
	sum := ^uint32(0)
	for i := range len(text) {
		sum ^= uint32(text[i])
		for range 8 {
			sum = sum>>1 ^ 0xedb88320*(sum&1)
		}
	}
	return ^sum
}
