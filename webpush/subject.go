package webpush

import (
	"errors"
	"net/url"
	"strings"
)

// ErrSubject is returned for a subject that is neither a mailto: nor an https:
// URI of a public name, and for a service that insists on one when there is none.
var ErrSubject = errors.New("webpush: not a VAPID subject")

// maxHost and maxLabel bound a DNS name and its parts (RFC 1035, Section 2.3.4);
// octets.
const (
	maxHost  = 253
	maxLabel = 63
)

// reservedNames are domains that mean nothing to anybody far away.
var reservedNames = [...]string{
	"localhost", "invalid", "test", "example", // RFC 6761, Section 6
	"local",                // RFC 6762, Section 3
	"onion",                // RFC 7686, Section 2
	"home.arpa",            // RFC 8375, Section 4
	"alt",                  // RFC 9476, Section 2
	"internal",             // reserved by ICANN for private use in 2024
	"corp", "home", "mail", // never to be delegated, by ICANN's decision of 2018
	"intranet", "lan", "private", // in private use (RFC 6762, Appendix G)
	"localdomain", // the same, in the hosts files of Unix
}

// IsSubject reports whether text is a contact URI (RFC 8292, Section 2.1) for
// whoever runs a push service: mailto: with one address, or https:, each with a
// name that is public. Apple's service answers 403 to others. Addresses of IP,
// names of one label, reserved ones and those that end in a dot are not public.
func IsSubject(text string) bool {
	if !isURIText(text) {
		return false
	}
	if address, ok := strings.CutPrefix(text, "mailto:"); ok {
		mailbox, host, ok := strings.Cut(address, "@")
		// RFC 6068, Section 2: the other characters are between addresses or after the last.
		return ok && mailbox != "" && !strings.ContainsAny(mailbox, "/?#[]&;=:,") && isPublicName(host)
	}
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.User == nil && isPublicName(u.Hostname())
}

// isPublicName reports whether host is a DNS name of two labels or more that
// everybody may look up, in either case.
func isPublicName(host string) bool {
	host = strings.ToLower(host)
	if len(host) > maxHost || !isHostName(host) || strings.Contains(host, "_") {
		return false
	}
	labels, last := 0, ""
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		labels, last = labels+1, label
	}
	for _, name := range reservedNames {
		if within(host, name) {
			return false
		}
	}
	return labels > 1 && last[0] >= 'a' // or it is an address, however that is written
}
