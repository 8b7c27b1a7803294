package signaling

import (
	"errors"
	"fmt"
	"slices"
)

// ErrDescription is returned for a malformed description, and by ParseSDP for
// one that the compact form cannot represent.
var ErrDescription = errors.New("signaling: not a description that can be sent")

// A Description is the session description (RFC 8829) of a data channel, which
// the two peers of a call exchange. It leaves out the lines that all such
// descriptions share.
//
// The fields represent one data channel section with a SHA-256 fingerprint, SCTP
// port 5000 and mid 0. All browsers describe a connection in this form if it has
// data channels only; media is negotiated later, over the channel. For any other
// SDP, Describe returns a Description that contains the complete SDP and has only
// the fields Setup and Fingerprint set.
type Description struct {
	ICEUfrag    string   // RFC 8839, Section 5.4; 4 to 256 ice-chars
	ICEPwd      string   // the same; 22 to 256 ice-chars
	Fingerprint [32]byte // SHA-256 of the DTLS certificate (RFC 8122, Section 5)
	Setup       Setup
	// LargeMessages says that the peer accepts SCTP messages of 256 KiB. Otherwise
	// it accepts 64 KiB, the default of RFC 8841, Section 6.1.
	LargeMessages bool
	// Candidates are the addresses to try, at most 24. There may be none:
	// candidates may follow later.
	Candidates []Candidate

	// whole is the complete SDP if the fields cannot represent it. Only Describe
	// and UnmarshalText set it, after checking it with readWhole.
	whole string
}

// Setup is a peer's role in the DTLS handshake (RFC 8842, Section 5.2).
type Setup uint8

const (
	ActPass Setup = iota // either, as an offer says; the answer decides
	Active               // client
	Passive              // server
)

// String returns the value of the setup attribute.
func (s Setup) String() string {
	if s > Passive {
		return fmt.Sprintf("setup %d", uint8(s))
	}
	return [...]string{"actpass", "active", "passive"}[s]
}

const (
	// MaxCandidates is the largest number of candidates in a description. It is
	// our choice: a message with so many, and a card whose endpoint has 1024
	// octets, stays below MaxPayload.
	MaxCandidates = 24

	minUfrag, maxUfrag = 4, 256  // RFC 8839, Section 5.4; characters
	minPwd, maxPwd     = 22, 256 // the same
)

// check returns ErrDescription unless every field matches its grammar. Then no
// field can inject anything when it is written into SDP or the compact form.
func (d *Description) check() error {
	if d.whole != "" {
		read, err := readWhole(d.whole)
		if err == nil && (read.Setup != d.Setup || read.Fingerprint != d.Fingerprint) {
			err = fmt.Errorf("%w: the SDP says otherwise", ErrDescription)
		}
		return err
	}
	if len(d.ICEUfrag) < minUfrag || len(d.ICEUfrag) > maxUfrag || !isICEChars(d.ICEUfrag) {
		return fmt.Errorf("%w: ice-ufrag %q", ErrDescription, d.ICEUfrag)
	}
	if len(d.ICEPwd) < minPwd || len(d.ICEPwd) > maxPwd || !isICEChars(d.ICEPwd) {
		return fmt.Errorf("%w: ice-pwd of %d characters", ErrDescription, len(d.ICEPwd))
	}
	if d.Setup > Passive {
		return fmt.Errorf("%w: %v", ErrDescription, d.Setup)
	}
	if len(d.Candidates) > MaxCandidates {
		return fmt.Errorf("%w: %d candidates", ErrDescription, len(d.Candidates))
	}
	for i, c := range d.Candidates {
		if !c.valid() || slices.Contains(d.Candidates[:i], c) {
			return fmt.Errorf("%w: candidate %d", ErrDescription, i)
		}
	}
	return nil
}

// isICEChars reports whether text has only ice-chars (RFC 8839, Section 5.1):
// letters, digits, + and /.
func isICEChars(text string) bool {
	for i := range len(text) {
		c := text[i]
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') && c != '+' && c != '/' {
			return false
		}
	}
	return true
}
