package signaling

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// A Candidate is an address at which a peer may be reached (RFC 8839, Section
// 5.1). It has the fields that a connectivity check needs. Two fields are left
// out: the foundation, which only orders the checks, and the related address,
// which only helps a person who reads a log and would reveal a local address.
type Candidate struct {
	Type     CandidateType
	Protocol Protocol
	Addr     netip.Addr // an IP address, or the zero value when MDNS has a name
	MDNS     UUID       // a name, or the zero value when Addr is an address
	Port     uint16
	// Priority is 2^24 times the type's preference, plus 2^8 times the
	// local preference, plus 255: 256 minus the component, which is 1
	// (RFC 8445, Section 5.1.2.1).
	Priority uint32
}

// CandidateType is where an address comes from (RFC 8445, Section 5.1.1).
type CandidateType uint8

const (
	Host            CandidateType = iota // an interface's own
	ServerReflexive                      // as a STUN server sees it
	PeerReflexive                        // as the other side saw it
	Relayed                              // of a TURN server
)

// String returns the candidate-types token of RFC 8839, Section 5.1.
func (t CandidateType) String() string {
	if t > Relayed {
		return fmt.Sprintf("candidate type %d", uint8(t))
	}
	return [...]string{"host", "srflx", "prflx", "relay"}[t]
}

// Protocol is how a candidate's address is used.
//
// Active TCP candidates (RFC 6544) have no value here. An active candidate has
// no port to connect to; it only announces that its owner will connect, which
// the passive candidate of the other peer notices by itself. The only pair that
// it could form, with a local passive candidate, is pruned from the check list at
// once (RFC 6544, Section 6.2).
type Protocol uint8

const (
	UDP Protocol = iota
	TCPPassive
	TCPSimultaneousOpen
)

// String returns the transport token of RFC 8839, with the tcptype of RFC 6544.
func (p Protocol) String() string {
	if p > TCPSimultaneousOpen {
		return fmt.Sprintf("protocol %d", uint8(p))
	}
	return [...]string{"udp", "tcp passive", "tcp so"}[p]
}

// UUID is a random name that stands for an address on the local network and
// that only hosts there can resolve (draft-ietf-mmusic-mdns-ice-candidates).
type UUID [16]byte

// mdnsSuffix follows the UUID in a name.
const mdnsSuffix = ".local"

// parseMDNS parses an mDNS name as browsers make it: a UUID and ".local".
func parseMDNS(name string) (UUID, bool) {
	var u UUID
	text, ok := strings.CutSuffix(strings.ToLower(name), mdnsSuffix)
	if !ok || len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return UUID{}, false
	}
	digits := text[:8] + text[9:13] + text[14:18] + text[19:23] + text[24:]
	if n, err := hex.Decode(u[:], []byte(digits)); err != nil || n != len(u) {
		return UUID{}, false
	}
	return u, true
}

// String returns the UUID in its usual form (RFC 9562, Section 4).
func (u UUID) String() string {
	h := hex.EncodeToString(u[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

const (
	component   = 1         // the only one: data channels have no RTCP (RFC 8841, Section 12.2)
	maxPriority = 1<<31 - 1 // RFC 8839, Section 5.1
	lowPriority = 256 - component
)

// valid reports whether the candidate can be written both as SDP and in the
// compact form, and its address can be that of a peer.
func (c Candidate) valid() bool {
	name := c.MDNS != UUID{}
	return c.Type <= Relayed && c.Protocol <= TCPSimultaneousOpen &&
		name != c.Addr.IsValid() && (name || isPeerAddr(c.Addr)) &&
		c.Port != 0 && c.Priority <= maxPriority && c.Priority&0xff == lowPriority
}

// isPeerAddr reports whether packets to one other host can be sent to addr. A
// zone is a name that only its own host knows; IPv4 is not written as IPv6.
func isPeerAddr(addr netip.Addr) bool {
	return !addr.IsUnspecified() && !addr.IsMulticast() && addr.Zone() == "" && !addr.Is4In6()
}

// parseCandidate parses the value of a candidate attribute. It reports false
// for a kind of candidate that Candidate cannot represent and for malformed
// text: RFC 8839, Section 5.1, says to ignore both.
func parseCandidate(value string) (Candidate, bool) {
	f := strings.Fields(value) // foundation, component, transport, priority, address, port, "typ", type, extensions
	if len(f) < 8 || f[1] != strconv.Itoa(component) || f[6] != "typ" {
		return Candidate{}, false
	}
	var c Candidate
	var known bool
	if c.Type, known = parseCandidateType(f[7]); !known {
		return Candidate{}, false
	}
	if c.Protocol, known = parseProtocol(f[2], f[8:]); !known {
		return Candidate{}, false
	}
	priority, err := strconv.ParseUint(f[3], 10, 31)
	if err != nil || priority == 0 {
		return Candidate{}, false
	}
	c.Priority = uint32(priority) | lowPriority // near-equal priorities by another formula become equal
	port, err := strconv.ParseUint(f[5], 10, 16)
	if err != nil {
		return Candidate{}, false
	}
	c.Port = uint16(port)
	if c.MDNS, known = parseMDNS(f[4]); !known {
		addr, err := netip.ParseAddr(f[4])
		if err != nil || addr.Zone() != "" {
			return Candidate{}, false
		}
		c.Addr = addr.Unmap()
	}
	return c, c.valid()
}

// MayTry reports whether a browser may be given a candidate attribute, with or
// without "candidate:" before it, that the other peer sent. It refuses unknown
// kinds (RFC 8839, Section 5.1, says to ignore them), host names, which the
// browser would look up, and TCP addresses in private networks (RFC 1918, RFC
// 4193): any TCP service accepts a connection, so the check would probe the
// network, and no browser listens there.
func MayTry(attribute string) bool {
	c, known := parseCandidate(strings.TrimPrefix(attribute, "candidate:"))
	if !known || c.Protocol == UDP {
		return known
	}
	return c.Addr.IsGlobalUnicast() && !c.Addr.IsPrivate()
}

func parseCandidateType(token string) (CandidateType, bool) {
	for t := Host; t <= Relayed; t++ {
		if token == t.String() {
			return t, true
		}
	}
	return 0, false
}

// parseProtocol parses the transport, and for TCP the tcptype among the
// extensions, which are pairs of a name and a value.
func parseProtocol(transport string, extensions []string) (Protocol, bool) {
	text := strings.ToLower(transport)
	for ; len(extensions) >= 2; extensions = extensions[2:] {
		if extensions[0] == "tcptype" {
			text += " " + extensions[1]
		}
	}
	for p := UDP; p <= TCPSimultaneousOpen; p++ {
		if text == p.String() {
			return p, true
		}
	}
	return 0, false
}

// appendSDP appends the value of a candidate attribute. The foundation must
// differ from those of the description's other candidates, so that no check
// waits for another's result (RFC 8445, Section 6.1.2.6).
func (c Candidate) appendSDP(b []byte, foundation int) []byte {
	transport, tcpType, _ := strings.Cut(c.Protocol.String(), " ")
	host, related := c.MDNS.String()+mdnsSuffix, "0.0.0.0"
	if c.Addr.IsValid() {
		host = c.Addr.String()
	}
	if c.Addr.Is6() {
		related = "::"
	}
	b = fmt.Appendf(b, "%d %d %s %d %s %d typ %s", foundation, component, transport, c.Priority, host, c.Port, c.Type)
	if c.Type != Host { // the attribute is required, so it gets a dummy value: RFC 8839, Section 5.1
		b = fmt.Appendf(b, " raddr %s rport 0", related)
	}
	if tcpType != "" {
		b = fmt.Appendf(b, " tcptype %s", tcpType)
	}
	return b
}
