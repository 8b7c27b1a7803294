package call

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// inWorld runs a test in virtual time; the bubble fails it if a goroutine is left.
func inWorld(t *testing.T, f func(t *testing.T, w *world)) {
	synctest.Test(t, func(t *testing.T) { f(t, newWorld(t)) })
}

func TestCall(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.expect(Connected, NoReason)
		bob.expect(Connected, NoReason)
		if got, want := alice.states(), "dialing connecting connected"; got != want {
			t.Errorf("caller saw %q, want %q", got, want)
		}
		if got, want := bob.states(), "ringing connecting connected"; got != want {
			t.Errorf("callee saw %q, want %q", got, want)
		}
		if c := bob.last(); c.Outgoing || c.Remote != alice.card || c.Since.IsZero() {
			t.Errorf("callee's call is %+v", c)
		}

		alice.phone.SendText("hello\n\"bob\"")
		wait(time.Second)
		bob.phone.SendText("hello alice")
		wait(time.Second)
		for _, u := range []*user{alice, bob} {
			var lines []string
			for _, text := range u.texts {
				lines = append(lines, fmt.Sprint(text.Mine == (u == alice), " ", text.Text))
			}
			if got, want := strings.Join(lines, "|"), "true hello\n\"bob\"|false hello alice"; got != want {
				t.Errorf("%s has the texts %q, want %q", u.card.Name, got, want)
			}
		}

		bob.phone.HangUp()
		wait(2 * time.Second)
		alice.expect(Ended, HungUp)
		bob.expect(Ended, HungUp)
		if got, want := w.pushed(), "offer answer"; got != want {
			t.Errorf("pushed %q, want %q", got, want)
		}
		if len(alice.drops)+len(bob.drops) > 0 {
			t.Errorf("dropped: %v %v", alice.drops, bob.drops)
		}

		bob.phone.Dial(alice.card) // a phone can be used again
		wait(time.Second)
		alice.expect(Connected, NoReason)
	})
}

// OnHurry's context lasts while a person waits for the other side: until the offer is
// pushed, until its reply is pushed, and until the channel opens.
func TestHurry(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		bob.knows(alice)
		bob.auto = false
		alice.gather = []Candidate{} // so that the offer waits for the limit
		alice.phone.Dial(bob.card)
		wait(time.Second)
		if hurries := alice.hurried(); len(hurries) != 1 || hurries[0].Err() != nil {
			t.Fatalf("while the caller gathers there are %d hurries", len(hurries))
		}
		wait(5 * time.Second)
		bob.expect(Ringing, NoReason)
		a, b := alice.hurried(), bob.hurried()
		if len(a) != 2 || len(b) != 1 {
			t.Errorf("the caller has been in %d hurries, want 2; the callee in %d, want 1", len(a), len(b))
		}
		for _, hurry := range append(a, b...) {
			if hurry.Err() == nil {
				t.Error("there is a hurry though the channel is open")
			}
		}
	})
}

// An offer whose answer could not arrive is not pushed.
func TestNotReady(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.unready = errors.New("no subscription")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.expect(Ended, Protocol)
		if err := alice.last().Err; !errors.Is(err, ErrNotReady) || !errors.Is(err, alice.unready) {
			t.Errorf("it ended for %v", err)
		}
		if got := w.pushed(); got != "" {
			t.Errorf("pushed %q", got)
		}
		if alice.hurried()[0].Err() == nil {
			t.Error("there is a hurry though the call is over")
		}
	})
}

// Nor is it if Config.Ready does not return within readyTime, which is shorter than a ring.
func TestUnsure(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.unready = errUnsure
		alice.phone.Dial(bob.card)
		wait(readyTime + time.Second)
		alice.expect(Ended, Protocol)
		if err := alice.last().Err; !errors.Is(err, ErrNotReady) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it ended for %v", err)
		}
	})
}

// A friend who calls meanwhile is answered, since the answer can reach them.
func TestNotReadyButCalled(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		if polite(alice.card.Identity, bob.card.Identity) { // whose own offer gives way
			alice, bob = bob, alice
		}
		alice.knows(bob)
		bob.knows(alice)
		alice.unready = errUnsure
		alice.phone.Dial(bob.card)
		wait(time.Second)
		bob.phone.Dial(alice.card)
		wait(readyTime + time.Second)
		alice.expect(Connected, NoReason)
		bob.expect(Connected, NoReason)
	})
}

func TestPlainSubscription(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(signaling.Card{Subscription: bob.card.Subscription})
		wait(time.Second)
		alice.expect(Connected, NoReason)
		if got := alice.last().Remote.Identity; got != bob.card.Identity {
			t.Errorf("caller took %v for the callee, want %v", got, bob.card.Identity)
		}
	})
}

func TestBothDial(t *testing.T) {
	for _, delay := range []time.Duration{0, time.Millisecond, 10 * time.Millisecond, 19 * time.Millisecond} {
		for _, plain := range []bool{false, true} {
			t.Run(fmt.Sprint(delay, plain), func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					alice, bob := w.user("alice"), w.user("bob")
					toAlice := alice.card
					if plain {
						toAlice.Identity = webpush.PublicKey{}
					}
					alice.phone.Dial(bob.card)
					time.Sleep(delay)
					bob.phone.Dial(toAlice)
					wait(time.Second)
					alice.expect(Connected, NoReason)
					bob.expect(Connected, NoReason)
					if alice.last().Outgoing == bob.last().Outgoing {
						t.Error("both sides have the same direction")
					}
					if got, want := w.pushed(), "offer offer answer"; got != want {
						t.Errorf("pushed %q, want %q", got, want)
					}
				})
			})
		}
	}
}

// In an offer collision an offer that arrives after the answer changes nothing.
func TestLateOffer(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		if polite(alice.card.Identity, bob.card.Identity) {
			alice, bob = bob, alice // bob is the one who yields
		}
		alice.away = true
		alice.phone.Dial(bob.card)
		bob.phone.Dial(alice.card)
		wait(10 * time.Millisecond) // both offers are under way
		var late []byte
		alice.note(func() { late, alice.away = alice.payload[0], false })
		wait(time.Second)
		alice.expect(Connected, NoReason)
		alice.phone.Deliver(late)
		wait(time.Second)
		alice.expect(Connected, NoReason)
		if len(alice.drops) != 1 || !errors.Is(alice.drops[0], ErrSuperseded) {
			t.Errorf("dropped %v, want %v", alice.drops, ErrSuperseded)
		}
	})
}

func TestNoAnswer(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		bob.fail = func(signaling.Message) error { return ErrUndelivered } // bob's answer never leaves
		alice.phone.Dial(bob.card)
		wait(RingTime - time.Second)
		alice.expect(Dialing, NoReason)
		bob.expect(Ended, Undelivered)
		wait(2 * time.Second)
		alice.expect(Ended, NoAnswer)
		if got, want := w.pushed(), "offer cancel"; got != want {
			t.Errorf("pushed %q, want %q", got, want)
		}
	})
}

func TestBusy(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob, carol := w.user("alice"), w.user("bob"), w.user("carol")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		carol.phone.Dial(bob.card)
		wait(time.Second)
		carol.expect(Ended, Busy)
		alice.expect(Connected, NoReason)
		bob.expect(Connected, NoReason)
	})
}

func TestHangUpEarly(t *testing.T) {
	for _, test := range []struct {
		name           string
		at             time.Duration
		callee         bool
		caller, called Reason
		pushed         string
	}{
		{"before the offer left", 0, false, Cancelled, NoReason, ""},
		{"before the answer came", pushTime + 10*time.Millisecond, false, Cancelled, Cancelled, "offer answer cancel"},
		{"while connecting", 2*pushTime + 20*time.Millisecond, false, Cancelled, Cancelled, "offer answer cancel"},
		{"callee while connecting", 2*pushTime + 20*time.Millisecond, true, Declined, Declined, "offer answer decline"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				w.cut = true
				alice.phone.Dial(bob.card)
				if test.at > 0 {
					wait(test.at)
				}
				if test.callee {
					bob.phone.HangUp()
				} else {
					alice.phone.HangUp()
				}
				wait(time.Second)
				alice.expect(Ended, test.caller)
				if test.called == NoReason {
					bob.expect(Idle, NoReason)
				} else {
					bob.expect(Ended, test.called)
				}
				if got := w.pushed(); got != test.pushed {
					t.Errorf("pushed %q, want %q", got, test.pushed)
				}
			})
		})
	}
}

func TestPushFails(t *testing.T) {
	for _, test := range []struct {
		err  error
		want Reason
	}{
		{webpush.CheckResponse(404, "", time.Now()), Unreachable},
		{webpush.CheckResponse(410, "", time.Now()), Unreachable},
		{webpush.CheckResponse(401, "", time.Now()), Refused},
		{webpush.CheckResponse(403, "", time.Now()), Refused},
		{webpush.CheckResponse(413, "", time.Now()), Refused},
		{webpush.CheckResponse(429, "90", time.Now()), TooMany},
		{webpush.CheckResponse(503, "", time.Now()), Undelivered},
		{fmt.Errorf("no relay: %w", ErrUndelivered), Undelivered},
		{webpush.ErrSubject, Unnamed},
		{fmt.Errorf("push offer: %w", fmt.Errorf("%w: Apple wants one", webpush.ErrSubject)), Unnamed},
		{ErrUncarried, Uncarried},
		{fmt.Errorf("%w: %w", ErrUncarried, fmt.Errorf("%w: no relay works", ErrUndelivered)), Uncarried},
		{errors.New("something else"), Protocol},
	} {
		t.Run(test.want.String(), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				alice.fail = func(signaling.Message) error { return test.err }
				alice.phone.Dial(bob.card)
				wait(time.Second)
				alice.expect(Ended, test.want)
				if got := alice.last().Err; !errors.Is(got, test.err) {
					t.Errorf("the cause is %v, want %v", got, test.err)
				}
			})
		})
	}
}

func TestStoredReasons(t *testing.T) {
	for r := range Reason(len(reasonNames)) {
		if got, err := StoredReason(int64(r)); got != r || err != nil {
			t.Errorf("%v is read as %v, %v", r, got, err)
		}
	}
	for _, number := range []int64{-1, int64(len(reasonNames)), 256, 1 << 40} {
		if got, err := StoredReason(number); err == nil {
			t.Errorf("%d is read as %v", number, got)
		}
	}
}

// IsUnasked is true for pushes to somebody whom the person has neither called nor answered.
func TestUnasked(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob, carol := w.user("alice"), w.user("bob"), w.user("carol")
		bob.auto = false
		told := map[signaling.Type]bool{}
		w.carry = func(p push) error {
			w.mu.Lock()
			told[p.message.Type] = IsUnasked(p.ctx)
			w.mu.Unlock()
			return w.deliver(p)
		}
		alice.phone.Dial(bob.card)
		wait(time.Second)
		carol.phone.Dial(bob.card) // while alice rings
		wait(time.Second)
		bob.phone.Decline(bob.last().ID)
		wait(time.Second)
		alice.phone.Dial(bob.card)
		wait(time.Second)
		bob.phone.Answer(bob.last().ID)
		wait(time.Second)
		alice.expect(Connected, NoReason)
		want := map[signaling.Type]bool{signaling.Offer: false, signaling.Busy: true, signaling.Decline: true, signaling.Answer: false}
		if !maps.Equal(told, want) {
			t.Errorf("unasked is %v, want %v", told, want)
		}
	})
}

func TestNoPath(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		w.cut = true
		alice.phone.Dial(bob.card)
		wait(ConnectTime - time.Second)
		alice.expect(Connecting, NoReason)
		wait(2 * time.Second)
		alice.expect(Ended, Network)
		bob.expect(Ended, Network)
		if got, want := w.pushed(), "offer answer"; got != want {
			t.Errorf("pushed %q, want %q", got, want)
		}
	})
}

// A failed peer does not end the call before the caller has the answer.
func TestFailsTooEarly(t *testing.T) {
	for _, at := range []time.Duration{pushTime / 2, pushTime * 3 / 2} { // the offer is under way, the answer is
		inWorld(t, func(t *testing.T, w *world) {
			alice, bob := w.user("alice"), w.user("bob")
			alice.phone.Dial(bob.card)
			wait(at)
			w.state(PeerFailed)
			wait(time.Second)
			alice.expect(Connected, NoReason)
			bob.expect(Connected, NoReason)
		})
	}
}

func TestFails(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		w.cut = true
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.expect(Connecting, NoReason)
		w.state(PeerFailed)
		wait(time.Second)
		alice.expect(Ended, Network)
	})
}

func TestReconnect(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		w.state(PeerDisconnected)
		wait(time.Second)
		for _, u := range []*user{alice, bob} {
			u.expect(Connected, NoReason)
			if !strings.HasSuffix(u.states(), "connected reconnecting connected") {
				t.Errorf("%s saw %q", u.card.Name, u.states())
			}
			if len(u.drops) > 0 {
				t.Errorf("%s dropped %v", u.card.Name, u.drops)
			}
		}
		w.state(PeerFailed) // beyond repair: another peer connection, by push
		wait(2 * time.Second)
		alice.expect(Connected, NoReason)
		bob.expect(Connected, NoReason)
		alice.phone.SendText("still there?")
		wait(time.Second)
		if len(bob.texts) != 1 {
			t.Errorf("bob has the texts %v", bob.texts)
		}
		w.kill()
		w.state(PeerFailed) // that was the second offer: a call pushes no third, and waits
		wait(2 * time.Second)
		alice.expect(Reconnecting, NoReason)
		bob.expect(Reconnecting, NoReason)
		wait(ReconnectTime)
		alice.expect(Ended, Network)
		bob.expect(Ended, Network)
		if got, want := w.pushed(), "offer answer offer answer cancel"; got != want {
			t.Errorf("pushed %q, want %q", got, want)
		}
	})
}

// A friend whose page was reloaded during a call calls again, and their call rings.
func TestRedial(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		reloaded := w.user("reloaded")
		reloaded.phone.Close()
		reloaded.signer, reloaded.card = alice.signer, alice.card
		config := alice.phone.config
		config.OnCall = func(c Call) { reloaded.note(func() { reloaded.calls = append(reloaded.calls, c) }) }
		config.NewPeer = func(events PeerEvents) (Peer, error) { return w.newPeer(reloaded, events), nil }
		reloaded.phone = newPhone(config)
		t.Cleanup(reloaded.phone.Close)
		w.lines[alice.card.Subscription.UAPublic] = reloaded
		reloaded.phone.Dial(bob.card)
		wait(time.Second)
		reloaded.expect(Connected, NoReason)
		bob.expect(Connected, NoReason)
	})
}

func TestDropped(t *testing.T) {
	seal := func(from, to *user, m signaling.Message) []byte {
		payload, err := m.Seal(context.Background(), from.signer, to.card.Subscription.UAPublic)
		if err != nil {
			from.world.t.Fatal(err)
		}
		return payload
	}
	offer := func(u *user) signaling.Message {
		return signaling.Message{Type: signaling.Offer, Call: signaling.NewCallID(), Time: time.Now(), Card: &u.card,
			Description: &signaling.Description{ICEUfrag: "ufrag", ICEPwd: "passwordpasswordpassword"}}
	}
	for _, test := range []struct {
		name  string
		bring func(alice, bob *user) []byte
		want  error
	}{
		{"garbage", func(alice, bob *user) []byte { return []byte("hello") }, signaling.ErrSyntax},
		{"for somebody else", func(alice, bob *user) []byte { return seal(alice, alice, offer(alice)) }, signaling.ErrSignature},
		{"own", func(alice, bob *user) []byte { return seal(bob, bob, offer(bob)) }, ErrOwn},
		{"stale", func(alice, bob *user) []byte {
			m := offer(alice)
			m.Time = m.Time.Add(-RingTime - signaling.ClockSkew - time.Second)
			return seal(alice, bob, m)
		}, signaling.ErrStale},
		{"from the future", func(alice, bob *user) []byte {
			m := offer(alice)
			m.Time = m.Time.Add(signaling.ClockSkew + time.Second)
			return seal(alice, bob, m)
		}, signaling.ErrFuture},
		{"without a card", func(alice, bob *user) []byte {
			m := offer(alice)
			m.Card = nil
			return seal(alice, bob, m)
		}, ErrNoCard},
		{"answer to no call", func(alice, bob *user) []byte {
			m := offer(alice)
			m.Type, m.Card, m.Description.Setup = signaling.Answer, nil, signaling.Active
			return seal(alice, bob, m)
		}, ErrWrongCall},
		{"cancel of no call", func(alice, bob *user) []byte {
			return seal(alice, bob, signaling.Message{Type: signaling.Cancel, Call: signaling.NewCallID(), Time: time.Now()})
		}, ErrWrongCall},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				bob.phone.Deliver(test.bring(alice, bob))
				wait(time.Second)
				bob.expect(Idle, NoReason)
				if len(bob.drops) != 1 || !errors.Is(bob.drops[0], test.want) {
					t.Errorf("dropped %v, want %v", bob.drops, test.want)
				}
			})
		})
	}
}

// A cancel may arrive before its offer, since push services may reorder messages.
func TestCancelFirst(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		bob.away = true
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.phone.HangUp()
		wait(time.Second)
		if got, want := w.pushed(), "offer cancel"; got != want {
			t.Fatalf("pushed %q, want %q", got, want)
		}
		bob.phone.Deliver(bob.payload[1])
		bob.phone.Deliver(bob.payload[0])
		wait(time.Second)
		bob.expect(Idle, NoReason)
		if len(bob.drops) != 2 || !errors.Is(bob.drops[1], ErrCancelled) {
			t.Errorf("dropped %v, want %v", bob.drops, ErrCancelled)
		}
	})
}

func TestReplay(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.phone.HangUp()
		wait(time.Second)
		bob.expect(Ended, HungUp)
		bob.phone.Deliver(bob.payload[0])
		wait(time.Second)
		bob.expect(Ended, HungUp)
		if len(bob.drops) != 1 || !errors.Is(bob.drops[0], ErrReplay) {
			t.Errorf("dropped %v, want %v", bob.drops, ErrReplay)
		}
	})
}

// Somebody who knows the call's id, but was not called, cannot answer.
func TestForgedAnswer(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob, mallory := w.user("alice"), w.user("bob"), w.user("mallory")
		bob.fail = func(signaling.Message) error { return ErrUndelivered }
		alice.phone.Dial(bob.card)
		wait(time.Second)
		offer, err := signaling.Open(context.Background(), bob.payload[0], bob.card.Subscription.UAPublic, webpush.Verify)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []signaling.Type{signaling.Answer, signaling.Busy, signaling.Decline} {
			m := signaling.Message{Type: kind, Call: offer.Call, Time: time.Now()}
			if kind == signaling.Answer {
				m.Description = offer.Description
				m.Description.Setup = signaling.Active
			}
			payload, err := m.Seal(context.Background(), mallory.signer, alice.card.Subscription.UAPublic)
			if err != nil {
				t.Fatal(err)
			}
			alice.phone.Deliver(payload)
			wait(time.Second)
			alice.expect(Dialing, NoReason)
		}
		if len(alice.drops) != 3 {
			t.Errorf("dropped %v", alice.drops)
		}
	})
}

// Of the odd in-band messages only a bye ends the call.
func TestOddSignals(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		peer := alice.phone.session.link.peer
		for _, text := range []string{"", "{", `{"type":"offer"}`, `{"type":"offer","sdp":"v=0"}`, `{"type":"answer","sdp":"v=0"}`,
			`{"type":"candidate"}`, `{"type":"text"}`, `{"type":"text","text":"` + strings.Repeat("a", MaxText+1) + `"}`, `{"type":"none"}`} {
			if err := peer.Send(text); err != nil {
				t.Fatal(err)
			}
			wait(time.Second)
			bob.expect(Connected, NoReason)
		}
		if len(bob.texts) > 0 {
			t.Errorf("got the texts %v", bob.texts)
		}
	})
}

// A flood of texts ends the call, and both sides get the cause.
func TestFlood(t *testing.T) {
	for _, test := range []struct {
		texts  int
		state  State
		reason Reason
	}{{textBurst, Connected, NoReason}, {textBurst + 1, Ended, Protocol}, {10 * textBurst, Ended, Protocol}} {
		inWorld(t, func(t *testing.T, w *world) {
			alice, bob := w.user("alice"), w.user("bob")
			alice.phone.Dial(bob.card)
			wait(time.Second)
			flood(alice, test.texts)
			wait(time.Second)
			bob.expect(test.state, test.reason)
			alice.expect(test.state, test.reason)
			if test.state == Ended && (bob.last().Err != ErrFlood || alice.last().Err != ErrFlooded) {
				t.Errorf("bob is told %v, alice %v", bob.last().Err, alice.last().Err)
			}
			if got := len(bob.texts); got > textBurst {
				t.Errorf("%d texts were taken", got)
			}
		})
	}
}

// flood sends texts from a user's page without a phone's limits.
func flood(u *user, texts int) {
	u.phone.loop.Post(func() {
		peer := u.phone.session.link.peer
		for i := range texts {
			_ = peer.Send(signal{kind: signalText, text: "flood", number: 1 + i}.format()) // it fails from when they have hung up
		}
	})
}

// Of the messages before the ChannelOpen event either all are handled, or the call ends.
func TestFloodBeforeOpen(t *testing.T) {
	for _, test := range []struct {
		texts  int
		state  State
		reason Reason
	}{{textBurst, Connected, NoReason}, {2 * signalBurst, Ended, Protocol}} {
		inWorld(t, func(t *testing.T, w *world) {
			alice, bob := w.user("alice"), w.user("bob")
			alice.phone.Dial(bob.card)
			wait(time.Second)
			w.change(func() { alice.tardy = true })
			w.kill()
			for wait(quietTime); !bob.linked(1); wait(time.Millisecond) {
			}
			flood(bob, test.texts)
			wait(2 * lostTime)
			alice.expect(test.state, test.reason)
			if test.state == Connected && len(alice.texts) != test.texts {
				t.Errorf("%d of %d texts were read", len(alice.texts), test.texts)
			}
		})
	}
}

// linked reports whether a user's channel of a round is open.
func (u *user) linked(round int) bool {
	return u.ask(func(s *session) bool { return s != nil && s.round == round && s.inBand() })
}

// ask calls a function with a user's session, on the phone's loop.
func (u *user) ask(what func(s *session) bool) (answer bool) {
	u.phone.loop.Post(func() { answer = what(u.phone.session) })
	synctest.Wait()
	return answer
}

// A flood of other signals ends the call, too.
func TestFloodOfSignals(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		peer := alice.phone.session.link.peer
		for range 2 * signalBurst {
			_ = peer.Send("{") // it fails from when they have hung up
		}
		wait(time.Second)
		bob.expect(Ended, Protocol)
		if got := len(bob.drops); got > signalBurst+int(time.Second/signalEvery) {
			t.Errorf("%d signals were dropped", got)
		}
	})
}

func TestTextTooLong(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.SendText("nobody is there")
		wait(time.Millisecond)
		if fmt.Sprint(alice.unsent) != "[nobody is there]" {
			t.Errorf("unsent are %q", alice.unsent)
		}
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.phone.SendText(strings.Repeat("a", MaxText))
		alice.phone.SendText(strings.Repeat("a", MaxText+1))
		wait(time.Second)
		if len(bob.texts) != 1 || len(alice.texts) != 1 || len(alice.drops) != 1 || !errors.Is(alice.drops[0], ErrTextTooLong) {
			t.Errorf("got %d texts, sent %d, dropped %v", len(bob.texts), len(alice.texts), alice.drops)
		}
	})
}

// A panic in the phone ends the call, not the program.
func TestPanic(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.phone.loop.Post(func() { panic("bug") })
		wait(2 * time.Second)
		alice.expect(Ended, Protocol)
		bob.expect(Reconnecting, NoReason)
		wait(ReconnectTime)
		bob.expect(Ended, Network)
		alice.phone.Dial(bob.card)
		wait(time.Second)
		alice.expect(Connected, NoReason)
	})
}
