//go:build js && wasm

package main

import (
	"context"
	"fmt"

	"github.com/pion/webrtc/v3"

	"pushcall/internal/config"
	"pushcall/signaling"
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

// Own returns what the person has in place of the host's servers and relay, and
// what the host has.
func (a *app) Own() (own, host config.Own) { return a.own, a.host.Host() }

// SetOwn keeps what the person has of their own. Calls use it from the next on.
func (a *app) SetOwn(ctx context.Context, own config.Own) error {
	if err := a.use(own); err != nil {
		return err
	}
	return saveOwn(ctx, a.store, own)
}

func (a *app) use(own config.Own) error {
	setup, err := a.host.With(own)
	if err != nil {
		return err
	}
	a.own = own
	a.setup.Store(setup)
	a.sender.SetRelays(setup.Relays)
	return nil
}

// useKept uses what is kept, or the host's where that is of no use any more.
func (a *app) useKept(kept map[string]string) {
	a.setup.Store(a.host)
	a.kept(a.use(ownOf(kept)))
}

// farthest is the kind of candidate that takes longest to gather with a set-up's
// servers.
func farthest(c *config.Config) signaling.CandidateType {
	switch {
	case c.TURN():
		return signaling.Relayed
	case len(c.ICEServers) > 0:
		return signaling.ServerReflexive
	default:
		return signaling.Host
	}
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
