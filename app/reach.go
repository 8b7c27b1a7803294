package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

// Reach says which friends a push message from here can reach at the moment.
type Reach uint8

const (
	// ReachAll is everybody.
	ReachAll Reach = iota
	// ReachDirect is those whose push services take messages from pages: no relay
	// answers.
	ReachDirect
	// ReachNone is nobody: this device is offline.
	ReachNone
)

// Network is what the browser knows of its network.
type Network interface {
	// Online returns what the browser says (HTML, Section 8.9.1.5). False is no proof:
	// a browser without a network interface that it knows may well reach a host.
	Online() bool
	// Answers tells whether the host of a URL answers soon. A relative URL is the
	// page's.
	Answers(ctx context.Context, address string) bool
}

// ReachView shows who can be reached.
type ReachView interface {
	// ShowReach shows a Reach that has changed.
	ShowReach(Reach)
}

// ErrOffline is for what needs a network while the browser says that it has none.
var ErrOffline = errors.New("app: offline")

const (
	pageHost   = "./"             // where the page comes from
	answerTime = 5 * time.Second  // after which a host does not answer
	firstRetry = time.Second      // from a host that does not answer to the next attempt; doubles
	maxRetry   = 30 * time.Second // for each attempt after
)

// Reachability finds out who can be reached: when the page starts, when the browser
// or a push that fails gives a reason, and from then on until all is well again. A
// page at rest makes no requests, and one whose friends need no relay never asks for
// one.
type Reachability struct {
	*common
	servers *Servers
	asks    chan struct{} // one token: it may have changed
	trusts  chan struct{} // one token: nothing is known of the relays that are in use now
	now     atomic.Uint32 // the Reach
}

func newReachability(c *common, servers *Servers) *Reachability {
	return &Reachability{common: c, servers: servers, asks: make(chan struct{}, 1), trusts: make(chan struct{}, 1)}
}

// RequestLook has it found out soon who can be reached. It does not block.
func (r *Reachability) RequestLook() {
	select {
	case r.asks <- struct{}{}:
	default:
	}
}

// trust has everybody count as reached until a push says something else: other relays
// are in use. It does not block.
func (r *Reachability) trust() {
	r.now.Store(uint32(ReachAll)) // a push may be on its way before watch goes on
	select {
	case <-r.asks: // about the relays before
	default:
	}
	select {
	case r.trusts <- struct{}{}:
	default:
	}
}

// Reaches tells whether a message could reach the owner of a card now.
func (r *Reachability) Reaches(card signaling.Card) bool {
	switch r.reach() {
	case ReachAll:
		return true
	case ReachDirect:
		return !r.config.Sender.NeedsRelay(card)
	default:
		return false
	}
}

func (r *Reachability) reach() Reach { return Reach(r.now.Load()) }

// watch shows who can be reached, until ctx ends.
func (r *Reachability) watch(ctx context.Context) {
	shown := ReachAll
	for wait, trusts := firstRetry, false; ; {
		reach := ReachAll
		if !trusts {
			reach = r.look(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		select {
		case <-r.trusts: // the relays that were asked are no longer in use
			reach = ReachAll
		default:
		}
		r.now.Store(uint32(reach))
		if reach != shown {
			r.view.ShowReach(reach)
		}
		shown, trusts = reach, false
		var again <-chan time.Time
		if reach == ReachAll {
			wait = firstRetry
		} else {
			again = time.After(wait)
			wait = min(2*wait, maxRetry)
		}
		select {
		case <-r.trusts:
			trusts = true
		case <-r.asks:
			wait = firstRetry
		case <-again:
		case <-ctx.Done():
			return
		}
	}
}

// look asks the relays, if a contact needs one, and the page's host. A browser says
// that it is online in a network that leads nowhere, too, so its word alone decides
// nothing.
func (r *Reachability) look(ctx context.Context) Reach {
	online, relays := r.config.Network.Online(), r.relays()
	if online && len(relays) == 0 {
		return ReachAll
	}
	if r.anyAnswers(ctx, relays) || online && pause(ctx, firstRetry) && r.anyAnswers(ctx, relays) { // a change of network breaks off requests
		return ReachAll
	}
	switch {
	case !online && !r.answers(ctx, pageHost):
		return ReachNone
	case len(relays) > 0:
		return ReachDirect
	default:
		return ReachAll
	}
}

// relays returns the relays in use, or none if no contact needs them.
func (r *Reachability) relays() []*url.URL {
	needs := func(c phonebook.Contact) bool { return !c.Blocked && r.config.Sender.NeedsRelay(c.Card) }
	if !slices.ContainsFunc(r.book.Contacts(), needs) {
		return nil
	}
	return r.servers.set.Load().setup.Relays
}

func (r *Reachability) anyAnswers(ctx context.Context, relays []*url.URL) bool {
	return slices.ContainsFunc(relays, func(relay *url.URL) bool { return r.answers(ctx, relay.String()) })
}

// pause waits, and returns false if ctx ends before d.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

func (r *Reachability) answers(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return r.config.Network.Answers(ctx, address)
}

// push pushes a message, and looks who can be reached where what became of it says
// something else than is shown.
func (r *Reachability) push(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) error {
	err := r.config.Sender.Push(ctx, to, payload, options)
	var busy *call.BusyError
	lost := errors.Is(err, call.ErrUndelivered) && !errors.As(err, &busy) // a busy relay answers
	if lost != (r.reach() != ReachAll) {
		r.RequestLook()
	}
	if lost {
		return r.explain(err)
	}
	return err
}

// explain adds ErrOffline to the error of what needs a network, where that is the
// cause.
func (c *common) explain(err error) error {
	if err == nil || c.config.Network.Online() {
		return err
	}
	return fmt.Errorf("%w: %w", ErrOffline, err)
}
