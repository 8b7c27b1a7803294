//go:build js && wasm

package browser

import (
	"context"

	"pushcall/wasm/js"
)

// Persisted reports whether the browser deletes what the page has stored only if the
// person has it do so. One that cannot say may delete it at any time.
func Persisted(ctx context.Context) (bool, error) { return askStorage(ctx, "persisted") }

// Persist asks the browser for that, which may ask the person.
func Persist(ctx context.Context) error {
	_, err := askStorage(ctx, "persist")
	return err
}

func askStorage(ctx context.Context, method string) (bool, error) {
	manager, err := js.Get("navigator", "storage")
	if err != nil || !js.IsTrue(manager, method) {
		return false, nil
	}
	value, err := js.AwaitCall(ctx, manager, method)
	if err != nil {
		return false, js.Failure(method, err)
	}
	return value.Bool()
}
