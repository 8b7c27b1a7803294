package signaling

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
)

// The first octet of a compact description.
const (
	compactVersion = 1 << 5 // the three high bits count versions
	versionBits    = 7 << 5
	largeBit       = 1 << 4
	setupShift     = 2 // two bits
	ufragHexBit    = 1 << 1
	pwdHexBit      = 1 << 0
)

// The first octet of a candidate. Its two high bits are zero.
const (
	typeShift     = 4 // two bits
	protocolShift = 2 // two bits
	addressBits   = 3

	addressIPv4 = 0
	addressIPv6 = 1
	addressMDNS = 2
)

// MarshalText writes the compact form: base64url of
//
//	octet   version and flags
//	octet   length of ice-ufrag, less 4
//	octet   length of ice-pwd, less 22
//	        ice-ufrag, packed
//	        ice-pwd, packed
//	32      fingerprint
//	        candidates, up to the end:
//	  octet   type, protocol, kind of address
//	  2       port
//	  3       priority, less its last octet, which is always 255
//	  4, 16   IPv4 address; IPv6 address or UUID of an mDNS name
//
// ice-ufrag and ice-pwd are packed two characters to an octet if all their
// characters are hexadecimal digits, as in Firefox, and otherwise four characters
// to three octets: there are 64 ice-chars, the alphabet of base64. Each description
// has exactly one compact form; UnmarshalText refuses any other.
//
// A description that does not fit the compact form (see Describe) is base64url of
// an octet with another version and no flags, and of the SDP in raw DEFLATE
// (RFC 1951).
func (d Description) MarshalText() ([]byte, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	if d.whole != "" {
		return marshalWhole(d.whole)
	}
	return base64.RawURLEncoding.AppendEncode(nil, d.appendCompact(nil)), nil
}

// appendCompact appends the octets of a description that was checked.
func (d *Description) appendCompact(b []byte) []byte {
	flags := compactVersion | byte(d.Setup)<<setupShift
	if d.LargeMessages {
		flags |= largeBit
	}
	if isHex(d.ICEUfrag) {
		flags |= ufragHexBit
	}
	if isHex(d.ICEPwd) {
		flags |= pwdHexBit
	}
	b = append(b, flags, byte(len(d.ICEUfrag)-minUfrag), byte(len(d.ICEPwd)-minPwd))
	b = append(b, packICEChars(d.ICEUfrag)...)
	b = append(b, packICEChars(d.ICEPwd)...)
	b = append(b, d.Fingerprint[:]...)
	for _, c := range d.Candidates {
		b = c.appendCompact(b)
	}
	return b
}

// UnmarshalText parses both forms. It returns ErrDescription for any other text.
func (d *Description) UnmarshalText(text []byte) error {
	b, err := base64.RawURLEncoding.Strict().AppendDecode(nil, text)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDescription, err)
	}
	var read Description
	switch {
	case len(b) == 0 || base64.RawURLEncoding.EncodedLen(len(b)) != len(text): // ends of line, which the decoder passes over
		err = fmt.Errorf("%w: empty, or of several lines", ErrDescription)
	case b[0] == wholeVersion:
		read, err = unmarshalWhole(b[1:])
	case b[0]&versionBits == compactVersion:
		read, err = unmarshalCompact(b)
	default:
		err = fmt.Errorf("%w: first octet %#x", ErrDescription, b[0])
	}
	if err == nil {
		*d = read
	}
	return err
}

func unmarshalCompact(b []byte) (Description, error) {
	r := octets{rest: b}
	head := r.take(3)
	read := Description{
		ICEUfrag:      r.iceChars(minUfrag+int(head[1]), head[0]&ufragHexBit != 0),
		ICEPwd:        r.iceChars(minPwd+int(head[2]), head[0]&pwdHexBit != 0),
		Fingerprint:   [32]byte(r.take(32)),
		Setup:         Setup(head[0] >> setupShift & 3),
		LargeMessages: head[0]&largeBit != 0,
	}
	for len(r.rest) > 0 {
		read.Candidates = append(read.Candidates, r.candidate())
	}
	if r.short {
		return Description{}, fmt.Errorf("%w: too short", ErrDescription)
	}
	if err := read.check(); err != nil {
		return Description{}, err
	}
	if !bytes.Equal(read.appendCompact(nil), b) {
		return Description{}, fmt.Errorf("%w: not in its one compact form", ErrDescription)
	}
	return read, nil
}

func (c Candidate) appendCompact(b []byte) []byte {
	kind, address := byte(addressMDNS), c.MDNS[:]
	switch {
	case c.Addr.Is4():
		kind, address = addressIPv4, c.Addr.AsSlice()
	case c.Addr.Is6():
		kind, address = addressIPv6, c.Addr.AsSlice()
	}
	b = append(b, byte(c.Type)<<typeShift|byte(c.Protocol)<<protocolShift|kind)
	b = binary.BigEndian.AppendUint16(b, c.Port)
	b = append(b, byte(c.Priority>>24), byte(c.Priority>>16), byte(c.Priority>>8))
	return append(b, address...)
}

// isHex reports whether text is pairs of lower-case hexadecimal digits.
func isHex(text string) bool {
	b, err := hex.DecodeString(text)
	return err == nil && hex.EncodeToString(b) == text
}

// packICEChars packs ice-chars; see MarshalText.
func packICEChars(text string) []byte {
	if b, err := hex.DecodeString(text); err == nil && isHex(text) {
		return b
	}
	padded := append([]byte(text), "AAA"[:-len(text)&3]...) // A is zero
	b, err := base64.RawStdEncoding.AppendDecode(nil, padded)
	if err != nil {
		panic("signaling: internal error: packing what is not ice-char")
	}
	return b[:(6*len(text)+7)/8]
}

// octets are the octets not yet read. After a read beyond their end they yield
// zeros.
type octets struct {
	rest  []byte
	short bool
}

func (r *octets) take(n int) []byte {
	if len(r.rest) < n {
		r.rest, r.short = nil, true
		return make([]byte, n)
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

// iceChars reads n packed characters.
func (r *octets) iceChars(n int, isHex bool) string {
	if isHex {
		return hex.EncodeToString(r.take(n / 2))
	}
	padded := make([]byte, (n+3)/4*3)
	copy(padded, r.take((6*n+7)/8))
	return base64.RawStdEncoding.EncodeToString(padded)[:n]
}

// candidate reads a candidate, without checking that it is valid.
func (r *octets) candidate() Candidate {
	head := r.take(6)
	c := Candidate{
		Type:     CandidateType(head[0] >> typeShift), // with the two bits that are zero in a valid one
		Protocol: Protocol(head[0] >> protocolShift & 3),
		Port:     binary.BigEndian.Uint16(head[1:]),
		Priority: uint32(head[3])<<24 | uint32(head[4])<<16 | uint32(head[5])<<8 | lowPriority,
	}
	switch head[0] & addressBits {
	case addressIPv4:
		c.Addr = netip.AddrFrom4([4]byte(r.take(4)))
	case addressIPv6:
		c.Addr = netip.AddrFrom16([16]byte(r.take(16)))
	case addressMDNS:
		c.MDNS = UUID(r.take(16))
	}
	return c
}
