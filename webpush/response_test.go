package webpush

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestCheckResponse(t *testing.T) {
	for status, want := range map[int]error{
		200: nil, 201: nil, 202: nil, 204: nil, 299: nil,
		404: ErrGone, 410: ErrGone,
		400: ErrRefused, 401: ErrRefused, 403: ErrRefused,
		413: ErrTooLarge,
		500: ErrUnavailable, 502: ErrUnavailable, 503: ErrUnavailable, 599: ErrUnavailable,
		0: ErrStatus, 101: ErrStatus, 199: ErrStatus, 301: ErrStatus, 307: ErrStatus, 402: ErrStatus, 405: ErrStatus, 408: ErrStatus, 600: ErrStatus, -1: ErrStatus,
	} {
		err := CheckResponse(status, "", time.Time{})
		if !errors.Is(err, want) {
			t.Errorf("%d: %v, want %v", status, err, want)
		}
		if err != nil && !strings.Contains(err.Error(), strconv.Itoa(status)) {
			t.Errorf("%d: %q does not say so", status, err)
		}
	}
}

// TestUnavailableUntil: a service in trouble may say for how long, in any form.
func TestUnavailableUntil(t *testing.T) {
	now := time.Date(2026, 11, 22, 8, 49, 37, 0, time.UTC)
	for retryAfter, want := range map[string]time.Duration{
		"": 0, "0": 0, "-1": 0, "-120": 0, "1.5": 0, "soon": 0, "99999999999999999999": 0, "Sun, 22 Nov 2026 08:48:37 GMT": 0,
		"1": time.Second, "120": 2 * time.Minute, "9223372036854775807": maxRetryAfter,
		"Sun, 22 Nov 2026 08:49:47 GMT": 10 * time.Second, "Sunday, 22-Nov-26 08:49:47 GMT": 10 * time.Second, "Sun Nov 22 08:49:47 2026": 10 * time.Second,
	} {
		for _, status := range []int{500, 502, 503, 504} {
			var unavailable *UnavailableError
			err := CheckResponse(status, retryAfter, now)
			if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), strconv.Itoa(status)) {
				t.Errorf("%d with %q: %v", status, retryAfter, err)
			}
			if told := errors.As(err, &unavailable); told != (want > 0) || told && unavailable.RetryAfter != want {
				t.Errorf("%d with %q: %v, want %v", status, retryAfter, err, want)
			}
		}
	}
}

// TestUnauthorized: what a new token may mend is told apart.
func TestUnauthorized(t *testing.T) {
	for status, want := range map[int]bool{400: false, 401: true, 403: true, 404: false, 406: false, 413: false, 429: false} {
		if err := CheckResponse(status, "", time.Time{}); errors.Is(err, ErrUnauthorized) != want {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestTooManyRequests(t *testing.T) {
	now := time.Date(2026, 11, 22, 8, 49, 37, 0, time.UTC)
	for retryAfter, want := range map[string]time.Duration{
		"":                               0,
		"0":                              0,
		"120":                            2 * time.Minute,
		" 120 ":                          2 * time.Minute,
		"-1":                             0,
		"1.5":                            0,
		"soon":                           0,
		"9223372036854775807":            maxRetryAfter,
		"99999999999999999999":           0,
		"Sun, 22 Nov 2026 08:50:37 GMT":  time.Minute,
		"Sunday, 22-Nov-26 08:50:37 GMT": time.Minute,
		"Sun Nov 22 08:50:37 2026":       time.Minute,
		"Sun, 22 Nov 2026 08:48:37 GMT":  0,
		"Fri, 22 Nov 2126 08:48:37 GMT":  maxRetryAfter,
		"22 Nov 2026 08:50:37":           0,
	} {
		for _, status := range []int{429, 406} {
			var tooMany *TooManyRequestsError
			err := CheckResponse(status, retryAfter, now)
			if !errors.As(err, &tooMany) || tooMany.RetryAfter != want {
				t.Errorf("%d with %q: %v, want %v", status, retryAfter, err, want)
			}
			if told := strings.Contains(err.Error(), "retry after"); told != (want > 0) {
				t.Errorf("%d with %q: %v", status, retryAfter, err)
			}
		}
	}
}
