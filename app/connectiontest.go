package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"pushcall/internal/config"
)

// CandidateType says how a candidate was found (W3C webrtc-pc, Section 4.8.1.1).
type CandidateType string

// The types that are gathered.
const (
	CandidateHost            CandidateType = "host"
	CandidateServerReflexive CandidateType = "srflx"
	CandidateRelay           CandidateType = "relay"
)

// ServerError says why an ICE server was of no use (W3C webrtc-pc, Section
// 4.8.2). Firefox tells the code without a text.
type ServerError struct {
	URL  string
	Code int // of STUN (RFC 8489, Section 14.8), or 701: it was not reached
	Text string
}

func (e *ServerError) Error() string { return fmt.Sprintf("%s: %d %s", e.URL, e.Code, e.Text) }

// Refused tells whether it does not take the name or the password.
func (e *ServerError) Refused() bool { return e.Code == 401 || e.Code == 403 || e.Code == 441 }

// GatherEvents are what Peers.Gather reports: they do not block.
type GatherEvents struct {
	// Candidate tells of one that was found, and returns whether that will do.
	// The address is "" where the browser hides it behind a name.
	Candidate func(kind CandidateType, address string) (enough bool)
	Failed    func(*ServerError)
}

// Way is a way by which others can reach this browser, or why there is none.
type Way struct {
	Name    WayName
	Address string // where it begins; "" if the browser does not tell
	Err     error
}

// WayName says which way a Way is.
type WayName uint8

// The ways, in the order in which a call tries them.
const (
	WayNetwork  WayName = iota // from within this network
	WayInternet                // from the internet, at the address that a STUN server sees
	WayTURN                    // through a TURN server
)

// Why there may be no way.
var (
	ErrNoServer    = errors.New("app: no server that could find it")
	ErrNothingCame = errors.New("app: nothing came in time")
)

// gatherTime is how long servers may take to answer. Of one that is silent
// browsers tell nothing within this time.
const gatherTime = 10 * time.Second

// TestConnection gathers candidates as a call would with the servers in own, and
// reports each Way once: those that are there as they are found, the others in the
// end. An error is for a test that could not be made.
func (s *Servers) TestConnection(ctx context.Context, own config.Own, report func(Way)) error {
	setup, err := s.config.Host.With(own)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, gatherTime)
	defer cancel()
	t := newConnectionTest(setup, report)
	err = s.config.Peers.Gather(ctx, setup.ICEServers, GatherEvents{Candidate: t.found, Failed: t.failed})
	if err != nil && ctx.Err() == nil {
		return err
	}
	t.end()
	return nil
}

// connectionTest is what a test has found so far. Browsers tell it in callbacks.
type connectionTest struct {
	report func(Way)

	mu   sync.Mutex
	ways [3]way // by name
}

type way struct {
	asked bool // a server that could find it
	found bool
	err   error // of such a server
}

func newConnectionTest(setup *config.Config, report func(Way)) *connectionTest {
	t := &connectionTest{report: report}
	t.ways[WayNetwork].asked = true
	for _, s := range setup.ICEServers {
		for _, url := range s.URLs {
			t.ways[wayOf(url)].asked = true
		}
	}
	return t
}

// wayOf is the way that a server is there to find.
func wayOf(url string) WayName {
	if strings.HasPrefix(url, "turn") {
		return WayTURN
	}
	return WayInternet
}

func (t *connectionTest) found(kind CandidateType, address string) (enough bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for name, k := range [...]CandidateType{CandidateHost, CandidateServerReflexive, CandidateRelay} { // as WayName has them
		if w := &t.ways[name]; k == kind && !w.found {
			w.found = true
			t.report(Way{Name: WayName(name), Address: address})
		}
	}
	for _, w := range t.ways {
		if w.asked && !w.found {
			return false
		}
	}
	return true
}

// failed remembers why a server was of no use; that it refuses the password tells
// more than that it cannot be reached by one of the networks there are.
func (t *connectionTest) failed(e *ServerError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if w := &t.ways[wayOf(e.URL)]; w.err == nil || e.Refused() {
		w.err = e
	}
}

// end reports the ways that were not found.
func (t *connectionTest) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for name, w := range t.ways {
		switch {
		case w.found:
			continue
		case !w.asked:
			w.err = ErrNoServer
		case w.err == nil:
			w.err = ErrNothingCame
		}
		t.report(Way{Name: WayName(name), Err: w.err})
	}
}
