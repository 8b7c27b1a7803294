package relay

import (
	"net/http"
	"slices"
	"strings"
)

// preflightMaxAge is how long a browser may remember that it may send here.
// Chromium keeps it for 2 hours at most, Firefox for 24; seconds.
const preflightMaxAge = "7200"

// allowPage lets the page that asks read the answer, unless it is of an origin
// that the relay is not for. It grants nothing that a page's visitor does not
// have already: requests carry no cookies, and a client that is no browser
// never asks.
func (h *Handler) allowPage(header http.Header, r *http.Request) (allowed bool) {
	origin := "*"
	if h.Origins != nil {
		header.Set("Vary", "Origin")
		if origin = r.Header.Get("Origin"); !slices.Contains(h.Origins, origin) {
			return false
		}
	}
	header.Set("Access-Control-Allow-Origin", origin)
	header.Set("Access-Control-Expose-Headers", statusHeader+", "+strings.Join(answered, ", "))
	return true
}

// preflight answers the question a browser asks before it sends a page's
// request with header fields of its own (Fetch Standard, CORS-preflight fetch).
func preflight(header http.Header) {
	header.Set("Access-Control-Allow-Methods", http.MethodPost)
	// Named one by one: the wildcard does not cover Authorization.
	names := []string{endpointHeader}
	for _, f := range forwarded {
		names = append(names, f.name)
	}
	header.Set("Access-Control-Allow-Headers", strings.Join(names, ", "))
	header.Set("Access-Control-Max-Age", preflightMaxAge)
}
