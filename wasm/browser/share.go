//go:build js && wasm

package browser

import (
	"context"

	"github.com/hack-pad/safejs"
)

// CanShare tells whether the browser hands texts to other programs.
func CanShare() bool {
	share, err := get("navigator", "share")
	return err == nil && share.Type() == safejs.TypeFunction
}

// Share hands a link to a program that the person chooses (Web Share API). It
// must follow a person's action closely. That they choose none is no error.
func Share(ctx context.Context, title, text, link string) error {
	navigator, err := get("navigator")
	if err != nil {
		return failure("share", err)
	}
	_, err = awaitCall(ctx, navigator, "share", map[string]any{"title": title, "text": text, "url": link})
	if err != nil && !isNamed(err, "AbortError") {
		return failure("share", err)
	}
	return nil
}
