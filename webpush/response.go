package webpush

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// What a push service answers to a message (RFC 8030, Sections 5 to 8). Every
// error of CheckResponse names the status.
var (
	// ErrGone: the subscription is no more, and never will be again (404,
	// 410). Its number has to be asked for anew.
	ErrGone = errors.New("webpush: subscription is gone")

	// ErrRefused: the service does not take the message from this sender, for
	// its VAPID token or key, or finds the request malformed (400, 401, 403).
	ErrRefused = errors.New("webpush: push service refused")

	// ErrUnauthorized is the ErrRefused of a VAPID token or its key (401, 403).
	// The token may be of a clock that was wrong: see VAPID.Forget. If a new one
	// is refused, the subscription was made for another key, or the clock is wrong.
	ErrUnauthorized = fmt.Errorf("%w the VAPID token", ErrRefused)

	// ErrUnavailable: the service has trouble of its own (5xx). When it says
	// until when, the error is an UnavailableError.
	ErrUnavailable = errors.New("webpush: push service unavailable")

	// ErrStatus: an answer that no push service should give, a redirect for
	// one.
	ErrStatus = errors.New("webpush: unexpected answer")
)

// TooManyRequestsError says that the sender or the subscription is over its
// quota (429, and 406 from WNS).
type TooManyRequestsError struct {
	// RetryAfter is how long to wait; 0 if the service did not say.
	RetryAfter time.Duration
}

func (e *TooManyRequestsError) Error() string {
	if e.RetryAfter == 0 {
		return "webpush: too many requests"
	}
	return fmt.Sprintf("webpush: too many requests, retry after %v", e.RetryAfter)
}

// UnavailableError is the ErrUnavailable of a service that says when to try
// again: Mozilla's under load, for one (503).
type UnavailableError struct {
	Status     int
	RetryAfter time.Duration // how long to wait; above 0
}

func (e *UnavailableError) Error() string {
	return fmt.Sprintf("%v: status %d, retry after %v", ErrUnavailable, e.Status, e.RetryAfter)
}

// Unwrap returns ErrUnavailable.
func (e *UnavailableError) Unwrap() error { return ErrUnavailable }

// CheckResponse turns the answer to a Request into nil or one of the errors
// above, or ErrTooLarge (413). retryAfter is the Retry-After header, or "".
func CheckResponse(status int, retryAfter string, now time.Time) error {
	wait := parseRetryAfter(retryAfter, now)
	switch {
	case status >= 200 && status <= 299:
		return nil
	case status == 404 || status == 410:
		return fmt.Errorf("%w: status %d", ErrGone, status)
	case status == 400:
		return fmt.Errorf("%w: status %d", ErrRefused, status)
	case status == 401 || status == 403:
		return fmt.Errorf("%w: status %d", ErrUnauthorized, status)
	case status == 413:
		return fmt.Errorf("%w: status %d", ErrTooLarge, status)
	case status == 429 || status == 406:
		return &TooManyRequestsError{RetryAfter: wait}
	case status >= 500 && status <= 599 && wait > 0:
		return &UnavailableError{Status: status, RetryAfter: wait}
	case status >= 500 && status <= 599:
		return fmt.Errorf("%w: status %d", ErrUnavailable, status)
	}
	return fmt.Errorf("%w: status %d", ErrStatus, status)
}

// maxRetryAfter keeps a nonsensical header from overflowing a Duration. No
// message waits longer anyway.
const maxRetryAfter = maxTTL

// parseRetryAfter reads seconds or a date (RFC 9110, Section 10.2.3). It
// returns 0 for anything else, as are fractions, and for what is past. A date
// is compared by the wall clock.
func parseRetryAfter(text string, now time.Time) time.Duration {
	text = strings.TrimSpace(text)
	if seconds, err := strconv.ParseUint(text, 10, 63); err == nil {
		return time.Duration(min(seconds, uint64(maxRetryAfter/time.Second))) * time.Second
	}
	if date, ok := parseDate(text); ok {
		return min(max(date.Sub(now), 0), maxRetryAfter)
	}
	return 0
}
