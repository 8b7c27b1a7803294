//go:build js && wasm

package browser

import (
	"slices"
	"testing"

	"pushcall/app"
)

// arrive puts something into the inbox, as the service worker does.
func arrive(t *testing.T, store *Store, value any) {
	t.Helper()
	if _, err := store.request(t.Context(), "add", inboxStore, "readwrite", "add", value); err != nil {
		t.Fatal(err)
	}
}

func TestInbox(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	arrive(t, store, "a payload")
	arrive(t, store, map[string]any{"click": "decline", "call": "AAECAwQFBgcICQoL"})
	for _, nonsense := range []any{1, nil, map[string]any{}, map[string]any{"click": 1, "call": "x"}, []any{}} {
		arrive(t, store, nonsense)
	}
	arrive(t, store, "the last")
	want := []app.Arrival{{Payload: "a payload"}, {Click: app.ClickDecline, Call: "AAECAwQFBgcICQoL"}, {}, {}, {}, {}, {}, {Payload: "the last"}}
	for i := range want {
		want[i].Key = i + 1
	}
	for range 2 { // it leaves them there
		arrivals, err := store.Inbox(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(arrivals, want) {
			t.Errorf("the inbox is %v, want %v", arrivals, want)
		}
	}
	if err := store.Forget(ctx, nil); err != nil {
		t.Error(err)
	}
	if err := store.Forget(ctx, []int{1, 3, 4, 5, 6, 7, 100}); err != nil {
		t.Fatal(err)
	}
	arrivals, err := store.Inbox(ctx)
	if err != nil || !slices.Equal(arrivals, []app.Arrival{want[1], want[7]}) {
		t.Errorf("the inbox is %v, %v", arrivals, err)
	}
}
