package config

import (
	"net/url"
	"strings"
)

// Own is a person's own ICE servers and relay, as typed, which replace the
// deployment's. An empty field keeps the deployment's.
type Own struct {
	Servers              string // addresses of ICE servers, one per line
	Username, Credential string // for the TURN servers among them
	Relay                string // address
}

// The names of an Own's fields in a FieldError.
const (
	OwnServers    = "urls"
	OwnUsername   = "username"
	OwnCredential = "credential"
	OwnRelay      = "relay"
)

// With returns the configuration with a person's own servers and relay. It returns a
// FieldError if one of them is invalid.
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
		if err != nil || !strings.Contains(text, "://") { // only the deployment's relay may be relative to the page
			return nil, &FieldError{OwnRelay, "has to be an address that begins with https://"}
		}
		set.Relays = []*url.URL{address}
	}
	return &set, nil
}

// Host returns the deployment's servers and first relay, without its credentials.
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
