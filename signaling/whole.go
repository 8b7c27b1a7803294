package signaling

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

const (
	wholeVersion = 2 << 5 // where compactVersion is in the other form

	// maxSDP is our choice, in octets: several times the SDP that fits deflated
	// into a message, and small enough to inflate for any stranger.
	maxSDP = 16 << 10
)

// Describe returns the Description to send for SDP. If the compact form can
// represent the SDP, it is the result of ParseSDP. Otherwise (with media, several
// sections or another hash function, for instance) the Description contains the
// SDP unchanged, and has only the fields Setup and Fingerprint. Describe returns
// ErrDescription for text that is not SDP, has different setups or none in its
// sections, has more than one fingerprint, or is larger than 16 KiB.
func Describe(sdp string) (Description, error) {
	d, compactErr := ParseSDP(sdp)
	if compactErr == nil {
		return d, nil
	}
	d, err := readWhole(sdp)
	if err != nil {
		return Description{}, fmt.Errorf("%w; nor compact: %w", err, compactErr)
	}
	return d, nil
}

// readWhole checks SDP that is sent unchanged, perhaps by a stranger, and returns a
// Description that contains it. It checks that the SDP is lines of text with one
// setup and at most one certificate; the rest of their content is for
// setRemoteDescription to check.
func readWhole(sdp string) (Description, error) {
	if len(sdp) > maxSDP || !utf8.ValidString(sdp) || strings.IndexByte(sdp, 0) >= 0 ||
		strings.Count(sdp, "\r") != strings.Count(sdp, "\r\n") {
		return Description{}, fmt.Errorf("%w: %d octets, or no lines of text", ErrDescription, len(sdp))
	}
	for line := range sdpLines(sdp) {
		if len(line) < 2 || line[0] < 'a' || line[0] > 'z' || line[1] != '=' {
			return Description{}, fmt.Errorf("%w: line %.20q", ErrDescription, line)
		}
		if lower := strings.ToLower(line); strings.HasPrefix(lower, "a=candidate") && !strings.HasPrefix(line, "a=candidate:") {
			return Description{}, fmt.Errorf("%w: a candidate that only some browsers read", ErrDescription)
		}
	}
	if first, _, _ := strings.Cut(sdp, "\n"); strings.TrimRight(first, "\r") != "v=0" {
		return Description{}, fmt.Errorf("%w: begins %.20q", ErrDescription, first)
	}
	setup, err := wholeSetup(sdp)
	if err != nil {
		return Description{}, err
	}
	fingerprint, err := Fingerprint(sdp)
	if err != nil && !errors.Is(err, ErrNoFingerprint) { // no browser connects without a fingerprint
		return Description{}, err
	}
	return Description{Setup: setup, Fingerprint: fingerprint, whole: sdp}, nil
}

// HasMedia reports whether the description has a section other than a data
// channel's. A description must not ask for media before the call is answered.
func (d Description) HasMedia() bool {
	all, _ := sections(d.whole)
	for _, section := range all {
		if len(section.media) > 0 && !strings.HasPrefix(section.media[0], "m=application ") {
			return true
		}
	}
	return false
}

// marshalWhole returns base64url of the octet wholeVersion and of the SDP in raw
// DEFLATE (RFC 1951).
func marshalWhole(sdp string) ([]byte, error) {
	b := bytes.NewBuffer([]byte{wholeVersion})
	w, err := flate.NewWriter(b, flate.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("deflate SDP: %w", err)
	}
	if _, err := io.WriteString(w, sdp); err != nil {
		return nil, fmt.Errorf("deflate SDP: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("deflate SDP: %w", err)
	}
	return base64.RawURLEncoding.AppendEncode(nil, b.Bytes()), nil
}

// unmarshalWhole parses the octets after the first. Unlike the compact form it is
// not unique, since a text can be deflated in many ways.
func unmarshalWhole(deflated []byte) (Description, error) {
	rest := bytes.NewReader(deflated) // an io.ByteReader: no octet is read ahead
	r := flate.NewReader(rest)
	sdp := make([]byte, 0, maxSDP+1)
	var err error
	for err == nil && len(sdp) < cap(sdp) {
		var n int
		n, err = r.Read(sdp[len(sdp):cap(sdp)])
		sdp = sdp[:len(sdp)+n]
	}
	if err != io.EOF {
		return Description{}, fmt.Errorf("%w: inflate SDP, %d octets: %v", ErrDescription, len(sdp), err)
	}
	if rest.Len() > 0 {
		return Description{}, fmt.Errorf("%w: %d octets after the SDP", ErrDescription, rest.Len())
	}
	return readWhole(string(sdp))
}
