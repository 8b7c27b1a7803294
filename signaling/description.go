package signaling

import (
	"errors"
	"fmt"
	"slices"
)

// ErrDescription is returned for a description that is malformed, and by
// ParseSDP for one that has something in it which the compact form cannot
// represent.
var ErrDescription = errors.New("signaling: not a description that can be sent")

// A Description is what one side of a call tells the other in order to open a
// data channel: a session description (RFC 8829) without what is the same in
// all of them.
//
// Nothing else fits: one data channel section, a SHA-256 fingerprint, SCTP
// port 5000, mid 0. All browsers describe a connection that has data channels
// only in these words. Media is negotiated later, over the channel. What does
// not fit is taken whole, by Describe; of the fields it has only Setup and
// Fingerprint.
type Description struct {
	ICEUfrag    string   // RFC 8839, Section 5.4; 4 to 256 ice-chars
	ICEPwd      string   // the same; 22 to 256 ice-chars
	Fingerprint [32]byte // SHA-256 of the DTLS certificate (RFC 8122, Section 5)
	Setup       Setup
	// LargeMessages says that SCTP messages of 256 KiB are taken, not just of
	// 64 KiB, the default where nothing is said (RFC 8841, Section 6.1).
	LargeMessages bool
	// Candidates are the addresses to try, at most 24. To have none is no
	// error: they may come to be known only later.
	Candidates []Candidate

	// whole is SDP that does not fit. Only Describe and UnmarshalText put it
	// in, so that it was looked at.
	whole string
}

// Setup is the part a side takes in the DTLS handshake (RFC 8842, Section 5.2).
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
	// MaxCandidates is how many candidates a description has at most. It is ours: so many, with the card of a subscription whose
	// endpoint has 1024 octets, stay below MaxPayload.
	MaxCandidates = 24

	minUfrag, maxUfrag = 4, 256  // RFC 8839, Section 5.4; characters
	minPwd, maxPwd     = 22, 256 // the same
)

// check returns ErrDescription unless every part is within its grammar, and so
// can be written in either form without being able to break out of it.
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

// isICEChars reports whether text is of ice-char only (RFC 8839, Section 5.1):
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
