//go:build js && wasm

package page

import (
	"pushcall/internal/speech"
	"pushcall/wasm/browser"
)

// voice speaks the person's language.
var voice = speech.Voice{Language: browser.Words{}}

// say says a text in the person's language. Every text that a view shows goes
// through it or through package speech, and every one that is given to it is a
// literal or a constant, so that a test can hold the catalogues to them.
func say(text string, values ...string) string { return voice.Say(text, values...) }

// sayMany says a text about n things.
func sayMany(n int, one, many string, values ...string) string {
	return voice.SayMany(n, one, many, values...)
}
