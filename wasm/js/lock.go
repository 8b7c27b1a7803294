//go:build js && wasm

package js

import (
	"context"

	"github.com/hack-pad/safejs"
)

// AwaitLock waits until this page has the lock with a name (Web Locks API, Section
// 3). It calls waiting, once, if another page has the lock; steal takes the lock
// from it instead. The page keeps the lock until it ends, or until another page
// steals the lock, which closes lost. ctx bounds the wait only.
//
// In a browser without locks AwaitLock returns a nil channel at once.
func AwaitLock(ctx context.Context, name string, steal bool, waiting func()) (lost <-chan struct{}, err error) {
	locks, err := Get("navigator", "locks")
	if err != nil || locks.IsUndefined() {
		return nil, nil
	}
	if steal {
		return awaitLock(ctx, locks, name, map[string]any{"steal": true}, nil)
	}
	lost, err = awaitLock(ctx, locks, name, map[string]any{"ifAvailable": true}, nil)
	if lost != nil || err != nil {
		return lost, err
	}
	waiting()
	class, err := Get("AbortController")
	if err != nil {
		return nil, Failure("wait for a lock", err)
	}
	controller, err := class.New()
	if err != nil {
		return nil, Failure("wait for a lock", err)
	}
	signal, err := controller.Get("signal")
	if err != nil {
		return nil, Failure("wait for a lock", err)
	}
	lost, err = awaitLock(ctx, locks, name, map[string]any{"signal": signal}, nil)
	if err != nil {
		_, _ = controller.Call("abort") // or this page would get it some day, unawares
	}
	return lost, err
}

// HoldLock waits until this page has the lock with a name, and keeps it until released
// is closed, or the page ends. ctx bounds the wait only.
//
// In a browser without locks HoldLock returns at once.
func HoldLock(ctx context.Context, name string, released <-chan struct{}) error {
	locks, err := Get("navigator", "locks")
	if err != nil || locks.IsUndefined() {
		return nil
	}
	_, err = awaitLock(ctx, locks, name, map[string]any{}, released)
	return err
}

// awaitLock makes one request for a lock, which it keeps until released is closed. It
// returns nil if the request was for an available lock and the lock is not available.
func awaitLock(ctx context.Context, locks safejs.Value, name string, options map[string]any, released <-chan struct{}) (lost <-chan struct{}, err error) {
	held, release, err := deferred()
	if err != nil {
		return nil, Failure("take a lock", err)
	}
	granted := make(chan bool, 1)
	handler, err := NewCallback(func(args []safejs.Value) any {
		if args[0].IsNull() {
			granted <- false
			return nil
		}
		granted <- true
		return held
	})
	if err != nil {
		return nil, Failure("take a lock", err)
	}
	request, err := locks.Call("request", name, options, handler.Value())
	if err != nil {
		handler.Release()
		return nil, Failure("take a lock", err)
	}
	ended, gone := make(chan error, 1), make(chan struct{})
	go func() { // ends with the page, when another page steals the lock, or once it is released
		_, err := Await(context.WithoutCancel(ctx), request)
		handler.Release()
		ended <- err
		close(gone)
	}()
	select {
	case mine := <-granted:
		if !mine {
			return nil, nil
		}
	case err := <-ended:
		return nil, Failure("take a lock", err)
	case <-ctx.Done():
		_, _ = release.Invoke() // it may be granted by now, or later
		return nil, ctx.Err()
	}
	if released != nil {
		go func() { // ends with the page, or once the lock is released or stolen
			select {
			case <-released:
				_, _ = release.Invoke()
			case <-gone:
			}
		}()
	}
	return gone, nil
}

// deferred returns a promise, and the function that resolves it.
func deferred() (promise, resolve safejs.Value, err error) {
	class, err := Get("Promise")
	if err != nil {
		return safejs.Value{}, safejs.Value{}, err
	}
	executor, err := NewCallback(func(args []safejs.Value) any {
		resolve = args[0]
		return nil
	})
	if err != nil {
		return safejs.Value{}, safejs.Value{}, err
	}
	defer executor.Release()
	promise, err = class.New(executor.Value()) // which calls it at once
	return promise, resolve, err
}
