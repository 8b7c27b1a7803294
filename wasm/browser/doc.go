//go:build js && wasm

// Package browser fits what Pushcall needs of a browser's page to the interfaces
// of package app: storage, WebCrypto, push subscriptions, capture, peer
// connections, and the scripts of web/. Package js has the bindings that know
// nothing of Pushcall, and the rules for callbacks.
package browser
