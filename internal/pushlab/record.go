package pushlab

import (
	"sync"
	"time"
)

// Service names one of the lab's push services.
type Service string

// The services of the lab.
const (
	Mozilla Service = "mozilla"
	FCM     Service = "fcm"
)

// Record describes one POST to an endpoint, accepted or refused.
type Record struct {
	ID      string            `json:"id"`
	Service Service           `json:"service"`
	Token   string            `json:"token"`         // the last part of the endpoint's path
	Status  int               `json:"status"`        // as answered to the application server; 0 for a reset connection
	TTL     *int64            `json:"ttl,omitempty"` // seconds, as requested; nil if missing or malformed
	Urgency string            `json:"urgency,omitempty"`
	Topic   string            `json:"topic,omitempty"`
	Octets  int               `json:"octets"` // of the body that was read
	Header  map[string]string `json:"header"`
	Fault   FaultKind         `json:"fault,omitempty"` // injected
	Copy    string            `json:"copy,omitempty"`  // of a duplicate, the ID of the second message

	Received  Time `json:"received"`
	Delivered Time `json:"delivered,omitzero"` // when it, or its copy, was last written to the user agent
	Acked     Time `json:"acked,omitzero"`     // when it, or its copy, was first acknowledged

	// AckCode is Firefox's code for the message: 100 delivered, 101 not
	// decrypted, 102 not delivered, 301 the handler threw, 302 its waitUntil was
	// rejected, 303 another error. Chromium gives no such code.
	AckCode int `json:"ackCode,omitempty"`
}

// Time is a time whose JSON is RFC 3339 with milliseconds, in UTC.
type Time struct{ time.Time }

// MarshalJSON implements json.Marshaler.
func (t Time) MarshalJSON() ([]byte, error) {
	return t.UTC().AppendFormat(nil, `"2006-01-02T15:04:05.000Z"`), nil
}

// recorder holds the records of both services in order of receipt.
type recorder struct {
	mu      sync.Mutex
	records []*Record
	byID    map[string]*Record
}

func newRecorder() *recorder {
	return &recorder{byID: map[string]*Record{}}
}

func (r *recorder) add(record Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.records = append(r.records, &record)
	r.byID[record.ID] = &record
}

// copied records the ID of a message's duplicate.
func (r *recorder) copied(id, second string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if record := r.byID[id]; record != nil {
		record.Copy = second
		r.byID[second] = record
	}
}

func (r *recorder) delivered(id string) {
	r.change(id, func(record *Record) { record.Delivered = Time{time.Now()} })
}

// acked records the first acknowledgement of a message. Chromium repeats its last
// ones with the next login, because it cannot know that they arrived.
func (r *recorder) acked(id string, code int) {
	r.change(id, func(record *Record) {
		if record.Acked.IsZero() {
			record.Acked = Time{time.Now()}
		}
		record.AckCode = max(record.AckCode, code)
	})
}

// nacked records the code of a service worker's failure. Firefox also acknowledges
// such a message, before or after; the higher code is the one that says why.
func (r *recorder) nacked(id string, code int) {
	r.change(id, func(record *Record) { record.AckCode = max(record.AckCode, code) })
}

func (r *recorder) change(id string, change func(*Record)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if record := r.byID[id]; record != nil {
		change(record)
	}
}

// all returns copies of the records. They share their headers, which must not be
// changed.
func (r *recorder) all() []Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	records := make([]Record, len(r.records))
	for i, record := range r.records {
		records[i] = *record
	}
	return records
}
