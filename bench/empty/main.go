//go:build js && wasm

// Command empty is the least that a Go program can be in a page: it says that
// it is ready.
package main

import "syscall/js"

func main() {
	js.Global().Get("document").Call("querySelector", "[role=status]").Set("textContent", "Ready")
	select {}
}
