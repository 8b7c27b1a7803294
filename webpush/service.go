package webpush

import (
	"net/netip"
	"strings"
)

// Service is what a sender needs to know about a push service. The zero value
// stands for a service that is not in the table.
type Service struct {
	// Name is how a person knows the service.
	Name string

	// CORS says that a page may post to the service by itself. To all others
	// it needs a relay.
	CORS bool

	// SubjectRequired says that the service answers 403 to a VAPID token
	// without a subject.
	SubjectRequired bool

	// CachePolicy says that the service takes TTL 0 only together with
	// "X-WNS-Cache-Policy: no-cache".
	CachePolicy bool
	// Declarative says that user agents read Declarative Web Push (W3C Push API):
	// Safari does since 18.4. It takes 130 octets, which are worth it only there.
	Declarative bool
}

// services has a row per host; the host's subdomains are the same service.
var services = [...]struct {
	host    string
	service Service
}{
	{"push.services.mozilla.com", Service{Name: "Mozilla", CORS: true}},
	{"fcm.googleapis.com", Service{Name: "FCM"}},
	{"jmt17.google.com", Service{Name: "FCM"}},       // Chromium built without Google's keys
	{"android.googleapis.com", Service{Name: "FCM"}}, // old subscriptions
	{"push.apple.com", Service{Name: "Apple", SubjectRequired: true, Declarative: true}},
	{"notify.windows.com", Service{Name: "WNS", CachePolicy: true}},
}

// loopback is any push service on this machine: a lab, a test.
var loopback = Service{Name: "loopback", CORS: true}

// serviceOf finds the row of a host name in lower case, without port.
func serviceOf(host string) Service {
	if isLoopback(host) {
		return loopback
	}
	for _, row := range services {
		if within(host, row.host) {
			return row.service
		}
	}
	return Service{}
}

// within reports whether host is domain or a subdomain of it.
func within(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain)
}

// isLoopback reports whether host can only be this machine: a loopback address
// or a name that never reaches the DNS (RFC 6761, Section 6.3).
func isLoopback(host string) bool {
	if address, err := netip.ParseAddr(host); err == nil {
		return address.IsLoopback()
	}
	return within(host, "localhost")
}
