//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"testing"

	"pushcall/wasm/js"
)

func TestAwaitLine(t *testing.T) {
	ctx := t.Context()
	before := js.LiveFuncs()
	unexpected := func() { t.Error("it waits for a line that is free") }
	first, err := AwaitLine(ctx, false, unexpected)
	if err != nil || first == nil {
		t.Fatal(first, err)
	}

	// One who gives up waiting is no longer there when the line is free.
	short, giveUp := context.WithCancel(ctx)
	if _, err := AwaitLine(short, false, giveUp); !errors.Is(err, context.Canceled) {
		t.Errorf("one who gave up got %v", err)
	}

	// Another waits in earnest.
	type result struct {
		lost <-chan struct{}
		err  error
	}
	waits, got := make(chan struct{}), make(chan result)
	waiting, stopWaiting := context.WithCancel(ctx)
	go func() {
		lost, err := AwaitLine(waiting, false, func() { close(waits) })
		got <- result{lost, err}
	}()
	<-waits

	second, err := AwaitLine(ctx, true, unexpected)
	if err != nil {
		t.Fatal(err)
	}
	<-first // stolen
	select {
	case <-second:
		t.Error("the thief has lost it at once")
	case r := <-got:
		t.Errorf("one who waited got %v beside the thief", r)
	default:
	}
	if name := heldLock(t); name != lineLock {
		t.Errorf("the lock held is %q", name)
	}
	stopWaiting()
	if r := <-got; !errors.Is(r.err, context.Canceled) {
		t.Errorf("one who gave up got %v", r.err)
	}

	third, err := AwaitLine(ctx, true, unexpected)
	if err != nil {
		t.Fatal(err)
	}
	<-second
	select {
	case <-third:
		t.Error("lost without a thief")
	default:
	}
	if after := js.LiveFuncs() - before; after > 3 { // the promises' two, and that of the line that is held
		t.Errorf("%d callbacks live on", after)
	}
}

func heldLock(t *testing.T) string {
	t.Helper()
	locks, err := js.Get("navigator", "locks")
	if err != nil {
		t.Fatal(err)
	}
	state, err := js.AwaitCall(t.Context(), locks, "query")
	if err != nil {
		t.Fatal(err)
	}
	held, err := state.Get("held")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := held.Length(); n != 1 || err != nil {
		t.Fatalf("%d locks are held, %v", n, err)
	}
	lock, err := held.Index(0)
	if err != nil {
		t.Fatal(err)
	}
	name, err := js.StringOf(lock, "name")
	if err != nil {
		t.Fatal(err)
	}
	return name
}
