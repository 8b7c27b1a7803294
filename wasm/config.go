//go:build js && wasm

package main

import (
	"context"
	"fmt"

	"pushcall/internal/config"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// loadConfig reads how this deployment is set up. What is wrong in the file is
// said on the page, too: who hosts it sees it first.
func loadConfig(ctx context.Context) (*config.Config, error) {
	base, err := js.BaseURL()
	if err != nil {
		return nil, err
	}
	text, err := js.FetchText(ctx, base.JoinPath("web/config.json").String())
	if err != nil {
		return nil, err
	}
	c, err := config.Parse([]byte(text), base)
	if err != nil {
		err = fmt.Errorf("web/config.json: %w", err)
		browser.Explain(err)
		return nil, err
	}
	return c, nil
}
