// Package filestest holds what tests of file transfers share: sources and sinks that
// have digests in place of octets, and a channel in memory.
package filestest

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"pushcall/files"
)

// A Source is a file of Octets octets that nobody reads.
type Source struct {
	Title  string
	Octets int64
	Seed   byte  // files of other octets have another
	Fails  int64 // no piece beyond this offset can be read; 0: all can
	Hangs  int64 // no piece beyond this offset is ever read; 0: all are

	Altered bool // since it was offered
}

// Name returns Title.
func (s *Source) Name() string { return s.Title }

// Size returns Octets.
func (s *Source) Size() int64 { return s.Octets }

// Changed returns Altered.
func (s *Source) Changed() bool { return s.Altered }

var errRead = errors.New("filestest: the file has changed")

func (s *Source) digest(at, n int64) (files.Digest, error) {
	if s.Fails > 0 && at+n > s.Fails {
		return files.Digest{}, errRead
	}
	return sha256.Sum256([]byte{s.Seed, byte(at >> 20), byte(at >> 28), byte(n), byte(n >> 8), byte(n >> 16)}), nil
}

// A Sink stores the digests of the pieces that are written to it.
type Sink struct {
	Room  int64 // octets; 0: any number
	Spoil bool  // it writes other octets than have arrived
	Hangs int64 // nothing beyond this offset is ever written; 0: all is

	mu      sync.Mutex
	links   int
	pieces  []files.Digest
	octets  int64
	closed  bool
	aborted bool
}

func (s *Sink) write(at, n int64, piece files.Digest) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed, s.aborted:
		return errors.New("filestest: written after its end")
	case s.Room > 0 && at+n > s.Room:
		return files.ErrNoRoom
	case at > s.octets || at%files.PieceSize != 0:
		return errors.New("filestest: written with a gap")
	}
	s.pieces = append(s.pieces[:at/files.PieceSize], piece)
	s.octets = at + n
	return nil
}

// Close takes a millisecond.
func (s *Sink) Close(context.Context) error {
	time.Sleep(time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.aborted {
		return io.ErrClosedPipe
	}
	s.closed = true
	return nil
}

// Abort implements files.Sink.
func (s *Sink) Abort() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aborted = true
}

// Aborted reports whether Abort was called.
func (s *Sink) Aborted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.aborted
}

// Octets returns how many octets were written.
func (s *Sink) Octets() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.octets
}

// Links returns over how many channels the file was taken.
func (s *Sink) Links() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.links
}

// Has reports whether the sink was closed and has exactly the octets of a source.
func (s *Sink) Has(from *Source) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	var want []files.Digest
	for at := int64(0); at < from.Octets; at += files.PieceSize {
		piece, _ := from.digest(at, min(files.PieceSize, from.Octets-at))
		want = append(want, piece)
	}
	return s.closed && !s.aborted && s.octets == from.Octets && slices.Equal(s.pieces, want)
}
