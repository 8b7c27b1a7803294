//go:build js && wasm

package browser

import (
	"maps"
	"testing"
)

func TestSettings(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
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
	if _, err := store.Identity(ctx); err != nil { // which is no text
		t.Fatal(err)
	}
	if err := store.SetString(ctx, "other", ""); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"name": "välue", "other": ""}
	if all, err := store.Strings(ctx); !maps.Equal(all, want) || err != nil {
		t.Errorf("the settings are %q, %v, want %q", all, err, want)
	}
}

func TestIdentity(t *testing.T) {
	ctx := t.Context()
	identity, err := newStore(t).Identity(ctx)
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
