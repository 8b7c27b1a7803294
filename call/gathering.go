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
	gatherGrace = 150 * time.Millisecond // after the first server-reflexive candidate
)

// gathering tells when a local description is worth sending.
type gathering struct {
	enough chan struct{} // closed then
	once   sync.Once
	count  atomic.Int32 // candidates so far
	grace  *time.Timer
}

func newGathering() *gathering {
	return &gathering{enough: make(chan struct{})}
}

// candidate takes note of a gathered candidate; the empty one is the last.
func (g *gathering) candidate(c Candidate) {
	if c.Candidate != "" {
		g.count.Add(1)
	}
	switch {
	case c.Candidate == "":
		g.finish()
	case strings.Contains(c.Candidate, " typ srflx") && g.grace == nil:
		g.grace = time.AfterFunc(gatherGrace, g.finish)
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
