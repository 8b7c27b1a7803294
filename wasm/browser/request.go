//go:build js && wasm

package browser

import (
	"context"

	"github.com/hack-pad/safejs"

	"pushcall/phonebook"
	"pushcall/wasm/js"
)

// request makes one request of a store, in a transaction of its own. It commits the
// transaction at once, since the browser would otherwise do so once the page has handled
// the result: Chromium aborts the transaction of a page that goes away before (observed).
func (s *Store) request(ctx context.Context, action, store, mode, method string, args ...any) (value safejs.Value, err error) {
	err = s.transact(ctx, action, store, mode, func(store safejs.Value) error {
		request, err := store.Call(method, args...)
		if err != nil {
			return err
		}
		if transaction, err := store.Get("transaction"); err == nil {
			_, _ = transaction.Call("commit") // a browser without it commits later
		}
		value, err = js.AwaitRequest(ctx, request)
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
		return js.Failure(action, err)
	}
	return js.Transact(ctx, action, store, func() error { return f(store) })
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
