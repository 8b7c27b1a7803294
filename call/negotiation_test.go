package call

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"pushcall/internal/loop"
)

// Two sides that ask for new descriptions at random times, over a channel with random
// delays, end with descriptions that match, and without an error.
func TestNegotiation(t *testing.T) {
	for seed := range uint64(500) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			w := newWorld(t)
			var sides [2]*negotiation
			var peers [2]*testPeer
			for i := range sides {
				peers[i] = w.newPeer(&user{world: w}, PeerEvents{
					NegotiationNeeded: func() { sides[i].needed() },
					Candidate:         func(c Candidate) { sides[i].send(signal{kind: signalCandidate, candidate: c}) },
					ConnectionState:   func(ConnectionState) {},
				})
				wire := loop.New(func(err error) { t.Errorf("seed %d: %v", seed, err) }) // in order, like the data channel
				delays := rand.New(rand.NewPCG(seed, uint64(i)+1))
				send := func(s signal) {
					wire.Post(func() { time.Sleep(time.Duration(delays.Int64N(3e6))); sides[1-i].received(s) })
				}
				sides[i] = newNegotiation(peers[i], i == 0, send, func(err error) { t.Errorf("seed %d, polite %v: %v", seed, i == 0, err) })
				t.Cleanup(func() { wire.Close(); sides[i].close(); peers[i].queue.Close() })
			}
			for range 1 + random.IntN(8) {
				p := peers[random.IntN(2)]
				change := []func() error{p.RestartICE, p.AddMedia}[random.IntN(2)]
				if err := change(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Duration(random.Int64N(6e6)))
			}
			wait(time.Second)
			w.mu.Lock()
			defer w.mu.Unlock()
			for i, p := range peers {
				if p.signaling != Stable || p.needed || p.remote.SDP == "" || p.remote != peers[1-i].local {
					t.Errorf("seed %d: side %d is %v, needed %v, and its remote description is not the other's local one", seed, i, p.signaling, p.needed)
				}
				if p.media != hasMedia(p.local) || p.media != hasMedia(p.remote) {
					t.Errorf("seed %d: side %d has media %v, and its descriptions %v and %v", seed, i, p.media, hasMedia(p.local), hasMedia(p.remote))
				}
			}
		})
		if t.Failed() {
			t.Fatal(fmt.Sprint("seed ", seed))
		}
	}
}
