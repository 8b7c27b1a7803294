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
