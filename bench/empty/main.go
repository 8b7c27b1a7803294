//go:build js && wasm

// Command empty is the smallest Go program in a page: it only reports that it is
// ready, and lets its button be pressed.
package main

import "syscall/js"

func main() {
	document := js.Global().Get("document")
	document.Call("querySelector", "button").Set("disabled", false)
	document.Call("querySelector", "[role=status]").Set("textContent", "Ready")
	select {}
}
