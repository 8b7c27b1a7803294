//go:build js && wasm

package browser

import (
	"context"

	"github.com/hack-pad/safejs"
)

// lineLock is the lock of the tab where calls ring. That tab has another one,
// whose name ends in what the service worker calls the tab: in Chromium the
// clientId of a lock is not the id of a Client, and nothing else would tell the
// worker which of its tabs it is.
const lineLock = "pushcall line"

// AwaitLine waits until this tab is the one of its origin where calls ring (Web
// Locks API). It calls waiting, once, when another tab is that now; steal takes
// the line from it instead. The line is this tab's until the page ends, or
// until another tab steals it, which closes lost. ctx bounds the wait alone.
//
// In a browser without locks the tab is taken for the only one.
func AwaitLine(ctx context.Context, steal bool, waiting func()) (lost <-chan struct{}, err error) {
	locks, err := get("navigator", "locks")
	if err != nil || locks.IsUndefined() {
		return make(chan struct{}), nil
	}
	if steal {
		return awaitLock(ctx, locks, map[string]any{"steal": true})
	}
	lost, err = awaitLock(ctx, locks, map[string]any{"ifAvailable": true})
	if lost != nil || err != nil {
		return lost, err
	}
	waiting()
	class, err := get("AbortController")
	if err != nil {
		return nil, failure("wait for the line", err)
	}
	controller, err := class.New()
	if err != nil {
		return nil, failure("wait for the line", err)
	}
	signal, err := controller.Get("signal")
	if err != nil {
		return nil, failure("wait for the line", err)
	}
	lost, err = awaitLock(ctx, locks, map[string]any{"signal": signal})
	if err != nil {
		_, _ = controller.Call("abort") // or this tab would get it some day, unawares
	}
	return lost, err
}

// awaitLock makes one request for the lock. It returns nil when the request was
// for an available lock and the lock is not.
func awaitLock(ctx context.Context, locks safejs.Value, options map[string]any) (lost <-chan struct{}, err error) {
	forever, err := never()
	if err != nil {
		return nil, failure("take the line", err)
	}
	granted := make(chan bool, 1)
	abandoned := false
	handler, err := newCallback(func(args []safejs.Value) any {
		if abandoned || args[0].IsNull() {
			granted <- false
			return nil
		}
		granted <- true
		return forever
	})
	if err != nil {
		return nil, failure("take the line", err)
	}
	request, err := locks.Call("request", lineLock, options, handler.value())
	if err != nil {
		handler.release()
		return nil, failure("take the line", err)
	}
	ended, gone := make(chan error, 1), make(chan struct{})
	go func() { // ends with the page, or with the tab that steals the lock
		_, err := await(context.WithoutCancel(ctx), request)
		handler.release()
		ended <- err
		close(gone)
	}()
	select {
	case mine := <-granted:
		if !mine {
			return nil, nil
		}
		go func() { // ends soon after gone
			if err := announceLine(context.WithoutCancel(ctx), locks, gone); err != nil {
				Log(err.Error()) // without it any visible tab counts
			}
		}()
		return gone, nil
	case err := <-ended:
		return nil, failure("take the line", err)
	case <-ctx.Done():
		abandoned = true
		return nil, ctx.Err()
	}
}

// never returns a promise that does not settle.
func never() (safejs.Value, error) {
	class, err := get("Promise")
	if err != nil {
		return safejs.Value{}, err
	}
	return class.Call("race", []any{})
}

// announceLine tells the service worker that this tab has the line, until gone.
func announceLine(ctx context.Context, locks safejs.Value, gone <-chan struct{}) error {
	id, err := clientID(ctx)
	if err != nil {
		return err
	}
	class, err := get("Promise")
	if err != nil {
		return failure("announce the line", err)
	}
	var end safejs.Value
	executor, err := newCallback(func(args []safejs.Value) any {
		end = args[0]
		return nil
	})
	if err != nil {
		return failure("announce the line", err)
	}
	defer executor.release()
	held, err := class.New(executor.value())
	if err != nil {
		return failure("announce the line", err)
	}
	handler, err := newCallback(func([]safejs.Value) any { return held })
	if err != nil {
		return failure("announce the line", err)
	}
	defer handler.release()
	request, err := locks.Call("request", lineLock+" "+id, handler.value())
	if err != nil {
		return failure("announce the line", err)
	}
	<-gone
	if _, err := end.Invoke(); err != nil {
		return failure("announce the line", err)
	}
	_, err = await(ctx, request)
	return err
}
