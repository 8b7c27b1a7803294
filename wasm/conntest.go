//go:build js && wasm

package main

import (
	"context"
	"strings"
	"sync"
	"time"

	"pushcall/internal/config"
	"pushcall/wasm/browser"
	"pushcall/wasm/page"
)

// gatherTime is how long servers may take to answer. Of one that is silent
// browsers tell nothing within this time.
const gatherTime = 10 * time.Second

// TestConnection gathers candidates as a call would, and reports the ways that
// they are: each as it is found, and what is missing in the end.
func (a *app) TestConnection(ctx context.Context, own config.Own, report func(page.Way)) error {
	setup, err := a.host.With(own)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, gatherTime)
	defer cancel()
	t := newConnectionTest(setup, report)
	err = browser.Gather(ctx, iceServers(setup), browser.GatherEvents{Candidate: t.found, Failed: t.failed})
	if err != nil && ctx.Err() == nil {
		return err
	}
	t.end()
	return nil
}

// connectionTest is what a test has found so far. Browsers tell it in callbacks.
type connectionTest struct {
	report func(page.Way)

	mu   sync.Mutex
	ways [3]way // by name
}

type way struct {
	asked bool // a server that could find it
	found bool
	err   error // of such a server
}

func newConnectionTest(setup *config.Config, report func(page.Way)) *connectionTest {
	t := &connectionTest{report: report}
	t.ways[page.WayNetwork].asked = true
	for _, s := range setup.ICEServers {
		for _, url := range s.URLs {
			t.ways[wayOf(url)].asked = true
		}
	}
	return t
}

// wayOf is the way that a server is there to find.
func wayOf(url string) page.WayName {
	if strings.HasPrefix(url, "turn") {
		return page.WayTURN
	}
	return page.WayInternet
}

func (t *connectionTest) found(kind browser.CandidateType, address string) (enough bool) {
	name, known := map[browser.CandidateType]page.WayName{
		browser.Host: page.WayNetwork, browser.ServerReflexive: page.WayInternet, browser.Relay: page.WayTURN,
	}[kind]
	t.mu.Lock()
	defer t.mu.Unlock()
	if known && !t.ways[name].found {
		t.ways[name].found = true
		t.report(page.Way{Name: name, Address: address})
	}
	for _, w := range t.ways {
		if w.asked && !w.found {
			return false
		}
	}
	return true
}

// failed keeps why a server was of no use; that it refuses the password tells
// more than that it cannot be reached by one of the networks there are.
func (t *connectionTest) failed(e *browser.ServerError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if w := &t.ways[wayOf(e.URL)]; w.err == nil || e.Refused() {
		w.err = e
	}
}

// end reports what was not found.
func (t *connectionTest) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for name, w := range t.ways {
		switch {
		case w.found:
			continue
		case !w.asked:
			w.err = page.ErrNoServer
		case w.err == nil:
			w.err = page.ErrNothingCame
		}
		t.report(page.Way{Name: page.WayName(name), Err: w.err})
	}
}
