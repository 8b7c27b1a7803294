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

	// maxSDP is ours, in octets: several times what fits deflated into a
	// message, and little enough to inflate whoever it comes from.
	maxSDP = 16 << 10
)

// Describe reads a description to send. What the compact form can represent is
// as ParseSDP returns it. All else, as are media, several sections or other
// hash functions, is taken whole: then the Description is the SDP as it is,
// and of its fields only Setup and Fingerprint are there. ErrDescription is for
// what is not SDP, has not one setup in all of its sections, has more than one
// fingerprint, or is larger than 16 KiB.
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

// readWhole reads SDP that travels whole. It may come from a stranger.
// setRemoteDescription judges the content of its lines; readWhole makes sure
// that these are lines of text, with one setup and at most one certificate.
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
	if err != nil && !errors.Is(err, ErrNoFingerprint) { // by which no browser connects
		return Description{}, err
	}
	return Description{Setup: setup, Fingerprint: fingerprint, whole: sdp}, nil
}

// HasMedia tells whether the description has a section that is not for data:
// nobody asks for media before a call is answered.
func (d Description) HasMedia() bool {
	all, _ := sections(d.whole)
	for _, section := range all {
		if len(section.media) > 0 && !strings.HasPrefix(section.media[0], "m=application ") {
			return true
		}
	}
	return false
}

// marshalWhole writes base64url of an octet that says so and of the SDP in raw
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

// unmarshalWhole reads what follows the first octet. Since there are many ways
// to deflate a text, this form has no one way to be written.
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
