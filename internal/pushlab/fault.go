package pushlab

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"
)

// ErrFault is wrapped by every error about an invalid fault or schedule.
var ErrFault = errors.New("pushlab: bad fault")

// FaultKind names a way in which a push message goes wrong.
type FaultKind string

// The faults of messages that the service would otherwise accept.
const (
	NoFault     FaultKind = "none"      // the message uses up its place in the queue and is delivered
	Drop        FaultKind = "drop"      // answered 201 and never delivered
	Expire      FaultKind = "expire"    // answered 201 and never delivered, as if its TTL had passed; it still replaces those of its topic
	Delay       FaultKind = "delay"     // delivered later, perhaps after newer ones
	Reorder     FaultKind = "reorder"   // delivered after the next one for its subscription, or later if none comes
	Duplicate   FaultKind = "duplicate" // delivered twice, as two messages: a repeated ID Firefox would drop
	NotFound    FaultKind = "404"
	Gone        FaultKind = "410" // only the answer: the subscription lives on
	TooLarge    FaultKind = "413"
	TooMany     FaultKind = "429" // with Retry-After
	ServerError FaultKind = "500"
	Reset       FaultKind = "reset" // the TCP connection is reset, no answer, not delivered
	SlowBody    FaultKind = "slow"  // delivered at once; the answer's header comes at once, its body slowly
)

// faultKinds returns every kind, in the order in which a schedule draws them.
func faultKinds() []FaultKind {
	return []FaultKind{NoFault, Drop, Expire, Delay, Reorder, Duplicate,
		NotFound, Gone, TooLarge, TooMany, ServerError, Reset, SlowBody}
}

const (
	defaultFaultTime  = time.Second
	maxFaultTime      = time.Hour
	defaultRetryAfter = time.Second
)

// Fault is what goes wrong with one message. The zero value is [NoFault].
//
// In JSON it is {"fault": kind, "ms": Time, "retryAfter": seconds, "endpoint": URL}.
type Fault struct {
	Kind FaultKind

	// Time is the delay of a delayed message, the longest wait of a reordered one for
	// the next, or the duration of a slow body. 0 means one second.
	Time time.Duration

	// RetryAfter is the Retry-After of a 429, in whole seconds. 0 means one second.
	RetryAfter time.Duration

	// Endpoint limits the fault to messages for one endpoint; "" means all.
	Endpoint string
}

// takesTime reports whether faults of the kind use Time.
func (k FaultKind) takesTime() bool { return k == Delay || k == Reorder || k == SlowBody }

// withDefaults returns the fault with the defaults of its kind for unset fields.
func (f Fault) withDefaults() Fault {
	if f.Kind == "" {
		f.Kind = NoFault
	}
	if f.Kind.takesTime() && f.Time == 0 {
		f.Time = defaultFaultTime
	}
	if f.Kind == TooMany && f.RetryAfter == 0 {
		f.RetryAfter = defaultRetryAfter
	}
	return f
}

// check returns an ErrFault that says what is wrong with the fault, or nil.
func (f Fault) check() error {
	switch {
	case f.Kind != "" && !slices.Contains(faultKinds(), f.Kind):
		return noSuchFault(f.Kind)
	case f.Time != 0 && !f.Kind.takesTime():
		return fmt.Errorf("%w: %q takes no time", ErrFault, f.Kind)
	case f.RetryAfter != 0 && f.Kind != TooMany:
		return fmt.Errorf("%w: %q has no Retry-After", ErrFault, f.Kind)
	}
	if u, err := url.Parse(f.Endpoint); err != nil || f.Endpoint != "" && u.Host == "" {
		return fmt.Errorf("%w: %q is not an endpoint", ErrFault, f.Endpoint)
	}
	return checkTimes(f.Time, f.RetryAfter)
}

func checkTimes(t, retryAfter time.Duration) error {
	switch {
	case t < 0 || t > maxFaultTime:
		return fmt.Errorf("%w: %v is not between 0 and %v", ErrFault, t, maxFaultTime)
	case retryAfter < 0 || retryAfter > maxFaultTime:
		return fmt.Errorf("%w: a Retry-After of %v is not between 0 and %v", ErrFault, retryAfter, maxFaultTime)
	}
	return nil
}

func noSuchFault(kind FaultKind) error {
	var names []string
	for _, kind := range faultKinds() {
		names = append(names, string(kind))
	}
	return fmt.Errorf("%w: there is no fault %q; there are %s", ErrFault, kind, strings.Join(names, ", "))
}

// parseFaults parses a JSON list of faults.
func parseFaults(text []byte) ([]Fault, error) {
	var list []struct {
		Fault      FaultKind `json:"fault"`
		MS         float64   `json:"ms"`
		RetryAfter float64   `json:"retryAfter"`
		Endpoint   string    `json:"endpoint"`
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields() // a misspelt "ms" would give a fault of the default length
	if err := decoder.Decode(&list); err != nil {
		return nil, fmt.Errorf("%w: this is no list of faults in JSON: %w", ErrFault, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: there is more after the list", ErrFault)
	}
	faults := make([]Fault, len(list))
	for i, f := range list {
		if f.Fault == "" {
			return nil, fmt.Errorf("%w: number %d of the list has no \"fault\"", ErrFault, i+1)
		}
		faults[i] = Fault{f.Fault, scale(f.MS, time.Millisecond), scale(f.RetryAfter, time.Second), f.Endpoint}
		if err := faults[i].check(); err != nil {
			return nil, err
		}
	}
	return faults, nil
}

// scale returns number units as a duration, or the largest duration if it overflows.
func scale(number float64, unit time.Duration) time.Duration {
	if product := number * float64(unit); math.Abs(product) < math.MaxInt64 {
		return time.Duration(product)
	}
	return math.MaxInt64
}
