//go:build js && wasm

package main

import (
	"context"
	"sync"

	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/webpush"
)

// The settings of the line.
const (
	applicationServerKey = "applicationServerKey" // this browser's own key: its subscription is bound to it, its card carries it
	subscribed           = "subscribed"           // not "": there was a subscription, and the person wants one
)

// line is this browser's address: where pushes for it go, under which key.
type line struct {
	store  *browser.Store
	shared bool // the key is the deployment's

	changing sync.Mutex // whoever makes, drops or looks up the subscription: their steps would interleave

	mu     sync.Mutex
	key    webpush.ApplicationServerKey
	public webpush.PublicKey // of key
	card   signaling.Card    // its subscription is zero until there is one
	wanted bool              // it is kept that the person wants one

	doubted chan struct{} // one token: it may not ring any more, or again
}

// openLine finds the line's key among the settings that the last visit has kept.
// It asks for nothing. deployment is the key that all browsers of this host
// share, or zero.
func openLine(ctx context.Context, store *browser.Store, identity webpush.Signer, deployment webpush.ApplicationServerKey, kept map[string]string) (*line, error) {
	l := &line{store: store, key: deployment, public: deployment.Public(), shared: !deployment.IsZero(), doubted: make(chan struct{}, 1)}
	l.card = signaling.Card{Identity: identity.Public(), Name: kept[settingName]}
	return l, l.useKey(ctx, kept)
}

// useKey takes the key that is kept, and makes it the first time.
func (l *line) useKey(ctx context.Context, kept map[string]string) error {
	if l.shared {
		return nil
	}
	key, err := ownKey(ctx, l.store, kept[applicationServerKey])
	if err == nil {
		l.setKey(key)
	}
	return err
}

// Reload finds the line as the tab that had it before has left it, with these
// settings.
func (l *line) Reload(ctx context.Context, kept map[string]string) error {
	l.SetName(kept[settingName])
	if err := l.useKey(ctx, kept); err != nil {
		return err
	}
	return l.Look(ctx)
}

// Look finds the subscription that this browser has by now: another tab may
// have made it, or the service worker renewed it.
func (l *line) Look(ctx context.Context) error {
	if !l.changing.TryLock() {
		return nil // whoever changes it will say what it is, and a push must not wait for that
	}
	defer l.changing.Unlock()
	return l.look(ctx)
}

func (l *line) look(ctx context.Context) error {
	subscription, _, err := browser.Subscription(ctx, l.publicKey())
	if err == nil { // none, where the browser has dropped it
		l.set(func() { l.card.Subscription = subscription })
	}
	return err
}

// Repair subscribes anew where the browser has dropped the subscription, which it
// does after too many silent pushes and tells nobody. A subscription that the store
// does not know is given up, so that its callers learn at once. The error says why
// no call can ring here though the person wants it.
func (l *line) Repair(ctx context.Context) (repaired bool, err error) {
	l.changing.Lock()
	defer l.changing.Unlock()
	had, err := l.store.String(ctx, subscribed)
	if err != nil {
		return false, err
	}
	if had == "" {
		if l.look(ctx) == nil && !l.Rings() {
			_ = browser.Unsubscribe(ctx)
		}
		return false, nil // there is no line that could be out of order
	}
	l.set(func() { l.wanted = true })
	if err := browser.Permission(); err != nil {
		return false, err
	}
	if err := l.look(ctx); err != nil || l.Rings() {
		return false, err
	}
	return true, l.subscribe(ctx)
}

// Doubt has the line looked at soon. It does not block.
func (l *line) Doubt() {
	select {
	case l.doubted <- struct{}{}:
	default:
	}
}

// Subscribe makes the line ring: it asks for permission when that is not
// decided, and for a subscription when there is none.
func (l *line) Subscribe(ctx context.Context) error {
	if err := browser.RequestPermission(ctx); err != nil {
		return err
	}
	l.changing.Lock()
	defer l.changing.Unlock()
	return l.subscribe(ctx)
}

func (l *line) subscribe(ctx context.Context) error {
	subscription, err := browser.Subscribe(ctx, l.publicKey())
	if err != nil {
		return err
	}
	wanted := false
	l.set(func() { l.card.Subscription, wanted = subscription, l.wanted })
	defer l.Doubt()
	if wanted {
		return nil
	}
	err = l.store.SetString(ctx, subscribed, "yes")
	l.set(func() { l.wanted = err == nil })
	return err
}

// Renew makes a new key and a new subscription: cards with the old ones do not
// ring any more. The old line is given up only when there is a new key.
func (l *line) Renew(ctx context.Context) error {
	if err := browser.RequestPermission(ctx); err != nil {
		return err
	}
	l.changing.Lock()
	defer l.changing.Unlock()
	if !l.shared {
		key, text, err := newKey()
		if err != nil {
			return err
		}
		if err := l.store.SetString(ctx, applicationServerKey, text); err != nil {
			return err
		}
		l.setKey(key)
	}
	if err := browser.Unsubscribe(ctx); err != nil {
		return err
	}
	return l.subscribe(ctx)
}

// ownKey returns the key of this browser from the text that is kept of it,
// making it the first time.
func ownKey(ctx context.Context, store *browser.Store, text string) (webpush.ApplicationServerKey, error) {
	if text != "" {
		return webpush.ParseApplicationServerKey(text)
	}
	_, made, err := newKey()
	if err != nil {
		return webpush.ApplicationServerKey{}, err
	}
	text, err = store.AddString(ctx, applicationServerKey, made)
	if err != nil {
		return webpush.ApplicationServerKey{}, err
	}
	return webpush.ParseApplicationServerKey(text) // perhaps another tab's
}

// newKey makes a key, and its text.
func newKey() (webpush.ApplicationServerKey, string, error) {
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		return webpush.ApplicationServerKey{}, "", err
	}
	text, err := key.MarshalText()
	return key, string(text), err
}

// Card returns what a friend needs in order to call.
func (l *line) Card() signaling.Card {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.card
}

// Rings tells whether there is a subscription.
func (l *line) Rings() bool { return l.Card().Subscription != (webpush.Subscription{}) }

// SetName sets the name in the card.
func (l *line) SetName(name string) { l.set(func() { l.card.Name = name }) }

// IsOwn tells whether a card is this browser's own, older ones included.
func (l *line) IsOwn(card signaling.Card) bool {
	own := l.Card()
	return card.Subscription == own.Subscription || card.Identity == own.Identity
}

func (l *line) publicKey() webpush.PublicKey {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.public
}

func (l *line) setKey(key webpush.ApplicationServerKey) {
	l.set(func() {
		if key != l.key {
			l.key, l.public, l.card.Key = key, key.Public(), key
		}
	})
}

func (l *line) set(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}
