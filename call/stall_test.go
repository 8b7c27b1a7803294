package call

import (
	"fmt"
	"testing"
	"time"
)

// A call survives if one or both sides stand still for less than ReconnectTime, because their
// page is frozen or overloaded or their machine is stopped: in any state of the call, and
// whether timers or messages run first afterwards.
func TestStall(t *testing.T) {
	for name, before := range stallBefore {
		for _, who := range []string{"caller", "callee", "both", "callee later"} {
			for _, d := range []time.Duration{3 * time.Second, 10 * time.Second, 19 * time.Second} {
				for _, page := range []bool{true, false} {
					for _, lag := range []time.Duration{0, 50 * time.Millisecond} {
						t.Run(fmt.Sprint(name, "/", who, " ", d, " page ", page, " lag ", lag), func(t *testing.T) {
							inWorld(t, func(t *testing.T, w *world) { stalled(t, w, before, who, d, page, lag) })
						})
					}
				}
			}
		}
	}
}

// stallBefore is an event before one side of a call stands still.
var stallBefore = map[string]func(w *world, alice, bob *user){
	"connected":      func(w *world, alice, bob *user) {},
	"in a beat":      func(w *world, alice, bob *user) { wait(beatTime / 2) },
	"connected anew": func(w *world, alice, bob *user) { w.kill(); wait(8 * time.Second) },
	"stood still before": func(w *world, alice, bob *user) {
		for _, u := range []*user{alice, bob} {
			u.stall(8*time.Second, 0, everybody)
			wait(12 * time.Second)
		}
	},
	"restarting": func(w *world, alice, bob *user) { w.state(PeerDisconnected); time.Sleep(1500 * time.Microsecond) },
	"answering a restart": func(w *world, alice, bob *user) {
		w.state(PeerDisconnected)
		time.Sleep(2500 * time.Microsecond)
	},
	"both restart": func(w *world, alice, bob *user) {
		for _, u := range []*user{alice, bob} {
			_ = u.phone.session.link.peer.RestartICE()
		}
		time.Sleep(1500 * time.Microsecond)
	},
	"both restart, and one has noticed": func(w *world, alice, bob *user) {
		for _, u := range []*user{alice, bob} {
			_ = u.phone.session.link.peer.RestartICE()
		}
		time.Sleep(2500 * time.Microsecond)
	},
}

func everybody(*testPeer) bool { return true }
func nobody(*testPeer) bool    { return false }

func stalled(t *testing.T, w *world, before func(w *world, alice, bob *user), who string, d time.Duration, page bool, lag time.Duration) {
	alice, bob := w.user("alice"), w.user("bob")
	alice.phone.Dial(bob.card)
	wait(time.Second)
	before(w, alice, bob)
	notices := everybody
	if page {
		notices = nobody
	}
	if who != "callee" && who != "callee later" {
		alice.stall(d, lag, notices)
	}
	if who == "callee later" {
		alice.stall(d, lag, notices)
		time.Sleep(d / 2)
	}
	if who != "caller" {
		bob.stall(d, lag, notices)
	}
	time.Sleep(d / 2)
	texts := []int{len(alice.texts), len(bob.texts)}
	alice.phone.SendText("are you there?")
	bob.phone.SendText("I am")
	wait(d + 2*time.Second)
	for i, u := range []*user{alice, bob} {
		u.expect(Connected, NoReason)
		if got := len(u.texts) - texts[i]; got != 2 {
			t.Errorf("%s has %d texts more", u.card.Name, got)
		}
	}
	wait(2 * ReconnectTime)
	for _, u := range []*user{alice, bob} {
		u.expect(Connected, NoReason)
	}
}
