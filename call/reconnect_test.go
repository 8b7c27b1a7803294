package call

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"pushcall/signaling"
)

// Texts that are sent before the loss of the path is noticed arrive over the next link, once
// and in order.
func TestTextsOutliveALink(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.phone.SendText("one")
		bob.phone.SendText("eins")
		wait(100 * time.Millisecond)
		w.kill()
		for _, text := range []string{"two", "three"} {
			alice.phone.SendText(text)
		}
		bob.phone.SendText("zwei")
		wait(quietTime + 200*time.Millisecond)
		alice.expect(Reconnecting, NoReason)
		alice.phone.SendText("four")
		wait(3 * time.Second)
		alice.expect(Connected, NoReason)
		bob.expect(Connected, NoReason)
		bob.phone.SendText("drei")
		wait(time.Second)
		for _, test := range []struct {
			u    *user
			want string
		}{{bob, "[one two three four]"}, {alice, "[eins zwei drei]"}} {
			var got []string
			for _, x := range test.u.texts {
				if !x.Mine {
					got = append(got, x.Text)
				}
			}
			if fmt.Sprint(got) != test.want {
				t.Errorf("%s got %v, want %s", test.u.card.Name, got, test.want)
			}
		}
		if alice.arrived != alice.phone.session.texts.sent {
			t.Errorf("%d texts have arrived", alice.arrived)
		}
		if n := len(alice.phone.session.texts.pending); n > 0 {
			t.Errorf("%d texts are still kept", n)
		}
	})
}

// An accept that is lost with the first messages of a new link is repeated.
func TestAcceptIsRepeated(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		var mute atomic.Bool
		w.fault = func(p *testPeer, step string) error {
			if step == "Send" && p.user.card.Name == "bob" && mute.Load() {
				return errState
			}
			return nil
		}
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		w.kill()
		mute.Store(true)
		alice.phone.SendText("over the next")
		for wait(lostTime); alice.last().State != Connected; wait(10 * time.Millisecond) {
		}
		wait(beatTime / 2)
		if n := len(bob.texts); n > 0 {
			t.Errorf("%d texts came without an accept", n)
		}
		mute.Store(false)
		wait(beatTime)
		if n := len(bob.texts); n != 1 {
			t.Errorf("%d texts came", n)
		}
	})
}

// A path that is lost in one direction is replaced like one that is lost in both.
func TestReconnectOneWay(t *testing.T) {
	for _, deaf := range []string{"caller", "callee"} {
		t.Run(deaf, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				alice.phone.Dial(bob.card)
				wait(time.Second)
				w.deafen(map[string]*user{"caller": alice, "callee": bob}[deaf])
				wait(lostTime - 200*time.Millisecond)
				alice.phone.SendText("who hears?")
				bob.phone.SendText("I do")
				wait(2 * time.Second)
				alice.expect(Connected, NoReason)
				bob.expect(Connected, NoReason)
				if got := w.pushed(); got != "offer answer offer answer" {
					t.Errorf("pushed %q", got)
				}
				for _, u := range []*user{alice, bob} {
					if n := len(u.phone.session.texts.pending); len(u.texts) != 2 || n > 0 {
						t.Errorf("%s has the texts %v, and %d are still kept", u.card.Name, u.texts, n)
					}
				}
			})
		})
	}
}

// A phone without a network when it reconnects gathers again until it has one.
func TestReconnectWithoutNetwork(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.note(func() { alice.gather = []Candidate{} }) // nothing, and no end of it
		w.kill()
		wait(lostTime + gatherLimit + time.Second)
		if got := w.pushed(); got != "offer answer" {
			t.Errorf("pushed %q without an address", got)
		}
		alice.note(func() { alice.gather = nil })
		wait(gatherLimit + time.Second)
		alice.expect(Connected, NoReason)
		bob.expect(Connected, NoReason)
	})
}

// A phone that reconnects retries pushes that did not reach the push service.
func TestReconnectWithoutPush(t *testing.T) {
	for _, test := range []struct {
		who  string
		d    time.Duration
		want State
	}{{"caller", 3 * time.Second, Connected}, {"caller", 16 * time.Second, Connected}, {"callee", 3 * time.Second, Connected},
		{"callee", 16 * time.Second, Connected}, {"caller", time.Minute, Ended}, {"callee", time.Minute, Ended}} {
		t.Run(fmt.Sprint(test.who, " for ", test.d), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				alice.phone.Dial(bob.card)
				wait(time.Second)
				u := map[string]*user{"caller": alice, "callee": bob}[test.who]
				w.change(func() { u.fail = func(signaling.Message) error { return fmt.Errorf("no network: %w", ErrUndelivered) } })
				w.kill()
				wait(lostTime + test.d)
				w.change(func() { u.fail = nil })
				wait(2 * time.Second)
				alice.expect(test.want, map[State]Reason{Ended: Network}[test.want])
				if got := w.pushed(); test.want == Connected && got != "offer answer offer answer" {
					t.Errorf("pushed %q", got)
				}
			})
		})
	}
}

// ICE restarts only while messages of the other side arrive. A silent side may stand still,
// and would handle an outdated offer when it runs again.
func TestRestartWhereHeard(t *testing.T) {
	for name, test := range map[string]struct {
		play func(w *world, bob *user)
		want int32
	}{
		"the other side stands still":       {func(w *world, bob *user) { bob.stall(3*time.Second, 0, nobody) }, 0},
		"and its browser's peer is noticed": {func(w *world, bob *user) { bob.stall(8*time.Second, 0, everybody) }, 0},
		"nothing comes through":             {func(w *world, bob *user) { w.change(func() { w.cut = true }); wait(5 * time.Second); w.heal() }, 0},
		"the browser doubts":                {func(w *world, bob *user) { w.state(PeerDisconnected) }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				var restarts atomic.Int32
				w.fault = func(p *testPeer, step string) error {
					if step == "RestartICE" {
						restarts.Add(1)
					}
					return nil
				}
				alice, bob := w.user("alice"), w.user("bob")
				alice.phone.Dial(bob.card)
				wait(time.Second)
				test.play(w, bob)
				wait(10 * time.Second)
				alice.expect(Connected, NoReason)
				bob.expect(Connected, NoReason)
				if got := restarts.Load(); got != test.want {
					t.Errorf("ICE was restarted %d times, want %d", got, test.want)
				}
			})
		})
	}
}

// A data channel that closes is replaced, as often as maxRounds allows.
func TestChannelClosesAgain(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		for range maxRounds - 1 {
			w.closeChannels()
			wait(5 * time.Second)
			alice.expect(Connected, NoReason)
			bob.expect(Connected, NoReason)
		}
		w.closeChannels()
		wait(time.Second)
		alice.expect(Ended, Network)
		wait(ReconnectTime)
		bob.expect(Ended, Network)
		if most := maxCallerPushes + maxCalleePushes; len(w.pushes) > most {
			t.Errorf("%d pushes, and %d are the most", len(w.pushes), most)
		}
	})
}
