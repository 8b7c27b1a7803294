//go:build js && wasm

package browser

import (
	"context"

	"github.com/hack-pad/safejs"

	"pushcall/files"
	"pushcall/wasm/js"
)

// SharedFiles returns what another program has shared with the page: see web/share.js.
func SharedFiles(ctx context.Context) ([]files.Source, error) {
	list, err := js.AwaitCall(ctx, safejs.Global(), "sharedFiles")
	if err != nil {
		return nil, js.Failure("read what was shared", err)
	}
	var shared []files.Source
	for _, file := range filesIn(list) {
		shared = append(shared, file)
	}
	return shared, nil
}
