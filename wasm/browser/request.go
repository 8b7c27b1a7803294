//go:build js && wasm

package browser

import (
	"context"
	"errors"

	"github.com/hack-pad/safejs"

	"pushcall/phonebook"
)

// request makes one request of a store, in a transaction of its own.
func (s *Store) request(ctx context.Context, action, store, mode, method string, args ...any) (value safejs.Value, err error) {
	err = s.transact(ctx, action, store, mode, func(store safejs.Value) (err error) {
		value, err = awaitMethod(ctx, store, method, args...)
		return err
	})
	return value, err
}

// transact has f make requests of a store, in one transaction, and waits for its
// end: what does not fit on the disk may be found only then. When f fails,
// nothing is changed. The transaction is on the other stores, too.
func (s *Store) transact(ctx context.Context, action, name, mode string, f func(store safejs.Value) error, others ...any) error {
	store, err := s.objectStore(ctx, name, mode, others...)
	if err != nil {
		return failure(action, err)
	}
	transaction, err := store.Get("transaction")
	if err != nil {
		return failure(action, err)
	}
	ended := make(chan string, 1)
	for _, event := range []string{"complete", "abort"} {
		undo, err := listen(transaction, event, func(safejs.Value) { ended <- event })
		if err != nil {
			return failure(action, err)
		}
		defer undo()
	}
	if err := f(store); err != nil {
		_, _ = transaction.Call("abort") // where it has not ended by that
		return failure(action, err)
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
		return failure(action, err)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// awaitMethod calls a method that returns an IDBRequest, and waits for it. The
// next request of the same transaction has to be made before anything else is
// waited for, or the transaction is over.
func awaitMethod(ctx context.Context, object safejs.Value, method string, args ...any) (safejs.Value, error) {
	request, err := object.Call(method, args...)
	if err != nil {
		return safejs.Value{}, err
	}
	return awaitRequest(ctx, request)
}

// awaitList waits for a request whose result is an array.
func awaitList(ctx context.Context, object safejs.Value, method string, args ...any) ([]safejs.Value, error) {
	array, err := awaitMethod(ctx, object, method, args...)
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

// awaitRequest waits for an IDBRequest.
func awaitRequest(ctx context.Context, request safejs.Value) (safejs.Value, error) {
	settled := make(chan string, 2) // either event, once
	for _, event := range []string{"success", "error"} {
		undo, err := listen(request, event, func(safejs.Value) { settled <- event })
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

// propertiesOf returns the source of a stored record.
func propertiesOf(record safejs.Value) phonebook.Source {
	return func(name string) any { return propertyOf(record, name) }
}

// propertyOf returns a property of a stored record: see [phonebook.Source].
func propertyOf(record safejs.Value, name string) any {
	value, err := record.Get(name)
	if err != nil {
		return err
	}
	property := any(struct{}{}) // of a type that no record has
	switch value.Type() {
	case safejs.TypeUndefined:
		return nil
	case safejs.TypeString:
		property, err = value.String()
	case safejs.TypeNumber:
		var n int
		n, err = value.Int()
		property = int64(n)
	case safejs.TypeBoolean:
		property, err = value.Bool()
	}
	if err != nil {
		return err
	}
	return property
}

// recordOf returns what a record saves as an object to store.
func recordOf(save func(phonebook.Sink)) map[string]any {
	record := map[string]any{}
	save(func(name string, value any) { record[name] = value })
	return record
}
