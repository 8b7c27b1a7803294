//go:build js && wasm

package browser

import (
	"context"

	"github.com/hack-pad/safejs"
)

// The words of an Arrival's Click.
const (
	ClickAnswer  = "answer"
	ClickDecline = "decline"
)

// Arrival is what the service worker has put into the inbox: a push message,
// or what the person did with the notification of one. What is neither has
// nothing but its key.
type Arrival struct {
	Key     int
	Payload string // of a push message
	Click   string // ClickAnswer or ClickDecline
	Call    string // that was clicked, as signaling.ParseCallID reads it
}

// Inbox returns what has arrived, in the order it came, and leaves it there:
// see Forget.
func (s *Store) Inbox(ctx context.Context) ([]Arrival, error) {
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
	arrivals := make([]Arrival, len(kept))
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

func arrivalFrom(value safejs.Value) (Arrival, error) {
	if value.Type() == safejs.TypeString {
		payload, err := value.String()
		return Arrival{Payload: payload}, err
	}
	click, err := stringOf(value, "click")
	if err != nil {
		return Arrival{}, failure("read the inbox", err)
	}
	call, err := stringOf(value, "call")
	if err != nil {
		return Arrival{}, failure("read the inbox", err)
	}
	return Arrival{Click: click, Call: call}, nil
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
