package call

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pushcall/signaling"
)

// How long a description waits for candidates. A host without a route to its
// STUN server gathers for many seconds, and what comes later can still trickle
// through the data channel.
//
// Nor is it worth the wait for the browser's own word that there are no more:
// Chromium looks for active TCP candidates, which no description has (see
// signaling.Protocol), 100 ms after those of UDP. All networks are asked at the
// same time, so what they have comes close together: within 3 ms, of two networks
// in a busy browser (observed).
const (
	gatherLimit = 2 * time.Second        // at most
	gatherGrace = 150 * time.Millisecond // after the first candidate of the farthest kind
	gatherQuiet = 20 * time.Millisecond  // after the last of all, once each network has said all that is to be expected
	gatherKnown = 5 * time.Millisecond   // the same, where there are as many networks as there were before
)

// gathering tells when a local description is worth sending.
type gathering struct {
	enough   chan struct{} // closed then
	once     sync.Once
	count    atomic.Int32            // candidates so far
	farthest signaling.CandidateType // the kind of candidate that takes longest
	networks int                     // host candidates of UDP: one for each network
	known    int                     // networks that were found before, or 0
	ended    bool                    // what comes after that is of an ICE restart, of the same networks
	far      int                     // candidates of the farthest kind
	grace    *time.Timer
	quiet    *time.Timer
}

// newGathering waits for candidates of the farthest kind that the servers have
// to give: without any, those of the host itself. known is how many networks were
// found before, or 0.
func newGathering(farthest signaling.CandidateType, known int) *gathering {
	return &gathering{enough: make(chan struct{}), farthest: farthest, known: known}
}

// candidate takes note of a gathered candidate; the empty one is the last.
func (g *gathering) candidate(c Candidate) {
	if c.Candidate == "" {
		g.ended = true
		g.finish()
		return
	}
	g.count.Add(1)
	f := strings.Fields(c.Candidate) // RFC 8839, Section 5.1: the transport is the third, the type the eighth
	if len(f) < 8 || !strings.EqualFold(f[2], signaling.UDP.String()) {
		return
	}
	if f[7] == signaling.Host.String() && !g.ended {
		g.networks++
	}
	if f[7] == g.farthest.String() {
		g.far++
		if g.grace == nil && g.farthest != signaling.Host {
			g.grace = time.AfterFunc(gatherGrace, g.finish)
		}
	}
	g.listen()
}

// listen waits for silence once each network has what is to be expected of it.
// A network without a translator has no server-reflexive candidate, which
// would be the same as its host candidate; and of relays there may be any number.
func (g *gathering) listen() {
	if g.quiet != nil {
		g.quiet.Stop()
		g.quiet = nil
	}
	if g.farthest != signaling.Relayed && g.networks > 0 && g.far >= g.networks {
		quiet := gatherQuiet
		if g.known > 0 && g.networks >= g.known {
			quiet = gatherKnown
		}
		g.quiet = time.AfterFunc(quiet, g.finish)
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
