package app

import (
	"slices"
	"testing"
	"time"

	"pushcall/call"
)

// hears checks which tones were played since it was last asked.
func (t *tab) hears(what string, want ...Tone) {
	t.world.t.Helper()
	if got := t.view.played(); !slices.Equal(got, want) {
		t.world.t.Errorf("%s, %s: the tones %v were played, not %v", t.name, what, got, want)
	}
}

// TestTones listens to both sides of calls with each kind of end.
func TestTones(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.talk(bob)
		alice.hears("answered", CallingTone, RingBack, Silence)
		bob.hears("answered", RingTone, Silence)
		bob.Calls.HangUp()
		wait(time.Second)
		alice.hears("hung up", EndTone)
		bob.hears("hung up", EndTone)

		alice.dial(bob)
		bob.Calls.Decline(bob.view.last().ID)
		wait(time.Second)
		alice.hears("declined", CallingTone, RingBack, EndTone)
		bob.hears("declined", RingTone, Silence)

		alice.dial(bob)
		alice.Calls.HangUp()
		wait(time.Second)
		alice.hears("cancelled", CallingTone, RingBack, EndTone)
		bob.hears("cancelled", RingTone, Silence)

		alice.dial(bob)
		wait(call.RingTime)
		alice.hears("no answer", CallingTone, RingBack, EndTone)
		bob.hears("no answer", RingTone, Silence)

		bob.drop()
		alice.dial(bob)
		alice.expect(call.Ended)
		alice.hears("unreachable", CallingTone, EndTone)
	})
}

// TestRingBackIsTrue dials friends whose side does not tell that it rings.
func TestRingBackIsTrue(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		bob.prefers(Settings{RingTone: true})
		wait(time.Second)
		alice.dial(bob)
		bob.expect(call.Ringing)
		alice.hears("early connection is off", CallingTone)
		bob.answer()
		alice.hears("early connection is off", Silence)
		alice.Calls.HangUp()
		wait(time.Second)
		alice.hears("hung up", EndTone)

		bob.crash()
		alice.dial(bob)
		alice.hears("the page is closed", CallingTone)
		bob = bob.person.open()
		wait(time.Second)
		bob.expect(call.Ringing)
		bob.prefers(Settings{RingTone: true, Early: true})
		alice.Calls.HangUp()
		wait(time.Second)
		alice.dial(bob)
		alice.hears("the page is open again", EndTone, CallingTone, RingBack)
	})
}

func TestBusyTone(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		carol := w.person("Carol").open()
		carol.ready()
		alice.talk(bob)
		alice.view.played()
		if err := carol.Calls.Dial(t.Context(), string(bob.Line.Card().JSON()), false); err != nil {
			t.Fatal(err)
		}
		wait(time.Second)
		carol.expect(call.Ended)
		carol.hears("a stranger in a call", CallingTone, BusyTone)
		alice.hears("a stranger calls", []Tone{}...)
	})
}

// TestTonesOff turns the tones off before a call, and in the middle of a ring.
func TestTonesOff(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		quiet := Settings{Early: true}
		alice.prefers(quiet)
		alice.talk(bob)
		bob.prefers(quiet)
		bob.view.played()
		alice.Calls.HangUp()
		wait(time.Second)
		for _, side := range []*tab{alice, bob} {
			if slices.ContainsFunc(side.view.played(), func(tone Tone) bool { return tone != Silence }) {
				t.Errorf("%s hears tones", side.name)
			}
		}
	})
}

// prefers saves settings.
func (t *tab) prefers(s Settings) {
	t.world.t.Helper()
	if err := t.Preferences.SetSettings(t.ctx, s); err != nil {
		t.world.t.Fatal(err)
	}
}
