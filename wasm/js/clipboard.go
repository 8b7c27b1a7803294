//go:build js && wasm

package js

import "context"

// CopyText puts a text on the clipboard (Clipboard API, writeText). Browsers allow
// it shortly after the person has pressed something, in a secure context only.
func CopyText(ctx context.Context, text string) error {
	clipboard, err := Get("navigator", "clipboard")
	if err != nil {
		return Failure("copy", err)
	}
	if _, err := AwaitCall(ctx, clipboard, "writeText", text); err != nil {
		return Failure("copy", err)
	}
	return nil
}
