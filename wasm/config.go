//go:build js && wasm

package main

import (
	"context"
	"fmt"

	"github.com/pion/webrtc/v3"

	"pushcall/internal/config"
	"pushcall/wasm/browser"
)

// loadConfig reads how this deployment is set up. What is wrong in the file is
// said on the page, too: who hosts it sees it first.
func loadConfig(ctx context.Context) (*config.Config, error) {
	base, err := browser.BaseURL()
	if err != nil {
		return nil, err
	}
	text, err := browser.FetchText(ctx, base.JoinPath("web/config.json").String())
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

// iceServers is what pion wants to have.
func iceServers(c *config.Config) []webrtc.ICEServer {
	var servers []webrtc.ICEServer
	for _, s := range c.ICEServers {
		server := webrtc.ICEServer{URLs: s.URLs, Username: s.Username}
		if s.Credential != "" {
			server.Credential = s.Credential
		}
		servers = append(servers, server)
	}
	return servers
}
