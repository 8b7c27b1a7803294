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

// ErrNotConnected is returned where there is no connection to read safety words
// of.
var ErrNotConnected = errors.New("call: not connected")

// SafetyWords is how many safety words there are: 60 bits, ten of each.
//
// Somebody in the middle has two connections and wants equal words for both.
// Each hash is over both identities, both certificates, and the caller's secret,
// which the caller reveals only when all else is fixed (see secret). So nobody
// can search: whatever they compute, a call gives them one guess, which is right
// once in 2^60. Without the secret, who is called by both people at once and
// answers neither yet could make 2^30 certificates for each of the two, and would
// find a pair with equal words among 2^60: 2^31 hashes, seconds of work. For one
// connection after the other it would be 2^60 hashes while a call rings.
//
// To commit to two secrets at once a caller would have to find two with the same
// call id: 2^48 hashes for one more guess.
const SafetyWords = 6

// revealTime is how long a caller's secret may take over a channel that is open.
const revealTime = 2 * time.Second

// safetyDomain is hashed before all else, so that the hash is of nothing else.
const safetyDomain = "pushcall safety words 2\n"

// safetyList has 1024 English words, in order: short, no two alike in their
// first four letters. They are from the English list of BIP 39, which is under
// the MIT licence, © 2013–2016 Pavol Rusnak; without what is unkind to read to
// a friend, and without what sounds like another.
//
//go:embed safetywords.txt
var safetyList string

// A party is one side of a connection, as safety words see it.
type party struct {
	identity    webpush.PublicKey
	certificate [32]byte // its SHA-256 fingerprint
}

// safetyWords returns the same words whichever side is which.
func safetyWords(a, b party, of secret) []string {
	if b.identity.Compare(a.identity) < 0 {
		a, b = b, a
	}
	hash := sha256.New()
	hash.Write([]byte(safetyDomain))
	for _, p := range []party{a, b} {
		hash.Write(p.identity.Bytes())
		hash.Write(p.certificate[:])
	}
	hash.Write(of[:])
	list := strings.Fields(safetyList)
	words := make([]string, SafetyWords)
	for i, bits := range groups(hash.Sum(nil)) {
		words[i] = list[bits]
	}
	return words
}

// groups takes ten bits for each word, from the most significant on.
func groups(hash []byte) [SafetyWords]uint16 {
	var all [SafetyWords]uint16
	rest := binary.BigEndian.Uint64(hash)
	for i := range all {
		all[i] = uint16(rest >> 54)
		rest <<= 10
	}
	return all
}

// SafetyWords returns what two people read to each other to know that nobody
// sits between them: words for both identities and for the certificates of the
// connection that is in use. It waits for the phone, and returns
// ErrNotConnected while there is no such connection, and for a caller who
// reveals no secret within revealTime.
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

// safetyWords returns the words of the connection in use, or nil where there is none.
// Where its caller has yet to reveal the secret, it returns the link to wait for.
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

// reveal sends the caller's secret of the link's round.
func (s *session) reveal() {
	s.link.secret = s.secrets[s.link.round]
	s.send(signal{kind: signalSecret, secret: s.link.secret})
}

// receiveSecret takes the caller's secret, if it is the one of the link's round.
func (s *session) receiveSecret(l *link, x secret) {
	if s.outgoing || !x.opens(s.id, l.round) {
		s.finish(Protocol, errSecret)
		return
	}
	if l.secret != x { // they may send it again
		l.secret = x
		close(l.revealed)
	}
}
