package webpush

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// MaxEndpoint bounds an endpoint's URL, in octets. No document does, and real
// ones have a few hundred; but a URL from a stranger has to end somewhere.
const MaxEndpoint = 2048

var (
	// ErrEndpoint is returned for what is not an absolute https URL, and for
	// URLs that no push service gives: with user information, with a
	// fragment, longer than MaxEndpoint.
	ErrEndpoint = errors.New("webpush: not an endpoint")

	// ErrInsecureEndpoint is the ErrEndpoint of an http URL whose host is not
	// the loopback: whoever reads the line would have the capability.
	ErrInsecureEndpoint = fmt.Errorf("%w: http is for loopback hosts only", ErrEndpoint)

	// ErrDeadEndpoint is the ErrEndpoint of a URL whose host is a name under
	// invalid, which no resolver ever finds (RFC 6761, Section 6.4), or under alt
	// or onion, which are none of the DNS. Browsers hand out such a URL in place
	// of a subscription that is gone: https://permanently-removed.invalid/….
	ErrDeadEndpoint = fmt.Errorf("%w: its host can never be found", ErrEndpoint)
)

// Endpoint is the URL of one subscription at its push service (RFC 8030,
// Section 2), parsed once. It is a capability: to know it is to be able to
// spend it. Endpoints compare with ==; the zero value is no endpoint.
type Endpoint struct {
	origin string // RFC 6454, Section 6.2
	path   string // what follows the origin, query included
}

// ParseEndpoint takes an https URL, or an http one whose host is a loopback
// address or a name under localhost. Scheme and host are put into lower case
// and a default port is left out; what follows stays as it is, octet by octet.
func ParseEndpoint(text string) (Endpoint, error) {
	if !isURIText(text) {
		return Endpoint{}, fmt.Errorf("%w: has octets that no URL has", ErrEndpoint)
	}
	// A parse error of net/url quotes the URL, and this one is a secret.
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return Endpoint{}, fmt.Errorf("%w: not an absolute URL", ErrEndpoint)
	}
	if u.User != nil || strings.Contains(text, "#") {
		return Endpoint{}, fmt.Errorf("%w: has user information or a fragment", ErrEndpoint)
	}
	origin, err := originOf(u)
	if err != nil {
		return Endpoint{}, err
	}
	_, path, _ := strings.Cut(text, "://")
	path = path[len(u.Host):]
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // as a browser's URL parser does
	}
	if n := len(origin) + len(path); n > MaxEndpoint {
		return Endpoint{}, fmt.Errorf("%w: %d octets, the limit is %d", ErrEndpoint, n, MaxEndpoint)
	}
	return Endpoint{origin: origin, path: path}, nil
}

// originOf returns scheme://host[:port] in the one form that a browser's
// location.origin has, since a push service compares it as text.
func originOf(u *url.URL) (string, error) {
	host := strings.ToLower(u.Hostname())
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && isLoopback(host):
	case u.Scheme == "http":
		return "", ErrInsecureEndpoint
	default:
		return "", fmt.Errorf("%w: the scheme is not https", ErrEndpoint)
	}
	for _, name := range [...]string{"invalid", "alt", "onion"} {
		if within(strings.TrimSuffix(host, "."), name) {
			return "", ErrDeadEndpoint
		}
	}

	if address, err := netip.ParseAddr(host); err == nil && address.Is6() && address.Zone() == "" {
		host = "[" + address.String() + "]"
	} else if !isHostName(host) {
		return "", fmt.Errorf("%w: the host is not a name", ErrEndpoint)
	}
	if u.Port() == "" {
		return u.Scheme + "://" + host, nil
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil || port == 0 {
		return "", fmt.Errorf("%w: no such port", ErrEndpoint)
	}
	if u.Scheme == "https" && port == 443 || u.Scheme == "http" && port == 80 {
		return u.Scheme + "://" + host, nil
	}
	return u.Scheme + "://" + host + ":" + strconv.FormatUint(port, 10), nil
}

// String returns the URL to post to.
func (e Endpoint) String() string { return e.origin + e.path }

// Origin returns scheme://host[:port] with a default port left out: the
// audience of a VAPID token (RFC 8292, Section 2).
func (e Endpoint) Origin() string { return e.origin }

// IsZero reports whether e is no endpoint.
func (e Endpoint) IsZero() bool { return e == Endpoint{} }

// Service tells whose endpoint it is.
func (e Endpoint) Service() Service { return serviceOf(e.host()) }

// IsPublic reports whether the endpoint's host has a name that everybody may
// look up: not an address, and no name of one label or that is reserved.
func (e Endpoint) IsPublic() bool { return isPublicName(e.host()) }

// host returns the host without its port, and an IPv6 address without brackets.
func (e Endpoint) host() string {
	_, host, _ := strings.Cut(e.origin, "://")
	if literal, ok := strings.CutPrefix(host, "["); ok {
		host, _, _ = strings.Cut(literal, "]")
		return host
	}
	host, _, _ = strings.Cut(host, ":")
	return host
}

// isURIText reports whether text has only octets that a URI has (RFC 3986,
// Section 2). What passes needs no escaping in JSON or in a header.
func isURIText(text string) bool {
	for _, c := range []byte(text) {
		if c <= ' ' || c > '~' || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			return false
		}
	}
	return true
}

// isHostName reports whether host is a DNS name or an IPv4 address in lower
// case (RFC 3986, Section 3.2.2, without its percent-encoding).
func isHostName(host string) bool {
	for _, c := range []byte(host) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' && c != '_' {
			return false
		}
	}
	return host != ""
}
