//go:build js && wasm

package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/pion/webrtc/v3"

	"pushcall/internal/jsonobject"
	"pushcall/wasm/browser"
	"pushcall/webpush"
)

// config is how a deployment is set up: web/config.json.
type config struct {
	relays     []*url.URL                   // "relays": addresses, relative to the page, in order of preference
	iceServers []webrtc.ICEServer           // "iceServers": as RTCConfiguration has them
	turn       bool                         // one of these is a TURN server
	key        webpush.ApplicationServerKey // "applicationKeys": {"privateKey"}; zero: each browser has its own
	contact    string                       // "contact": mailto: or https:, for push services to write to; unset: the page, if it is at an https address
}

func loadConfig(ctx context.Context) (*config, error) {
	base, err := browser.BaseURL()
	if err != nil {
		return nil, err
	}
	text, err := browser.FetchText(ctx, base.JoinPath("web/config.json").String())
	if err != nil {
		return nil, err
	}
	c, err := parseConfig([]byte(text), base)
	if err != nil {
		return nil, fmt.Errorf("web/config.json: %w", err)
	}
	return c, nil
}

func parseConfig(text []byte, base *url.URL) (*config, error) {
	object, err := jsonobject.Parse(text)
	if err != nil {
		return nil, err
	}
	c := &config{contact: object.String("contact")}
	for _, relay := range object.Strings("relays") {
		address, err := base.Parse(relay)
		if err != nil {
			return nil, fmt.Errorf("relays: %w", err)
		}
		c.relays = append(c.relays, address)
	}
	for _, server := range object.Objects("iceServers") {
		s := iceServer(server)
		c.iceServers = append(c.iceServers, s)
		c.turn = c.turn || slices.ContainsFunc(s.URLs, func(url string) bool { return strings.HasPrefix(url, "turn") })
	}
	if keys := object.Object("applicationKeys"); keys != nil {
		if c.key, err = webpush.ParseApplicationServerKey(keys.String("privateKey")); err != nil {
			return nil, fmt.Errorf("applicationKeys: %w", err)
		}
	}
	if c.contact == "" && base.Scheme == "https" {
		c.contact = base.Scheme + "://" + base.Host
	}
	return c, nil
}

// iceServer reads an RTCIceServer, whose urls may be one string or a list.
func iceServer(server jsonobject.Object) webrtc.ICEServer {
	urls := server.Strings("urls")
	if one := server.String("urls"); one != "" {
		urls = []string{one}
	}
	s := webrtc.ICEServer{URLs: urls, Username: server.String("username")}
	if credential := server.String("credential"); credential != "" {
		s.Credential = credential
	}
	return s
}
