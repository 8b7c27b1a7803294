package call

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// theirs returns the texts that a user has received, in one line.
func (u *user) theirs() string {
	u.mu.Lock()
	defer u.mu.Unlock()
	var all []string
	for _, x := range u.texts {
		if !x.Mine {
			all = append(all, x.Text)
		}
	}
	return strings.Join(all, " ")
}

// numbered returns the first texts of a script, in one line.
func numbered(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprint(i))
	}
	return strings.Join(all, " ")
}

// sendMany sends texts from a user's script as fast as it can.
func sendMany(u *user, n int) {
	for _, text := range strings.Fields(numbered(n)) {
		u.phone.SendText(text)
	}
}

// All texts arrive, once and in order, and none counts as a flood, however many the scripts
// of two people write at once, and however long the path delays them.
func TestTextsKeepPace(t *testing.T) {
	const texts = 1500
	for name, disturb := range map[string]func(w *world){
		"on a good path":       func(*world) {},
		"over another path":    func(w *world) { w.kill() },
		"held up for a second": func(w *world) { w.change(func() { w.cut = true }); wait(time.Second); w.heal() },
		"held up often": func(w *world) {
			for range 12 {
				w.change(func() { w.cut = true })
				wait(quietTime - 100*time.Millisecond)
				w.heal()
				wait(time.Second)
			}
		},
		"held up when nothing is left to send at once": func(w *world) {
			wait(30 * time.Second)
			w.change(func() { w.cut = true })
			wait(lostTime + time.Second)
			w.heal()
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				alice.phone.Dial(bob.card)
				wait(time.Second)
				sendMany(alice, texts)
				sendMany(bob, texts)
				wait(10 * time.Millisecond)
				disturb(w)
				wait(3 * texts * textEvery)
				for _, u := range []*user{alice, bob} {
					u.expect(Connected, NoReason)
					if u.theirs() != numbered(texts) {
						t.Errorf("%s has %d texts, or not in order", u.card.Name, len(strings.Fields(u.theirs())))
					}
					if s := u.phone.session; u.arrived != s.texts.sent || len(s.texts.pending) > 0 || len(u.lost) > 0 {
						t.Errorf("%s knows of texts up to %d of %d, %d are pending, lost from %v", u.card.Name, u.arrived, s.texts.sent, len(s.texts.pending), u.lost)
					}
				}
			})
		})
	}
}

// Each text is reported as arrived or as lost, and truly.
func TestTextsEnd(t *testing.T) {
	for name, test := range map[string]struct {
		texts int
		end   func(w *world, alice, bob *user)
		come  int // to bob, of those that alice has written
	}{
		"she hangs up right after it": {3, func(_ *world, alice, _ *user) { alice.phone.HangUp() }, 3},
		"he hangs up right after it":  {3, func(_ *world, _, bob *user) { wait(time.Millisecond); bob.phone.HangUp() }, 3},
		"she leaves":                  {3, func(_ *world, alice, _ *user) { alice.phone.Leave() }, 3},
		"the path is gone":            {3, func(w *world, _, _ *user) { wait(time.Second); w.change(func() { w.cut = true }) }, 3},
		"he had hung up":              {3, func(_ *world, _, _ *user) {}, 0},
		"more than may be sent":       {2 * textWindow, func(_ *world, alice, _ *user) { alice.phone.HangUp() }, textWindow},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				alice.phone.Dial(bob.card)
				wait(time.Second)
				if name == "he had hung up" {
					w.change(func() { w.cut = true })
				}
				sendMany(alice, test.texts)
				test.end(w, alice, bob)
				wait(ReconnectTime + 2*lostTime + byeTime)
				if got := bob.theirs(); got != numbered(test.come) {
					t.Errorf("bob has %q", got)
				}
				first := alice.texts[0].Number
				if arrived := max(0, alice.arrived-first+1); arrived != test.come {
					t.Errorf("%d are said to have arrived, %d have", arrived, test.come)
				}
				var want []int
				if test.come < test.texts {
					want = []int{first + test.come}
				}
				if fmt.Sprint(alice.lost) != fmt.Sprint(want) {
					t.Errorf("lost from %v, want %v", alice.lost, want)
				}
			})
		})
	}
}

// Texts of an ended call are reported as lost before the next call begins: a late
// confirmation is not reported for the next call.
func TestTextsEndBeforeTheNextCall(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		w.change(func() { w.cut = true })
		sendMany(alice, 2)
		alice.phone.HangUp()
		alice.phone.Dial(bob.card)
		wait(10 * time.Millisecond)
		if len(alice.lost) != 1 {
			t.Errorf("lost from %v", alice.lost)
		}
		w.heal()
		wait(2 * time.Second)
		if alice.arrived != 0 || len(alice.lost) != 1 {
			t.Errorf("arrived up to %d, lost from %v", alice.arrived, alice.lost)
		}
	})
}

// Texts that are written after another link is open do not overtake texts that were lost
// with the one before.
func TestTextsWaitForTheirTurn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		w.change(func() { bob.tardy = true })
		w.kill()
		alice.phone.SendText("one")
		for wait(quietTime); !alice.linked(1); wait(100 * time.Microsecond) {
		}
		if alice.ask(func(s *session) bool { return s.link.acceptReceived }) {
			t.Fatal("the callee's accept is here")
		}
		alice.phone.SendText("two")
		wait(3 * time.Second)
		if got := bob.theirs(); got != "one two" {
			t.Errorf("bob has %q", got)
		}
	})
}

// SendAgain sends a lost text only to the friend for whom it was meant, and with its ID.
func TestSendAgain(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob, carol := w.user("alice"), w.user("bob"), w.user("carol")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		w.change(func() { w.cut = true })
		alice.phone.SendText("hello bob")
		wait(ReconnectTime + 2*lostTime)
		alice.expect(Ended, Network)
		lost := alice.texts[0]
		w.heal()
		alice.phone.SendAgain(bob.card.Identity, lost) // there is no call
		alice.phone.Dial(carol.card)
		wait(2 * time.Second)
		alice.expect(Connected, NoReason)
		alice.phone.SendAgain(bob.card.Identity, lost)
		wait(time.Second)
		alice.phone.HangUp()
		wait(2 * time.Second)
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.phone.SendAgain(bob.card.Identity, lost)
		wait(time.Second)
		if got := carol.theirs(); got != "" {
			t.Errorf("carol has %q", got)
		}
		if got := bob.theirs(); got != "hello bob" {
			t.Errorf("bob has %q", got)
		}
		if x := bob.texts[0]; x.ID != lost.ID || !x.Again || lost.Again || lost.ID == "" {
			t.Errorf("bob has %+v, lost was %+v", x, lost)
		}
		if alice.arrived != alice.texts[1].Number {
			t.Errorf("arrived up to %d of %d", alice.arrived, alice.texts[1].Number)
		}
	})
}

// A bucket refills at its rate even if it is used between two tokens.
func TestBucketKeepsItsRate(t *testing.T) {
	for _, step := range []time.Duration{1, 7, 99, 101, 150, 199} {
		b, now, taken := bucket{size: 10, every: 100}, time.Unix(1, 0), 0
		for at := time.Duration(0); at < 100_000; at += step {
			if b.take(now.Add(at)) {
				taken++
			}
		}
		if want := min(int(100_000/step)+1, 1009); taken < want-1 || taken > want+1 {
			t.Errorf("asked each %d, %d were taken, want %d", step, taken, want)
		}
	}
}
