//go:build js && wasm

package browser

import (
	"context"

	"github.com/hack-pad/safejs"

	"pushcall/app"
	"pushcall/wasm/js"
)

// Installing returns how the person can install the page: see web/install.js.
func Installing() app.Installing {
	how, err := safejs.Global().Call("installing")
	if err != nil {
		js.LogFailure("look how to install the page", err)
		return app.InstallNot
	}
	text, _ := how.String()
	return map[string]app.Installing{"prompt": app.InstallPrompt, "share": app.InstallShare, "menu": app.InstallMenu}[text]
}

// Install has the browser ask whether to install the page, and tells whether the person
// agreed.
func Install(ctx context.Context) (bool, error) {
	agreed, err := js.AwaitCall(ctx, safejs.Global(), "install")
	if err != nil {
		return false, js.Failure("install the page", err)
	}
	return agreed.Bool()
}
