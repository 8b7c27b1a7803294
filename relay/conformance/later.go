package conformance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// later has all ways in which push services say when to come again (RFC 9110,
// Section 10.2.3): pages read them, absurd ones too.
func (s *suite) later(t *testing.T) {
	b := s.start(t, nil)
	for _, status := range []int{201, 406, 413, 429, 500, 503} {
		for _, value := range []string{
			"", "0", "7", "120", "00120", "Fri, 31 Dec 2027 23:59:59 GMT", "Friday, 31-Dec-27 23:59:59 GMT", "Fri Dec 31 23:59:59 2027",
			"Sun Nov  6 08:49:37 1994", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "2027-12-31T23:59:59Z", "-1", "1.5",
			"120, 120", "120;x", "soon", "99999999999999999999", strings.Repeat("9", 2000),
		} {
			s.run(t, fmt.Sprintf("%d, later: %.40s", status, value), func(t *testing.T) {
				endpoint := b.service.Endpoint(Hosts[0], func(w http.ResponseWriter, _ *http.Request) {
					if value != "" {
						w.Header()["retry-after"] = []string{value}
					}
					w.WriteHeader(status)
				})
				a := b.post(t, messageTo(endpoint), "body")
				a.carried(t, status)
				if got := a.header.Values("Retry-After"); strings.Join(got, "|") != value {
					t.Errorf("Retry-After is %q, want %q", got, value)
				}
				if exposed := a.header.Get("Access-Control-Expose-Headers"); !strings.Contains(exposed, "Retry-After") {
					t.Errorf("a page may read %q only", exposed)
				}
			})
		}
	}
}
