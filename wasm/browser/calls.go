//go:build js && wasm

package browser

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hack-pad/safejs"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

// Calls returns the calls that are kept, the newest first. The service worker
// looks there, too, so that a call that came before does not ring again.
func (s *Store) Calls(ctx context.Context) ([]phonebook.Record, error) {
	store, err := s.objectStore(ctx, callsStore, "readonly")
	if err != nil {
		return nil, failure("read the calls", err)
	}
	byTime, err := store.Call("index", callsByTime)
	if err != nil {
		return nil, failure("read the calls", err)
	}
	ids, err := awaitList(ctx, byTime, "getAllKeys")
	if err != nil {
		return nil, failure("read the calls", err)
	}
	kept, err := awaitList(ctx, byTime, "getAll")
	if err != nil {
		return nil, failure("read the calls", err)
	}
	records := make([]phonebook.Record, 0, len(kept))
	var texts []string // of the cards in records: a friend's is the same in all calls
	for i, value := range kept {
		id, err := ids[i].String()
		if err != nil {
			continue // no call has another key
		}
		o := &object{value: value}
		text := o.text("card")
		known := signaling.Card{}
		if i := slices.Index(texts, text); i >= 0 {
			known = records[i].Card
		}
		record, err := recordFrom(id, o, text, known)
		if err != nil {
			Log(fmt.Sprintf("browser: a call in the list is skipped: %v", err))
			continue
		}
		records, texts = append(records, record), append(texts, text)
	}
	slices.Reverse(records)
	return records, nil
}

// recordFrom reads what PutCall stores. card is the text of its card, and known the
// card, if it was read before.
func recordFrom(id string, o *object, card string, known signaling.Card) (phonebook.Record, error) {
	record := phonebook.Record{
		Outgoing: o.truth("outgoing"),
		Time:     call.TimeOf(o.number("time")),
		Duration: time.Duration(o.number("duration")) * time.Millisecond,
		Missed:   o.truth("missed"),
		Seen:     o.truth("seen"),
	}
	reason, identity := o.number("reason"), o.text("identity")
	if o.err != nil {
		return phonebook.Record{}, o.err
	}
	var err error
	if record.Reason, err = call.StoredReason(reason); err != nil {
		return phonebook.Record{}, err
	}
	if record.ID, err = signaling.ParseCallID(id); err != nil {
		return phonebook.Record{}, err
	}
	if record.Card = known; card != "" && known == (signaling.Card{}) {
		if record.Card, err = signaling.ParseCard(card); err != nil {
			return phonebook.Record{}, err
		}
	}
	if identity == record.Card.Identity.String() {
		record.Identity = record.Card.Identity
	} else if identity != "" {
		if record.Identity, err = webpush.ParsePublicKey(identity); err != nil {
			return phonebook.Record{}, err
		}
	}
	return record, nil
}

// PutCall keeps a call, in place of one of the same ID.
func (s *Store) PutCall(ctx context.Context, record phonebook.Record) error {
	value := map[string]any{
		"identity": "",
		"card":     "",
		"outgoing": record.Outgoing,
		"time":     call.Milliseconds(record.Time),
		"duration": record.Duration.Milliseconds(),
		"reason":   int(record.Reason),
		"missed":   record.Missed,
		"seen":     record.Seen,
	}
	if !record.Identity.IsZero() {
		value["identity"] = record.Identity.String()
	}
	if record.Card != (signaling.Card{}) {
		value["card"] = string(record.Card.JSON())
	}
	_, err := s.request(ctx, "keep a call", callsStore, "readwrite", "put", value, record.ID.String())
	return err
}

// maxCalls is how many calls are stored before those that the list has dropped
// are looked for.
const maxCalls = 200

// ForgetCalls forgets the calls that are not listed any more.
func (s *Store) ForgetCalls(ctx context.Context, listed func(signaling.CallID) bool) error {
	return s.transact(ctx, "forget calls", callsStore, "readwrite", func(store safejs.Value) error {
		ids, err := awaitList(ctx, store, "getAllKeys")
		if err != nil || len(ids) <= maxCalls {
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
