//go:build js && wasm

package browser

import (
	"testing"
	"time"

	"pushcall/internal/speech"
)

func TestFormatSize(t *testing.T) {
	for octets, want := range map[int64]string{
		0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1000: "1.0 kB", 1049: "1.0 kB", 1051: "1.1 kB", 9949: "9.9 kB", 9950: "10 kB",
		999_499: "999 kB", 999_500: "1.0 MB", 200_000_000: "200 MB", 5 << 30: "5.4 GB", 1<<53 - 1: "9.0 PB",
	} {
		if got := (Words{}).FormatSize(octets); got != want {
			t.Errorf("FormatSize(%d) = %q, want %q", octets, got, want)
		}
	}
}

func TestFormatTime(t *testing.T) {
	morning := time.Date(2025, time.November, 3, 0, 5, 0, 0, time.UTC) // a Monday
	for _, test := range []struct {
		t     time.Time
		style speech.TimeStyle
		want  string
	}{
		{morning, speech.TimeOfDay, "0:05"},
		{morning.Add(15 * time.Hour), speech.TimeOfDay, "15:05"},
		{morning.In(time.FixedZone("", -3600)), speech.TimeOfDay, "23:05"},
		{morning, speech.Weekday, "Monday"},
		{morning.In(time.FixedZone("", -3600)), speech.Weekday, "Sunday"},
		{morning, speech.Day, "3 November"},
		{morning, speech.DayOfYear, "3 November 2025"},
	} {
		if got := (Words{}).FormatTime(test.t, test.style); got != test.want {
			t.Errorf("FormatTime(%v, %d) = %q, want %q", test.t, test.style, got, test.want)
		}
	}
}

func TestFormatWait(t *testing.T) {
	for _, test := range []struct {
		n          int
		unit, want string
	}{
		{1, "second", "in 1 second"}, {2, "second", "in 2 seconds"}, {59, "second", "in 59 seconds"}, {1, "minute", "in 1 minute"}, {672, "hour", "in 672 hours"},
	} {
		if got := (Words{}).FormatWait(test.n, test.unit); got != test.want {
			t.Errorf("FormatWait(%d, %q) = %q, want %q", test.n, test.unit, got, test.want)
		}
	}
}
