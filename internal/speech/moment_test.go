package speech

import (
	"testing"
	"time"
)

func TestMoment(t *testing.T) {
	now := time.Date(2026, time.March, 4, 15, 7, 0, 0, time.UTC) // a Wednesday
	for _, test := range []struct {
		t    time.Time
		want string
	}{
		{now, "today at 15:07"},
		{now.Add(time.Minute), "today at 15:08"}, // by another clock
		{time.Date(2026, time.March, 4, 0, 0, 0, 0, time.UTC), "today at 0:00"},
		{time.Date(2026, time.March, 3, 23, 59, 59, 0, time.UTC), "yesterday at 23:59"},
		{time.Date(2026, time.March, 2, 23, 59, 0, 0, time.UTC), "Monday"},
		{time.Date(2026, time.February, 26, 0, 0, 0, 0, time.UTC), "Thursday"},
		{time.Date(2026, time.February, 25, 23, 0, 0, 0, time.UTC), "25 February"},
		{time.Date(2025, time.December, 31, 0, 0, 0, 0, time.UTC), "31 December 2025"},
		{time.Date(2026, time.March, 5, 0, 30, 0, 0, time.FixedZone("", 3600)), "today at 23:30"},
	} {
		if got := english.Moment(test.t, now); got != test.want {
			t.Errorf("moment(%v) = %q, want %q", test.t, got, test.want)
		}
	}
}

func TestBrief(t *testing.T) {
	for _, test := range []struct {
		d    time.Duration
		want string
	}{
		{900 * time.Millisecond, "0 s"}, {59 * time.Second, "59 s"}, {time.Minute, "1 min"}, {time.Hour - 1, "59 min"}, {65 * time.Minute, "1 h 5 min"},
	} {
		if got := english.Brief(test.d); got != test.want {
			t.Errorf("brief(%v) = %q, want %q", test.d, got, test.want)
		}
	}
}

func TestWait(t *testing.T) {
	for _, test := range []struct {
		d    time.Duration
		want string
	}{
		{0, "in 1 second"}, {time.Second, "in 1 second"}, {1100 * time.Millisecond, "in 2 seconds"}, {59 * time.Second, "in 59 seconds"},
		{time.Minute, "in 1 minute"}, {61 * time.Second, "in 2 minutes"}, {59*time.Minute + 1, "in 60 minutes"},
		{time.Hour, "in 1 hour"}, {time.Hour + 1, "in 2 hours"}, {28 * 24 * time.Hour, "in 672 hours"},
	} {
		if got := english.wait(test.d); got != test.want {
			t.Errorf("wait(%v) = %q, want %q", test.d, got, test.want)
		}
	}
}

func TestClock(t *testing.T) {
	for _, test := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0:00"}, {7900 * time.Millisecond, "0:07"}, {59*time.Minute + 59*time.Second, "59:59"}, {time.Hour, "1:00:00"}, {26*time.Hour + 61*time.Second, "26:01:01"},
	} {
		if got := Clock(test.d); got != test.want {
			t.Errorf("clock(%v) = %q, want %q", test.d, got, test.want)
		}
	}
}
