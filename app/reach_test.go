package app

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pushcall/call"
	"pushcall/internal/config"
)

const testRelay = "https://pushcall.example/relay"

// TestReachOffline says that the browser is offline as soon as it says so, and that
// it is back, by itself.
func TestReachOffline(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		w.change(func() { alice.network = network{offline: true, gone: map[string]bool{pageHost: true}} })
		alice.Reachability.RequestLook()
		if wait(pushTime); !slices.Equal(alice.view.reach, []Reach{ReachNone}) || alice.Reachability.Reaches(bob.Line.Card()) {
			t.Fatalf("shown %v", alice.view.reach)
		}
		w.change(func() { alice.network = network{} })
		if wait(maxRetry); !slices.Equal(alice.view.reach, []Reach{ReachNone, ReachAll}) || !alice.Reachability.Reaches(bob.Line.Card()) {
			t.Errorf("shown %v", alice.view.reach)
		}
		alice.talk(bob)
	})
}

// TestReachBrowserErrs believes hosts that answer rather than a browser that says that
// it is offline: it may know of no network but the loopback.
func TestReachBrowserErrs(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		for _, n := range []network{{offline: true}, {offline: true, relayed: true}, {offline: true, relayed: true, gone: map[string]bool{pageHost: true}}} {
			w.change(func() { alice.network = n })
			alice.Reachability.RequestLook()
			wait(time.Minute)
		}
		if len(alice.view.reach) > 0 {
			t.Errorf("shown %v", alice.view.reach)
		}
		alice.talk(bob)
	})
}

// TestReachRelay says that friends who need a relay cannot be reached, once a push to
// one of them got nowhere, and that they can be as soon as a relay answers.
func TestReachRelay(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		w.change(func() {
			alice.network = network{relayed: true, gone: map[string]bool{testRelay: true}}
			w.carry = func(push) error { return ErrRelay }
		})
		alice.dial(bob)
		if wait(5 * time.Second); !slices.Equal(alice.view.reach, []Reach{ReachDirect}) || alice.Reachability.Reaches(bob.Line.Card()) {
			t.Fatalf("shown %v", alice.view.reach)
		}
		if c := alice.view.last(); c.Reason != call.Undelivered || errors.Is(c.Err, ErrOffline) {
			t.Errorf("the call ended by %v, %v", c.Reason, c.Err)
		}
		w.change(func() { alice.network.relayed = false })
		if !alice.Reachability.Reaches(bob.Line.Card()) {
			t.Error("a friend who needs no relay is not reached")
		}
		w.change(func() { alice.network, w.carry = network{relayed: true}, w.deliver })
		if wait(maxRetry); !slices.Equal(alice.view.reach, []Reach{ReachDirect, ReachAll}) {
			t.Errorf("shown %v", alice.view.reach)
		}
		alice.talk(bob)
	})
}

// TestReachRelayAtStart finds out without a call, and only for those who need one.
func TestReachRelayAtStart(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		for i, relayed := range []bool{false, true} {
			w.change(func() { alice.network = network{relayed: relayed, gone: map[string]bool{testRelay: true}} })
			alice.crash()
			alice = alice.person.open()
			wait(5 * time.Second)
			if got := len(alice.view.reach); got != i {
				t.Errorf("friends need a relay: %v; shown %v", relayed, alice.view.reach)
			}
			if asked := len(alice.network.asked) > 0; asked != relayed {
				t.Errorf("friends need a relay: %v; asked %v", relayed, alice.network.asked)
			}
		}
		w.change(func() { alice.network.gone = nil })
		wait(maxRetry)
		w.change(func() { alice.network.gone = map[string]bool{testRelay: true} })
		if err := alice.Contacts.Block(bob.identity(), true); err != nil {
			t.Fatal(err)
		}
		alice.Reachability.RequestLook()
		if wait(5 * time.Second); alice.Reachability.reach() != ReachAll {
			t.Error("a blocked contact needs a relay")
		}
	})
}

// TestReachFlicker shows nothing of a request that a change of network breaks off.
func TestReachFlicker(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, _ := w.friends("Alice", "Bob")
		w.change(func() { alice.network = network{relayed: true, gone: map[string]bool{testRelay: true}} })
		alice.Reachability.RequestLook()
		wait(firstRetry / 2)
		w.change(func() { alice.network.gone = nil })
		if wait(time.Minute); len(alice.view.reach) > 0 {
			t.Errorf("shown %v", alice.view.reach)
		}
	})
}

// TestOfflineErrors names the cause of what fails offline, and of nothing else.
func TestOfflineErrors(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		for _, test := range []struct {
			offline bool
			err     error
			want    bool
		}{
			{true, ErrRelay, true},
			{true, fmt.Errorf("%w: reset", call.ErrUndelivered), true},
			{true, &call.BusyError{RetryAfter: time.Hour}, false}, // a relay has answered
			{false, ErrRelay, false},
		} {
			w.change(func() {
				alice.network.offline = test.offline
				w.carry = func(push) error { return test.err }
			})
			alice.dial(bob)
			wait(time.Minute)
			if err := alice.view.last().Err; errors.Is(err, ErrOffline) != test.want {
				t.Errorf("%v, offline: %v; the call ended by %v", test.err, test.offline, err)
			}
		}
		bob.drop()
		w.change(func() { bob.network.offline, bob.subscribing = true, ErrSubscribe })
		if err := bob.Line.Subscribe(t.Context()); !errors.Is(err, ErrOffline) || !errors.Is(err, ErrSubscribe) {
			t.Errorf("no subscription: %v", err)
		}
	})
}

// TestReachOtherRelay asks nothing of a relay that the person has just set, be it while the
// one before is asked or later: the next push shows whether it works.
func TestReachOtherRelay(t *testing.T) {
	for _, after := range []time.Duration{500 * time.Millisecond, 1500 * time.Millisecond, 5 * time.Second} {
		run(t, func(t *testing.T, w *world) {
			alice, bob := w.friends("Alice", "Bob")
			w.change(func() {
				alice.network = network{relayed: true, gone: map[string]bool{testRelay: true}}
				w.carry = func(push) error { return ErrRelay }
			})
			alice.dial(bob)
			wait(after)
			w.change(func() { w.carry = w.deliver })
			if err := alice.Servers.SetOwn(t.Context(), config.Own{Relay: "https://relay.example/"}); err != nil {
				t.Fatal(err)
			}
			alice.talk(bob)
			wait(time.Minute)
			if n := len(alice.view.reach); n > 0 && alice.view.reach[n-1] != ReachAll || slices.Contains(alice.network.asked, "https://relay.example/") {
				t.Errorf("after %v: shown %v, asked %v", after, alice.view.reach, alice.network.asked)
			}
		})
	}
}
