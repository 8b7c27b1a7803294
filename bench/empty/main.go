//go:build js && wasm

// Command empty is the smallest Go program in a page: it only reports that it is
// ready.
package main

import "syscall/js"

func main() {
	js.Global().Get("document").Call("querySelector", "[role=status]").Set("textContent", "Ready")
	select {}
}
