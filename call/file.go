package call

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"
)

// FilePiece is what a file is cut into: each piece is read, hashed and written
// as a whole, and a transfer goes on at the start of one; octets.
const FilePiece = 1 << 20

// MaxFile is the size of the largest file: JavaScript counts no further
// (ECMAScript, Number.MAX_SAFE_INTEGER); octets.
const MaxFile = 1<<53 - 1

// ErrNoRoom is what a Sink's errors wrap where there is no room for the file.
var ErrNoRoom = errors.New("call: no room for the file")

// Errors of files, told to Config.OnDrop.
var (
	ErrFileSignal = errors.New("call: message about a file that does not belong to its state")
	ErrManyFiles  = errors.New("call: too many files at once")
)

// File is what there is to show of a file.
type File struct {
	Mine   bool // this phone sends it
	Number int  // its sender's; later files have greater ones
	Name   string
	Size   int64  // octets
	From   Source // Mine: what is sent

	State FileState
	Why   Why           // it failed
	ByMe  bool          // it was this phone's person who refused or cancelled
	Moved int64         // octets that have arrived
	Rate  float64       // octets in a second; 0 where there is nothing to measure
	Left  time.Duration // that it takes at this rate; 0 where nobody knows
	Still time.Duration // that nothing of it has come; 0 below fileStill
}

// FileState is where a file is.
type FileState uint8

const (
	FileOffered   FileState = iota // its receiver's person is asked
	FileMoving                     // they want it
	FileDone                       // it has arrived whole, and its hash is right
	FileRefused                    // they do not want it
	FileCancelled                  // one of both has given up
	FileFailed                     // see Why
)

// over tells whether a file changes no more.
func (s FileState) over() bool { return s >= FileDone }

// Why tells why a file failed.
type Why uint8

const (
	NoWhy      Why = iota
	WhyRead        // its sender cannot read it as it was offered: it was changed, moved or removed
	WhyWrite       // its receiver cannot write it
	WhyRoom        // its receiver has no room for it
	WhyDamaged     // it is not what was sent, by its hash
	WhyMany        // its receiver has as many as it takes
	WhyStuck       // nothing of it has come for fileStuck
	WhyEnded       // the call ended
)

// Source is a file to be sent: a File in a browser.
type Source interface {
	Name() string
	Size() int64
	// Changed tells whether it is known to be another than it was.
	Changed() bool
}

// Sink is where a file goes that comes: a file that is being written.
type Sink interface {
	// Close keeps what was written. It blocks until that is done.
	Close(ctx context.Context) error
	// Abort forgets what was written, whether it was closed or not. It does
	// not block.
	Abort()
}

// Digest is the SHA-256 of a piece. That of a whole file is the SHA-256 of the
// digests of its pieces, one after another: WebCrypto takes what it hashes as
// a whole, and no file has to be in memory for this.
type Digest [sha256.Size]byte

// digestOf returns the digest of the file that pieces are of.
func digestOf(pieces []Digest) Digest {
	h := sha256.New()
	for _, d := range pieces {
		h.Write(d[:])
	}
	return Digest(h.Sum(nil))
}

// FileChannel is a link's second data channel, for what is in files. All that
// is said of them goes through the first. Both sides open it with the same id,
// which needs no negotiation. Its methods do not block, and nothing follows on
// Close.
type FileChannel interface {
	// Send sends a file from an offset on, the start of a piece, and as far as
	// until; of a file that it sends already, from there anew.
	Send(number int, from Source, at, until int64)
	// Grant lets a file be sent as far as until.
	Grant(number int, until int64)
	// Take writes what comes of a file of that size into a sink, from an
	// offset on.
	Take(number int, into Sink, at, size int64)
	// Stop ends what Send or Take began.
	Stop(mine bool, number int)
	Close()
}

// FileEvents is what a file channel reports. The functions are called one at a
// time, in the order things happened, and never block.
type FileEvents struct {
	// Sent tells the digest of the piece at an offset, before any of it is sent.
	Sent func(number int, at int64, piece Digest)
	// Came tells how far a file has come, several times a second.
	Came func(number int, to int64)
	// Kept tells the digest of the piece at an offset, once it is written.
	Kept func(number int, at int64, piece Digest)
	// Failed tells that a file cannot be read, or its sink not be written.
	Failed func(mine bool, number int, err error)
}
