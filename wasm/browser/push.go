//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"fmt"

	"github.com/hack-pad/safejs"

	"pushcall/app"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// RequestPermission asks for the permission to notify, unless it was decided
// before. It must follow a person's action closely.
func RequestPermission(ctx context.Context) error {
	notification, err := js.Get("Notification")
	if err != nil || notification.IsUndefined() {
		return app.ErrNoPush
	}
	if Permitted() {
		return nil
	}
	decided, err := js.AwaitCall(ctx, notification, "requestPermission")
	if err != nil {
		return js.Failure("ask for permission", err)
	}
	permission, _ := decided.String()
	return permissionError(permission)
}

// Subscription returns the subscription this browser has for key, and false
// when it has none. It asks for nothing.
func Subscription(ctx context.Context, key webpush.PublicKey) (webpush.Subscription, bool, error) {
	manager, err := pushManager(ctx)
	if err != nil {
		return webpush.Subscription{}, false, err
	}
	kept, err := js.AwaitCall(ctx, manager, "getSubscription")
	if err != nil {
		return webpush.Subscription{}, false, js.Failure("look for a subscription", err)
	}
	if kept.IsNull() || !madeFor(kept, key) {
		return webpush.Subscription{}, false, nil
	}
	subscription, err := subscriptionOf(kept)
	if errors.Is(err, webpush.ErrDeadEndpoint) { // it is as good as none
		return webpush.Subscription{}, false, nil
	}
	return subscription, err == nil, err
}

// Subscribe makes a subscription that only the holder of key can push to, in
// place of one that was made for another key or whose endpoint is dead, unless
// there is one already. Its error is webpush.ErrDeadEndpoint where the browser
// gives out no other.
func Subscribe(ctx context.Context, key webpush.PublicKey) (webpush.Subscription, error) {
	subscription, err := subscribe(ctx, key)
	if !errors.Is(err, webpush.ErrDeadEndpoint) {
		return subscription, err
	}
	if err := Unsubscribe(ctx); err != nil {
		js.Log(err.Error()) // the service need not know it any more
	}
	return subscribe(ctx, key)
}

func subscribe(ctx context.Context, key webpush.PublicKey) (webpush.Subscription, error) {
	manager, err := pushManager(ctx)
	if err != nil {
		return webpush.Subscription{}, err
	}
	kept, err := js.AwaitCall(ctx, manager, "getSubscription")
	if err != nil {
		return webpush.Subscription{}, js.Failure("look for a subscription", err)
	}
	if !kept.IsNull() {
		if madeFor(kept, key) {
			return subscriptionOf(kept)
		}
		if _, err := js.AwaitCall(ctx, kept, "unsubscribe"); err != nil {
			return webpush.Subscription{}, js.Failure("unsubscribe", err)
		}
	}
	raw, err := js.NewUint8Array(key.Bytes())
	if err != nil {
		return webpush.Subscription{}, js.Failure("subscribe", err)
	}
	made, err := js.AwaitCall(ctx, manager, "subscribe", map[string]any{"userVisibleOnly": true, "applicationServerKey": raw})
	switch {
	case js.IsNamed(err, "NotAllowedError"):
		return webpush.Subscription{}, app.ErrPermissionDenied
	case err != nil:
		return webpush.Subscription{}, fmt.Errorf("%w: %w", app.ErrSubscribe, js.Failure("subscribe", err))
	}
	return subscriptionOf(made)
}

// Unsubscribe gives up the subscription, whatever key it was made for: its
// push service takes no more messages for it. Nothing happens without one.
func Unsubscribe(ctx context.Context) error {
	manager, err := pushManager(ctx)
	if err != nil {
		return err
	}
	kept, err := js.AwaitCall(ctx, manager, "getSubscription")
	if err != nil {
		return js.Failure("look for a subscription", err)
	}
	if kept.IsNull() {
		return nil
	}
	if _, err := js.AwaitCall(ctx, kept, "unsubscribe"); err != nil {
		return js.Failure("unsubscribe", err)
	}
	return nil
}

// pushManager waits for the service worker that boot.js has registered.
func pushManager(ctx context.Context) (safejs.Value, error) {
	registration, err := workerRegistration(ctx)
	if err != nil {
		return safejs.Value{}, err
	}
	manager, err := registration.Get("pushManager")
	if err != nil || manager.IsUndefined() {
		return safejs.Value{}, app.ErrNoPush
	}
	return manager, nil
}

// madeFor tells whether a PushSubscription belongs to an application server key.
func madeFor(subscription safejs.Value, key webpush.PublicKey) bool {
	options, err := subscription.Get("options")
	if err != nil {
		return false
	}
	raw, err := options.Get("applicationServerKey")
	if err != nil {
		return false
	}
	octets, err := js.BytesOf(raw)
	return err == nil && string(octets) == string(key.Bytes())
}

// subscriptionOf reads what PushSubscription.toJSON (Push API, Section 8) gives.
func subscriptionOf(subscription safejs.Value) (webpush.Subscription, error) {
	object, err := subscription.Call("toJSON")
	if err != nil {
		return webpush.Subscription{}, js.Failure("read the subscription", err)
	}
	keys, err := object.Get("keys")
	if err != nil {
		return webpush.Subscription{}, js.Failure("read the subscription", err)
	}
	var text [3]string
	for i, from := range []struct {
		object   safejs.Value
		property string
	}{{object, "endpoint"}, {keys, "p256dh"}, {keys, "auth"}} {
		if text[i], err = js.StringOf(from.object, from.property); err != nil {
			return webpush.Subscription{}, js.Failure("read the subscription", err)
		}
	}
	return webpush.NewSubscription(text[0], text[1], text[2])
}
