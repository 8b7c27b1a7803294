//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hack-pad/safejs"

	"pushcall/app"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// errNoPush is for what a tab is told that is no message it can take as it is.
var errNoPush = errors.New("browser: no message")

// workerTime is how long a service worker may take to become active.
const workerTime = 10 * time.Second

// pushTime is how long a message may be on its way from the service worker to a tab.
// One that takes longer is read from the inbox, which may have by then what ends its call.
const pushTime = time.Second

// OnPush calls f whenever the service worker has put something into the inbox (see
// Store.Inbox), or could not: with a push message that came for the subscription with
// this key, or with an app.Arrival without payload, of which the inbox knows more. A
// message without a key is nowhere else: the disk is full, or the service worker
// finds it of no use, and says of no receiver then.
func OnPush(f func(a app.Arrival, receiver webpush.PublicKey)) (undo func(), err error) {
	workers, err := js.Get("navigator", "serviceWorker")
	if err != nil || workers.IsUndefined() {
		return func() {}, nil // there will be no push either: see app.ErrNoPush
	}
	return js.Listen(workers, "message", func(event safejs.Value) {
		a, receiver, err := readPush(event)
		if err != nil { // a click, or what is kept and not signed, or took its time
			a, receiver = app.Arrival{}, webpush.PublicKey{}
		}
		f(a, receiver)
	})
}

// readPush reads what receive in service-worker.js has posted.
func readPush(event safejs.Value) (a app.Arrival, receiver webpush.PublicKey, err error) {
	data, err := event.Get("data")
	if err != nil || data.Type() != safejs.TypeObject {
		return a, receiver, errNoPush
	}
	if a.Payload, err = js.StringOf(data, "payload"); err != nil {
		return a, receiver, err
	}
	key, err := data.Get("key")
	if err != nil {
		return a, receiver, err
	}
	kept := !key.IsUndefined()
	if kept {
		if a.Key, err = key.Int(); err != nil {
			return a, receiver, err
		}
		at, err := js.FloatOf(data, "at")
		if err != nil || time.Since(time.UnixMilli(int64(at))) > pushTime {
			return a, receiver, errNoPush
		}
	}
	buffer, err := data.Get("receiver")
	if err != nil || buffer.Type() != safejs.TypeObject {
		if kept {
			err = errNoPush
		}
		return a, receiver, err
	}
	octets, err := js.BytesOf(buffer)
	if err != nil {
		return a, receiver, err
	}
	receiver, err = webpush.NewPublicKey(octets)
	return a, receiver, err
}

// CloseNotification takes away what the service worker has shown of a call.
func CloseNotification(ctx context.Context, call string) error {
	registration, err := workerRegistration(ctx)
	if err != nil {
		return err
	}
	shown, err := js.AwaitCall(ctx, registration, "getNotifications", map[string]any{"tag": call})
	if err != nil {
		return js.Failure("close a notification", err)
	}
	length, err := shown.Length()
	if err != nil {
		return js.Failure("close a notification", err)
	}
	for i := range length {
		notification, err := shown.Index(i)
		if err != nil {
			return js.Failure("close a notification", err)
		}
		if _, err := notification.Call("close"); err != nil {
			return js.Failure("close a notification", err)
		}
	}
	return nil
}

// Notify shows a notification, silently, in place of the one that the service
// worker may have shown of the same tag. A click on it brings the page.
func Notify(ctx context.Context, tag, title, body string) error {
	registration, err := workerRegistration(ctx)
	if err != nil {
		return err
	}
	options := map[string]any{"tag": tag, "body": body, "silent": true}
	if icon, err := touchIcon(); err == nil {
		options["icon"] = icon
	}
	if _, err := js.AwaitCall(ctx, registration, "showNotification", title, options); err != nil {
		return js.Failure("notify", err)
	}
	return nil
}

// clientID asks the service worker what it calls this tab (Service Workers,
// Section 4.2.1: Client.id).
func clientID(ctx context.Context) (string, error) {
	registration, err := workerRegistration(ctx)
	if err != nil {
		return "", err
	}
	active, err := registration.Get("active")
	if err != nil {
		return "", js.Failure("ask the service worker", err)
	}
	class, err := js.Get("MessageChannel")
	if err != nil {
		return "", js.Failure("ask the service worker", err)
	}
	channel, err := class.New()
	if err != nil {
		return "", js.Failure("ask the service worker", err)
	}
	near, err := channel.Get("port1")
	if err != nil {
		return "", js.Failure("ask the service worker", err)
	}
	far, err := channel.Get("port2")
	if err != nil {
		return "", js.Failure("ask the service worker", err)
	}
	defer func() { _, _ = near.Call("close") }()
	answer := make(chan string, 1)
	undo, err := js.Listen(near, "message", func(event safejs.Value) {
		id, _ := js.StringOf(event, "data")
		answer <- id
	})
	if err != nil {
		return "", err
	}
	defer undo()
	if _, err := near.Call("start"); err != nil {
		return "", js.Failure("ask the service worker", err)
	}
	if _, err := active.Call("postMessage", "who am I?", []any{far}); err != nil {
		return "", js.Failure("ask the service worker", err)
	}
	ctx, cancel := context.WithTimeout(ctx, workerTime)
	defer cancel()
	select {
	case id := <-answer:
		return id, nil
	case <-ctx.Done(): // it is one of a build that does not know the question
		return "", js.Failure("ask the service worker", ctx.Err())
	}
}

// touchIcon returns the address of the page's icon, which only its document knows.
func touchIcon() (string, error) {
	document, err := js.Get("document")
	if err != nil {
		return "", err
	}
	link, err := document.Call("querySelector", `link[rel="apple-touch-icon"]`)
	if err != nil {
		return "", err
	}
	return js.StringOf(link, "href")
}

// workerRegistration waits for the active service worker: see worker in web/boot.js.
func workerRegistration(ctx context.Context) (safejs.Value, error) {
	workers, err := js.Get("navigator", "serviceWorker")
	if err != nil || workers.IsUndefined() {
		return safejs.Value{}, app.ErrNoPush
	}
	ctx, cancel := context.WithTimeout(ctx, workerTime)
	defer cancel()
	registration, err := js.AwaitCall(ctx, safejs.Global(), "worker")
	if err != nil {
		return safejs.Value{}, fmt.Errorf("%w: %w", app.ErrNoWorker, js.Failure("find the service worker", err))
	}
	return registration, nil
}
