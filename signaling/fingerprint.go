package signaling

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// ErrNoFingerprint is returned for SDP without a fingerprint. ParseSDP refuses it
// like malformed SDP, but it does no harm: no browser connects by it.
var ErrNoFingerprint = errors.New("signaling: no fingerprint")

// Fingerprint returns the fingerprint of the only DTLS certificate that a browser
// accepts with this SDP (RFC 8122, Section 5): SHA-256, and the same in each section
// that has one. It returns ErrNoFingerprint for SDP without a fingerprint. It
// returns ErrDescription for different fingerprints, for another hash function, and
// for a spelling that only some browsers read: with each of these a browser could
// accept another certificate than the one returned.
func Fingerprint(sdp string) (fingerprint [32]byte, err error) {
	if strings.Count(sdp, "\r") != strings.Count(sdp, "\r\n") { // some parsers end a line there
		return [32]byte{}, fmt.Errorf("%w: a carriage return within a line", ErrDescription)
	}
	found := false
	for line := range sdpLines(sdp) {
		if !strings.Contains(strings.ToLower(line), "fingerprint") { // Firefox reads names in any case
			continue
		}
		read, is := parseFingerprint(line)
		if !is || found && read != fingerprint {
			return [32]byte{}, fmt.Errorf("%w: fingerprint %.120q", ErrDescription, line)
		}
		fingerprint, found = read, true
	}
	if !found {
		return [32]byte{}, fmt.Errorf("%w: %w", ErrDescription, ErrNoFingerprint)
	}
	return fingerprint, nil
}

// parseFingerprint parses a line with a SHA-256 fingerprint: octets of two
// hexadecimal digits, separated by colons.
func parseFingerprint(line string) (fingerprint [32]byte, ok bool) {
	hash, octets, _ := strings.Cut(strings.TrimPrefix(line, "a=fingerprint:"), " ")
	b, err := hex.DecodeString(strings.ReplaceAll(octets, ":", ""))
	if err != nil || len(b) != 32 || len(octets) != 32*3-1 || !strings.EqualFold(hash, "sha-256") {
		return [32]byte{}, false
	}
	return [32]byte(b), true
}
