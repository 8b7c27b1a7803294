//go:build js && wasm

// Package browser binds what Pushcall needs of a browser's page: promises,
// events, storage, WebCrypto, push subscriptions, fetch, peer connections.
//
// JavaScript exceptions and rejected promises become errors here and nowhere
// else; see [Error]. Callbacks from JavaScript copy values and hand them on;
// they never block, and they recover, because a panic in any goroutine ends
// the Go program and with it the page. Whoever registers a listener gets the
// function that undoes it.
package browser
