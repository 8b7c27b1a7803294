//go:build js && wasm

package main

import (
	"context"

	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/webpush"
)

// applicationServerKey is the setting that holds this browser's own key, which
// its subscription is bound to and its card carries.
const applicationServerKey = "applicationServerKey"

// line is this browser's address: where pushes for it go, under which key.
type line struct {
	key  webpush.ApplicationServerKey
	card signaling.Card // its subscription is zero until there is one
}

// openLine finds the line as the last visit left it. It asks for nothing.
// deployment is the key that all browsers of this host share, or zero.
func openLine(ctx context.Context, store *browser.Store, identity webpush.Signer, deployment webpush.ApplicationServerKey) (*line, error) {
	l := &line{key: deployment, card: signaling.Card{Identity: identity.Public()}}
	if deployment.IsZero() {
		key, err := ownKey(ctx, store)
		if err != nil {
			return nil, err
		}
		l.key, l.card.Key = key, key
	}
	if err := l.Look(ctx); err != nil {
		browser.Log(err.Error()) // without push the page still explains itself
	}
	return l, nil
}

// Look finds the subscription that this browser has by now: another tab may
// have made it, or the service worker renewed it.
func (l *line) Look(ctx context.Context) error {
	subscription, found, err := browser.Subscription(ctx, l.key.Public())
	if found {
		l.card.Subscription = subscription
	}
	return err
}

// ownKey returns the key of this browser, making it the first time.
func ownKey(ctx context.Context, store *browser.Store) (webpush.ApplicationServerKey, error) {
	text, err := store.String(ctx, applicationServerKey)
	if err != nil {
		return webpush.ApplicationServerKey{}, err
	}
	if text != "" {
		return webpush.ParseApplicationServerKey(text)
	}
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		return webpush.ApplicationServerKey{}, err
	}
	made, err := key.MarshalText()
	if err != nil {
		return webpush.ApplicationServerKey{}, err
	}
	text, err = store.AddString(ctx, applicationServerKey, string(made))
	if err != nil {
		return webpush.ApplicationServerKey{}, err
	}
	return webpush.ParseApplicationServerKey(text) // perhaps another tab's
}

// Subscribe makes the line ring: it asks for permission when that is not
// decided, and for a subscription when there is none.
func (l *line) Subscribe(ctx context.Context) error {
	if err := browser.RequestPermission(ctx); err != nil {
		return err
	}
	subscription, err := browser.Subscribe(ctx, l.key.Public())
	if err != nil {
		return err
	}
	l.card.Subscription = subscription
	return nil
}

// Card returns what a friend needs in order to call.
func (l *line) Card() signaling.Card { return l.card }

// IsOwn tells whether a card is this browser's own, older ones included.
func (l *line) IsOwn(card signaling.Card) bool {
	return card.Subscription == l.card.Subscription || card.Identity == l.card.Identity
}
