//go:build js && wasm

package page

import "pushcall/wasm/browser"

// say says a text in the person's language: see browser.Say. Every text that a
// view shows goes through it, and every one that is given to it is a literal or
// a constant, so that a test can hold the catalogues to them.
func say(text string, values ...string) string { return browser.Say(text, values...) }

// sayMany says a text about n things.
func sayMany(n int, one, many string, values ...string) string {
	return browser.SayMany(n, one, many, values...)
}
