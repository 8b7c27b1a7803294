//go:build js && wasm

package page

import (
	"testing"
	"time"

	"pushcall/wasm/browser"
)

func TestLossSince(t *testing.T) {
	for _, x := range []struct {
		before, now browser.Quality
		want        float64
	}{
		{browser.Quality{}, browser.Quality{}, 0},
		{browser.Quality{}, browser.Quality{Received: 99, Lost: 1}, 0.01},
		{browser.Quality{Received: 900, Lost: 90}, browser.Quality{Received: 990, Lost: 100}, 0.1},
		{browser.Quality{Received: 900, Lost: 90}, browser.Quality{Received: 1000, Lost: 80}, 0}, // duplicates
		{browser.Quality{Received: 900, Lost: 90}, browser.Quality{Received: 3, Lost: 1}, 0.25},  // another link
		{browser.Quality{Received: 900}, browser.Quality{Received: 900, Lost: 5}, 1},
	} {
		if got := lossSince(x.before, x.now); got != x.want {
			t.Errorf("after %+v %+v is a loss of %v, want %v", x.before, x.now, got, x.want)
		}
	}
}

func TestGrade(t *testing.T) {
	for _, x := range []struct {
		trip time.Duration
		loss float64
		want string
	}{
		{0, 0, "good"}, {200 * time.Millisecond, 0.015, "good"}, {201 * time.Millisecond, 0, "fair"}, {0, 0.016, "fair"},
		{400 * time.Millisecond, 0.05, "fair"}, {401 * time.Millisecond, 0, "poor"}, {0, 0.051, "poor"},
	} {
		if got := grade(x.trip, x.loss); got != x.want {
			t.Errorf("%v and %v is %s, want %s", x.trip, x.loss, got, x.want)
		}
	}
}
