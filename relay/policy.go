package relay

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxEndpoint is the longest endpoint accepted, in octets. The longest in use,
// those of WNS, stay below 1000.
const maxEndpoint = 2048

// The longest DNS name in text form, and one label of it: RFC 1035,
// Section 2.3.4; octets.
const (
	maxHost  = 253
	maxLabel = 63
)

// ErrEndpoint is returned for a text that is not an endpoint the relay could
// carry to: an https URL of a host with a DNS name.
var ErrEndpoint = errors.New("relay: not a push endpoint")

// ErrForbidden is returned for an endpoint whose host the Policy does not allow.
var ErrForbidden = errors.New("relay: not a known push service")

// ErrHost is returned for a text that does not name hosts of push services.
var ErrHost = errors.New("relay: not HOST or .HOST, with a port if it is not 443")

// A Policy reports whether host is one of a push service, to which messages
// may be carried. The host is a DNS name in lower case without a trailing dot,
// and where the port is not 443, :PORT after it.
//
// A policy that allows names which strangers can register lets anyone send
// requests of their own making from the relay's address.
type Policy func(host string) bool

// AllowHost returns the Policy that an operator states in one word:
//
//	push.example        this host at port 443
//	.push.example       all hosts below it, and not itself
//	push.example:8443   this host at this port only, as KaiOS has it; .HOST may have one, too
//
// Upper case counts as lower. IP addresses are not hosts, and a suffix has two
// labels at least: whoever pleases may register a name below a top-level
// domain. Where the host leads is checked as for all others, see DialPublic.
func AllowHost(text string) (Policy, error) {
	name, port, ported := strings.Cut(strings.ToLower(text), ":")
	host, isSuffix := strings.CutPrefix(name, ".")
	if !isDNSName(host) || isNumber(host[strings.LastIndexByte(host, '.')+1:]) ||
		isSuffix && !strings.Contains(host, ".") || ported && !isPort(port) {
		return nil, ErrHost
	}
	if ported && port != "443" {
		name += ":" + port
	}
	if isSuffix {
		return func(host string) bool { return strings.HasSuffix(host, name) }, nil
	}
	return func(host string) bool { return host == name }, nil
}

// AnyOf returns the Policy that allows what one of several does.
func AnyOf(policies ...Policy) Policy {
	return func(host string) bool {
		return slices.ContainsFunc(policies, func(p Policy) bool { return p != nil && p(host) })
	}
}

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
// stands a plain DNS name, perhaps with a port, or the text is no endpoint. The
// errors do not quote it.
func (p Policy) endpoint(text string) (*url.URL, error) {
	if len(text) > maxEndpoint || !isURLText(text) {
		return nil, ErrEndpoint
	}
	scheme, rest, _ := strings.Cut(text, "://")
	authority, path, found := strings.Cut(rest, "/")
	name, port, ported := strings.Cut(strings.ToLower(authority), ":")
	if !found || !strings.EqualFold(scheme, "https") || !isDNSName(name) || ported && !isPort(port) {
		return nil, ErrEndpoint
	}
	host := name
	if ported && port != "443" {
		host += ":" + port
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
		if label == "" || len(label) > maxLabel {
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

// isPort reports whether text is a port in the one form that URLs have it in.
func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return err == nil && port > 0 && strconv.FormatUint(port, 10) == text
}

// isNumber reports whether a label makes an IPv4 address of the host that it
// ends (URL Standard, ends in a number checker).
func isNumber(label string) bool {
	hexadecimal, found := strings.CutPrefix(label, "0x")
	return consistsOf(label, digits) || found && consistsOf(hexadecimal, digits+"abcdef")
}
