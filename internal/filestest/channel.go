package filestest

import (
	"maps"
	"slices"
	"sync"
	"time"

	"pushcall/files"
)

// pieceTime is how long a piece takes from one end to the other.
const pieceTime = 20 * time.Millisecond

// A Path connects one end of a channel to the other. All fields are required. The
// functions are called while Mutex is locked.
type Path struct {
	Mutex   *sync.Mutex                       // the same for both ends
	Far     func() *Channel                   // the other end; nil before it is there
	Blocked func() bool                       // no piece arrives at the moment
	Pace    func(time.Duration) time.Duration // how long a step takes that usually takes that long
	Post    func(func())                      // runs events one at a time, in order
}

// A Channel is one end of a files.Channel in memory. It carries pieces as a whole.
type Channel struct {
	path   Path
	events files.Events

	// path.Mutex guards these.
	sending map[int]*sending
	taking  map[int]*taking
	closed  bool
	runs    bool // a piece is on its way, or waits for the path
}

type sending struct {
	source    *Source
	at, until int64
}

type taking struct {
	sink *Sink
	at   int64
	size int64
}

// NewChannel returns an end of a channel that reports to events. Its sources are of
// type *Source, its sinks of type *Sink.
func NewChannel(path Path, events files.Events) *Channel {
	return &Channel{path: path, events: events, sending: map[int]*sending{}, taking: map[int]*taking{}}
}

// Send implements files.Channel.
func (c *Channel) Send(number int, from files.Source, at, until int64) {
	c.change(func() { c.sending[number] = &sending{from.(*Source), at, until} })
}

// Grant implements files.Channel.
func (c *Channel) Grant(number int, until int64) {
	c.change(func() {
		if s := c.sending[number]; s != nil {
			s.until = until
		}
	})
}

// Take implements files.Channel.
func (c *Channel) Take(number int, into files.Sink, at, size int64) {
	c.change(func() {
		sink := into.(*Sink)
		sink.mu.Lock()
		sink.links++
		sink.mu.Unlock()
		c.taking[number] = &taking{sink, at, size}
	})
}

// Stop implements files.Channel.
func (c *Channel) Stop(mine bool, number int) {
	c.change(func() {
		if mine {
			delete(c.sending, number)
		} else {
			delete(c.taking, number)
		}
	})
}

// Close implements files.Channel.
func (c *Channel) Close() { c.change(func() { c.closed = true }) }

func (c *Channel) change(do func()) {
	c.path.Mutex.Lock()
	defer c.path.Mutex.Unlock()
	do()
	c.run()
}

// run sends the next piece after its time, if there is one; the mutex is locked.
func (c *Channel) run() {
	if c.runs || len(c.sending) == 0 || c.closed {
		return
	}
	c.runs = true
	time.AfterFunc(c.path.Pace(pieceTime), func() {
		c.path.Mutex.Lock()
		defer c.path.Mutex.Unlock()
		c.runs = false
		c.step()
		c.run()
	})
}

// step sends a piece of one file, if the path lets it; the mutex is locked.
func (c *Channel) step() {
	if c.closed || c.path.Blocked() {
		return
	}
	for _, number := range slices.Sorted(maps.Keys(c.sending)) {
		s := c.sending[number]
		if s.at >= s.source.Octets {
			delete(c.sending, number)
			continue
		}
		if s.at+files.PieceSize > s.until {
			continue
		}
		if s.source.Hangs > 0 && s.at >= s.source.Hangs {
			return // it holds up all other files until it is stopped
		}
		at, n := s.at, min(files.PieceSize, s.source.Octets-s.at)
		s.at += n
		piece, err := s.source.digest(at, n)
		if err != nil {
			delete(c.sending, number)
			c.path.Post(func() { c.events.Failed(true, number, err) })
			return
		}
		c.path.Post(func() { c.events.Sent(number, at, piece) })
		if far := c.path.Far(); far != nil {
			far.came(number, at, n, piece)
		}
		return
	}
}

// came takes a piece, if it is the next of a file that is taken; the mutex is locked.
func (c *Channel) came(number int, at, n int64, piece files.Digest) {
	t := c.taking[number]
	if c.closed || t == nil || t.at != at || at+n > t.size {
		return
	}
	t.at += n
	if t.sink.Hangs > 0 && t.at > t.sink.Hangs {
		return
	}
	c.path.Post(func() { c.events.Came(number, at+n) })
	if err := t.sink.write(at, n, piece); err != nil {
		delete(c.taking, number)
		c.path.Post(func() { c.events.Failed(false, number, err) })
		return
	}
	if t.sink.Spoil {
		piece[0]++
	}
	c.path.Post(func() { c.events.Kept(number, at, piece) })
}
