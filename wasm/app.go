//go:build js && wasm

package main

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"pushcall/call"
	"pushcall/internal/jsonobject"
	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/wasm/page"
	"pushcall/webpush"
)

// app is what the page can ask for; it implements page.Phone.
type app struct {
	line   *line
	store  *browser.Store
	sender *browser.Sender
	phone  *call.Phone
	view   *page.Page

	ctx     context.Context
	owned   sync.WaitGroup
	arrived chan struct{}                    // one token stands for any number of messages
	call    atomic.Pointer[signaling.CallID] // of the call that this tab is in
}

var _ page.Phone = (*app)(nil)

// Prepare makes sure that the answer to a call can reach this browser.
func (a *app) Prepare(ctx context.Context) error { return a.line.Subscribe(ctx) }

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

func (a *app) CallContact(context.Context, webpush.PublicKey) error         { return nil }
func (a *app) Answer(signaling.CallID)                                      {}
func (a *app) Decline(signaling.CallID)                                     {}
func (a *app) SaveContact(context.Context, webpush.PublicKey, string) error { return nil }
func (a *app) Block(context.Context, webpush.PublicKey, bool) error         { return nil }
func (a *app) CallsSeen()                                                   {}
func (a *app) UseHere()                                                     {}
func (a *app) TestLine(context.Context, func(page.Leg)) error               { return nil }
func (a *app) NewNumber(context.Context) (told, failed int, err error)      { return 0, 0, nil }
func (a *app) Settings() page.Settings                                      { return page.Settings{} }
func (a *app) SetSettings(context.Context, page.Settings) error             { return nil }

// receive takes what the service worker has kept, and what it will.
func (a *app) receive(ctx context.Context) error {
	a.look() // there may be what came before the page
	if _, err := browser.OnPush(a.look); err != nil {
		return err
	}
	for range a.arrived {
		if err := a.takeInbox(ctx); err != nil {
			browser.Log(err.Error())
		}
	}
	return nil
}

// look has the inbox looked into soon. It does not block.
func (a *app) look() {
	select {
	case a.arrived <- struct{}{}:
	default:
	}
}

func (a *app) takeInbox(ctx context.Context) error {
	payloads, err := a.store.TakeInbox(ctx, a.wanted)
	if err != nil || len(payloads) == 0 {
		return err
	}
	if err := a.line.Look(ctx); err != nil {
		browser.Log(err.Error()) // the subscription known so far may do
	}
	// Offers go last: what ends a call may have come while nobody was here.
	slices.SortStableFunc(payloads, func(x, y string) int { return rank(x) - rank(y) })
	for _, payload := range payloads {
		a.phone.Deliver([]byte(payload))
	}
	return nil
}

// wanted tells which messages are for this tab: offers are for any, and what
// follows one is for the tab that has the call. What nobody wanted in time
// goes, too.
func (a *app) wanted(payloads []string) []bool {
	calls := map[string]bool{}
	if own := a.call.Load(); own != nil {
		calls[own.String()] = true
	}
	messages := make([]jsonobject.Object, len(payloads))
	for i, payload := range payloads {
		messages[i], _ = jsonobject.Parse([]byte(payload)) // what is none is dropped by the phone
		if messages[i].String("type") == string(signaling.Offer) {
			calls[messages[i].String("call")] = true
		}
	}
	mine := make([]bool, len(payloads))
	for i, message := range messages {
		age := time.Since(time.UnixMilli(message.Int("time")))
		mine[i] = calls[message.String("call")] || age > call.RingTime+signaling.ClockSkew
	}
	return mine
}

// rank orders messages that arrive together.
func rank(payload string) int {
	message, _ := jsonobject.Parse([]byte(payload))
	if message.String("type") == string(signaling.Offer) {
		return 1
	}
	return 0
}

// show tells the page where the call is, and remembers which it is.
func (a *app) show(c call.Call) {
	if c.State == call.Ended {
		a.call.Store(nil)
	} else {
		a.call.Store(&c.ID)
		a.look() // what follows may have come before this tab wanted it
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
