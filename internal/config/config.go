// Package config parses web/config.json, the configuration of a deployment.
//
//	{
//	  "relays":          ["relay", "https://relay.example/"],
//	  "iceServers":      [{"urls": ["turn:turn.example"], "username": "…", "credential": "…"}],
//	  "applicationKeys": {"privateKey": "…"},
//	  "contact":         "mailto:operator@example.com"
//	}
//
// All members are optional; docs/deploy.md describes them. Operators write the file
// by hand, so each error names the field, and an unknown member is an error: it may
// be misspelt.
package config

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pushcall/internal/jsonobject"
	"pushcall/webpush"
)

// Config is the configuration of a deployment.
type Config struct {
	Relays     []*url.URL // in order of preference
	ICEServers []ICEServer
	Key        webpush.ApplicationServerKey // zero: each browser has its own
	Contact    string                       // mailto: or https: address at which push services reach the operator; "": none

	base *url.URL // the page's address
}

// An ICEServer is an RTCIceServer (W3C webrtc-pc, Section 4.2.4).
type ICEServer struct {
	URLs                 []string
	Username, Credential string
}

// TURN reports whether one of the servers is a TURN server.
func (c *Config) TURN() bool {
	return slices.ContainsFunc(c.ICEServers, func(s ICEServer) bool { return slices.ContainsFunc(s.URLs, isTURN) })
}

// A FieldError is the error of one field.
type FieldError struct {
	Field   string // as in JavaScript: iceServers[0].urls
	Problem string
}

func (e *FieldError) Error() string { return e.Field + ": " + e.Problem }

// Parse parses the web/config.json of a page at base. It returns a *FieldError for an
// invalid or unknown member.
func Parse(text []byte, base *url.URL) (*Config, error) {
	object, err := jsonobject.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	c := &Config{base: base}
	for _, step := range []error{
		known(object, "", "relays", "iceServers", "applicationKeys", "contact"),
		c.readRelays(object),
		c.readICEServers(object),
		c.readKey(object),
		c.readContact(object, base),
	} {
		if step != nil {
			return nil, step
		}
	}
	return c, nil
}

// known returns a FieldError if the object has a member with another name.
func known(object jsonobject.Object, within string, names ...string) error {
	unknown, found := "", false
	for name := range object {
		if !slices.Contains(names, name) && (!found || name < unknown) {
			unknown, found = name, true
		}
	}
	if !found {
		return nil
	}
	last := len(names) - 1
	return &FieldError{within + unknown, "is none of the settings " + strings.Join(names[:last], ", ") + " and " + names[last]}
}

func (c *Config) readRelays(object jsonobject.Object) error {
	addresses := object.Strings("relays")
	if object.Has("relays") && object.Len("relays") != len(addresses) {
		return &FieldError{"relays", "has to be a list of addresses"}
	}
	for i, text := range addresses {
		address, err := parseRelay(text, c.base)
		if err != nil {
			err.Field = fmt.Sprintf("relays[%d]", i)
			return err
		}
		c.Relays = append(c.Relays, address)
	}
	return nil
}

// parseRelay parses the address of a relay for a page at base.
func parseRelay(text string, base *url.URL) (*url.URL, *FieldError) {
	address, err := base.Parse(text)
	if err != nil || text == "" || !isRelay(address, base) {
		return nil, &FieldError{Problem: "has to be an address that begins with https://, or one relative to the page"}
	}
	return address, nil
}

// isRelay reports whether a page at base may post to an address: an https address,
// the page's own host if it has http, or the machine that the browser runs on.
func isRelay(address, base *url.URL) bool {
	switch {
	case address.Host == "" || address.User != nil || address.Fragment != "":
		return false
	case address.Scheme == "https":
		return true
	}
	name := address.Hostname()
	return address.Scheme == "http" && (address.Host == base.Host && base.Scheme == "http" || name == "localhost" || name == "127.0.0.1" || name == "::1")
}

func (c *Config) readICEServers(object jsonobject.Object) error {
	servers := object.Objects("iceServers")
	if object.Has("iceServers") && object.Len("iceServers") != len(servers) {
		return &FieldError{"iceServers", "has to be a list of objects"}
	}
	for i, server := range servers {
		within := fmt.Sprintf("iceServers[%d].", i)
		s, err := readICEServer(server, within)
		if err != nil {
			return err
		}
		c.ICEServers = append(c.ICEServers, s)
	}
	return nil
}

// readICEServer parses one server, whose urls member is a string or a list.
func readICEServer(server jsonobject.Object, within string) (ICEServer, error) {
	s := ICEServer{server.Strings("urls"), server.String("username"), server.String("credential")}
	if one := server.String("urls"); one != "" {
		s.URLs = []string{one}
	}
	if err := known(server, within, "urls", "username", "credential"); err != nil {
		return s, err
	}
	if len(s.URLs) == 0 || server.Len("urls") > len(s.URLs) {
		return s, &FieldError{within + "urls", "has to be an address or a list of them"}
	}
	if err := s.check(); err != nil {
		err.Field = within + err.Field
		return s, err
	}
	return s, nil
}

// check returns a FieldError if a server is invalid. A browser makes no connection at
// all if it refuses one of the servers.
func (s ICEServer) check() *FieldError {
	for _, text := range s.URLs {
		switch {
		case !isServer(text):
			return &FieldError{"urls", "has to be like stun:HOST:PORT or turn:HOST:PORT"}
		case !isTURN(text):
		case s.Username == "":
			return &FieldError{"username", "is what a TURN server asks for"}
		case s.Credential == "":
			return &FieldError{"credential", "is what a TURN server asks for"}
		}
	}
	return nil
}

// isServer reports whether text is the URL of an ICE server (RFC 7064, Section 3.1;
// RFC 7065, Section 3.1).
func isServer(text string) bool {
	scheme, rest, _ := strings.Cut(text, ":")
	authority, query, queried := strings.Cut(rest, "?")
	switch scheme {
	case "stun", "stuns":
		return !queried && isAuthority(authority)
	case "turn", "turns":
		return (!queried || query == "transport=udp" || query == "transport=tcp") && isAuthority(authority)
	default:
		return false
	}
}

// isAuthority reports whether text is HOST or HOST:PORT.
func isAuthority(text string) bool {
	address, err := url.Parse("//" + text)
	if err != nil || address.Host != text || strings.HasSuffix(text, ":") {
		return false
	}
	if port := address.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return false
		}
	}
	host := address.Hostname()
	if strings.HasPrefix(text, "[") {
		literal, err := netip.ParseAddr(host)
		return err == nil && literal.Is6() && literal.Zone() == ""
	}
	return host != "" && !strings.ContainsFunc(host, func(r rune) bool {
		return r != '.' && r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

func isTURN(address string) bool { return strings.HasPrefix(address, "turn") }

func (c *Config) readKey(object jsonobject.Object) error {
	if !object.Has("applicationKeys") {
		return nil
	}
	keys := object.Object("applicationKeys")
	if keys == nil {
		return &FieldError{"applicationKeys", "has to be an object"}
	}
	if err := known(keys, "applicationKeys.", "privateKey", "publicKey"); err != nil {
		return err
	}
	key, err := webpush.ParseApplicationServerKey(keys.String("privateKey"))
	if err != nil {
		return &FieldError{"applicationKeys.privateKey", "has to be a P-256 key of 32 octets in base64url"}
	}
	if keys.Has("publicKey") && keys.String("publicKey") != key.Public().String() {
		return &FieldError{"applicationKeys.publicKey", "is not the one of the private key"}
	}
	c.Key = key
	return nil
}

// readContact reads the contact; its default is the page's own address.
func (c *Config) readContact(object jsonobject.Object, base *url.URL) error {
	c.Contact = object.String("contact")
	if !object.Has("contact") && base.Scheme == "https" {
		c.Contact = base.Scheme + "://" + base.Host
	}
	if !object.Has("contact") {
		return nil
	}
	if !webpush.IsSubject(c.Contact) {
		return &FieldError{"contact", "has to be like mailto:somebody@example.com or https://example.com"}
	}
	return nil
}

// IsField reports whether an error is a *FieldError, which the operator can correct.
func IsField(err error) bool {
	var field *FieldError
	return errors.As(err, &field)
}
