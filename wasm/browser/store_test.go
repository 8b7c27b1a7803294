//go:build js && wasm

package browser

import (
	"fmt"
	"strings"
	"testing"
)

func TestStore(t *testing.T) {
	ctx := t.Context()
	store, err := OpenStore(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := store.String(ctx, "none"); text != "" || err != nil {
		t.Errorf("an absent setting is %q, %v", text, err)
	}
	if err := store.SetString(ctx, "name", "välue"); err != nil {
		t.Fatal(err)
	}
	if text, err := store.String(ctx, "name"); text != "välue" || err != nil {
		t.Errorf("the setting is %q, %v", text, err)
	}
	if text, err := store.AddString(ctx, "name", "other"); text != "välue" || err != nil {
		t.Errorf("what was kept first is %q, %v", text, err)
	}
	identity, err := store.Identity(ctx)
	if err != nil {
		t.Fatal(err)
	}
	again, err := OpenStore(ctx)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := again.Identity(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if kept.Public() != identity.Public() {
		t.Error("the identity is another one after opening the store again")
	}
	signature, err := kept.Sign(ctx, []byte("message"))
	if err != nil {
		t.Fatal(err)
	}
	if err := Verify(ctx, identity.Public(), []byte("message"), signature); err != nil {
		t.Errorf("the kept identity signs wrongly: %v", err)
	}
}

func TestInbox(t *testing.T) {
	ctx := t.Context()
	store, err := OpenStore(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		inbox, err := store.objectStore(inboxStore, "readwrite")
		if err != nil {
			t.Fatal(err)
		}
		adding, err := inbox.Call("add", fmt.Sprint("payload ", i))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := awaitRequest(ctx, adding); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct{ wanted, want string }{
		{"1", "[payload 1]"},
		{"", "[payload 0 payload 2]"},
		{"", "[]"},
	} {
		payloads, err := store.TakeInbox(ctx, func(all []string) []bool {
			mine := make([]bool, len(all))
			for i, payload := range all {
				mine[i] = strings.Contains(payload, test.wanted)
			}
			return mine
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(payloads); got != test.want {
			t.Errorf("took %s, want %s", got, test.want)
		}
	}
}
