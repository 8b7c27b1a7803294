package call

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestGathering(t *testing.T) {
	host := Candidate{"candidate:1 1 udp 2 192.0.2.1 9 typ host", "0"}
	srflx := Candidate{"candidate:2 1 udp 1 198.51.100.1 9 typ srflx raddr 0.0.0.0 rport 0", "0"}
	type event struct {
		at time.Duration
		c  Candidate
	}
	for _, test := range []struct {
		name   string
		events []event
		want   time.Duration
	}{
		{"nothing comes", nil, gatherLimit},
		{"only host candidates", []event{{0, host}, {time.Second, host}}, gatherLimit},
		{"complete", []event{{0, host}, {30 * time.Millisecond, Candidate{}}}, 30 * time.Millisecond},
		{"a server-reflexive one", []event{{0, host}, {40 * time.Millisecond, srflx}, {100 * time.Millisecond, srflx}}, 190 * time.Millisecond},
		{"complete within the grace", []event{{40 * time.Millisecond, srflx}, {90 * time.Millisecond, Candidate{}}}, 90 * time.Millisecond},
		{"late", []event{{gatherLimit - time.Millisecond, srflx}}, gatherLimit},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newGathering(false)
				start := time.Now()
				go func() {
					for _, e := range test.events {
						time.Sleep(time.Until(start.Add(e.at)))
						g.candidate(e.c)
					}
				}()
				if err := g.wait(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got := time.Since(start); got != test.want {
					t.Errorf("waited %v, want %v", got, test.want)
				}
			})
		})
	}
}
