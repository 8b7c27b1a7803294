//go:build js && wasm

package browser

import (
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

// OnPageHide calls f when the page is closed, left or reloaded. What f posts
// to a phone still runs: Go goes on until all goroutines wait.
func OnPageHide(f func()) (undo func(), err error) {
	return listen(safejs.Global(), "pagehide", func(safejs.Value) { f() })
}
