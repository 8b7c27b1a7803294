//go:build js && wasm

package browser

import (
	"context"
	"strings"

	"github.com/hack-pad/safejs"

	"pushcall/wasm/js"
)

// Online returns whether the browser says that it has a network (HTML, Section
// 8.9.1.5).
func Online() bool {
	navigator, err := js.Get("navigator")
	return err != nil || js.IsTrue(navigator, "onLine")
}

// Answers tells whether the host of a URL answers a request before ctx ends. Of a
// relay of the page's origin this makes sure by its answer to OPTIONS, since a host
// answers for one that is down; the answer of any other origin cannot be read.
func Answers(ctx context.Context, address string) bool {
	base, err := js.BaseURL()
	if err != nil {
		return false
	}
	options := map[string]any{"method": "HEAD", "mode": "no-cors", "cache": "no-store", "credentials": "omit", "referrerPolicy": "no-referrer"}
	relay := strings.HasPrefix(address, base.Scheme+"://"+base.Host+"/")
	if relay {
		options["method"], options["mode"] = "OPTIONS", "same-origin"
	}
	answer, err := js.Fetch(ctx, address, options)
	return err == nil && (!relay || answer.Status == 204)
}

// OnNetwork calls f whenever the browser says that it has a network again, or none
// any more.
func OnNetwork(f func()) (undo func(), err error) {
	online, err := js.Listen(safejs.Global(), "online", func(safejs.Value) { f() })
	if err != nil {
		return nil, err
	}
	offline, err := js.Listen(safejs.Global(), "offline", func(safejs.Value) { f() })
	return func() { online(); offline() }, err
}
