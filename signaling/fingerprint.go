package signaling

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Fingerprints returns the different fingerprints of DTLS certificates in SDP
// (RFC 8122, Section 5), in order. It returns ErrDescription where there is
// none, and where one is of another hash than SHA-256: such a description would
// let another certificate pass than those that are returned.
func Fingerprints(sdp string) ([][32]byte, error) {
	var all [][32]byte
	for line := range sdpLines(sdp) {
		value, found := strings.CutPrefix(line, "a=fingerprint:")
		if !found {
			continue
		}
		hash, octets, _ := strings.Cut(value, " ")
		fingerprint, err := hex.DecodeString(strings.ReplaceAll(octets, ":", ""))
		if !strings.EqualFold(hash, "sha-256") || err != nil || len(fingerprint) != 32 {
			return nil, fmt.Errorf("%w: fingerprint %.100q", ErrDescription, value)
		}
		all = insert(all, [32]byte(fingerprint))
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w: no fingerprint", ErrDescription)
	}
	return all, nil
}

// insert puts a fingerprint into its place, unless it is there.
func insert(all [][32]byte, fingerprint [32]byte) [][32]byte {
	for i, other := range all {
		switch order := bytes.Compare(fingerprint[:], other[:]); {
		case order == 0:
			return all
		case order < 0:
			return slices.Insert(all, i, fingerprint)
		}
	}
	return append(all, fingerprint)
}
