//go:build js && wasm

package js

import (
	"context"

	"github.com/hack-pad/safejs"
)

// CanShare reports whether the browser has the Web Share API.
func CanShare() bool {
	share, err := Get("navigator", "share")
	return err == nil && share.Type() == safejs.TypeFunction
}

// Share opens the system's dialog that shares a link with another program (Web Share
// API). Browsers allow it shortly after the person has pressed something. It is no
// error if the person closes the dialog.
func Share(ctx context.Context, title, text, link string) error {
	navigator, err := Get("navigator")
	if err != nil {
		return Failure("share", err)
	}
	_, err = AwaitCall(ctx, navigator, "share", map[string]any{"title": title, "text": text, "url": link})
	if err != nil && !IsNamed(err, "AbortError") {
		return Failure("share", err)
	}
	return nil
}
