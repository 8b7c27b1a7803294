//go:build js && wasm

package browser

import "context"

// CopyText puts a text on the clipboard (Clipboard API, writeText). It must
// follow a person's action closely, and fails where the page is not secure.
func CopyText(ctx context.Context, text string) error {
	clipboard, err := get("navigator", "clipboard")
	if err != nil {
		return failure("copy", err)
	}
	if _, err := awaitCall(ctx, clipboard, "writeText", text); err != nil {
		return failure("copy", err)
	}
	return nil
}
