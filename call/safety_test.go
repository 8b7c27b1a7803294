package call

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pushcall/signaling"
)

// The list has 1024 different words, so that each word stands for ten bits.
func TestSafetyList(t *testing.T) {
	list := strings.Fields(safetyList)
	if len(list) != 1<<10 || !slices.IsSorted(list) {
		t.Fatalf("%d words, sorted: %v", len(list), slices.IsSorted(list))
	}
	beginnings := map[string]string{}
	for _, word := range list {
		if len(word) < 3 || len(word) > 6 || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") != "" {
			t.Errorf("%q is no short word", word)
		}
		beginning := word[:min(4, len(word))]
		if other, found := beginnings[beginning]; found {
			t.Errorf("%q begins like %q", word, other)
		}
		beginnings[beginning] = word
	}
}

func TestSafetyWordsOf(t *testing.T) {
	a, b, x := party{newSigner(t).Public(), [32]byte{1}}, party{newSigner(t).Public(), [32]byte{2}}, secret{3}
	words := safetyWords(a, b, x)
	if len(words) != SafetyWords || !slices.Equal(words, safetyWords(b, a, x)) {
		t.Errorf("%v to one, %v to the other", words, safetyWords(b, a, x))
	}
	for name, other := range map[string][]string{
		"another identity":    safetyWords(party{newSigner(t).Public(), a.certificate}, b, x),
		"another certificate": safetyWords(a, party{b.identity, [32]byte{4}}, x),
		"certificates change": safetyWords(party{a.identity, b.certificate}, party{b.identity, a.certificate}, x),
		"another secret":      safetyWords(a, b, secret{4}),
	} {
		if slices.Equal(words, other) {
			t.Errorf("%s: the same words", name)
		}
	}
	if got := groups([]byte{0xff, 0xc0, 0x0f, 0xff, 0xff, 0xff, 0xff, 0xf0}); got != [SafetyWords]uint16{0x3ff, 0, 0x3ff, 0x3ff, 0x3ff, 0x3ff} {
		t.Errorf("groups %x", got)
	}
}

// Both people see the same words. A new connection has other words. Without a connection
// there are none.
func TestSafetyWords(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		read := func() []string {
			t.Helper()
			words, err := alice.phone.SafetyWords(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if theirs, err := bob.phone.SafetyWords(t.Context()); err != nil || !slices.Equal(words, theirs) {
				t.Fatalf("%v here, %v there: %v", words, theirs, err)
			}
			return words
		}
		if words, err := alice.phone.SafetyWords(t.Context()); !errors.Is(err, ErrNotConnected) || words != nil {
			t.Errorf("%v, %v without a call", words, err)
		}
		alice.phone.Dial(bob.card)
		wait(time.Second)
		first := read()
		w.kill() // the path is lost, and a new peer connection takes its place
		wait(quietTime + ReconnectTime/2)
		alice.expect(Connected, NoReason)
		if again := read(); slices.Equal(first, again) {
			t.Errorf("%v over another connection", again)
		}
		alice.phone.HangUp()
		wait(2 * byeTime)
		if _, err := alice.phone.SafetyWords(t.Context()); !errors.Is(err, ErrNotConnected) {
			t.Errorf("after the call: %v", err)
		}
	})
}

// With an attacker in the middle, who has two connections, the two people see different
// words.
func TestSafetyWordsBetween(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, mallory, bob, malloryToo := w.user("alice"), w.user("mallory"), w.user("bob"), w.user("mallory-too")
		alice.phone.Dial(mallory.card)
		malloryToo.phone.Dial(bob.card)
		wait(time.Second)
		one, err := alice.phone.SafetyWords(t.Context())
		other, otherErr := bob.phone.SafetyWords(t.Context())
		if err != nil || otherErr != nil || slices.Equal(one, other) {
			t.Errorf("%v, %v; %v, %v", one, err, other, otherErr)
		}
	})
}

// A call whose caller reveals no secret, as in an earlier version, has no words. A call whose
// caller reveals another secret than the call's id commits to ends.
func TestSecretOfCaller(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*session)
		words  bool
		state  State
	}{
		"the secret":          {func(*session) {}, true, Connected},
		"of another call":     {func(s *session) { _, s.secrets = newSecrets() }, false, Ended},
		"of the next round":   {func(s *session) { s.secrets[0] = s.secrets[1] }, false, Ended},
		"of an earlier round": {func(s *session) { s.secrets[0] = s.secrets[0].hash() }, false, Ended},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				alice.phone.Dial(bob.card)
				alice.phone.loop.Post(func() { test.change(alice.phone.session) })
				wait(time.Second)
				if c := bob.last(); c.State != test.state || c.State == Ended && (c.Reason != Protocol || !errors.Is(c.Err, ErrSignal)) {
					t.Errorf("the callee's call is %v: %v, %v", c.State, c.Reason, c.Err)
				}
				if words, err := bob.phone.SafetyWords(t.Context()); (err == nil) != test.words || (words != nil) != test.words {
					t.Errorf("%v, %v", words, err)
				}
			})
		})
	}
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		w.fault = func(p *testPeer, step string) error {
			if p.user == alice && step == "Send" {
				return errState
			}
			return nil
		}
		alice.phone.Dial(bob.card)
		wait(time.Second)
		if words, err := bob.phone.SafetyWords(t.Context()); !errors.Is(err, ErrNotConnected) || words != nil {
			t.Errorf("%v, %v of a caller who reveals nothing", words, err)
		}
	})
}

// A secret that a callee sends ends the call.
func TestSecretOfCallee(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		bob.phone.loop.Post(func() {
			s := bob.phone.session
			s.send(signal{kind: signalSecret, secret: s.link.secret})
		})
		wait(time.Second)
		alice.expect(Ended, Protocol)
	})
}

func TestSecrets(t *testing.T) {
	id, secrets := newSecrets()
	other, _ := newSecrets()
	if id == other {
		t.Fatal("two calls with one id")
	}
	for round, x := range secrets {
		for r := range secrets {
			if x.opens(id, r) != (r == round) || x.opens(other, r) {
				t.Errorf("secret %d opens round %d: %v", round, r, x.opens(id, r))
			}
		}
		if read, err := parseSecret(x.String()); err != nil || read != x {
			t.Errorf("%v, %v", read, err)
		}
	}
	for _, text := range []string{"", "AAAA", strings.Repeat("A", 42), strings.Repeat("A", 42) + "B", strings.Repeat("A", 44), strings.Repeat("=", 43)} {
		if x, err := parseSecret(text); !errors.Is(err, ErrSignal) || x != (secret{}) {
			t.Errorf("%q is %v, %v", text, x, err)
		}
	}
}

// A description in-band without a certificate is dropped.
func TestCertificateMissing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		before, _ := bob.phone.session.link.peer.LocalDescription()
		alice.phone.loop.Post(func() {
			alice.phone.session.send(signal{kind: signalOffer, sdp: strings.ReplaceAll(before.SDP, "a=fingerprint", "a=x")})
		})
		wait(time.Second)
		bob.expect(Connected, NoReason)
		after, _ := bob.phone.session.link.peer.LocalDescription()
		if len(bob.drops) != 1 || !errors.Is(bob.drops[0], signaling.ErrNoFingerprint) || after != before {
			t.Errorf("dropped %v", bob.drops)
		}
	})
}

// An in-band description with another certificate than the pushed one, or with an additional
// one, ends the call: the peers must not connect with a certificate that is not in the
// words.
func TestCertificatePinned(t *testing.T) {
	another := strings.Repeat("AB:", 31) + "AB"
	for name, change := range map[string]func(sdp string) string{
		"another": func(sdp string) string {
			i := strings.Index(sdp, "sha-256 ") + len("sha-256 ")
			return sdp[:i] + another + sdp[i+len(another):]
		},
		"one more": func(sdp string) string { return sdp + "a=fingerprint:sha-256 " + another + "\r\n" },
		"one in a section": func(sdp string) string {
			return sdp + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=fingerprint:sha-256 " + another + "\r\n"
		},
		"another hash": func(sdp string) string { return sdp + "a=fingerprint:sha-1 " + another[:59] + "\r\n" },
		"in capitals":  func(sdp string) string { return sdp + "a=FINGERPRINT:sha-256 " + another + "\r\n" },
	} {
		for _, byCaller := range []bool{true, false} {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				alice.phone.Dial(bob.card)
				wait(time.Second)
				from, to := alice, bob
				if !byCaller {
					from, to = bob, alice
				}
				from.phone.loop.Post(func() {
					local, err := from.phone.session.link.peer.LocalDescription()
					if err != nil {
						t.Error(err)
					}
					from.phone.session.send(signal{kind: signalOffer, sdp: change(local.SDP)})
				})
				wait(time.Second)
				if c := to.last(); c.State != Ended || c.Reason != Protocol || !errors.Is(c.Err, errCertificate) {
					t.Errorf("%s, by the caller: %v: the call is %v: %v, %v", name, byCaller, c.State, c.Reason, c.Err)
				}
			})
		}
	}
}

// A caller may reveal the secret again. Callers of SafetyWords have the words by then.
func TestSecretAgain(t *testing.T) {
	talking(t, func(t *testing.T, w *world, alice, bob *user) {
		l := alice.phone.session.link
		for range 3 {
			l.send(signal{kind: signalSecret, secret: l.secret})
		}
		wait(time.Second)
		alice.expect(Connected, NoReason)
		words, err := bob.phone.SafetyWords(t.Context())
		if err != nil || len(words) != SafetyWords || len(bob.drops) > 0 {
			t.Errorf("words %v, %v; dropped %v", words, err, bob.drops)
		}
	})
}
