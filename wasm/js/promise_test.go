//go:build js && wasm

package js

import (
	"context"
	"errors"
	"testing"
)

func TestAwaitGivesUp(t *testing.T) {
	class, err := Get("Promise")
	if err != nil {
		t.Fatal(err)
	}
	never, err := class.Call("race", []any{}) // settles never
	if err != nil {
		t.Fatal(err)
	}
	table, err := promises()
	if err != nil {
		t.Fatal(err)
	}
	before := len(table.waiting) // such as for a lock to be lost
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Await(ctx, never); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if left := len(table.waiting) - before; left > 0 {
		t.Errorf("%d waits are left behind", left)
	}
	for _, reason := range []any{nil, 1, "text", map[string]any{"name": "N", "message": "M"}} {
		rejected, err := class.Call("reject", reason)
		if err != nil {
			t.Fatal(err)
		}
		var e *Error
		if _, err := Await(t.Context(), rejected); !errors.As(err, &e) {
			t.Errorf("a promise rejected with %v gives %v", reason, err)
		}
	}
}
