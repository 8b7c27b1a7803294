//go:build js && wasm

package js

import (
	"context"
	"net/url"

	"github.com/hack-pad/safejs"
)

// BaseURL returns the address that the page's relative references start from.
func BaseURL() (*url.URL, error) {
	document, err := Get("document")
	if err != nil {
		return nil, Failure("find the page's address", err)
	}
	text, err := StringOf(document, "baseURI")
	if err != nil {
		return nil, Failure("find the page's address", err)
	}
	return url.Parse(text)
}

// Visible reports whether the person can see the page now (HTML, Section 6.2).
func Visible() bool {
	document, err := Get("document")
	if err != nil {
		return false
	}
	state, err := StringOf(document, "visibilityState")
	return err == nil && state == "visible"
}

// Reload reloads the page.
func Reload() {
	location, err := Get("location")
	if err == nil {
		_, err = location.Call("reload")
	}
	if err != nil {
		LogFailure("reload", err)
	}
}

// Filling reports whether an element fills the screen (Fullscreen API).
func Filling() bool {
	document, err := Get("document")
	return err == nil && IsTrue(document, "fullscreenElement")
}

// OnPageHide calls f when the page is closed, left or reloaded. Goroutines that f
// wakes still run until they wait for the browser: a message on a data channel is
// sent, one that has to be signed first often is not. Firefox may stop the program
// anywhere, even before f (observed 10 times of 162): for a request that must be
// made, see [PostOnPageHide].
func OnPageHide(f func()) (undo func(), err error) {
	return Listen(safejs.Global(), "pagehide", func(safejs.Value) { f() })
}

// AwaitVisible waits until the person can see the page (HTML, Section 6.2).
func AwaitVisible(ctx context.Context) error {
	document, err := Get("document")
	if err != nil {
		return Failure("look whether the page is visible", err)
	}
	changed := make(chan struct{}, 1)
	undo, err := Listen(document, "visibilitychange", func(safejs.Value) {
		select {
		case changed <- struct{}{}:
		default:
		}
	})
	if err != nil {
		return err
	}
	defer undo()
	for {
		state, err := StringOf(document, "visibilityState")
		if err != nil {
			return Failure("look whether the page is visible", err)
		}
		if state == "visible" {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
