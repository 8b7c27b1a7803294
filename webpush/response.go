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

	// ErrUnavailable: the service has trouble of its own (5xx). Later, then.
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

// CheckResponse turns the answer to a Request into nil or one of the errors
// above, or ErrTooLarge (413). retryAfter is the Retry-After header, or "".
func CheckResponse(status int, retryAfter string, now time.Time) error {
	switch {
	case status >= 200 && status <= 299:
		return nil
	case status == 404 || status == 410:
		return fmt.Errorf("%w: status %d", ErrGone, status)
	case status == 400 || status == 401 || status == 403:
		return fmt.Errorf("%w: status %d", ErrRefused, status)
	case status == 413:
		return fmt.Errorf("%w: status %d", ErrTooLarge, status)
	case status == 429 || status == 406:
		return &TooManyRequestsError{RetryAfter: parseRetryAfter(retryAfter, now)}
	case status >= 500 && status <= 599:
		return fmt.Errorf("%w: status %d", ErrUnavailable, status)
	}
	return fmt.Errorf("%w: status %d", ErrStatus, status)
}

// maxRetryAfter keeps a nonsensical header from overflowing a Duration. No
// message waits longer anyway.
const maxRetryAfter = maxTTL

// parseRetryAfter reads seconds or a date (RFC 9110, Section 10.2.3). It
// returns 0 for anything else and for what is past.
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
