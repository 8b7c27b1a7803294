//go:build js && wasm

package js

import (
	"context"
	"sync"

	"github.com/hack-pad/safejs"
)

// promises settles what Go waits for. A promise of a closed peer connection
// never settles, and a js.Func made for it could never be released; so there
// are two functions for the life of the page, bound to a number for each
// promise, and a wait that is given up leaves nothing behind.
var promises = sync.OnceValues(newPromises)

type promiseTable struct {
	fulfilled, rejected Callback

	mu      sync.Mutex                // a page has one thread, but another goroutine may run when a map's write allocates
	waiting map[int]chan<- settlement // by number
	last    int
}

type settlement struct {
	value safejs.Value
	err   error
}

func newPromises() (*promiseTable, error) {
	t := &promiseTable{waiting: map[int]chan<- settlement{}}
	var err error
	t.fulfilled, err = NewCallback(func(args []safejs.Value) any {
		t.settle(args, func(v safejs.Value) settlement { return settlement{value: v} })
		return nil
	})
	if err != nil {
		return nil, err
	}
	t.rejected, err = NewCallback(func(args []safejs.Value) any {
		t.settle(args, func(v safejs.Value) settlement { return settlement{err: errorOf(v)} })
		return nil
	})
	return t, err
}

func (t *promiseTable) settle(args []safejs.Value, of func(safejs.Value) settlement) {
	Guard(func() {
		number, err := args[0].Int()
		if err != nil {
			return
		}
		if done := t.take(number); done != nil {
			done <- of(args[1]) // room for one
		}
	})
}

// add returns the number of a promise that is waited for from now on, and where it settles.
func (t *promiseTable) add() (number int, done chan settlement) {
	done = make(chan settlement, 1)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	t.waiting[t.last] = done
	return t.last, done
}

// take returns where a promise settles that was waited for until now; nil for any other.
func (t *promiseTable) take(number int) chan<- settlement {
	t.mu.Lock()
	defer t.mu.Unlock()
	done := t.waiting[number]
	delete(t.waiting, number)
	return done
}

// Await waits until a promise settles or ctx ends. A rejection is returned as an
// *[Error]. Await must not be called in a callback: the promise could not settle
// meanwhile.
func Await(ctx context.Context, promise safejs.Value) (safejs.Value, error) {
	t, err := promises()
	if err != nil {
		return safejs.Value{}, err
	}
	number, done := t.add()
	defer t.take(number)

	fulfilled, err := t.fulfilled.Value().Call("bind", nil, number)
	if err != nil {
		return safejs.Value{}, err
	}
	rejected, err := t.rejected.Value().Call("bind", nil, number)
	if err != nil {
		return safejs.Value{}, err
	}
	if _, err := promise.Call("then", fulfilled, rejected); err != nil {
		return safejs.Value{}, err
	}
	select {
	case s := <-done:
		return s.value, s.err
	case <-ctx.Done():
		return safejs.Value{}, ctx.Err()
	}
}

// Ignore handles the rejection of a promise that nobody waits for, so that the
// browser does not report it as unhandled.
func Ignore(promise safejs.Value) {
	nothing, err := Get("Function", "prototype") // is itself a function, which does nothing
	if err != nil {
		return
	}
	_, _ = promise.Call("catch", nothing)
}

// AwaitCall calls a method that returns a promise and waits for it, as [Await] does.
func AwaitCall(ctx context.Context, object safejs.Value, method string, args ...any) (safejs.Value, error) {
	promise, err := object.Call(method, args...)
	if err != nil {
		return safejs.Value{}, err
	}
	return Await(ctx, promise)
}
