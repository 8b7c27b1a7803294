//go:build js && wasm

package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"pushcall/call"
	"pushcall/internal/jsonobject"
	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/wasm/page"
)

// lastCard is the setting that holds the card that was used last.
const lastCard = "lastCard"

// app is what the page can ask for; it implements page.Phone.
type app struct {
	line   *line
	store  *browser.Store
	sender *browser.Sender
	phone  *call.Phone
	view   *page.Page

	ctx   context.Context
	owned sync.WaitGroup
	call  atomic.Pointer[signaling.CallID] // of the call that this tab is in
}

var _ page.Phone = (*app)(nil)

// Prepare makes sure that the answer to a call can reach this browser.
func (a *app) Prepare(ctx context.Context) (string, error) {
	if err := a.line.Subscribe(ctx); err != nil {
		return "", err
	}
	return a.store.String(ctx, lastCard)
}

// Dial calls the owner of a pasted card.
func (a *app) Dial(ctx context.Context, text string) error {
	card, err := signaling.ParseCard(text)
	if err != nil {
		return err
	}
	if a.line.IsOwn(card) {
		return page.ErrOwnSubscription
	}
	if err := a.sender.CanPush(card); err != nil {
		return err
	}
	if err := a.store.SetString(ctx, lastCard, text); err != nil {
		browser.Log(err.Error()) // it is a convenience
	}
	if err := ctx.Err(); err != nil { // the person thought better of it
		return err
	}
	a.phone.Dial(card)
	return nil
}

// Card returns the JSON that a friend needs in order to call.
func (a *app) Card(ctx context.Context) (string, error) {
	if err := a.line.Subscribe(ctx); err != nil {
		return "", err
	}
	return string(a.line.Card().JSON()), nil
}

func (a *app) HangUp() { a.phone.HangUp() }

func (a *app) SendText(text string) { a.phone.SendText(text) }

// receive takes what the service worker has kept, and what it will.
func (a *app) receive(ctx context.Context) error {
	arrived := make(chan struct{}, 1) // one token stands for any number of messages
	arrived <- struct{}{}             // those that came before the page
	_, err := browser.OnPush(func() {
		select {
		case arrived <- struct{}{}:
		default:
		}
	})
	if err != nil {
		return err
	}
	for range arrived {
		if err := a.takeInbox(ctx); err != nil {
			browser.Log(err.Error())
		}
	}
	return nil
}

func (a *app) takeInbox(ctx context.Context) error {
	payloads, err := a.store.TakeInbox(ctx, a.wants)
	if err != nil || len(payloads) == 0 {
		return err
	}
	if err := a.line.Look(ctx); err != nil {
		return err
	}
	for _, payload := range payloads {
		a.phone.Deliver([]byte(payload))
	}
	return nil
}

// wants tells whether a message is for this tab: an offer is for any, what
// follows for the one that has the call. What nobody wanted in time goes, too.
func (a *app) wants(payload string) bool {
	message, err := jsonobject.Parse([]byte(payload))
	if err != nil || message.String("type") == string(signaling.Offer) {
		return true
	}
	if time.Since(time.UnixMilli(message.Int("time"))) > call.RingTime+signaling.ClockSkew {
		return true
	}
	own := a.call.Load()
	return own != nil && message.String("call") == own.String()
}

// show tells the page where the call is, and remembers which it is.
func (a *app) show(c call.Call) {
	if c.State == call.Ended {
		a.call.Store(nil)
	} else {
		a.call.Store(&c.ID)
	}
	a.view.ShowCall(c)
	if c.State == call.Connecting {
		a.owned.Go(func() {
			if err := a.takeOver(c.ID); err != nil {
				browser.Log(err.Error())
			}
		})
	}
}

// takeOver lets the page take the place of a call's notification, once the
// person sees it.
func (a *app) takeOver(id signaling.CallID) error {
	if err := browser.AwaitVisible(a.ctx); err != nil {
		return err
	}
	return browser.CloseNotification(a.ctx, id.String())
}
