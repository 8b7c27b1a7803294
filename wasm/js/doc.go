//go:build js && wasm

// Package js binds what a Go program needs of a web page: promises, callbacks,
// events, elements, requests. It knows nothing of the program that uses it.
//
// JavaScript exceptions and rejected promises become errors here; see [Error].
// Callbacks from JavaScript copy values and hand them on; they never block, and
// [Guard] recovers their panics, because a panic in any goroutine ends the Go
// program and with it the page. A function that registers a listener returns the
// function that removes it.
package js
