//go:build js && wasm

package browser

import (
	"context"
	"net/url"

	"github.com/hack-pad/safejs"
)

// BaseURL returns the address that the page's relative references start from.
func BaseURL() (*url.URL, error) {
	document, err := get("document")
	if err != nil {
		return nil, failure("find the page's address", err)
	}
	text, err := stringOf(document, "baseURI")
	if err != nil {
		return nil, failure("find the page's address", err)
	}
	return url.Parse(text)
}

// Explain leaves word of why the program cannot run, for boot.js to say when it
// has ended.
func Explain(why error) { explain("data-problem", why.Error()) }

// ExplainOutdated leaves word that the program cannot run where a newer version
// of it has been.
func ExplainOutdated() { explain("data-outdated", "") }

// ExplainUnreadable leaves word that the program cannot run without what it has in
// this browser, and that the person may have it start without.
func ExplainUnreadable() { explain("data-unreadable", "") }

func explain(attribute, value string) {
	document, err := get("document")
	if err != nil {
		return
	}
	root, err := document.Get("documentElement")
	if err != nil {
		return
	}
	if _, err := root.Call("setAttribute", attribute, value); err != nil {
		Log(err.Error())
	}
}

// GoOn has what the person pressed before the program came pressed anew: see
// web/early.js.
func GoOn() {
	if _, err := safejs.Global().Call("goOn"); err != nil {
		complain("go on", err)
	}
}

// OnPageHide calls f when the page is closed, left or reloaded. What f posts to
// a phone still runs, up to where it waits for the browser: a bye is sent, a
// message that has to be signed and pushed often is not. Firefox may break it off
// anywhere, even before f (observed, 10 times of 162): what must be sent is sent by
// the browser's own function, see postOnPageHide.
func OnPageHide(f func()) (undo func(), err error) {
	return listen(safejs.Global(), "pagehide", func(safejs.Value) { f() })
}

// AwaitVisible waits until the person can see the page (HTML, Section 6.2).
func AwaitVisible(ctx context.Context) error {
	document, err := get("document")
	if err != nil {
		return failure("look whether the page is visible", err)
	}
	changed := make(chan struct{}, 1)
	undo, err := listen(document, "visibilitychange", func(safejs.Value) {
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
		state, err := stringOf(document, "visibilityState")
		if err != nil {
			return failure("look whether the page is visible", err)
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
