package call

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// How long a description waits for candidates. A host without a route to its
// STUN server gathers for many seconds, and what comes later can still trickle
// through the data channel.
const (
	gatherLimit = 2 * time.Second        // at most
	gatherGrace = 150 * time.Millisecond // after the first candidate of the farthest kind
)

// gathering tells when a local description is worth sending.
type gathering struct {
	enough chan struct{} // closed then
	once   sync.Once
	count  atomic.Int32 // candidates so far
	last   string       // the kind of candidate that takes longest
	grace  *time.Timer
}

// newGathering waits for server-reflexive candidates, or with a TURN server
// for relay candidates.
func newGathering(turn bool) *gathering {
	g := &gathering{enough: make(chan struct{}), last: " typ srflx"}
	if turn {
		g.last = " typ relay"
	}
	return g
}

// candidate takes note of a gathered candidate; the empty one is the last.
func (g *gathering) candidate(c Candidate) {
	if c.Candidate != "" {
		g.count.Add(1)
	}
	switch {
	case c.Candidate == "":
		g.finish()
	case strings.Contains(c.Candidate, g.last) && g.grace == nil:
		g.grace = time.AfterFunc(gatherGrace, g.finish)
	}
}

// fruitless tells that nothing was gathered, and that this is not the end of it:
// there is no network at the moment, and this peer may not see the next.
func (g *gathering) fruitless() bool {
	select {
	case <-g.enough:
		return false
	default:
		return g.count.Load() == 0
	}
}

func (g *gathering) finish() { g.once.Do(func() { close(g.enough) }) }

// wait blocks until gathering is complete, or as complete as it needs to be.
func (g *gathering) wait(ctx context.Context) error {
	limit := time.NewTimer(gatherLimit)
	defer limit.Stop()
	select {
	case <-g.enough:
	case <-limit.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}
