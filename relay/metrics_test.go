package relay

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestMetrics(t *testing.T) {
	var m Metrics
	m.Note(Outcome{429, 429, 30 * time.Millisecond})
	m.Note(Outcome{201, 201, 10 * time.Millisecond})
	m.Note(Outcome{201, 201, time.Minute})
	m.Note(Outcome{429, 0, 0})
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if got := w.Header().Get("Content-Type"); got != "text/plain; version=0.0.4; charset=utf-8" {
		t.Errorf("the type is %q", got)
	}
	counts := regexp.MustCompile(`(?m)^pushcall_(goroutines|memory_bytes) [1-9]\d*$`).ReplaceAllString(w.Body.String(), "pushcall_$1 N")
	want := `# HELP pushcall_relay_messages_total Messages by the relay's answer and the push service's, 0 where there was none.
# TYPE pushcall_relay_messages_total counter
pushcall_relay_messages_total{status="201",push_status="201"} 2
pushcall_relay_messages_total{status="429",push_status="0"} 1
pushcall_relay_messages_total{status="429",push_status="429"} 1
# HELP pushcall_relay_seconds From a message's header to its answer.
# TYPE pushcall_relay_seconds histogram
pushcall_relay_seconds_bucket{le="0.01"} 2
pushcall_relay_seconds_bucket{le="0.025"} 2
pushcall_relay_seconds_bucket{le="0.05"} 3
pushcall_relay_seconds_bucket{le="0.1"} 3
pushcall_relay_seconds_bucket{le="0.25"} 3
pushcall_relay_seconds_bucket{le="0.5"} 3
pushcall_relay_seconds_bucket{le="1"} 3
pushcall_relay_seconds_bucket{le="2.5"} 3
pushcall_relay_seconds_bucket{le="5"} 3
pushcall_relay_seconds_bucket{le="10"} 3
pushcall_relay_seconds_bucket{le="+Inf"} 4
pushcall_relay_seconds_sum 60.04
pushcall_relay_seconds_count 4
# HELP pushcall_goroutines Goroutines in the program.
# TYPE pushcall_goroutines gauge
pushcall_goroutines N
# HELP pushcall_memory_bytes Memory that the program has of the system.
# TYPE pushcall_memory_bytes gauge
pushcall_memory_bytes N
`
	if counts != want {
		t.Errorf("got\n%s\nwant\n%s", counts, want)
	}
}

// TestOutcomes: every message is noted once, with nothing that was asked.
func TestOutcomes(t *testing.T) {
	var outcomes []Outcome
	h := service(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusFound) })
	h.Log = func(o Outcome) { outcomes = append(outcomes, o) }
	elsewhere := message("body")
	elsewhere.Header.Set("Push-Endpoint", "https://example.org/x")
	large := message(strings.Repeat("x", maxBody+1))
	for _, r := range []*http.Request{message("body"), elsewhere, large, httptest.NewRequest(http.MethodOptions, "/", nil), httptest.NewRequest(http.MethodGet, "/", nil)} {
		post(h, r)
	}
	want := []Outcome{{502, 302, 0}, {403, 0, 0}, {413, 0, 0}, {405, 0, 0}}
	if len(outcomes) != len(want) {
		t.Fatalf("noted %v, want %v", outcomes, want)
	}
	for i, o := range outcomes {
		if o.Took <= 0 || o.Took > time.Minute {
			t.Errorf("message %d took %v", i, o.Took)
		}
		if o.Took = 0; o != want[i] {
			t.Errorf("noted %v, want %v", o, want[i])
		}
	}
}
