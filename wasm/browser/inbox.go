//go:build js && wasm

package browser

import (
	"context"

	"github.com/hack-pad/safejs"

	"pushcall/app"
	"pushcall/wasm/js"
)

// Inbox returns what has arrived, in the order it came, and leaves it there:
// see Forget.
func (s *Store) Inbox(ctx context.Context) ([]app.Arrival, error) {
	inbox, err := s.objectStore(ctx, inboxStore, "readonly")
	if err != nil {
		return nil, js.Failure("read the inbox", err)
	}
	keys, err := js.AwaitList(ctx, inbox, "getAllKeys")
	if err != nil {
		return nil, js.Failure("read the inbox", err)
	}
	kept, err := js.AwaitList(ctx, inbox, "getAll")
	if err != nil {
		return nil, js.Failure("read the inbox", err)
	}
	arrivals := make([]app.Arrival, len(kept))
	for i, value := range kept {
		if arrivals[i], err = arrivalFrom(value); err != nil {
			js.Log(err.Error())
		}
		if arrivals[i].Key, err = keys[i].Int(); err != nil {
			return nil, js.Failure("read the inbox", err)
		}
	}
	return arrivals, nil
}

func arrivalFrom(value safejs.Value) (app.Arrival, error) {
	if value.Type() == safejs.TypeString {
		payload, err := value.String()
		return app.Arrival{Payload: payload}, err
	}
	click, err := js.StringOf(value, "click")
	if err != nil {
		return app.Arrival{}, js.Failure("read the inbox", err)
	}
	call, err := js.StringOf(value, "call")
	if err != nil {
		return app.Arrival{}, js.Failure("read the inbox", err)
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
		return js.Failure("empty the inbox", err)
	}
	var last safejs.Value
	for _, key := range keys {
		if last, err = inbox.Call("delete", key); err != nil {
			return js.Failure("empty the inbox", err)
		}
	}
	if _, err := js.AwaitRequest(ctx, last); err != nil {
		return js.Failure("empty the inbox", err)
	}
	return nil
}
