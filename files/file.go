package files

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"
)

// MaxSize is the size of the largest file: JavaScript counts no further
// (ECMAScript, Number.MAX_SAFE_INTEGER); octets.
const MaxSize = 1<<53 - 1

// ErrNoRoom is wrapped by the errors of a Sink that has no room for the file.
var ErrNoRoom = errors.New("files: no room for the file")

// File is the state of one file of a call, as the page shows it.
type File struct {
	Mine   bool // this side sends it
	Number int  // given by its sender; later files have greater numbers
	Name   string
	Size   int64  // octets
	From   Source // Mine: the file that is sent

	State State
	Why   Why           // Failed: the cause
	ByMe  bool          // this side's person has refused or cancelled it
	Moved int64         // octets that have arrived
	Rate  float64       // octets per second; 0 before the first measurement
	Left  time.Duration // until it has arrived, at this rate; 0 if unknown
	Still time.Duration // time since the last progress; 0 below stillTime
}

// State is the state of a file.
type State uint8

const (
	Offered   State = iota // the receiver's person is asked
	Moving                 // the receiver's person has accepted it
	Done                   // all of it was written, and its digest is right
	Refused                // the receiver's person has refused it
	Cancelled              // one side's person has cancelled it
	Failed                 // see Why
)

// Over reports whether the state of a file is final.
func (s State) Over() bool { return s >= Done }

// Why is the cause of a failure.
type Why uint8

const (
	NoWhy      Why = iota
	WhyRead        // the sender cannot read the file as it was offered: it was changed, moved or removed
	WhyWrite       // the receiver cannot write it
	WhyRoom        // the receiver has no room for it
	WhyDamaged     // the written pieces have another digest than the sent ones
	WhyMany        // the receiver has maxFiles files that are not over
	WhyStuck       // nothing has arrived for stuckTime
	WhyEnded       // the call has ended
)

// Source is a file to send: a File in a browser.
type Source interface {
	Name() string
	Size() int64
	// Changed reports whether the file is known to have changed since it was
	// chosen.
	Changed() bool
}

// Sink is the file that an incoming file is written to.
type Sink interface {
	// Close makes the written file permanent, and blocks until that is done.
	Close(ctx context.Context) error
	// Abort discards the written octets, before Close or after it. It does not
	// block.
	Abort()
}

// Digest is the SHA-256 of a piece. The digest of a file is the SHA-256 of the
// digests of its pieces, one after another: WebCrypto hashes only whole buffers,
// and so no file has to be in memory.
type Digest [sha256.Size]byte

// digestOf returns the digest of a file from those of its pieces.
func digestOf(pieces []Digest) Digest {
	h := sha256.New()
	for _, d := range pieces {
		h.Write(d[:])
	}
	return Digest(h.Sum(nil))
}
