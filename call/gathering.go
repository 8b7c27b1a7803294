package call

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pushcall/signaling"
)

// Time limits of gathering for a description. A host without a route to its STUN server
// gathers for many seconds. Candidates that are gathered after the limit can still trickle
// through the data channel.
//
// Waiting for the browser to say that gathering is complete is not worth it either:
// Chromium gathers active TCP candidates, which no description has (see
// signaling.Protocol), 100 ms after those of UDP. Browsers gather on all networks at the
// same time, so the candidates arrive close together: within 3 ms for two networks in a
// busy browser (observed).
const (
	gatherLimit = 2 * time.Second        // in all
	gatherGrace = 150 * time.Millisecond // after the first candidate of the farthest kind
	gatherQuiet = 20 * time.Millisecond  // after the last candidate, if each network has one of the farthest kind
	gatherKnown = 5 * time.Millisecond   // the same, if no fewer networks were found than in earlier gatherings
)

// gathering decides when a local description has enough candidates to be sent.
type gathering struct {
	enough   chan struct{} // closed when it has
	once     sync.Once
	count    atomic.Int32            // candidates so far
	farthest signaling.CandidateType // the kind of candidate that takes longest
	networks int                     // host candidates of UDP: one for each network
	known    int                     // networks found in earlier gatherings, or 0
	ended    bool                    // later candidates are of an ICE restart, on the same networks
	far      int                     // candidates of the farthest kind
	grace    *time.Timer             // of gatherGrace
	quiet    *time.Timer             // of gatherQuiet or gatherKnown
}

// newGathering returns a gathering that waits for candidates of the farthest kind that the
// STUN and TURN servers give; without servers, that is signaling.Host. known is the number
// of networks found in earlier gatherings, or 0.
func newGathering(farthest signaling.CandidateType, known int) *gathering {
	return &gathering{enough: make(chan struct{}), farthest: farthest, known: known}
}

// add counts a gathered candidate. The empty candidate ends the gathering.
func (g *gathering) add(c Candidate) {
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
	g.resetQuiet()
}

// resetQuiet restarts the quiet timer if each network has a candidate of the farthest
// kind. A network without NAT never has a server-reflexive candidate, since that would
// equal its host candidate: there another limit or the end of gathering ends the wait. The
// timer is not used for relayed candidates, of which there may be any number.
func (g *gathering) resetQuiet() {
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

// foundNothing reports whether there is no candidate and gathering has not ended: there is
// no network at the moment, and this peer may not notice the next one.
func (g *gathering) foundNothing() bool {
	select {
	case <-g.enough:
		return false
	default:
		return g.count.Load() == 0
	}
}

func (g *gathering) finish() { g.once.Do(func() { close(g.enough) }) }

// wait blocks until there are enough candidates, or for gatherLimit.
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
