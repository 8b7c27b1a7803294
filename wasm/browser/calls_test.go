//go:build js && wasm

package browser

import (
	"slices"
	"testing"
	"time"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/signaling"
)

func TestCalls(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	card := newCard(t, "Bob")
	begin := time.UnixMilli(1_790_000_000_123).UTC()
	records := []phonebook.Record{ // newest first
		{ID: signaling.NewCallID(), Identity: card.Identity, Time: begin.Add(2 * time.Minute), Reason: call.Cancelled, Missed: true},
		{ID: signaling.NewCallID(), Time: begin.Add(time.Minute), Reason: call.Protocol, Heard: begin},
		{ID: signaling.NewCallID(), Identity: card.Identity, Card: card, Outgoing: true, Time: begin, Duration: 90_500 * time.Millisecond, Reason: call.HungUp, Seen: true},
	}
	setsAll(t, records...)
	for _, i := range []int{1, 2, 0} {
		if err := store.PutCall(ctx, records[i]); err != nil {
			t.Fatal(err)
		}
	}
	if kept := callsOf(t, store); !slices.Equal(kept, records) {
		t.Errorf("kept %+v, want %+v", kept, records)
	}
	records[0].Seen = true
	if err := store.PutCall(ctx, records[0]); err != nil {
		t.Fatal(err)
	}
	for key, value := range map[string]any{
		"none":             map[string]any{"time": 1},
		"AAECAwQFBgcICQoL": map[string]any{"identity": "", "card": "", "outgoing": false, "time": 2, "duration": 0, "reason": 255, "missed": false, "seen": false},
	} {
		if _, err := store.request(ctx, "put", callsStore, "readwrite", "put", value, key); err != nil {
			t.Fatal(err)
		}
	}
	if kept := callsOf(t, store); !slices.Equal(kept, records) {
		t.Errorf("with nonsense among them kept %+v, want %+v", kept, records)
	}
}

func TestForgetCalls(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	listed := map[signaling.CallID]bool{}
	put := func(isListed bool) {
		id := signaling.NewCallID()
		listed[id] = isListed
		if err := store.PutCall(ctx, phonebook.Record{ID: id, Time: time.UnixMilli(1_790_000_000_000)}); err != nil {
			t.Fatal(err)
		}
	}
	forget := func() int {
		if err := store.ForgetCalls(ctx, func(id signaling.CallID) bool { return listed[id] }); err != nil {
			t.Fatal(err)
		}
		return len(callsOf(t, store))
	}
	put(false)
	for range phonebook.MaxRecords - 1 {
		put(true)
	}
	if n := forget(); n != phonebook.MaxRecords {
		t.Errorf("%d of %d calls are left", n, phonebook.MaxRecords)
	}
	put(true)
	if n := forget(); n != phonebook.MaxRecords {
		t.Errorf("%d of %d calls are left", n, phonebook.MaxRecords+1)
	}
	for _, r := range callsOf(t, store) {
		if !listed[r.ID] {
			t.Error("one that is not listed was kept")
		}
	}
}

func callsOf(t *testing.T, store *Store) []phonebook.Record {
	t.Helper()
	records, err := store.Calls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return records
}
