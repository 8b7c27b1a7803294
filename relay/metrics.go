package relay

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"
)

// bounds are those of the histogram of how long messages take; the longest
// there is has twice Limit.Timeout.
var bounds = [...]time.Duration{
	10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond,
	500 * time.Millisecond, time.Second, 2500 * time.Millisecond, 5 * time.Second, 10 * time.Second,
}

// Metrics counts outcomes, and serves the counts in Prometheus' text format
// (version 0.0.4). Its zero value is ready: Handler{Log: metrics.Note}. What it
// serves tells nothing of any client or endpoint, and still is for the operator
// alone: put it at an address of its own.
type Metrics struct {
	mu       sync.Mutex
	outcomes map[Outcome]uint64 // by both statuses, Took being zero: at most some hundreds
	faster   [len(bounds)]uint64
	took     time.Duration
	count    uint64
}

// Note counts an outcome; it is a Handler's Log.
func (m *Metrics) Note(o Outcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count++
	m.took += o.Took
	for i := len(bounds) - 1; i >= 0 && o.Took <= bounds[i]; i-- {
		m.faster[i]++
	}
	if m.outcomes == nil {
		m.outcomes = make(map[Outcome]uint64)
	}
	o.Took = 0
	m.outcomes[o]++
}

// ServeHTTP answers at whatever path it is asked.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(m.format())
}

func (m *Metrics) format() []byte {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	m.mu.Lock()
	defer m.mu.Unlock()
	var b bytes.Buffer
	head(&b, "pushcall_relay_messages_total", "counter", "Messages by the relay's answer and the push service's, 0 where there was none.")
	for _, o := range slices.SortedFunc(maps.Keys(m.outcomes), func(x, y Outcome) int {
		return 1000*(x.Status-y.Status) + x.PushStatus - y.PushStatus
	}) {
		fmt.Fprintf(&b, "pushcall_relay_messages_total{status=\"%d\",push_status=\"%d\"} %d\n", o.Status, o.PushStatus, m.outcomes[o])
	}
	head(&b, "pushcall_relay_seconds", "histogram", "From a message's header to its answer.")
	for i, bound := range bounds {
		fmt.Fprintf(&b, "pushcall_relay_seconds_bucket{le=\"%g\"} %d\n", bound.Seconds(), m.faster[i])
	}
	fmt.Fprintf(&b, "pushcall_relay_seconds_bucket{le=\"+Inf\"} %d\n", m.count)
	fmt.Fprintf(&b, "pushcall_relay_seconds_sum %g\npushcall_relay_seconds_count %d\n", m.took.Seconds(), m.count)
	head(&b, "pushcall_goroutines", "gauge", "Goroutines in the program.")
	fmt.Fprintf(&b, "pushcall_goroutines %d\n", runtime.NumGoroutine())
	head(&b, "pushcall_memory_bytes", "gauge", "Memory that the program has of the system.")
	fmt.Fprintf(&b, "pushcall_memory_bytes %d\n", memory.Sys-memory.HeapReleased)
	return b.Bytes()
}

func head(b *bytes.Buffer, name, kind, help string) {
	fmt.Fprintf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}
