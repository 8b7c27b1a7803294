package call

import (
	"testing"
	"testing/synctest"
	"time"

	"pushcall/signaling"
)

func TestGathering(t *testing.T) {
	const ms = time.Millisecond
	host := Candidate{"candidate:1 1 udp 2 192.0.2.1 9 typ host", "0"}
	wired := Candidate{"candidate:4 1 UDP 2 0c1f5e83-0b1c-4f6e-9d2e-6a4a7c1f2e3d.local 9 typ host", "0"}
	active := Candidate{"candidate:3 1 tcp 1 192.0.2.1 9 typ host tcptype active", "0"}
	srflx := Candidate{"candidate:2 1 udp 1 198.51.100.1 9 typ srflx raddr 0.0.0.0 rport 0", "0"}
	relay := Candidate{"candidate:5 1 udp 1 203.0.113.1 9 typ relay raddr 0.0.0.0 rport 0", "0"}
	end := Candidate{}
	type event struct {
		at time.Duration
		c  Candidate
	}
	for _, test := range []struct {
		name     string
		farthest signaling.CandidateType
		known    int
		events   []event
		want     time.Duration
	}{
		{"nothing comes", signaling.ServerReflexive, 0, nil, gatherLimit},
		{"only host candidates", signaling.ServerReflexive, 0, []event{{0, host}, {time.Second, host}}, gatherLimit},
		{"complete", signaling.ServerReflexive, 0, []event{{0, host}, {15 * ms, end}}, 15 * ms},
		{"one of two is server-reflexive", signaling.ServerReflexive, 0, []event{{0, host}, {ms, wired}, {40 * ms, srflx}}, 40*ms + gatherGrace},
		{"both are", signaling.ServerReflexive, 0, []event{{0, host}, {ms, wired}, {40 * ms, srflx}, {130 * ms, srflx}}, 130*ms + gatherQuiet},
		{"the host's own comes last", signaling.ServerReflexive, 0, []event{{0, host}, {10 * ms, srflx}, {25 * ms, wired}, {90 * ms, srflx}}, 90*ms + gatherQuiet},
		{"only an active one comes late", signaling.ServerReflexive, 0, []event{{0, host}, {40 * ms, srflx}, {55 * ms, active}}, 40*ms + gatherQuiet},
		{"complete within the grace", signaling.ServerReflexive, 0, []event{{40 * ms, srflx}, {90 * ms, end}}, 90 * ms},
		{"late", signaling.ServerReflexive, 0, []event{{gatherLimit - ms, srflx}}, gatherLimit},
		{"without servers", signaling.Host, 0, []event{{0, host}, {15 * ms, wired}, {30 * ms, active}}, 15*ms + gatherQuiet},
		{"without servers, complete", signaling.Host, 0, []event{{0, host}, {5 * ms, end}}, 5 * ms},
		{"without servers, as many as before", signaling.Host, 2, []event{{0, host}, {15 * ms, wired}, {17 * ms, active}}, 15*ms + gatherKnown},
		{"one more than before", signaling.Host, 1, []event{{0, host}, {3 * ms, wired}}, 3*ms + gatherKnown},
		{"one less than before", signaling.Host, 2, []event{{0, host}}, gatherQuiet},
		{"as many as before, server-reflexive", signaling.ServerReflexive, 1, []event{{0, host}, {40 * ms, srflx}}, 40*ms + gatherKnown},
		{"without servers or networks", signaling.Host, 0, []event{{0, active}}, gatherLimit},
		{"a relay", signaling.Relayed, 0, []event{{0, host}, {40 * ms, srflx}, {100 * ms, relay}, {150 * ms, relay}}, 100*ms + gatherGrace},
		{"what is no candidate", signaling.Host, 0, []event{{0, Candidate{"candidate:1 1 udp", "0"}}}, gatherLimit},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newGathering(test.farthest, test.known)
				start := time.Now()
				go func() {
					for _, e := range test.events {
						time.Sleep(time.Until(start.Add(e.at)))
						g.add(e.c)
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

// The candidates of an ICE restart do not count as further networks.
func TestGatheringEnds(t *testing.T) {
	g := newGathering(signaling.Host, 0)
	host := Candidate{"candidate:1 1 udp 1 192.0.2.1 9 typ host", "0"}
	for _, c := range []Candidate{host, {}, host, {}} {
		g.add(c)
	}
	if g.networks != 1 {
		t.Errorf("it counts %d networks, want 1", g.networks)
	}
}
