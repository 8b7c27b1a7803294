//go:build js && wasm

package js

import (
	"context"
	"errors"

	"github.com/hack-pad/safejs"
)

// Transact has f make requests of an object store in the store's transaction, and
// waits for the end of the transaction (Indexed Database API 3.0, Section 2.7): a
// full disk may be found only then. When f fails, the transaction is aborted.
func Transact(ctx context.Context, action string, store safejs.Value, f func() error) error {
	transaction, err := store.Get("transaction")
	if err != nil {
		return Failure(action, err)
	}
	ended := make(chan string, 1)
	for _, event := range []string{"complete", "abort"} {
		undo, err := Listen(transaction, event, func(safejs.Value) { ended <- event })
		if err != nil {
			return Failure(action, err)
		}
		defer undo()
	}
	if err := f(); err != nil {
		_, _ = transaction.Call("abort") // unless the failure has ended it
		return Failure(action, err)
	}
	select {
	case event := <-ended:
		if event == "complete" {
			return nil
		}
		reason, err := transaction.Get("error")
		if err == nil {
			err = errorOf(reason)
		}
		return Failure(action, err)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// AwaitMethod calls a method that returns an IDBRequest, and waits for its result.
// The next request of the same transaction has to follow before any other wait, or
// the transaction ends.
func AwaitMethod(ctx context.Context, object safejs.Value, method string, args ...any) (safejs.Value, error) {
	request, err := object.Call(method, args...)
	if err != nil {
		return safejs.Value{}, err
	}
	return AwaitRequest(ctx, request)
}

// AwaitList is AwaitMethod for a request whose result is an array.
func AwaitList(ctx context.Context, object safejs.Value, method string, args ...any) ([]safejs.Value, error) {
	array, err := AwaitMethod(ctx, object, method, args...)
	if err != nil {
		return nil, err
	}
	length, err := array.Length()
	if err != nil {
		return nil, err
	}
	list := make([]safejs.Value, length)
	for i := range list {
		if list[i], err = array.Index(i); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// AwaitRequest waits for an IDBRequest and returns its result.
func AwaitRequest(ctx context.Context, request safejs.Value) (safejs.Value, error) {
	settled := make(chan string, 2) // either event, once
	for _, event := range []string{"success", "error"} {
		undo, err := Listen(request, event, func(safejs.Value) { settled <- event })
		if err != nil {
			return safejs.Value{}, err
		}
		defer undo()
	}
	select {
	case event := <-settled:
		if event == "success" {
			return request.Get("result")
		}
		reason, err := request.Get("error")
		if err != nil {
			return safejs.Value{}, errors.New("request failed")
		}
		return safejs.Value{}, errorOf(reason)
	case <-ctx.Done():
		return safejs.Value{}, ctx.Err()
	}
}
