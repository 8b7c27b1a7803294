package call

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"pushcall/webpush"
)

// ErrNotConnected is returned if there is no connection to make safety words of.
var ErrNotConnected = errors.New("call: not connected")

// SafetyWords is the number of safety words: 60 bits, ten in each word.
//
// An attacker in the middle has two connections and wants equal words for both. The words
// are a hash of both identities, both certificates, and the caller's secret, which the
// caller reveals only after all else is fixed (see type secret). So the attacker cannot
// search: whatever they compute, a call gives them one guess, which is right once in 2^60.
// Without the secret, an attacker whom both people call at once could delay both answers,
// make 2^30 certificates for each of the two, and find a pair with equal words among 2^60:
// 2^31 hashes, seconds of work. For one connection after the other they would need 2^60
// hashes while a call rings.
//
// To commit to two secrets at once a caller would have to find two with the same
// call id: 2^48 hashes for one more guess.
const SafetyWords = 6

// revealTime is the time limit for a caller's secret to arrive over an open channel.
const revealTime = 2 * time.Second

// safetyDomain is hashed first, so that no other use of SHA-256 gives the same hash (domain
// separation).
const safetyDomain = "pushcall safety words 2\n"

// safetyList has 1024 short English words in alphabetical order, no two of which have the
// same first four letters. They are from the English list of BIP 39, which is under the MIT
// licence, © 2013–2016 Pavol Rusnak; without words that are unkind to read to a friend, and
// without words that sound like another.
//
//go:embed safetywords.txt
var safetyList string

// A party is one side of a connection, as far as safety words depend on it.
type party struct {
	identity    webpush.PublicKey
	certificate [32]byte // its SHA-256 fingerprint
}

// safetyWords returns the words of a connection. They do not depend on the order of its
// sides.
func safetyWords(a, b party, secret secret) []string {
	if b.identity.Compare(a.identity) < 0 {
		a, b = b, a
	}
	hash := sha256.New()
	hash.Write([]byte(safetyDomain))
	for _, p := range []party{a, b} {
		hash.Write(p.identity.Bytes())
		hash.Write(p.certificate[:])
	}
	hash.Write(secret[:])
	list := strings.Fields(safetyList)
	words := make([]string, SafetyWords)
	for i, bits := range groups(hash.Sum(nil)) {
		words[i] = list[bits]
	}
	return words
}

// groups returns ten bits of a hash for each word, from the most significant bit on.
func groups(hash []byte) [SafetyWords]uint16 {
	var all [SafetyWords]uint16
	rest := binary.BigEndian.Uint64(hash)
	for i := range all {
		all[i] = uint16(rest >> 54)
		rest <<= 10
	}
	return all
}

// SafetyWords returns the words of the connection in use. Two people read them to each other
// to check that nobody sits between them: the words depend on both identities and both
// certificates. SafetyWords blocks until the phone's loop and the caller's secret are
// ready. It returns ErrNotConnected if there is no connection, or if the caller does not
// reveal the secret within revealTime.
func (p *Phone) SafetyWords(ctx context.Context) ([]string, error) {
	var words []string
	var pending *link
	read := func() { words, pending = p.safetyWords() }
	err := p.loop.Do(ctx, read)
	if err == nil && pending != nil {
		patience := time.NewTimer(revealTime)
		defer patience.Stop()
		select {
		case <-pending.revealed:
		case <-patience.C:
		case <-pending.ctx.Done():
		case <-ctx.Done():
		}
		err = p.loop.Do(ctx, read)
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil || words == nil:
		return nil, ErrNotConnected
	}
	return words, nil
}

// safetyWords returns the words of the connection in use, or nil if there is none. If the
// caller has not revealed the secret yet, it returns the link whose revealed to wait for.
func (p *Phone) safetyWords() (words []string, pending *link) {
	s := p.session
	switch {
	case s == nil || s.state != Connected || !s.inBand() || s.remote.Identity.IsZero():
		return nil, nil
	case s.link.secret == secret{}:
		return nil, s.link
	}
	own := party{p.config.Identity.Public(), s.link.description.Fingerprint}
	return safetyWords(own, party{s.remote.Identity, s.link.certificate}, s.link.secret), nil
}

// reveal sends this side's secret of the link's round to the callee.
func (s *session) reveal() {
	s.link.secret = s.secrets[s.link.round]
	s.send(signal{kind: signalSecret, secret: s.link.secret})
}

// receiveSecret stores the caller's secret of the link's round. It ends the call if the
// call's id does not commit to the secret.
func (s *session) receiveSecret(l *link, x secret) {
	if s.outgoing || !x.opens(s.id, l.round) {
		s.finish(Protocol, errSecret)
		return
	}
	if l.secret != x { // the caller may send it again
		l.secret = x
		close(l.revealed)
	}
}
