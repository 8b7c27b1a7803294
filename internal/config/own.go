package config

import (
	"net/url"
	"strings"
)

// Own is what a person has in place of a deployment's servers and relay, as
// they have written it. What is empty is the deployment's.
type Own struct {
	Servers              string // addresses of ICE servers, one a line
	Username, Credential string // that the TURN servers among them ask for
	Relay                string // its address
}

// The fields of an Own, as a FieldError names them.
const (
	OwnServers    = "urls"
	OwnUsername   = "username"
	OwnCredential = "credential"
	OwnRelay      = "relay"
)

// With returns the set-up as it is for a person. Where there is something wrong
// with what they have, that is a FieldError.
func (c *Config) With(own Own) (*Config, error) {
	set := *c
	if urls := strings.Fields(own.Servers); len(urls) > 0 {
		server := ICEServer{urls, strings.TrimSpace(own.Username), own.Credential}
		if err := server.check(); err != nil {
			return nil, err
		}
		set.ICEServers = []ICEServer{server}
	}
	if text := strings.TrimSpace(own.Relay); text != "" {
		address, err := parseRelay(text, c.base)
		if err != nil || !strings.Contains(text, "://") { // what is relative to the page is the deployment's
			return nil, &FieldError{OwnRelay, "has to be an address that begins with https://"}
		}
		set.Relays = []*url.URL{address}
	}
	return &set, nil
}

// Host returns what the deployment has, without its secrets.
func (c *Config) Host() Own {
	var own Own
	var addresses []string
	for _, s := range c.ICEServers {
		addresses = append(addresses, s.URLs...)
	}
	own.Servers = strings.Join(addresses, "\n")
	if len(c.Relays) > 0 {
		own.Relay = c.Relays[0].String()
	}
	return own
}
