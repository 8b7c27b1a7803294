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
		return awaitLock(ctx, locks, name, map[string]any{"steal": true})
	}
	lost, err = awaitLock(ctx, locks, name, map[string]any{"ifAvailable": true})
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
	lost, err = awaitLock(ctx, locks, name, map[string]any{"signal": signal})
	if err != nil {
		_, _ = controller.Call("abort") // or this page would get it some day, unawares
	}
	return lost, err
}

// awaitLock makes one request for a lock. It returns nil if the request was for an
// available lock and the lock is not available.
func awaitLock(ctx context.Context, locks safejs.Value, name string, options map[string]any) (lost <-chan struct{}, err error) {
	forever, err := never()
	if err != nil {
		return nil, Failure("take a lock", err)
	}
	granted := make(chan bool, 1)
	abandoned := false
	handler, err := NewCallback(func(args []safejs.Value) any {
		if abandoned || args[0].IsNull() {
			granted <- false
			return nil
		}
		granted <- true
		return forever
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
	go func() { // ends with the page, or when another page steals the lock
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
		return gone, nil
	case err := <-ended:
		return nil, Failure("take a lock", err)
	case <-ctx.Done():
		abandoned = true
		return nil, ctx.Err()
	}
}

// never returns a promise that does not settle.
func never() (safejs.Value, error) {
	class, err := Get("Promise")
	if err != nil {
		return safejs.Value{}, err
	}
	return class.Call("race", []any{})
}

// HoldLock waits for the lock with a name and holds it until gone is closed.
func HoldLock(ctx context.Context, name string, gone <-chan struct{}) error {
	locks, err := Get("navigator", "locks")
	if err != nil {
		return Failure("hold a lock", err)
	}
	class, err := Get("Promise")
	if err != nil {
		return Failure("hold a lock", err)
	}
	var end safejs.Value
	executor, err := NewCallback(func(args []safejs.Value) any {
		end = args[0]
		return nil
	})
	if err != nil {
		return Failure("hold a lock", err)
	}
	defer executor.Release()
	held, err := class.New(executor.Value())
	if err != nil {
		return Failure("hold a lock", err)
	}
	handler, err := NewCallback(func([]safejs.Value) any { return held })
	if err != nil {
		return Failure("hold a lock", err)
	}
	defer handler.Release()
	request, err := locks.Call("request", name, handler.Value())
	if err != nil {
		return Failure("hold a lock", err)
	}
	<-gone
	if _, err := end.Invoke(); err != nil {
		return Failure("hold a lock", err)
	}
	_, err = Await(ctx, request)
	return err
}
