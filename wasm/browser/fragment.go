//go:build js && wasm

package browser

import (
	"strings"

	"github.com/hack-pad/safejs"
)

// TakeFragment returns the fragment of the page's address, "#" included, and
// takes it out of the address and of the tab's history, where the next person
// would find it. It leaves fragments alone that begin otherwise.
func TakeFragment(beginning string) (fragment string, found bool, err error) {
	location, err := get("location")
	if err != nil {
		return "", false, failure("read the address", err)
	}
	fragment, err = stringOf(location, "hash")
	if err != nil {
		return "", false, failure("read the address", err)
	}
	if !strings.HasPrefix(fragment, beginning) {
		return "", false, nil
	}
	address, err := stringOf(location, "href")
	if err != nil {
		return "", false, failure("read the address", err)
	}
	address, _, _ = strings.Cut(address, "#")
	history, err := get("history")
	if err == nil {
		_, err = history.Call("replaceState", nil, "", address)
	}
	if err != nil {
		return "", false, failure("clear the address", err)
	}
	return fragment, true, nil
}

// OnFragment calls f when the fragment of the page's address has changed.
func OnFragment(f func()) (undo func(), err error) {
	return listen(safejs.Global(), "hashchange", func(safejs.Value) { f() })
}
