//go:build js && wasm

package browser

import (
	"context"
	"fmt"
	"slices"

	"github.com/hack-pad/safejs"

	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/js"
)

// Calls returns the calls that are kept, the newest first. The service worker
// looks there, too, so that a call that came before does not ring again.
func (s *Store) Calls(ctx context.Context) ([]phonebook.Record, error) {
	store, err := s.objectStore(ctx, callsStore, "readonly")
	if err != nil {
		return nil, js.Failure("read the calls", err)
	}
	byTime, err := store.Call("index", callsByTime)
	if err != nil {
		return nil, js.Failure("read the calls", err)
	}
	ids, err := js.AwaitList(ctx, byTime, "getAllKeys")
	if err != nil {
		return nil, js.Failure("read the calls", err)
	}
	kept, err := js.AwaitList(ctx, byTime, "getAll")
	if err != nil {
		return nil, js.Failure("read the calls", err)
	}
	records := make([]phonebook.Record, 0, len(kept))
	reader := phonebook.NewReader()
	for i, value := range kept {
		id, err := ids[i].String()
		if err != nil {
			continue // no call has another key
		}
		record, err := reader.Record(id, propertiesOf(value))
		if err != nil {
			js.Log(fmt.Sprintf("browser: a call in the list is skipped: %v", err))
			continue
		}
		records = append(records, record)
	}
	slices.Reverse(records)
	return records, nil
}

// PutCall keeps a call, in place of one of the same ID.
func (s *Store) PutCall(ctx context.Context, record phonebook.Record) error {
	_, err := s.request(ctx, "keep a call", callsStore, "readwrite", "put", recordOf(record.Save), record.ID.String())
	return err
}

// ForgetCalls forgets the calls that are not listed any more, once more are stored
// than the list has room for.
func (s *Store) ForgetCalls(ctx context.Context, listed func(signaling.CallID) bool) error {
	return s.transact(ctx, "forget calls", callsStore, "readwrite", func(store safejs.Value) error {
		ids, err := js.AwaitList(ctx, store, "getAllKeys")
		if err != nil || len(ids) <= phonebook.MaxRecords {
			return err
		}
		for _, value := range ids {
			text, err := value.String()
			if err != nil {
				return err
			}
			if id, err := signaling.ParseCallID(text); err == nil && listed(id) {
				continue
			}
			if _, err := store.Call("delete", value); err != nil {
				return err
			}
		}
		return nil
	})
}
