//go:build js && wasm

package browser

import (
	"slices"
	"testing"
	"time"

	"pushcall/call"
	"pushcall/signaling"
)

func TestCalls(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	card := newCard(t, "Bob")
	begin := time.UnixMilli(1_790_000_000_123).UTC()
	records := []call.Record{ // newest first
		{ID: signaling.NewCallID(), Identity: card.Identity, Time: begin.Add(2 * time.Minute), Reason: call.Cancelled, Missed: true},
		{ID: signaling.NewCallID(), Time: begin.Add(time.Minute), Reason: call.Protocol},
		{ID: signaling.NewCallID(), Identity: card.Identity, Card: card, Outgoing: true, Time: begin, Duration: 90_500 * time.Millisecond, Reason: call.HungUp, Seen: true},
	}
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

func TestCallsKeepsTheNewest(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	begin := time.UnixMilli(1_790_000_000_000).UTC()
	for i := range maxCalls + 2 {
		if err := store.PutCall(ctx, call.Record{ID: signaling.NewCallID(), Time: begin.Add(time.Duration(i) * time.Second)}); err != nil {
			t.Fatal(err)
		}
	}
	kept := callsOf(t, store)
	if len(kept) != maxCalls {
		t.Fatalf("kept %d calls", len(kept))
	}
	if oldest := kept[len(kept)-1].Time; !oldest.Equal(begin.Add(2 * time.Second)) {
		t.Errorf("the oldest is of %v", oldest)
	}
}

func callsOf(t *testing.T, store *Store) []call.Record {
	t.Helper()
	records, err := store.Calls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return records
}
