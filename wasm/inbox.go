//go:build js && wasm

package main

import (
	"context"
	"slices"
	"sort"

	"pushcall/internal/jsonobject"
	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/webpush"
)

// maxPushed is how many messages wait for the phone beside the inbox.
const maxPushed = 16

// look has the inbox looked into soon. It does not block.
func (a *app) look() {
	select {
	case a.arrived <- struct{}{}:
	default:
	}
}

// onPush has the inbox looked into, and before that a message to this line as it is
// known here delivered, where this tab has the line; so is one that is not in the
// inbox. It does not block.
func (a *app) onPush(x browser.Arrival, receiver webpush.PublicKey) {
	useless := receiver.IsZero() && len(a.pushed) >= maxPushed/2 // a flood of those keeps no call away
	if x.Payload != "" && !useless && (x.Key == 0 || receiver == a.line.Card().Subscription.UAPublic) {
		select {
		case a.pushed <- x:
		default: // the inbox has it, or the disk is full and there are many
		}
	}
	a.look()
}

// receive takes what the service worker puts into the inbox, for as long as
// this tab has the line.
func (a *app) receive(ctx context.Context) {
	var unkept []arrival
	for len(a.pushed) > 0 { // it was for the tab that had the line, and is in the inbox if that has not taken it
		if x := <-a.pushed; x.Key == 0 {
			unkept = append(unkept, read(x))
		}
	}
	r := &reading{delivered: map[int]bool{}}
	a.kept(a.deliver(ctx, unkept))
	for {
		if err := a.takeInbox(ctx, r); err != nil && ctx.Err() == nil {
			browser.Log(err.Error())
		}
		select {
		case <-a.arrived:
		case <-ctx.Done():
		}
		if ctx.Err() != nil { // the tab that has the line next finds it in the inbox
			return
		}
		a.takePushed(ctx, r)
	}
}

// reading is how far this tab has read the inbox.
type reading struct {
	newest    int          // the key of the last that was in it when it was looked into
	delivered map[int]bool // of what is still in it
}

// takePushed gives the phone what was pushed since the inbox was looked into: to
// read it from there would take longer.
func (a *app) takePushed(ctx context.Context, r *reading) {
	for {
		select {
		case x := <-a.pushed:
			if x.Key == 0 {
				a.kept(a.deliver(ctx, []arrival{read(x)}))
			} else if x.Key > r.newest && !r.delivered[x.Key] {
				r.delivered[x.Key] = true
				a.phone.Deliver([]byte(x.Payload))
			}
		default:
			return
		}
	}
}

// takeInbox gives the phone what is new in the inbox. An offer stays there
// while it rings, so that another tab finds it when this one is closed.
func (a *app) takeInbox(ctx context.Context, r *reading) error {
	arrivals, err := a.store.Inbox(ctx)
	if err != nil {
		return err
	}
	if err := a.phone.Settle(ctx); err != nil { // what it has not looked at does not ring yet
		return err
	}
	rings := ""
	if id := a.rings.Load(); id != nil {
		rings = id.String()
	}
	var fresh []arrival
	var done []int
	for _, item := range arrivals {
		x := read(item)
		r.newest = max(r.newest, x.Key)
		switch {
		case !r.delivered[x.Key]:
			fresh = append(fresh, x)
			if x.kind == signaling.Offer {
				r.delivered[x.Key] = true
				continue
			}
			done = append(done, x.Key)
		case x.kind != signaling.Offer || x.call != rings:
			done = append(done, x.Key)
			delete(r.delivered, x.Key)
		}
	}
	if err := a.deliver(ctx, fresh); err != nil {
		return err
	}
	return a.store.Forget(ctx, done)
}

func (a *app) deliver(ctx context.Context, fresh []arrival) error {
	if slices.ContainsFunc(fresh, func(x arrival) bool { return x.Payload != "" }) {
		if err := a.line.Look(ctx); err != nil {
			browser.Log(err.Error()) // the subscription known so far may do
		}
	}
	// What ends a call may have come while nobody was here, before its offer or
	// after; what the person has decided is about what has come by then.
	sort.SliceStable(fresh, func(i, j int) bool { return fresh[i].rank() < fresh[j].rank() })
	for _, x := range fresh {
		if x.Payload != "" {
			a.phone.Deliver([]byte(x.Payload))
			continue
		}
		id, err := signaling.ParseCallID(x.call)
		switch {
		case err != nil:
		case x.Click == browser.ClickAnswer:
			a.phone.Answer(id)
		case x.Click == browser.ClickDecline:
			a.phone.Decline(id)
		}
	}
	return nil
}

// arrival is something in the inbox, as far as it must be known before its
// signature is checked.
type arrival struct {
	browser.Arrival
	kind signaling.Type
	call string
}

func read(item browser.Arrival) arrival {
	x := arrival{Arrival: item, call: item.Call}
	if item.Payload != "" {
		message, _ := jsonobject.Parse([]byte(item.Payload)) // what is none is dropped by the phone
		x.kind, x.call = signaling.Type(message.String("type")), message.String("call")
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
