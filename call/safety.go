package call

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"errors"
	"strings"

	"pushcall/signaling"
	"pushcall/webpush"
)

// ErrNotConnected is returned where there is no connection to read safety words
// of.
var ErrNotConnected = errors.New("call: not connected")

// SafetyWords is how many safety words there are: 60 bits, ten of each. Whoever
// sits between has to find a certificate that makes both people read the same,
// while a call rings.
const SafetyWords = 6

// safetyDomain is hashed before all else, so that the hash is of nothing else.
const safetyDomain = "pushcall safety words 1\n"

// safetyList has 1024 English words, in order: short, no two alike in their
// first four letters. They are from the English list of BIP 39, which is under
// the MIT licence, © 2013–2016 Pavol Rusnak; without what is unkind to read to
// a friend, and without what sounds like another.
//
//go:embed safetywords.txt
var safetyList string

// A party is one side of a connection, as safety words see it.
type party struct {
	identity     webpush.PublicKey
	fingerprints [][32]byte // of the certificates that its description lets pass
}

// safetyWords returns the same words whichever side is which.
func safetyWords(a, b party) []string {
	if b.identity.Compare(a.identity) < 0 {
		a, b = b, a
	}
	hash := sha256.New()
	hash.Write([]byte(safetyDomain))
	for _, p := range []party{a, b} {
		hash.Write(p.identity.Bytes())
		hash.Write(binary.BigEndian.AppendUint16(nil, uint16(len(p.fingerprints))))
		for _, f := range p.fingerprints {
			hash.Write(f[:])
		}
	}
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
// ErrNotConnected while there is no such connection.
func (p *Phone) SafetyWords(ctx context.Context) ([]string, error) {
	type result struct {
		words []string
		err   error
	}
	done := make(chan result, 1)
	p.loop.Post(func() {
		words, err := p.safetyWords()
		done <- result{words, err}
	})
	select {
	case r := <-done:
		return r.words, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.loop.Context().Done():
		return nil, ErrNotConnected
	}
}

func (p *Phone) safetyWords() ([]string, error) {
	s := p.session
	if s == nil || s.state != Connected || s.link == nil || !s.link.open || s.remote.Identity.IsZero() {
		return nil, ErrNotConnected
	}
	own := party{identity: p.config.Identity.Public()}
	remote := party{identity: s.remote.Identity}
	for _, side := range []struct {
		party       *party
		description func() (Description, error)
	}{{&own, s.link.peer.LocalDescription}, {&remote, s.link.peer.RemoteDescription}} {
		d, err := side.description()
		if err != nil {
			return nil, err
		}
		if side.party.fingerprints, err = signaling.Fingerprints(d.SDP); err != nil {
			return nil, err
		}
	}
	return safetyWords(own, remote), nil
}
