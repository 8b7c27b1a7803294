package call

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"pushcall/signaling"
)

// A secret makes safety words unpredictable for the side that answers an offer. The caller
// draws a secret for each round of a call before its first offer, commits to all of them
// by the call's id, and reveals that of a round over the round's open channel. By then
// both certificates are fixed: the caller's by the offer, the callee's by the answer. So
// nobody can choose a certificate for the words that it makes, as in ZRTP (RFC 6189,
// Section 4.4.1.1).
//
// The secrets of a call are a hash chain (Lamport, "Password authentication
// with insecure communication", 1981), revealed from its end:
//
//	id = H(secret 0), the first 12 octets; secret n = H(secret n+1); the last is random
type secret [sha256.Size]byte

// secretDomain is hashed before a secret, so that no other use of SHA-256 gives the same
// hash (domain separation).
const secretDomain = "pushcall secret 1\n"

// errSecret ends a call whose caller reveals another secret than the call's id commits
// to.
var errSecret = fmt.Errorf("%w: a secret that the call's id does not commit to", ErrSignal)

func (x secret) hash() secret { return sha256.Sum256(append([]byte(secretDomain), x[:]...)) }

// newSecrets returns a secret for each round, and the call id that commits to them.
func newSecrets() (id signaling.CallID, secrets [maxRounds]secret) {
	var x secret
	rand.Read(x[:]) // never fails, says its documentation
	for round := maxRounds - 1; round >= 0; round-- {
		secrets[round] = x
		x = x.hash()
	}
	return signaling.CallID(x[:]), secrets
}

// opens reports whether a call's id commits its caller to x in a round.
func (x secret) opens(id signaling.CallID, round int) bool {
	for range round + 1 {
		x = x.hash()
	}
	return signaling.CallID(x[:]) == id
}

func (x secret) String() string { return base64.RawURLEncoding.EncodeToString(x[:]) }

// parseSecret parses a secret that String has written.
func parseSecret(text string) (secret, error) {
	octets, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(octets) != len(secret{}) {
		return secret{}, fmt.Errorf("%w: secret of %d characters", ErrSignal, len(text))
	}
	return secret(octets), nil
}
