package conformance

import (
	"net/http"
	"testing"
)

// pages has what browsers want to know before they let a page send and read
// (Fetch Standard, CORS protocol).
func (s *suite) pages(t *testing.T) {
	ask := []field{
		{"Origin", "https://page.example"},
		{"Access-Control-Request-Method", "POST"},
		{"Access-Control-Request-Headers", "authorization,push-endpoint,ttl"},
	}
	s.run(t, "of any origin", func(t *testing.T) {
		b := s.start(t, nil)
		a := b.do(t, http.MethodOptions, ask, nil)
		if a.status != http.StatusNoContent {
			t.Errorf("the status is %d", a.status)
		}
		for name, want := range map[string]string{
			"Access-Control-Allow-Origin":      "*",
			"Access-Control-Allow-Methods":     "POST",
			"Access-Control-Allow-Headers":     "Push-Endpoint, TTL, Urgency, Topic, Authorization, Content-Encoding, Content-Type, X-WNS-Cache-Policy",
			"Access-Control-Expose-Headers":    "Push-Status, Retry-After, Location",
			"Access-Control-Max-Age":           "7200",
			"Access-Control-Allow-Credentials": "",
			"Cache-Control":                    "no-store",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
	})
	s.run(t, "of some origins", func(t *testing.T) {
		b := s.start(t, func(s *Setup) { s.Origins = []string{"https://page.example", "http://localhost:8080"} })
		carried := b.service.Endpoint(Hosts[0], Created)
		for _, origin := range []string{"https://page.example", "http://localhost:8080"} {
			for method, want := range map[string]int{http.MethodPost: 201, http.MethodOptions: 204} {
				a := b.do(t, method, with(messageTo(carried), "Origin", origin), nil)
				if a.status != want || a.header.Get("Access-Control-Allow-Origin") != origin || a.header.Get("Vary") != "Origin" {
					t.Errorf("%s from %s: %d, %v", method, origin, a.status, a.header)
				}
			}
		}
		never := b.service.Endpoint(Hosts[0], func(http.ResponseWriter, *http.Request) { t.Error("it was carried for another page") })
		for _, origin := range []string{
			"https://page.example.evil.example", "http://page.example", "https://page.example:444", "https://PAGE.example", "https://evil.example",
			"https://page.example, http://localhost:8080", "https://page.example/", "null", "*", "",
		} {
			for method, want := range map[string]int{http.MethodPost: 403, http.MethodOptions: 204} {
				a := b.do(t, method, with(messageTo(never), "Origin", origin), nil)
				a.kept(t, want)
				if got := a.header.Get("Access-Control-Allow-Origin"); got != "" {
					t.Errorf("%s from %q may be read from %q", method, origin, got)
				}
			}
		}
	})
}
