//go:build js && wasm

package browser

import (
	"context"

	"github.com/hack-pad/safejs"

	"pushcall/app"
)

// Inbox returns what has arrived, in the order it came, and leaves it there:
// see Forget.
func (s *Store) Inbox(ctx context.Context) ([]app.Arrival, error) {
	inbox, err := s.objectStore(ctx, inboxStore, "readonly")
	if err != nil {
		return nil, failure("read the inbox", err)
	}
	keys, err := awaitList(ctx, inbox, "getAllKeys")
	if err != nil {
		return nil, failure("read the inbox", err)
	}
	kept, err := awaitList(ctx, inbox, "getAll")
	if err != nil {
		return nil, failure("read the inbox", err)
	}
	arrivals := make([]app.Arrival, len(kept))
	for i, value := range kept {
		if arrivals[i], err = arrivalFrom(value); err != nil {
			Log(err.Error())
		}
		if arrivals[i].Key, err = keys[i].Int(); err != nil {
			return nil, failure("read the inbox", err)
		}
	}
	return arrivals, nil
}

func arrivalFrom(value safejs.Value) (app.Arrival, error) {
	if value.Type() == safejs.TypeString {
		payload, err := value.String()
		return app.Arrival{Payload: payload}, err
	}
	click, err := stringOf(value, "click")
	if err != nil {
		return app.Arrival{}, failure("read the inbox", err)
	}
	call, err := stringOf(value, "call")
	if err != nil {
		return app.Arrival{}, failure("read the inbox", err)
	}
	return app.Arrival{Click: click, Call: call}, nil
}

// Forget removes arrivals from the inbox.
func (s *Store) Forget(ctx context.Context, keys []int) error {
	if len(keys) == 0 {
		return nil
	}
	inbox, err := s.objectStore(ctx, inboxStore, "readwrite")
	if err != nil {
		return failure("empty the inbox", err)
	}
	var last safejs.Value
	for _, key := range keys {
		if last, err = inbox.Call("delete", key); err != nil {
			return failure("empty the inbox", err)
		}
	}
	if _, err := awaitRequest(ctx, last); err != nil {
		return failure("empty the inbox", err)
	}
	return nil
}
