package relay

import (
	"net/http"
	"slices"
	"strings"
)

const (
	endpointHeader = "Push-Endpoint"
	statusHeader   = "Push-Status"
	refusalHeader  = "Push-Refusal"
)

// maxField bounds a header field of the message; octets. The longest, a VAPID
// token with its key, has about 400.
const maxField = 2048

// forwarded are the header fields that go on to the push service, each with
// what it has to look like. A field that is repeated, folded or otherwise not
// what its document says might mean another thing to the push service than to
// us, and is refused.
var forwarded = []struct {
	name  string
	valid func(string) bool
}{
	{"TTL", isSeconds}, // RFC 8030, Section 5.2
	{"Urgency", isOneOf("very-low", "low", "normal", "high")}, // RFC 8030, Section 5.3
	{"Topic", isTopic},                                    // RFC 8030, Section 5.4
	{"Authorization", isVAPID},                            // RFC 8292, Section 3
	{"Content-Encoding", isOneOf("aes128gcm")},            // RFC 8291, Section 4
	{"Content-Type", isOneOf("application/octet-stream")}, // RFC 8030, Section 5
	{"X-WNS-Cache-Policy", isOneOf("no-cache", "cache")},  // WNS: do not store a message of TTL 0
}

// answered are the header fields that come back from the push service.
var answered = []string{"Retry-After", "Location"}

// forward returns the header that goes on to the push service.
func forward(from http.Header) (http.Header, error) {
	header := http.Header{"User-Agent": {"pushcall-relay"}}
	for _, f := range forwarded {
		value := field(from, f.name)
		switch {
		case value == "":
		case len(value) > maxField || !f.valid(value):
			return nil, &refusal{http.StatusBadRequest, "The header field " + f.name + " is not one of a push message.", 0}
		default:
			header.Set(f.name, value)
		}
	}
	return header, nil
}

// isSeconds reports whether a text is a count of seconds, of up to ten digits.
func isSeconds(text string) bool { return len(text) <= 10 && consistsOf(text, digits) }

func isTopic(text string) bool { return len(text) <= 32 && consistsOf(text, base64url) }

// takesTopic reports whether the push service at a host takes a topic. Apple's
// wants one that decodes as base64url, of which four characters and one more
// are no octets, and answers 400 BadWebPushTopic to others (RFC 8030 has no
// such rule).
func takesTopic(host, topic string) bool {
	return len(topic)%4 != 1 || !strings.HasSuffix(host, ".push.apple.com")
}

// isVAPID reports whether a text is the scheme vapid with its parameters t and
// k, once each and in either order.
func isVAPID(text string) bool {
	scheme, parameters, _ := strings.Cut(text, " ")
	first, second, _ := strings.Cut(parameters, ",")
	second = strings.TrimPrefix(second, " ")
	return strings.EqualFold(scheme, "vapid") &&
		(isParameter(first, "t=") && isParameter(second, "k=") || isParameter(first, "k=") && isParameter(second, "t="))
}

func isParameter(text, name string) bool {
	value, found := strings.CutPrefix(text, name)
	return found && value != "" && consistsOf(value, base64url+".=")
}

func isOneOf(texts ...string) func(string) bool {
	return func(text string) bool { return slices.Contains(texts, text) }
}

const (
	digits    = "0123456789"
	base64url = digits + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_" // RFC 4648, Section 5
)

func consistsOf(text, characters string) bool { return strings.Trim(text, characters) == "" }
