//go:build js && wasm

package main

import (
	"context"

	"pushcall/call"
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
	payloads, err := a.store.TakeInbox(ctx)
	if err != nil || len(payloads) == 0 {
		return err
	}
	if err := a.line.Look(ctx); err != nil {
		return err
	}
	for _, payload := range payloads {
		a.phone.Deliver([]byte(payload))
	}
	return browser.CloseNotifications(ctx)
}
