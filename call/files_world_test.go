package call

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"maps"
	"slices"
	"sync"
	"time"
)

// pieceTime is how long a piece takes from one world's peer to another.
const pieceTime = 20 * time.Millisecond

// testFiles is a file channel between two peers of a world. It carries pieces
// as a whole, and reads of a file what one asks for: none is in memory.
type testFiles struct {
	peer   *testPeer
	events FileEvents

	// the world's mutex guards these
	sending map[int]*sending
	taking  map[int]*taking
	closed  bool
	runs    bool // a piece is on its way, or waits for it
}

type sending struct {
	source    *testSource
	at, until int64
}

type taking struct {
	sink *testSink
	at   int64
	size int64
}

func (p *testPeer) OpenFiles(events FileEvents) (FileChannel, error) {
	if err := p.world.fault(p, "OpenFiles"); err != nil {
		return nil, err
	}
	f := &testFiles{peer: p, events: events, sending: map[int]*sending{}, taking: map[int]*taking{}}
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	p.files = f
	return f, nil
}

func (f *testFiles) Send(number int, from Source, at, until int64) {
	f.change(func() { f.sending[number] = &sending{from.(*testSource), at, until} })
}

func (f *testFiles) Grant(number int, until int64) {
	f.change(func() {
		if s := f.sending[number]; s != nil {
			s.until = until
		}
	})
}

func (f *testFiles) Take(number int, into Sink, at, size int64) {
	f.change(func() {
		sink := into.(*testSink)
		sink.links++
		f.taking[number] = &taking{sink, at, size}
	})
}

func (f *testFiles) Stop(mine bool, number int) {
	f.change(func() {
		if mine {
			delete(f.sending, number)
		} else {
			delete(f.taking, number)
		}
	})
}

func (f *testFiles) Close() { f.change(func() { f.closed = true }) }

func (f *testFiles) change(do func()) {
	w := f.peer.world
	w.mu.Lock()
	defer w.mu.Unlock()
	do()
	f.run()
}

// run sends the next piece after its time, if there is one; w.mu is held.
func (f *testFiles) run() {
	if f.runs || len(f.sending) == 0 || f.closed || f.peer.closed {
		return
	}
	f.runs = true
	time.AfterFunc(f.peer.world.pace(f.peer, pieceTime), func() {
		w := f.peer.world
		w.mu.Lock()
		defer w.mu.Unlock()
		f.runs = false
		f.step()
		f.run()
	})
}

// step sends a piece of one file, if the path lets it; w.mu is held.
func (f *testFiles) step() {
	p := f.peer
	if f.closed || p.closed || p.dead || p.far.dead || p.blocked() {
		return
	}
	for _, number := range slices.Sorted(maps.Keys(f.sending)) {
		s := f.sending[number]
		if s.at >= s.source.size {
			delete(f.sending, number)
			continue
		}
		if s.at+FilePiece > s.until {
			continue
		}
		if s.source.hangs > 0 && s.at >= s.source.hangs {
			return // nor does any other file go on, until this one is stopped
		}
		at, n := s.at, min(FilePiece, s.source.size-s.at)
		s.at += n
		piece, err := s.source.digest(at, n)
		if err != nil {
			delete(f.sending, number)
			p.queue.Post(func() { f.events.Failed(true, number, err) })
			return
		}
		p.queue.Post(func() { f.events.Sent(number, at, piece) })
		if far := p.far.files; far != nil {
			far.came(number, at, n, piece)
		}
		return
	}
}

// came takes a piece, if somebody wants it; w.mu is held.
func (f *testFiles) came(number int, at, n int64, piece Digest) {
	t := f.taking[number]
	if f.closed || f.peer.closed || t == nil || t.at != at || at+n > t.size {
		return
	}
	t.at += n
	q := f.peer.queue
	if t.sink.hangs > 0 && t.at > t.sink.hangs {
		return
	}
	q.Post(func() { f.events.Came(number, at+n) })
	if err := t.sink.write(at, n, piece); err != nil {
		delete(f.taking, number)
		q.Post(func() { f.events.Failed(false, number, err) })
		return
	}
	if t.sink.spoil {
		piece[0]++
	}
	q.Post(func() { f.events.Kept(number, at, piece) })
}

// testSource is a file of a size, of octets that nobody looks at.
type testSource struct {
	name  string
	size  int64
	seed  byte
	fails int64 // from this offset on; 0: never
	hangs int64 // the same: no piece beyond is ever read

	changed bool // since it was offered; the world's mutex guards it
}

func (s *testSource) Name() string { return s.name }
func (s *testSource) Size() int64  { return s.size }

func (s *testSource) Changed() bool { return s.changed }

var errRead = errors.New("the file has changed")

func (s *testSource) digest(at, n int64) (Digest, error) {
	if s.fails > 0 && at+n > s.fails {
		return Digest{}, errRead
	}
	return sha256.Sum256([]byte{s.seed, byte(at >> 20), byte(at >> 28), byte(n), byte(n >> 8), byte(n >> 16)}), nil
}

// testSink keeps the digests of what is written.
type testSink struct {
	room  int64 // 0: as much as it takes
	spoil bool  // something else is written than came
	hangs int64 // what comes beyond this offset is never written; 0: all is
	links int   // that it was taken from

	mu      sync.Mutex
	pieces  []Digest
	size    int64
	closed  bool
	aborted bool
}

func (s *testSink) write(at, n int64, piece Digest) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed, s.aborted:
		return errors.New("written after its end")
	case s.room > 0 && at+n > s.room:
		return ErrNoRoom
	case at > s.size || at%FilePiece != 0:
		return errors.New("written with a gap")
	}
	s.pieces = append(s.pieces[:at/FilePiece], piece)
	s.size = at + n
	return nil
}

func (s *testSink) Close(ctx context.Context) error {
	time.Sleep(time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.aborted {
		return io.ErrClosedPipe
	}
	s.closed = true
	return nil
}

func (s *testSink) Abort() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aborted = true
}

// has tells whether the sink has kept just what was in a source.
func (s *testSink) has(from *testSource) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	var want []Digest
	for at := int64(0); at < from.size; at += FilePiece {
		piece, _ := from.digest(at, min(FilePiece, from.size-at))
		want = append(want, piece)
	}
	return s.closed && !s.aborted && s.size == from.size && slices.Equal(s.pieces, want)
}

// fileKey tells one file of a call from another.
type fileKey struct {
	mine   bool
	number int
}

func (u *user) onFile(f File) {
	u.note(func() {
		if u.files == nil {
			u.files = map[fileKey]File{}
		}
		key := fileKey{f.Mine, f.Number}
		if before, known := u.files[key]; known && before.State.over() {
			u.world.t.Errorf("%s: a file that is over has changed: %+v, then %+v", u.card.Name, before, f)
		}
		u.files[key] = f
	})
}

// number returns the number of the n-th file that the user has seen of a side.
func (u *user) number(mine bool, n int) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	var numbers []int
	for key := range u.files {
		if key.mine == mine {
			numbers = append(numbers, key.number)
		}
	}
	if slices.Sort(numbers); n > len(numbers) {
		u.world.t.Fatalf("%s has seen %d files", u.card.Name, len(numbers))
	}
	return numbers[n-1]
}

// file returns the n-th file of a side as the user sees it.
func (u *user) file(mine bool, n int) File {
	number := u.number(mine, n)
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.files[fileKey{mine, number}]
}

// accepts takes the n-th file that is offered to the user.
func (u *user) accepts(n int, into *testSink) { u.phone.AcceptFile(u.number(false, n), into) }

// cancels gives up the n-th file of a side.
func (u *user) cancels(mine bool, n int) { u.phone.CancelFile(mine, u.number(mine, n)) }
