//go:build js && wasm

package js

import (
	"strings"

	"github.com/hack-pad/safejs"
)

// TakeFragment returns the fragment of the page's address, "#" included, and removes
// it from the address and from the tab's history, where the next person would find
// it. A fragment that does not start with beginning stays, and is not found.
func TakeFragment(beginning string) (fragment string, found bool, err error) {
	location, err := Get("location")
	if err != nil {
		return "", false, Failure("read the address", err)
	}
	fragment, err = StringOf(location, "hash")
	if err != nil {
		return "", false, Failure("read the address", err)
	}
	if !strings.HasPrefix(fragment, beginning) {
		return "", false, nil
	}
	address, err := StringOf(location, "href")
	if err != nil {
		return "", false, Failure("read the address", err)
	}
	address, _, _ = strings.Cut(address, "#")
	history, err := Get("history")
	if err == nil {
		_, err = history.Call("replaceState", nil, "", address)
	}
	if err != nil {
		return "", false, Failure("clear the address", err)
	}
	return fragment, true, nil
}

// OnFragment calls f when the fragment of the page's address has changed.
func OnFragment(f func()) (undo func(), err error) {
	return Listen(safejs.Global(), "hashchange", func(safejs.Value) { f() })
}
