//go:build js && wasm

package browser

import (
	"context"

	"pushcall/wasm/js"
)

// lineLock is the lock of the tab where calls ring. That tab has another one,
// whose name ends in what the service worker calls the tab: in Chromium the
// clientId of a lock is not the id of a Client, and nothing else would tell the
// worker which of its tabs it is.
const lineLock = "pushcall line"

// storeLock is the lock of the tab that saves what it changed while it had the line.
const storeLock = "pushcall store"

// AwaitLine waits until this tab is the one of its origin where calls ring. It
// calls waiting, once, when another tab is that now; steal takes the line from it
// instead. The line is this tab's until the page ends, or until another tab steals
// it, which closes lost. ctx bounds the wait alone.
//
// In a browser without locks the tab is taken for the only one.
func AwaitLine(ctx context.Context, steal bool, waiting func()) (lost <-chan struct{}, err error) {
	lost, err = js.AwaitLock(ctx, lineLock, steal, waiting)
	if err != nil {
		return nil, err
	}
	if lost == nil {
		return make(chan struct{}), nil
	}
	go func() { // ends soon after lost
		if err := announceLine(context.WithoutCancel(ctx), lost); err != nil {
			js.Log(err.Error()) // without it any visible tab counts
		}
	}()
	return lost, nil
}

// announceLine tells the service worker that this tab has the line, until lost.
func announceLine(ctx context.Context, lost <-chan struct{}) error {
	id, err := clientID(ctx)
	if err != nil {
		return err
	}
	return js.HoldLock(ctx, lineLock+" "+id, lost)
}

// HoldStore waits until no other tab has unsaved changes, and has the others wait until
// saved is closed. ctx bounds the wait alone.
func HoldStore(ctx context.Context, saved <-chan struct{}) error {
	return js.HoldLock(ctx, storeLock, saved)
}
