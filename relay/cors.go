package relay

import (
	"net/http"
	"strings"
)

// preflightMaxAge is how long a browser may remember that it may send here.
// Chromium keeps it for 2 hours at most, Firefox for 24; seconds.
const preflightMaxAge = "7200"

// allowPages lets pages of any origin read the answer. It grants nothing that
// a page's visitor does not have already: requests carry no cookies, and a
// client that is no browser never asks.
func allowPages(header http.Header) {
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", "Push-Status, Retry-After, Location")
}

// preflight answers the question a browser asks before it sends a page's
// request with header fields of its own (Fetch Standard, CORS-preflight fetch).
func preflight(header http.Header) {
	header.Set("Access-Control-Allow-Methods", http.MethodPost)
	// Named one by one: the wildcard does not cover Authorization.
	header.Set("Access-Control-Allow-Headers", endpointHeader+", "+strings.Join(forwarded, ", "))
	header.Set("Access-Control-Max-Age", preflightMaxAge)
}
