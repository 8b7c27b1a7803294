package call

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pushcall/signaling"
)

// The list is what the words' bits are counted by.
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
	a := party{newSigner(t).Public(), [][32]byte{{1}}}
	b := party{newSigner(t).Public(), [][32]byte{{2}}}
	words := safetyWords(a, b)
	if len(words) != SafetyWords || !slices.Equal(words, safetyWords(b, a)) {
		t.Errorf("%v to one, %v to the other", words, safetyWords(b, a))
	}
	for name, other := range map[string][]string{
		"another identity":     safetyWords(party{newSigner(t).Public(), a.fingerprints}, b),
		"another certificate":  safetyWords(a, party{b.identity, [][32]byte{{3}}}),
		"certificates change":  safetyWords(party{a.identity, b.fingerprints}, party{b.identity, a.fingerprints}),
		"one certificate more": safetyWords(a, party{b.identity, [][32]byte{{2}, {3}}}),
	} {
		if slices.Equal(words, other) {
			t.Errorf("%s: the same words", name)
		}
	}
	if got := groups([]byte{0xff, 0xc0, 0x0f, 0xff, 0xff, 0xff, 0xff, 0xf0}); got != [SafetyWords]uint16{0x3ff, 0, 0x3ff, 0x3ff, 0x3ff, 0x3ff} {
		t.Errorf("groups %x", got)
	}
}

// Both people read the same words, other words after the connection was made
// anew, and none without one.
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
		wait(2 * farewellTime)
		if _, err := alice.phone.SafetyWords(t.Context()); !errors.Is(err, ErrNotConnected) {
			t.Errorf("after the call: %v", err)
		}
	})
}

// Somebody who sits between has two connections, and two people who read
// different words.
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

func TestSafetyWordsFail(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		w.mu.Lock()
		for _, p := range w.peers {
			p.remote.SDP = strings.ReplaceAll(p.remote.SDP, "sha-256", "sha-1")
		}
		w.mu.Unlock()
		if words, err := alice.phone.SafetyWords(t.Context()); !errors.Is(err, signaling.ErrDescription) || words != nil {
			t.Errorf("%v, %v with a hash that is none of ours", words, err)
		}
	})
}
