package ice

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
)

// SchemeType is the kind of server that a URL names.
type SchemeType int

const (
	SchemeTypeSTUN SchemeType = iota + 1
	SchemeTypeSTUNS
	SchemeTypeTURN
	SchemeTypeTURNS
)

// URL is the URL of a STUN (RFC 7064) or TURN (RFC 7065) server. The browser gets
// its text; the fields only serve to check it.
type URL struct {
	Scheme SchemeType
}

// ErrURL is returned for text that is not the URL of a STUN or TURN server.
var ErrURL = errors.New("ice: not the URL of a STUN or TURN server")

// ParseURL parses scheme:host[:port], and of a TURN server [?transport=(udp|tcp)].
func ParseURL(text string) (*URL, error) {
	parsed, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrURL, err)
	}
	var scheme SchemeType
	switch parsed.Scheme {
	case "stun":
		scheme = SchemeTypeSTUN
	case "stuns":
		scheme = SchemeTypeSTUNS
	case "turn":
		scheme = SchemeTypeTURN
	case "turns":
		scheme = SchemeTypeTURNS
	default:
		return nil, fmt.Errorf("%w: the scheme of %q", ErrURL, text)
	}
	if !isServer(parsed.Opaque) {
		return nil, fmt.Errorf("%w: the host and port of %q", ErrURL, text)
	}
	isTURN := scheme == SchemeTypeTURN || scheme == SchemeTypeTURNS
	if query := parsed.RawQuery; query != "" && !(isTURN && isTransport(query)) {
		return nil, fmt.Errorf("%w: the query of %q", ErrURL, text)
	}
	return &URL{scheme}, nil
}

func isServer(text string) bool {
	host, port, err := net.SplitHostPort(text)
	if err != nil { // perhaps only the port is missing
		host, port, err = net.SplitHostPort(text + ":0")
	}
	if err != nil || host == "" {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

func isTransport(query string) bool {
	return query == "transport=udp" || query == "transport=tcp"
}
