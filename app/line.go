package app

import (
	"context"
	"errors"
	"sync"

	"pushcall/signaling"
	"pushcall/webpush"
)

// PushManager is the browser's side of Web Push (Push API, Section 6).
type PushManager interface {
	// Permission returns why the page may not notify now, or nil. It asks nobody.
	Permission() error
	// RequestPermission asks for the permission to notify, unless it was decided
	// before.
	RequestPermission(ctx context.Context) error
	// Subscription returns the subscription that there is for a key, and false
	// where there is none.
	Subscription(ctx context.Context, key webpush.PublicKey) (webpush.Subscription, bool, error)
	// Subscribe returns the same, and makes one where there is none.
	Subscribe(ctx context.Context, key webpush.PublicKey) (webpush.Subscription, error)
	// Unsubscribe gives up the subscription, whatever key it was made for.
	Unsubscribe(ctx context.Context) error
}

// Line is this browser's address: where pushes for it go, under which key.
type Line struct {
	*common
	shared bool // the key is the deployment's

	changing turn // to make, drop or look up the subscription: their steps would interleave

	mu     sync.Mutex
	key    webpush.ApplicationServerKey
	public webpush.PublicKey // of key
	card   signaling.Card    // its subscription is zero until there is one
	wanted bool              // the store says that the person wants one

	checks chan struct{} // one token: calls may not ring here any more, or again
}

// openLine finds the line's key among the settings that the visit before has saved.
// It asks for nothing.
func openLine(ctx context.Context, c *common, saved map[string]string) (*Line, error) {
	key := c.config.Host.Key // that all browsers of this deployment share, or zero
	l := &Line{common: c, key: key, public: key.Public(), shared: !key.IsZero(), changing: newTurn(), checks: make(chan struct{}, 1)}
	l.card = signaling.Card{Identity: c.config.Identity.Public(), Name: saved[settingName]}
	return l, l.useKey(ctx, saved)
}

// useKey takes the key that is stored, and makes it the first time.
func (l *Line) useKey(ctx context.Context, saved map[string]string) error {
	if l.shared {
		return nil
	}
	key, err := l.ownKey(ctx, saved[settingKey])
	if err == nil {
		l.setKey(key)
	}
	return err
}

// reload finds the line as the tab that had it before has left it, with these
// settings.
func (l *Line) reload(ctx context.Context, saved map[string]string) error {
	l.setName(saved[settingName])
	if err := l.useKey(ctx, saved); err != nil {
		return err
	}
	return l.refresh(ctx)
}

// refresh finds the subscription that this browser has by now: another tab may
// have made it, or the service worker renewed it.
func (l *Line) refresh(ctx context.Context) error {
	if !l.changing.tryTake() {
		return nil // whoever changes it will say what it is, and a push must not wait for that
	}
	defer l.changing.end()
	return l.findSubscription(ctx)
}

// findSubscription puts the browser's subscription into the card; none, where the
// browser has dropped it. The caller has the turn.
func (l *Line) findSubscription(ctx context.Context) error {
	subscription, _, err := l.config.Push.Subscription(ctx, l.publicKey())
	if err == nil {
		l.set(func() { l.card.Subscription = subscription })
	}
	return err
}

// repair subscribes anew where the browser has dropped the subscription, which it
// does after too many silent pushes and tells nobody. A subscription that the store
// does not know is given up, so that its callers learn at once. The error says why
// no call can ring here though the person wants it, or could not if they wanted.
func (l *Line) repair(ctx context.Context) (repaired bool, err error) {
	if err := l.changing.take(ctx); err != nil {
		return false, err
	}
	defer l.changing.end()
	had, err := l.config.Store.String(ctx, settingSubscribed)
	if err != nil {
		return false, err
	}
	if had == "" {
		if l.findSubscription(ctx) == nil && !l.Rings() {
			_ = l.config.Push.Unsubscribe(ctx)
		}
		if err := l.config.Push.Permission(); CallsOff(err) {
			return false, err
		}
		return false, nil // there is no line that could be out of order
	}
	l.set(func() { l.wanted = true })
	if err := l.config.Push.Permission(); err != nil {
		return false, err
	}
	if err := l.findSubscription(ctx); err != nil || l.Rings() {
		return false, err
	}
	return true, l.subscribe(ctx)
}

// RequestCheck has the line checked soon, and repaired where it has to be. It does
// not block.
func (l *Line) RequestCheck() {
	select {
	case l.checks <- struct{}{}:
	default:
	}
}

// Prepare makes sure that the answer to a call can reach this browser. Where it
// could a while ago, the phone makes sure while it makes its offer.
func (l *Line) Prepare(ctx context.Context) error {
	if l.Rings() && l.config.Push.Permission() == nil {
		return nil
	}
	return l.Subscribe(ctx)
}

// Subscribe makes the line ring: it asks for permission when that is not
// decided, and for a subscription when there is none.
func (l *Line) Subscribe(ctx context.Context) error {
	if err := l.config.Push.RequestPermission(ctx); err != nil {
		return err
	}
	if err := l.changing.take(ctx); err != nil {
		return err
	}
	defer l.changing.end()
	return l.subscribe(ctx)
}

func (l *Line) subscribe(ctx context.Context) error {
	subscription, err := l.config.Push.Subscribe(ctx, l.publicKey())
	if errors.Is(err, ErrSubscribe) {
		err = l.explain(err)
	}
	if err != nil {
		return err
	}
	wanted, same := false, false
	l.set(func() {
		wanted, same = l.wanted, l.card.Subscription == subscription
		l.card.Subscription = subscription
	})
	if !wanted || !same { // nearly every call finds the line as it was
		defer l.RequestCheck()
	}
	if wanted {
		return nil
	}
	err = l.config.Store.SetString(ctx, settingSubscribed, "yes")
	l.set(func() { l.wanted = err == nil })
	return err
}

// renew makes a new key and a new subscription: cards with the old ones do not
// ring any more. The old line is given up only when there is a new key.
func (l *Line) renew(ctx context.Context) error {
	if err := l.config.Push.RequestPermission(ctx); err != nil {
		return err
	}
	if err := l.changing.take(ctx); err != nil {
		return err
	}
	defer l.changing.end()
	if !l.shared {
		key, text, err := newKey()
		if err != nil {
			return err
		}
		if err := l.config.Store.SetString(ctx, settingKey, text); err != nil {
			return err
		}
		l.setKey(key)
	}
	if err := l.config.Push.Unsubscribe(ctx); err != nil {
		return err
	}
	return l.subscribe(ctx)
}

// ownKey returns the key of this browser from its stored text, making it the first
// time.
func (l *Line) ownKey(ctx context.Context, text string) (webpush.ApplicationServerKey, error) {
	if text != "" {
		return webpush.ParseApplicationServerKey(text)
	}
	_, made, err := newKey()
	if err != nil {
		return webpush.ApplicationServerKey{}, err
	}
	text, err = l.config.Store.AddString(ctx, settingKey, made)
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
func (l *Line) Card() signaling.Card {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.card
}

// Rings tells whether there is a subscription.
func (l *Line) Rings() bool { return l.Card().Subscription != (webpush.Subscription{}) }

// Wanted tells whether the person wants calls to ring here, as far as is known.
func (l *Line) Wanted() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wanted
}

// setName sets the name in the card.
func (l *Line) setName(name string) { l.set(func() { l.card.Name = name }) }

// IsOwn tells whether a card is this browser's own, older ones included.
func (l *Line) IsOwn(card signaling.Card) bool {
	own := l.Card()
	return card.Subscription == own.Subscription || card.Identity == own.Identity
}

func (l *Line) publicKey() webpush.PublicKey {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.public
}

func (l *Line) setKey(key webpush.ApplicationServerKey) {
	l.set(func() {
		if key != l.key {
			l.key, l.public, l.card.Key = key, key.Public(), key
		}
	})
}

func (l *Line) set(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}
