package relay

import (
	"errors"
	"net/url"
	"strings"
)

// maxEndpoint is the longest endpoint accepted, in octets. The longest in use,
// those of WNS, stay below 1000.
const maxEndpoint = 2048

// maxHost is the longest DNS name in text form: RFC 1035, Section 2.3.4; octets.
const maxHost = 253

// ErrEndpoint is returned for a text that is not an endpoint the relay could
// carry to: an https URL on port 443 of a host with a DNS name.
var ErrEndpoint = errors.New("relay: not a push endpoint")

// ErrForbidden is returned for an endpoint whose host the Policy does not allow.
var ErrForbidden = errors.New("relay: not a known push service")

// A Policy reports whether host is one of a push service, to which messages
// may be carried. The host is a DNS name in lower case without a trailing dot.
//
// A policy that allows names which strangers can register lets anyone send
// requests of their own making from the relay's address.
type Policy func(host string) bool

// PushServices is the Policy that allows the push services of the browsers in
// use.
func PushServices(host string) bool {
	switch host {
	case "fcm.googleapis.com", // Chrome and most browsers made from Chromium
		"jmt17.google.com",       // Chromium built without Google's keys, as Debian does
		"android.googleapis.com": // subscriptions from before 2016
		return true
	}
	return strings.HasSuffix(host, ".push.services.mozilla.com") ||
		strings.HasSuffix(host, ".push.apple.com") ||
		strings.HasSuffix(host, ".notify.windows.com")
}

// endpoint reads an endpoint URL and checks it.
//
// Programs disagree on what odd URLs mean: where the host begins after an at
// sign or a backslash, what a percent sign or a full-width letter in it stands
// for. Here none of it needs a meaning. Between https:// and the first slash
// stands a plain DNS name, perhaps with the port every https URL has, or the
// text is no endpoint. The errors do not quote it.
func (p Policy) endpoint(text string) (*url.URL, error) {
	if len(text) > maxEndpoint || !isURLText(text) {
		return nil, ErrEndpoint
	}
	scheme, rest, _ := strings.Cut(text, "://")
	authority, path, found := strings.Cut(rest, "/")
	host := strings.TrimSuffix(strings.ToLower(authority), ":443")
	if !found || !strings.EqualFold(scheme, "https") || !isDNSName(host) {
		return nil, ErrEndpoint
	}
	if p == nil || !p(host) {
		return nil, ErrForbidden
	}
	endpoint, err := url.Parse("https://" + host + "/" + path)
	if err != nil || endpoint.Host != host {
		return nil, ErrEndpoint
	}
	return endpoint, nil
}

// isURLText reports whether text has only characters that stand for themselves
// in a URL (RFC 3986, Section 2), leaving out the one that begins a fragment.
func isURLText(text string) bool {
	for _, c := range []byte(text) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"#<>\\^`{|}", c) >= 0 {
			return false
		}
	}
	return true
}

// isDNSName reports whether host is letters, digits and hyphens between single
// dots. IPv6 literals are not; IPv4 literals are, and are left to the Policy.
func isDNSName(host string) bool {
	if len(host) > maxHost {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" {
			return false
		}
		for _, c := range []byte(label) {
			if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
				return false
			}
		}
	}
	return true
}
