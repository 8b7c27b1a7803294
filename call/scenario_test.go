package call

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pushcall/signaling"
)

// The states in which a phone can be found, for a caller (out) and a callee (in).
const allStates = "idle dialing ringing_out ringing_in connecting_out connecting_in connected_out connected_in reconnecting_out reconnecting_in ended_out ended_in"

// reach brings a phone into a state, and returns its user and the friend. From
// then on nothing that is pushed arrives any more.
func (w *world) reach(name string) (subject, friend *user) {
	alice, bob := w.user("alice"), w.user("bob")
	subject, friend = alice, bob
	if strings.HasSuffix(name, "_in") {
		subject, friend = bob, alice
	}
	state, _, _ := strings.Cut(name, "_")
	bob.auto = state != "ringing" // else with an early connection, until somebody answers
	bob.away = state == "dialing"
	w.cut = state == "connecting"
	if state == "ringing" {
		alice.knows(bob)
		bob.knows(alice)
	}
	if state != "idle" {
		alice.phone.Dial(bob.card)
		wait(time.Second)
	}
	switch state {
	case "reconnecting":
		w.change(func() { w.cut = true })
		wait(quietTime - 700*time.Millisecond) // some time after they were heard last
	case "ended":
		subject.phone.HangUp()
		wait(2 * byeTime)
	}
	if got := subject.last().State.String(); got != state {
		w.t.Fatalf("the phone is %s, want %s", got, state)
	}
	subject.auto = false
	w.change(func() {
		w.pushes = nil
		w.carry = func(push) error { return nil }
		friend.fail = func(signaling.Message) error { return ErrUndelivered } // and is not counted
	})
	return subject, friend
}

// callOf is the id of the call that a user has or had, or of one that nobody knows.
func callOf(u *user) signaling.CallID {
	if len(u.calls) == 0 {
		return signaling.NewCallID()
	}
	return u.calls[0].ID
}

// bring delivers a message of one user to another.
func (w *world) bring(from, to *user, m signaling.Message) {
	m.Time = time.Now()
	switch m.Type {
	case signaling.Offer, signaling.Ringing, signaling.Answer:
		m.Description = &signaling.Description{ICEUfrag: "ufrag", ICEPwd: "passwordpasswordpassword"}
		if m.Type != signaling.Offer {
			m.Description.Setup = signaling.Active
		}
	}
	if m.Type == signaling.Offer || m.Type == signaling.CardChanged {
		m.Card = &from.card
	}
	payload, err := m.Seal(context.Background(), from.signer, to.card.Subscription.UAPublic)
	if err != nil {
		w.t.Fatal(err)
	}
	to.phone.Deliver(payload)
	wait(200 * time.Millisecond)
}

// drops has the names in the scenarios' tables of the errors for OnDrop.
var drops = map[string]error{
	"replay": ErrReplay, "wrong": ErrWrongCall, "stranger": ErrStranger, "superseded": ErrSuperseded, "early": ErrEarly, "signal": ErrSignal,
	"cancelled": ErrCancelled, "own": ErrOwn, "blocked": ErrBlocked, "nocard": ErrNoCard, "stale": signaling.ErrStale,
}

// check compares the effect of an event with an entry of a table: "same" or the new state,
// with the reason of an end, then the dropped and pushed messages: "ended:busy",
// "same drop:wrong push:cancel".
func (u *user) check(before Call, dropped int, want string) {
	u.world.t.Helper()
	now := u.last()
	got := []string{"same"}
	if now.State != before.State || now.ID != before.ID {
		got[0] = now.State.String()
		if now.State == Ended {
			got[0] += ":" + strings.ReplaceAll(now.Reason.String(), " ", "_")
		}
	}
	for _, err := range u.drops[dropped:] {
		word := err.Error()
		for name, target := range drops {
			if errors.Is(err, target) {
				word = name
			}
		}
		got = append(got, "drop:"+word)
	}
	for _, kind := range u.world.pushes {
		got = append(got, "push:"+string(kind))
	}
	if got := strings.Join(got, " "); got != want {
		u.world.t.Errorf("got %q, want %q; saw: %s", got, want, u.states())
	}
}

// pushScenarios has the effect, in each of allStates, of a push message of the friend that
// belongs to the present call, or to an unknown call if there is none.
var pushScenarios = map[string]string{
	// The offer comes again, or a page finds it in its inbox.
	"offer": "ringing push:ringing | same drop:wrong | same drop:wrong | same drop:replay | same drop:wrong | same drop:replay | same drop:wrong | same drop:replay | same drop:wrong | same drop:replay | same drop:wrong | same drop:replay",
	// The second offer of the call, for a new link.
	"restart": "ringing push:ringing | same drop:wrong | same drop:wrong | same push:ringing | same drop:wrong | same push:answer | same drop:wrong | reconnecting push:answer | same drop:wrong | same push:answer | same drop:wrong | same drop:wrong push:decline",
	"ringing": "same drop:wrong push:cancel | ringing | same drop:replay | same drop:wrong | same drop:wrong | same drop:wrong | same drop:wrong | same drop:wrong | same drop:wrong | same drop:wrong | same drop:wrong push:cancel | same drop:wrong",
	"answer":  "same drop:wrong push:cancel | connecting | connected | same drop:wrong | same drop:replay | same drop:wrong | same drop:replay | same drop:wrong | same drop:replay | same drop:wrong | same drop:replay | same drop:wrong",
	"decline": "same drop:wrong | ended:declined | ended:declined | same drop:wrong | ended:declined | same drop:wrong | ended:hung_up | same drop:wrong | ended:network | same drop:wrong | same drop:wrong | same drop:wrong",
	"busy":    "same drop:wrong | ended:busy | same drop:wrong | same drop:wrong | same drop:wrong | same drop:wrong | same drop:wrong | same drop:wrong | same drop:wrong | same drop:wrong | same drop:wrong | same drop:wrong",
	"waiting": "same drop:wrong | ringing | " + strings.Repeat("same drop:wrong | ", 9) + "same drop:wrong",
	"cancel":  "same drop:wrong | same drop:wrong | same drop:wrong | ended:cancelled | same drop:wrong | ended:cancelled | same drop:wrong | ended:hung_up | same drop:wrong | ended:network | same drop:wrong | same drop:wrong",
	"card":    strings.Repeat("same | ", 11) + "same",
	"test":    strings.Repeat("same drop:wrong | ", 11) + "same drop:wrong",
}

func message(name string) signaling.Message {
	if name == "restart" {
		return signaling.Message{Type: signaling.Offer, Round: 1}
	}
	return signaling.Message{Type: signaling.Type(name)}
}

func TestScenario(t *testing.T) {
	for kind, row := range pushScenarios {
		t.Run(kind, func(t *testing.T) {
			wants := strings.Split(row, " | ")
			for i, state := range strings.Fields(allStates) {
				t.Run("while_"+state, func(t *testing.T) {
					scenario(t, "from_the_friend", state, wants[i], func(w *world, subject, friend *user) {
						subject.knows(friend)
						m := message(kind)
						m.Call = callOf(subject)
						w.bring(friend, subject, m)
					})
					scenario(t, "from_a_stranger", state, fromStranger(kind, state), func(w *world, subject, friend *user) {
						m := message(kind)
						m.Call = callOf(subject)
						w.bring(w.user("mallory"), subject, m)
					})
					scenario(t, "with_a_stale_call", state, stale(kind, state), func(w *world, subject, friend *user) {
						subject.knows(friend)
						m := message(kind)
						m.Call = signaling.NewCallID()
						w.bring(friend, subject, m)
					})
				})
			}
		})
	}
}

// scenario is a test in which an event happens to a phone in a state.
func scenario(t *testing.T, name, state, want string, happen func(w *world, subject, friend *user)) {
	t.Run(name, func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			subject, friend := w.reach(state)
			if want == "either" && polite(subject.card.Identity, friend.card.Identity) {
				want = "connecting push:answer"
			} else if want == "either" {
				want = "same"
			}
			before, dropped := subject.last(), len(subject.drops)
			happen(w, subject, friend)
			subject.check(before, dropped, want)
		})
	})
}

// fromStranger has the effect of a message of somebody else who knows the call's id: an offer
// rings if there is no such call, and other messages are dropped.
func fromStranger(kind, state string) string {
	switch {
	case kind == "card":
		return "same drop:stranger"
	case (kind == "offer" || kind == "restart") && state == "idle":
		return "ringing" // an unknown caller gets no early connection
	default:
		return "same drop:wrong"
	}
}

// stale has the effect of a message of the friend about another call.
func stale(kind, state string) string {
	switch kind {
	case "card":
		return "same"
	case "offer", "restart":
		return calledAnew[state]
	case "ringing", "answer": // they take a call that a page before this one made
		return "same drop:wrong push:cancel"
	default:
		return "same drop:wrong"
	}
}

// calledAnew has the effect of a new call of the friend. If the two dial each other at once,
// the polite side answers the new call: see TestOfferCollision.
var calledAnew = map[string]string{
	"idle":             "ringing push:ringing",
	"dialing":          "either",
	"ringing_out":      "connecting push:answer", // they had not taken that one
	"ringing_in":       "ringing push:ringing",
	"connecting_out":   "connecting push:answer",
	"connecting_in":    "ringing push:ringing",
	"connected_out":    "ringing push:ringing",
	"connected_in":     "ringing push:ringing",
	"reconnecting_out": "ringing push:ringing",
	"reconnecting_in":  "ringing push:ringing",
	"ended_out":        "ringing push:ringing",
	"ended_in":         "ringing push:ringing",
}

// inBandScenarios has the effect of messages on the data channel. Before the channel is open
// they have none.
var inBandScenarios = map[string]map[string]string{
	`{"type":"accept"}`: {
		"ringing_out": "connected", "ringing_in": "same", "connecting_out": "same", "connecting_in": "same",
		"connected_out": "same", "connected_in": "same", "reconnecting_out": "connected", "reconnecting_in": "connected"},
	`{"type":"bye"}`: {
		"ringing_out": "ended:declined", "ringing_in": "ended:cancelled", "connecting_out": "same", "connecting_in": "same",
		"connected_out": "ended:hung_up", "connected_in": "ended:hung_up", "reconnecting_out": "ended:hung_up", "reconnecting_in": "ended:hung_up"},
	`{"type":"bye","reason":"no answer"}`: {
		"ringing_out": "ended:no_answer", "ringing_in": "ended:no_answer", "connecting_out": "same", "connecting_in": "same",
		"connected_out": "ended:hung_up", "connected_in": "ended:hung_up", "reconnecting_out": "ended:hung_up", "reconnecting_in": "ended:hung_up"},
	`{"type":"text","text":"hello","number":1}`: {
		"ringing_out": "same drop:early", "ringing_in": "same drop:early", "connecting_out": "same", "connecting_in": "same",
		"connected_out": "same", "connected_in": "same", "reconnecting_out": "connected", "reconnecting_in": "connected"},
	`{"type":"ping"}`: {
		"ringing_out": "same", "ringing_in": "same", "connecting_out": "same", "connecting_in": "same",
		"connected_out": "same", "connected_in": "same", "reconnecting_out": "connected", "reconnecting_in": "connected"},
	`{"type":"candidate","candidate":"candidate:1 1 udp 255 192.0.2.1 9 typ host","mid":"0"}`: {
		"ringing_out": "same", "ringing_in": "same", "connecting_out": "same", "connecting_in": "same",
		"connected_out": "same", "connected_in": "same", "reconnecting_out": "connected", "reconnecting_in": "connected"},
	`{"type":"offer","sdp":"v=0"}`: {
		"ringing_out": "same drop:early", "ringing_in": "same drop:early", "connecting_out": "same", "connecting_in": "same"},
	`{"type":"answer","sdp":"v=0"}`: {
		"ringing_out": "same drop:early", "ringing_in": "same drop:early", "connecting_out": "same", "connecting_in": "same"},
	`{"type":"ring"}`: {
		"ringing_out": "same drop:signal", "ringing_in": "same drop:signal", "connecting_out": "same drop:signal", "connecting_in": "same drop:signal",
		"connected_out": "same drop:signal", "connected_in": "same drop:signal", "reconnecting_out": "same drop:signal", "reconnecting_in": "same drop:signal"},
}

func TestScenarioInBand(t *testing.T) {
	for text, row := range inBandScenarios {
		m, err := parseSignal(text)
		name := m.kind + strings.ReplaceAll(m.text, " ", "_")
		if err != nil {
			name = "garbage"
		}
		for state, want := range row {
			scenario(t, name+"/while_"+state, state, want, func(w *world, subject, friend *user) {
				subject.phone.session.link.peer.(*testPeer).events.ChannelMessage(text)
				wait(200 * time.Millisecond)
				if texts := len(subject.texts); (texts == 1) != (m.kind == signalText && subject.last().State == Connected) {
					t.Errorf("there are %d texts", texts)
				}
			})
		}
	}
}

// Each state that waits for a person or a path ends after its time limit.
func TestScenarioTimeout(t *testing.T) {
	for _, test := range []struct {
		state string
		limit time.Duration // from when it was reached
		want  string
	}{
		{"dialing", RingTime, "ended:no_answer push:cancel"},
		{"ringing_out", RingTime, "ended:no_answer"},
		{"ringing_in", RingTime, "ended:no_answer"},
		{"connecting_out", ConnectTime, "ended:network"},
		{"connecting_in", ConnectTime, "ended:network"},
		{"reconnecting_out", ReconnectTime, "ended:network push:offer push:cancel"},
		{"reconnecting_in", ReconnectTime, "ended:network"},
	} {
		scenario(t, test.state, test.state, test.want, func(w *world, subject, friend *user) {
			wait(test.limit - 2*time.Second)
			if now := subject.last(); now.State == Ended {
				t.Errorf("it ended too early: %v", now.Reason)
			}
			wait(4 * time.Second)
		})
	}
}

// A page that goes away ends its call once, with messages that it can send at once, in
// whatever order the browser runs the listeners. A call that rings here rings on elsewhere.
func TestScenarioLeave(t *testing.T) {
	for state, want := range map[string]string{
		"idle": "same", "dialing": "ended:cancelled push:cancel", "ringing_out": "ended:cancelled push:cancel", "ringing_in": "idle",
		"connecting_out": "ended:cancelled push:cancel", "connecting_in": "ended:declined push:decline",
		"connected_out": "ended:hung_up push:cancel", "connected_in": "ended:hung_up push:decline",
		"reconnecting_out": "ended:network push:cancel", "reconnecting_in": "ended:network push:decline",
		"ended_out": "same", "ended_in": "same",
	} {
		scenario(t, state, state, want, func(w *world, subject, friend *user) {
			subject.hide()
			subject.phone.Leave()
			wait(200 * time.Millisecond)
		})
		scenario(t, state+", the phone's listener first", state, want, func(w *world, subject, friend *user) {
			subject.phone.Leave()
			synctestWaitLoop(subject.phone)
			subject.hide()
			wait(200 * time.Millisecond)
		})
	}
}

// The other side of a connected call is told by the bye that the page has closed, and not
// if a person hangs up, or before the call is connected.
func TestLeftIsTold(t *testing.T) {
	for name, test := range map[string]struct {
		answer bool
		end    func(alice, bob *user) (other *user)
		want   error
	}{
		"the caller leaves":   {true, func(alice, bob *user) *user { alice.phone.Leave(); return bob }, ErrLeft},
		"the callee leaves":   {true, func(alice, bob *user) *user { bob.phone.Leave(); return alice }, ErrLeft},
		"the caller hangs up": {true, func(alice, bob *user) *user { alice.phone.HangUp(); return bob }, nil},
		"the callee hangs up": {true, func(alice, bob *user) *user { bob.phone.HangUp(); return alice }, nil},
		"before the answer":   {false, func(alice, bob *user) *user { alice.hide(); alice.phone.Leave(); return bob }, nil},
		"to another tab":      {true, func(alice, bob *user) *user { bob.phone.HandOver(); return alice }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				bob.auto = test.answer
				alice.phone.Dial(bob.card)
				wait(time.Second)
				other := test.end(alice, bob)
				wait(time.Second)
				if c := other.last(); c.State != Ended || c.Err != test.want {
					t.Errorf("the other side sees %v, %v, %v", c.State, c.Reason, c.Err)
				}
			})
		})
	}
}

// A page that goes away while its push is under way ends the call, too, although the push may
// not arrive.
func TestLeaveWhileThePushIsUnderWay(t *testing.T) {
	for name, test := range map[string]struct {
		slow signaling.Type
		of   func(alice, bob *user) *user
		want string
	}{
		"the caller": {signaling.Offer, func(alice, bob *user) *user { return alice }, "offer cancel"},
		"the callee": {signaling.Answer, func(alice, bob *user) *user { return bob }, "offer answer decline"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				w.change(func() {
					w.carry = func(m push) error {
						if m.message.Type == test.slow {
							time.Sleep(time.Second)
						}
						return w.deliver(m)
					}
				})
				alice.phone.Dial(bob.card)
				for !strings.HasSuffix(w.pushed(), string(test.slow)) {
					wait(time.Millisecond)
				}
				leaving := test.of(alice, bob)
				leaving.phone.Leave()
				synctestWaitLoop(leaving.phone)
				leaving.hide()
				wait(200 * time.Millisecond)
				if got := w.pushed(); got != test.want {
					t.Errorf("pushed %q, want %q", got, test.want)
				}
			})
		})
	}
}

// If a page goes away without running again, its browser pushes the prepared end, except for
// a call that rings here.
func TestScenarioBrokenOff(t *testing.T) {
	for state, want := range map[string]string{
		"idle": "", "dialing": "cancel", "ringing_out": "cancel", "ringing_in": "", "connecting_out": "cancel", "connecting_in": "decline",
		"connected_out": "cancel", "connected_in": "decline", "reconnecting_out": "cancel", "reconnecting_in": "decline", "ended_out": "", "ended_in": "",
	} {
		t.Run(state, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				subject, _ := w.reach(state)
				before := len(w.pushes)
				subject.hide()
				wait(200 * time.Millisecond)
				if got := strings.Trim(fmt.Sprint(w.pushes[before:]), "[]"); got != want {
					t.Errorf("pushed %q, want %q", got, want)
				}
			})
		})
	}
}

// A tab that gives the line to another ends its call.
func TestScenarioHandOver(t *testing.T) {
	for state, want := range map[string]string{
		"idle": "same", "dialing": "ended:cancelled push:cancel", "ringing_out": "ended:cancelled", "ringing_in": "idle",
		"connecting_out": "ended:cancelled push:cancel", "connecting_in": "ended:declined push:decline",
		"connected_out": "ended:hung_up", "connected_in": "ended:hung_up",
		"reconnecting_out": "ended:hung_up push:cancel", "reconnecting_in": "ended:hung_up push:decline",
		"ended_out": "same", "ended_in": "same",
	} {
		scenario(t, state, state, want, func(w *world, subject, friend *user) {
			subject.phone.HandOver()
			wait(200 * time.Millisecond)
		})
	}
}

// Methods of a Phone do nothing in states in which they make no sense.
func TestScenarioPerson(t *testing.T) {
	press := map[string]func(subject, friend *user){
		"answer":  func(subject, _ *user) { subject.phone.Answer(callOf(subject)) },
		"decline": func(subject, _ *user) { subject.phone.Decline(callOf(subject)) },
		"hang_up": func(subject, _ *user) { subject.phone.HangUp() },
		"dial":    func(subject, friend *user) { subject.phone.Dial(friend.card) },
		"text":    func(subject, _ *user) { subject.phone.SendText("hello") },
	}
	rows := map[string]string{
		"answer":  "same | same | same | connected | same | same | same | same | same | same | same | same",
		"decline": "same | same | same | ended:declined | same | same | same | same | same | same | same | same",
		"hang_up": "same | ended:cancelled push:cancel | ended:cancelled | ended:declined | ended:cancelled push:cancel | ended:declined push:decline | ended:hung_up | ended:hung_up | ended:hung_up push:cancel | ended:hung_up push:decline | same | same",
		"dial":    "dialing push:offer | same | same | connected | same | same | same | same | same | same | dialing push:offer | dialing push:offer",
		"text":    strings.Repeat("same | ", 11) + "same",
	}
	for what, row := range rows {
		wants := strings.Split(row, " | ")
		for i, state := range strings.Fields(allStates) {
			scenario(t, what+"/while_"+state, state, wants[i], func(w *world, subject, friend *user) {
				press[what](subject, friend)
				wait(200 * time.Millisecond)
			})
		}
	}
}

// Errors of a peer's methods end the call, on either side, over the first link and over the
// one that is made to reconnect.
func TestScenarioFault(t *testing.T) {
	for _, test := range []struct {
		step                   string
		callee                 bool
		link                   uint64
		caller, called, pushed string
	}{
		{"NewPeer", false, 1, "ended:protocol", "idle", ""},
		{"CreateChannel", false, 1, "ended:protocol", "idle", ""},
		{"SetLocalDescription", false, 1, "ended:protocol", "idle", ""},
		{"LocalDescription", false, 1, "ended:protocol", "idle", ""},
		{"SetRemoteDescription", false, 1, "ended:protocol", "ended:cancelled", "offer answer cancel"},
		{"NewPeer", true, 1, "ended:declined", "ended:protocol", "offer decline"},
		{"SetRemoteDescription", true, 1, "ended:declined", "ended:protocol", "offer decline"},
		{"SetLocalDescription", true, 1, "ended:declined", "ended:protocol", "offer decline"},
		{"LocalDescription", true, 1, "ended:declined", "ended:protocol", "offer decline"},
		{"NewPeer", false, 2, "ended:protocol", "ended:network", "offer answer cancel"},
		{"CreateChannel", false, 2, "ended:protocol", "ended:network", "offer answer cancel"},
		{"SetLocalDescription", false, 2, "ended:protocol", "ended:network", "offer answer cancel"},
		{"LocalDescription", false, 2, "ended:protocol", "ended:network", "offer answer cancel"},
		{"SetRemoteDescription", false, 2, "ended:protocol", "ended:network", "offer answer offer answer cancel"},
		{"NewPeer", true, 2, "ended:network", "ended:protocol", "offer answer offer decline"},
		{"SetRemoteDescription", true, 2, "ended:network", "ended:protocol", "offer answer offer decline"},
		{"SetLocalDescription", true, 2, "ended:network", "ended:protocol", "offer answer offer decline"},
		{"LocalDescription", true, 2, "ended:network", "ended:protocol", "offer answer offer decline"},
		{"RestartICE", false, 1, "connected", "connected", "offer answer offer answer"},
		{"AddICECandidate", false, 1, "connected", "connected", "offer answer offer answer"},
		{"AddICECandidate", true, 1, "connected", "connected", "offer answer offer answer"},
	} {
		t.Run(fmt.Sprintf("%s/link_%d/of_the_callee_%v", test.step, test.link, test.callee), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				w.fault = func(p *testPeer, step string) error {
					if step == test.step && p.n == test.link && (p.user == bob) == test.callee {
						return errFault
					}
					return nil
				}
				alice.phone.Dial(bob.card)
				wait(time.Second)
				w.kill()
				wait(8 * time.Second)
				for _, x := range []struct {
					u    *user
					want string
				}{{alice, test.caller}, {bob, test.called}} {
					got := x.u.last().State.String()
					if x.u.last().State == Ended {
						got += ":" + x.u.last().Reason.String()
					}
					if got != x.want {
						t.Errorf("%s is %s, want %s; saw %s", x.u.card.Name, got, x.want, x.u.states())
					}
				}
				if got := w.pushed(); got != test.pushed {
					t.Errorf("pushed %q, want %q", got, test.pushed)
				}
			})
		})
	}
}

// The push service refuses a message.
func TestScenarioPushFails(t *testing.T) {
	for _, test := range []struct {
		kind           signaling.Type
		round          int
		caller, called Reason
		play           func(w *world, alice, bob *user)
	}{
		{signaling.Ringing, 0, HungUp, HungUp, func(w *world, alice, bob *user) { bob.phone.Answer(bob.last().ID) }}, // the answer gets through
		{signaling.Answer, 0, NoAnswer, Undelivered, func(w *world, alice, bob *user) { bob.phone.Answer(bob.last().ID) }},
		{signaling.Decline, 0, NoAnswer, Declined, func(w *world, alice, bob *user) { bob.phone.Decline(bob.last().ID) }},
		{signaling.Cancel, 0, Cancelled, NoAnswer, func(w *world, alice, bob *user) { alice.phone.HangUp() }},
		{signaling.Offer, 1, Network, Network, func(w *world, alice, bob *user) {
			bob.phone.Answer(bob.last().ID)
			wait(time.Second)
			w.kill()
		}},
	} {
		t.Run(fmt.Sprint(test.kind, test.round), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				bob.auto = false
				bob.early = test.kind == signaling.Ringing
				bob.knows(alice)
				fail := func(m signaling.Message) error {
					if m.Type == test.kind && m.Round == test.round {
						return ErrUndelivered
					}
					return nil
				}
				alice.fail, bob.fail = fail, fail
				alice.phone.Dial(bob.card)
				wait(time.Second)
				test.play(w, alice, bob)
				wait(RingTime + time.Second)
				alice.phone.HangUp()
				wait(5 * time.Second)
				alice.expect(Ended, test.caller)
				bob.expect(Ended, test.called)
			})
		})
	}
}

// Two people dial each other at once, with both orders in which the offers may arrive, and
// with either offer lost or refused.
func TestOfferCollision(t *testing.T) {
	for _, test := range []struct {
		name                 string
		lost                 string // whose offer: "polite" or "impolite"
		refused              bool   // it is not lost, but the push service says no
		together             bool   // whether they talk in the end
		politeEnds, otherEnd Reason
	}{
		{"both offers come", "", false, true, NoReason, NoReason},
		{"the polite one's is lost", "polite", false, true, NoReason, NoReason},
		{"the polite one's is refused", "polite", true, true, NoReason, NoReason},
		{"the impolite one's is refused", "impolite", true, true, NoReason, NoReason},
		{"the impolite one's is lost", "impolite", false, false, NoAnswer, NoAnswer},
	} {
		t.Run(strings.ReplaceAll(test.name, " ", "_"), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				yields, stands := w.user("alice"), w.user("bob")
				if !polite(yields.card.Identity, stands.card.Identity) {
					yields, stands = stands, yields
				}
				yields.auto, stands.auto = false, false
				loser := map[string]*user{"polite": yields, "impolite": stands}[test.lost]
				w.carry = func(m push) error {
					switch {
					case m.from != loser || m.message.Type != signaling.Offer:
						return w.deliver(m)
					case test.refused:
						time.Sleep(3 * pushTime) // the other one's offer has come by then
						return ErrUndelivered
					default:
						return nil
					}
				}
				yields.phone.Dial(stands.card)
				stands.phone.Dial(yields.card)
				wait(2 * time.Second)
				if test.together {
					yields.expect(Connected, NoReason)
					stands.expect(Connected, NoReason)
					if !stands.last().Outgoing && test.lost != "impolite" {
						t.Error("the polite one's call stands")
					}
					return
				}
				wait(RingTime)
				yields.expect(Ended, test.politeEnds)
				stands.expect(Ended, test.otherEnd)
			})
		})
	}
}
