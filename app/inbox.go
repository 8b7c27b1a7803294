package app

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"sync/atomic"
	"time"

	"pushcall/call"
	"pushcall/internal/jsonobject"
	"pushcall/signaling"
	"pushcall/webpush"
)

// InboxStore is where the service worker puts what has arrived.
type InboxStore interface {
	// Inbox returns what has arrived, in the order it came, and leaves it there.
	Inbox(ctx context.Context) ([]Arrival, error)
	// Forget removes arrivals from the inbox, by their keys.
	Forget(ctx context.Context, keys []int) error
}

// The words of an Arrival's Click.
const (
	ClickAnswer  = "answer"
	ClickDecline = "decline"
)

// Arrival is what the service worker has put into the inbox: a push message,
// or what the person did with the notification of one. What is neither has
// nothing but its key.
type Arrival struct {
	Key     int    // in the inbox; 0 for a message that is not there
	Payload string // of a push message
	Click   string // ClickAnswer or ClickDecline
	Call    string // that was clicked, as signaling.ParseCallID reads it
}

// maxPushed is how many messages wait for the phone beside the inbox.
const maxPushed = 16

// inbox gives the phone what has arrived.
type inbox struct {
	*common
	arrived chan struct{}                    // one token stands for any number of messages
	pushed  chan Arrival                     // those of them that need not be read from the store
	ringing atomic.Pointer[signaling.CallID] // the call that rings here, or did as this tab was left
	waiting atomic.Pointer[signaling.CallID] // and the one that waits during another
}

func newInbox(c *common) *inbox {
	return &inbox{common: c, arrived: make(chan struct{}, 1), pushed: make(chan Arrival, maxPushed)}
}

// poll has the store read soon. It does not block.
func (i *inbox) poll() {
	select {
	case i.arrived <- struct{}{}:
	default:
	}
}

// deliver has the store read. Before that the phone gets a message to this line as
// it is known here, where this tab has the line, and so it does one that is not in
// the store. It does not block.
func (i *inbox) deliver(x Arrival, receiver webpush.PublicKey) {
	useless := receiver.IsZero() && len(i.pushed) >= maxPushed/2 // a flood of those keeps no call away
	if x.Payload != "" && !useless && (x.Key == 0 || receiver == i.line.Card().Subscription.UAPublic) {
		select {
		case i.pushed <- x:
		default: // the store has it, or the disk is full and there are many
		}
	}
	i.poll()
}

// receive takes what the service worker puts into the inbox, for as long as
// this tab has the line.
func (i *inbox) receive(ctx context.Context) {
	var unstored []arrival
	for len(i.pushed) > 0 { // it was for the tab that had the line, and is in the store if that has not taken it
		if x := <-i.pushed; x.Key == 0 {
			unstored = append(unstored, parseArrival(x))
		}
	}
	r := &reading{delivered: map[int]bool{}}
	i.deliverAll(ctx, unstored)
	for {
		if err := i.read(ctx, r); err != nil && ctx.Err() == nil {
			i.logError(err)
		}
		select {
		case <-i.arrived:
		case <-ctx.Done():
		}
		if ctx.Err() != nil { // the tab that has the line next finds it in the store
			return
		}
		i.takePushed(ctx, r)
	}
}

// reading is how far this tab has read the inbox.
type reading struct {
	newest    int          // the key of the last that was in it when it was read
	delivered map[int]bool // of what is still in it
}

// takePushed gives the phone what was pushed since the store was read: to read it
// from there would take longer.
func (i *inbox) takePushed(ctx context.Context, r *reading) {
	for {
		select {
		case x := <-i.pushed:
			if x.Key == 0 {
				i.deliverAll(ctx, []arrival{parseArrival(x)})
			} else if x.Key > r.newest && !r.delivered[x.Key] {
				r.delivered[x.Key] = true
				i.give(ctx, parseArrival(x))
			}
		default:
			return
		}
	}
}

// read gives the phone what is new in the store. An offer stays there while it
// rings, so that another tab finds it when this one is closed.
func (i *inbox) read(ctx context.Context, r *reading) error {
	arrivals, err := i.config.Store.Inbox(ctx)
	if err != nil {
		return err
	}
	if err := i.phone.Settle(ctx); err != nil { // an offer that the phone has not received yet does not ring yet
		return err
	}
	var kept [2]string
	for n, call := range []*atomic.Pointer[signaling.CallID]{&i.ringing, &i.waiting} {
		if id := call.Load(); id != nil {
			kept[n] = id.String()
		}
	}
	var fresh []arrival
	var done []int
	for _, item := range arrivals {
		x := parseArrival(item)
		r.newest = max(r.newest, x.Key)
		switch {
		case !r.delivered[x.Key]:
			fresh = append(fresh, x)
			if x.kind == signaling.Offer {
				r.delivered[x.Key] = true
				continue
			}
			done = append(done, x.Key)
		case x.kind != signaling.Offer || !slices.Contains(kept[:], x.call):
			done = append(done, x.Key)
			delete(r.delivered, x.Key)
		}
	}
	i.deliverAll(ctx, fresh)
	return i.config.Store.Forget(ctx, done)
}

// deliverAll gives the phone arrivals, in the order of their ranks.
func (i *inbox) deliverAll(ctx context.Context, fresh []arrival) {
	if slices.ContainsFunc(fresh, func(x arrival) bool { return x.Payload != "" }) {
		i.logError(i.line.refresh(ctx)) // the subscription known so far may do
	}
	// What ends a call may have come while nobody was here, before its offer or
	// after; what the person has decided is about what has come by then.
	sort.SliceStable(fresh, func(a, b int) bool { return fresh[a].rank() < fresh[b].rank() })
	for _, x := range fresh {
		i.give(ctx, x)
	}
}

// give gives the phone an arrival. An offer that was answered is over, even if its page was
// gone before it had deleted the offer.
func (i *inbox) give(ctx context.Context, x arrival) {
	id, err := signaling.ParseCallID(x.call)
	switch {
	case x.kind == signaling.Offer && i.book.Answered(id, x.at) && i.isSigned(ctx, x):
		i.drop(call.ErrReplay)
	case x.Payload != "":
		i.phone.Deliver([]byte(x.Payload))
	case err != nil:
	case x.Click == ClickAnswer:
		i.phone.Answer(id)
	case x.Click == ClickDecline:
		i.phone.Decline(id)
	}
}

// drop logs why a message was dropped, which can be deleted now.
func (i *inbox) drop(err error) {
	i.logError(fmt.Errorf("dropped: %w", err))
	i.poll()
}

// isSigned reports whether a message is its sender's, and for this line: what it says of
// itself is true. The phone says what is wrong with any other.
func (i *inbox) isSigned(ctx context.Context, x arrival) bool {
	_, err := signaling.Open(ctx, []byte(x.Payload), i.line.Card().Subscription.UAPublic, i.config.Verify)
	return err == nil
}

// arrival is something in the inbox, as far as it must be known before its
// signature is checked.
type arrival struct {
	Arrival
	kind signaling.Type
	call string
	at   time.Time // when it was sent, by its sender's clock
}

func parseArrival(item Arrival) arrival {
	x := arrival{Arrival: item, call: item.Call}
	if item.Payload != "" {
		message, _ := jsonobject.Parse([]byte(item.Payload)) // what is none is dropped by the phone
		x.kind, x.call, x.at = signaling.Type(message.String("type")), message.String("call"), time.UnixMilli(message.Int("time"))
	}
	return x
}

// rank orders what is delivered together.
func (x arrival) rank() int {
	switch {
	case x.Payload == "":
		return 2
	case x.kind == signaling.Offer:
		return 1
	default:
		return 0
	}
}
