//go:build js && wasm

package browser

import (
	"github.com/hack-pad/safejs"

	"pushcall/wasm/js"
)

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
	document, err := js.Get("document")
	if err != nil {
		return
	}
	root, err := document.Get("documentElement")
	if err != nil {
		return
	}
	if _, err := root.Call("setAttribute", attribute, value); err != nil {
		js.Log(err.Error())
	}
}

// GoOn has what the person pressed before the program came pressed anew: see
// web/early.js.
func GoOn() {
	if _, err := safejs.Global().Call("goOn"); err != nil {
		js.LogFailure("go on", err)
	}
}
