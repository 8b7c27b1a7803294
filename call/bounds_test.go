package call

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pushcall/signaling"
)

// offerOf delivers one user's offer of a new call to another, and returns the offer.
func (w *world) offerOf(from, to *user) signaling.CallID {
	m := signaling.Message{Type: signaling.Offer, Call: signaling.NewCallID()}
	w.bring(from, to, m)
	wait(10 * time.Millisecond)
	return m.Call
}

func (w *world) cancelOf(from, to *user, id signaling.CallID) {
	w.bring(from, to, signaling.Message{Type: signaling.Cancel, Call: id})
	wait(10 * time.Millisecond)
}

// rung counts the calls that rang here.
func (u *user) rung() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	rung := map[signaling.CallID]bool{}
	for _, c := range u.calls {
		if c.State == Ringing && !c.Outgoing {
			rung[c.ID] = true
		}
	}
	return len(rung)
}

// A contact's call replaces a stranger's ringing call, and no other call.
func TestContactDisplacesStranger(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(alice, first, second *user)
		rings   int // of the first and the second
		first   State
		reason  Reason
	}{
		"a stranger's by a contact's":          {func(alice, _, second *user) { alice.knows(second) }, 2, Ended, Busy},
		"a stranger's by a stranger's":         {func(_, _, _ *user) {}, 1, Dialing, NoReason},
		"a contact's by a stranger's":          {func(alice, first, _ *user) { alice.knows(first) }, 1, Ringing, NoReason},
		"a contact's by a contact's":           {func(alice, first, second *user) { alice.knows(first, second) }, 1, Ringing, NoReason},
		"a stranger's that was answered":       {func(alice, _, second *user) { alice.knows(second); alice.auto = true }, 1, Connected, NoReason},
		"a stranger's, contacts only":          {func(alice, _, second *user) { alice.knows(second); alice.contactsOnly = true }, 1, Dialing, NoReason},
		"a stranger's by a contact's, in vain": {func(alice, _, second *user) { alice.knows(second); spend(alice, second) }, 1, Dialing, NoReason},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, first, second := w.user("alice"), w.user("first"), w.user("second")
				alice.auto = false
				test.prepare(alice, first, second)
				first.phone.Dial(alice.card)
				wait(time.Second)
				second.phone.Dial(alice.card)
				wait(time.Second)
				if got := alice.rung(); got != test.rings {
					t.Errorf("%d calls rang", got)
				}
				first.expect(test.first, test.reason)
				if test.rings == 2 && !alice.last().Known {
					t.Errorf("now it is %+v", alice.last())
				}
			})
		})
	}
}

// spend uses up a contact's rings.
func spend(u, contact *user) {
	u.phone.loop.Post(func() {
		for u.phone.allowanceOf(contact.card.Identity).rings.take(time.Now()) {
		}
	})
}

// Strangers share their bounds of rings, pushes and entries in the list, however many
// identities they make. A contact's call rings all the same.
func TestStrangersFlood(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, friend := w.user("alice"), w.user("friend")
		alice.auto = false
		alice.knows(friend)
		for i := range 5 * strangerRings {
			stranger := w.user(fmt.Sprint("stranger", i))
			w.cancelOf(stranger, alice, w.offerOf(stranger, alice))
		}
		if got := alice.rung(); got != strangerRings {
			t.Errorf("%d strangers' calls rang", got)
		}
		if got := w.pushed(); got != "" {
			t.Errorf("pushed %q", got)
		}
		for i := range 3 * strangerEntries { // of calls that nobody has heard of
			w.cancelOf(w.user(fmt.Sprint("another", i)), alice, signaling.NewCallID())
		}
		if got := len(alice.missed); got != strangerEntries {
			t.Errorf("%d entries", got)
		}
		w.offerOf(friend, alice)
		if c := alice.last(); c.State != Ringing || !c.Known || w.pushed() != "ringing" {
			t.Errorf("the contact's call is %+v, pushed %q", c, w.pushed())
		}
		wait(RingTime)
		wait(strangerRingEvery)
		w.offerOf(w.user("later"), alice)
		if got := alice.rung(); got != strangerRings+2 {
			t.Errorf("%d calls rang after a while", got)
		}
	})
}

// One contact's repeated offers stay within the bounds of pushes, peers and rings.
func TestContactFlood(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, friend := w.user("alice"), w.user("friend")
		alice.auto = false
		alice.knows(friend)
		begin := time.Now()
		most := func(burst int, every time.Duration) int { return burst + int(time.Since(begin)/every) }
		for range 3 * contactRings {
			w.cancelOf(friend, alice, w.offerOf(friend, alice))
		}
		if got := alice.rung(); got != most(contactRings, contactRingEvery) {
			t.Errorf("rang %d times", got)
		}
		if got := strings.Count(w.pushed(), "ringing"); got < contactPushes || got > most(contactPushes, contactPushEvery) || int(alice.peers) != got {
			t.Errorf("pushed %q, %d peers", w.pushed(), alice.peers)
		}
		for i := range 3 * contactChanges {
			friend.card.Name = fmt.Sprint(i)
			w.bring(friend, alice, signaling.Message{Type: signaling.CardChanged, Call: signaling.NewCallID()})
		}
		if c, _ := alice.contact(friend.card.Identity); c.Card.Name != fmt.Sprint(contactChanges-1) {
			t.Errorf("the last change taken was %q", c.Card.Name)
		}
		for range 3 * contactEntries {
			w.cancelOf(friend, alice, signaling.NewCallID())
		}
		if got := len(alice.missed); got > most(contactEntries, contactEntryEvery) {
			t.Errorf("%d entries", got)
		}
	})
}

// Answered calls use up no tokens, however many there are.
func TestAnsweredCallsAreNotCounted(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, friend, stranger := w.user("alice"), w.user("friend"), w.user("stranger")
		alice.knows(friend)
		for range 2 * contactRings {
			for _, u := range []*user{friend, stranger} {
				u.phone.Dial(alice.card)
				wait(300 * time.Millisecond)
				u.expect(Connected, NoReason)
				u.phone.HangUp()
				wait(300 * time.Millisecond)
			}
		}
	})
}

// A flood of strangers' messages does not make this phone forget a contact's.
func TestFloodForgetsNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, friend, stranger := w.user("alice"), w.user("friend"), w.user("stranger")
		alice.auto = false
		alice.knows(friend)
		id := signaling.NewCallID()
		w.cancelOf(friend, alice, id)
		for range maxRemembered + 10 {
			w.bring(stranger, alice, signaling.Message{Type: signaling.Cancel, Call: signaling.NewCallID()})
		}
		wait(10 * time.Millisecond)
		w.bring(friend, alice, signaling.Message{Type: signaling.Offer, Call: id})
		wait(10 * time.Millisecond)
		if got := alice.rung(); got > 0 {
			t.Error("a call rings that was cancelled before the flood")
		}
		alice.phone.loop.Post(func() {
			if got := len(alice.phone.memory.strangers.seen); got != maxRemembered {
				t.Errorf("%d messages are remembered", got)
			}
		})
		wait(time.Millisecond)
	})
}

// A call has maxRounds, however many its caller offers.
func TestRoundsAreBounded(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, friend := w.user("alice"), w.user("friend")
		alice.auto = false
		alice.knows(friend)
		id := w.offerOf(friend, alice)
		for round := 1; round <= 9; round++ {
			w.bring(friend, alice, signaling.Message{Type: signaling.Offer, Call: id, Round: round})
			wait(10 * time.Millisecond)
		}
		if alice.peers != maxRounds || w.pushed() != strings.TrimSpace(strings.Repeat("ringing ", maxCalleePushes)) {
			t.Errorf("%d peers, pushed %q", alice.peers, w.pushed())
		}
	})
}

// A contact with a successor has the allowance of the old identity.
func TestMovingIsCounted(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, friend := w.user("alice"), w.user("friend0")
		alice.knows(friend)
		for i := range 3 * contactChanges {
			next := w.user(fmt.Sprint("friend", i+1))
			s, err := signaling.Succeed(t.Context(), friend.signer, next.card.Identity)
			if err != nil {
				t.Fatal(err)
			}
			w.bring(next, alice, signaling.Message{Type: signaling.CardChanged, Call: signaling.NewCallID(), Card: &next.card, Succeeds: signaling.Chain{}.Append(s)})
			wait(10 * time.Millisecond)
			friend = next
		}
		if len(alice.drops) < 2*contactChanges || !errors.Is(alice.drops[0], ErrTooMany) {
			t.Errorf("dropped %v", alice.drops)
		}
	})
}

// After the person lets only contacts ring, a stranger whose call rings does not prolong it
// by offering anew.
func TestContactsOnlyWhileStrangerRings(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, stranger := w.user("alice"), w.user("stranger")
		alice.auto = false
		w.offerOf(stranger, alice)
		alice.contactsOnly = true
		w.offerOf(stranger, alice)
		if got := alice.rung(); got != 1 {
			t.Errorf("%d calls rang", got)
		}
	})
}

// Before this side's person has answered, a caller may send few in-band messages of any
// kind. More of them end the call.
func TestInBandFloodWhileRinging(t *testing.T) {
	for name, text := range map[string]func(i int) string{
		"media":  func(i int) string { return `{"type":"media","sends":"` + []string{"camera", "screen"}[i%2] + `"}` },
		"binary": func(int) string { return "" },
		"pings":  func(i int) string { return fmt.Sprintf(`{"type":"ping","got":%d}`, i) },
		"candidate": func(i int) string {
			return `{"type":"candidate","candidate":"candidate:1 1 udp 255 192.0.2.1 9 typ host","mid":"0"}`
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, friend := w.user("alice"), w.user("friend")
				alice.auto = false
				alice.knows(friend)
				added := 0
				w.fault = func(p *testPeer, step string) error {
					if p.user == alice && step == "AddICECandidate" {
						added++
					}
					return nil
				}
				friend.phone.Dial(alice.card)
				wait(time.Second)
				peer := friend.phone.session.link.peer
				before := len(alice.calls)
				for i := range 2 * ringingSignals {
					_ = peer.Send(text(i))
				}
				wait(time.Second)
				alice.expect(Ended, Protocol)
				if shown := len(alice.calls) - before; shown > ringingSignals+1 || added > maxCandidates+1 {
					t.Errorf("shown %d times, %d candidates added", shown, added)
				}
			})
		})
	}
}

func TestSignalSizes(t *testing.T) {
	for name, test := range map[string]struct {
		format string
		limit  int // of what %s stands for
	}{
		"candidate":   {`{"type":"candidate","candidate":"%s"}`, maxCandidateSize},
		"mid":         {`{"type":"candidate","mid":"%s"}`, maxCandidateSize},
		"description": {`{"type":"offer","sdp":"%s"}`, maxDescriptionSize},
		"all":         {`{"type":"ping","x":"%s"}`, maxSignalSize - len(`{"type":"ping","x":""}`)},
	} {
		for size, good := range map[int]bool{test.limit - 1: true, test.limit: true, test.limit + 1: false} {
			if _, err := parseSignal(fmt.Sprintf(test.format, strings.Repeat("x", size))); (err == nil) != good || !good && !errors.Is(err, ErrSignal) {
				t.Errorf("%s of %d octets: %v", name, size, err)
			}
		}
	}
}

// Of the candidates in a pushed description at most signaling.MaxCandidates are added, and
// none that could probe this side's network by TCP.
func TestCandidatesOfWholeDescription(t *testing.T) {
	const session = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=setup:actpass\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:data\r\n"
	tcp, udp := session, session
	for i := range 200 {
		tcp += fmt.Sprintf("a=candidate:1 1 tcp 255 10.0.%d.%d 22 typ host tcptype passive\n", i/256, i%256)
		udp += fmt.Sprintf("a=candidate:%d 1 udp 255 8.8.8.%d 9 typ host\n", i, i%256)
	}
	for sdp, want := range map[string]int{tcp: 0, udp: signaling.MaxCandidates} {
		d, err := signaling.Describe(sdp)
		if err != nil {
			t.Fatal(err)
		}
		peer := &addingPeer{testPeer: &testPeer{}}
		(&link{ctx: context.Background(), peer: peer}).addCandidates(d)
		if len(peer.events) != want {
			t.Errorf("%d candidates are added, want %d", len(peer.events), want)
		}
	}
}

// A contact who was called at another address than the stored one sends their card in-band
// once they have answered. A caller sends none.
func TestCardInBand(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, friend := w.user("alice"), w.user("friend")
		old := friend.card
		old.Subscription.AuthSecret[0]++
		alice.note(func() { alice.contacts[old.Identity] = Contact{Card: old, Name: "friend"} })
		friend.knows(alice)
		friend.auto = false
		alice.phone.Dial(friend.card)
		wait(time.Second)
		if c, _ := alice.contact(old.Identity); c.Card != old {
			t.Errorf("before the answer the stored card is %+v", c.Card)
		}
		friend.phone.Answer(friend.last().ID)
		wait(time.Second)
		alice.expect(Connected, NoReason)
		if c, _ := alice.contact(old.Identity); c.Card != friend.card {
			t.Errorf("the stored card is %+v", c.Card)
		}
		stored, _ := friend.contact(alice.card.Identity)
		other := alice.card
		other.Name = "from a caller"
		alice.phone.loop.Post(func() {
			alice.phone.session.send(signal{kind: signalCard, card: other, time: time.Now().Add(time.Second)})
		})
		wait(time.Second)
		if c, _ := friend.contact(alice.card.Identity); c != stored {
			t.Errorf("a caller has changed their card in-band: %+v", c)
		}
		future := friend.card
		future.Name = "from the future"
		friend.phone.loop.Post(func() {
			friend.phone.session.send(signal{kind: signalCard, card: future, time: time.Now().Add(time.Hour)})
		})
		wait(time.Second)
		if c, _ := alice.contact(old.Identity); c.Card != friend.card || slices.ContainsFunc(alice.drops, func(err error) bool { return errors.Is(err, ErrSignal) }) {
			t.Errorf("the stored card is %+v, dropped %v", c.Card, alice.drops)
		}
	})
}
