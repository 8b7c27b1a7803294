package phonebook

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/webpush"
)

// A Book records which contacts have this phone's card, and how each call ended.
func TestBook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		own, friend := newCard(t, "own"), newCard(t, "friend")
		var saved []Contact
		var listed []Record
		b := NewBook(func(c Contact) { saved = append(saved, c) }, func(webpush.PublicKey) {}, func(r Record) { listed = append(listed, r) })
		follow := func(id byte, outgoing bool, reason call.Reason, states ...call.State) {
			c := call.Call{ID: signaling.CallID{id}, Outgoing: outgoing, Remote: friend}
			for _, c.State = range states {
				if c.State == call.Connected {
					c.Since = time.Now()
				}
				b.Follow(c, own)
				time.Sleep(time.Minute)
			}
			c.State, c.Reason = call.Ended, reason
			b.Follow(c, own)
		}

		follow(1, false, call.Cancelled, call.Ringing)
		if r := b.Records(); len(r) != 1 || !r[0].Missed || r[0].Card != friend {
			t.Errorf("after a missed call: %+v", r)
		}
		if card, found := b.CardOf(friend.Identity); !found || card != friend {
			t.Error("who has called cannot be called back")
		}
		if len(saved) > 0 {
			t.Error("a stranger who calls is no contact")
		}

		b.Add(friend)
		follow(2, true, call.NoAnswer, call.Dialing)
		if c, _ := b.Contact(friend.Identity); c.Heard || c.Told != "" {
			t.Errorf("after no answer: %+v", c)
		}
		follow(3, true, call.HungUp, call.Dialing, call.Ringing, call.Connected)
		if c, _ := b.Contact(friend.Identity); !c.Heard || c.Told != call.CardDigest(own) {
			t.Errorf("after an answer: %+v", c)
		}
		if r := b.Records()[0]; r.ID != (signaling.CallID{3}) || r.Duration != time.Minute || r.Missed || !r.Outgoing {
			t.Errorf("the last call: %+v", r)
		}
		follow(4, true, call.NoAnswer, call.Dialing)
		if c, _ := b.Contact(friend.Identity); c.Heard || c.Told != call.CardDigest(own) {
			t.Errorf("after silence: %+v", c)
		}
		if !b.Logged(signaling.CallID{4}) || b.Logged(signaling.CallID{5}) {
			t.Error("what is listed is not what was called")
		}
		b.Seen()
		if r := listed[len(listed)-1]; r.ID != (signaling.CallID{1}) || !r.Seen {
			t.Errorf("seen: %+v", r)
		}
	})
}

// A pasted card does not replace a contact's stored card: it is a claim.
func TestBookPastedCard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		friend, stranger := newCard(t, "friend"), newCard(t, "stranger")
		b := NewBook(func(Contact) {}, func(webpush.PublicKey) {}, func(Record) {})
		b.Add(friend)
		stranger.Identity = friend.Identity
		b.Add(stranger)
		if c, _ := b.Contact(friend.Identity); c.Card != friend {
			t.Error("a pasted card has taken a contact's place")
		}
		now := time.Now()
		for _, test := range []struct {
			at   time.Time
			want signaling.Card
		}{{now, stranger}, {now.Add(-time.Hour), stranger}} {
			m := signaling.Message{From: friend.Identity, Card: &stranger, Time: test.at}
			if test.at != now {
				m.Card = &friend // an older one
			}
			b.NewCard(m)
			if c, _ := b.Contact(friend.Identity); c.Card != test.want {
				t.Errorf("at %v the contact has %+v", test.at, c.Card)
			}
		}
	})
}

// ToDial returns a contact's stored card, refuses a card of theirs with another address,
// and refuses a blocked contact.
func TestBookToDial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		friend, stranger := newCard(t, "friend"), newCard(t, "stranger")
		b := NewBook(func(Contact) {}, func(webpush.PublicKey) {}, func(Record) {})
		plain := signaling.Card{Subscription: friend.Subscription}
		renamed, elsewhere, noKeys := friend, friend, friend
		renamed.Name = "Somebody Else"
		elsewhere.Subscription.Endpoint = stranger.Subscription.Endpoint
		noKeys.Subscription.AuthSecret[0]++
		for name, test := range map[string]struct {
			blocked bool
			card    signaling.Card
			want    signaling.Card
			err     error
		}{
			"a stranger":              {false, stranger, stranger, nil},
			"the stored card":         {false, friend, friend, nil},
			"with another name":       {false, renamed, friend, nil},
			"with another endpoint":   {false, elsewhere, signaling.Card{}, ErrOtherAddress},
			"with another secret":     {false, noKeys, signaling.Card{}, ErrOtherAddress},
			"blocked":                 {true, friend, signaling.Card{}, call.ErrBlocked},
			"blocked, other endpoint": {true, elsewhere, signaling.Card{}, call.ErrBlocked},
			"a plain subscription":    {true, plain, plain, nil}, // it says nothing of who answers
		} {
			b.Load([]Contact{{Card: friend, Blocked: test.blocked}}, nil)
			if got, err := b.ToDial(test.card); got != test.want || !errors.Is(err, test.err) {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
		}
	})
}

// A stored card stays when a contact was called at another address and answered:
// somebody may have passed the offer on. An answer at the stored address outdates older
// cards with another address.
func TestBookAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		own, friend, elsewhere := newCard(t, "own"), newCard(t, "friend"), newCard(t, "elsewhere")
		other := friend
		other.Subscription, other.Name = elsewhere.Subscription, "as a link says"
		now := time.Now()
		for name, test := range map[string]struct {
			called signaling.Card
			last   call.State
			time   time.Time
			late   signaling.Card // after a word that was delayed on its way
		}{
			"at the stored address":   {friend, call.Ringing, now, friend},
			"at another":              {other, call.Ringing, time.Time{}, other},
			"not, at the stored one":  {friend, call.Dialing, time.Time{}, other},
			"not, at another address": {other, call.Dialing, time.Time{}, other},
		} {
			b := NewBook(func(Contact) {}, func(webpush.PublicKey) {}, func(Record) {})
			b.Load([]Contact{{Card: friend, Name: "friend"}}, nil)
			c := call.Call{ID: signaling.CallID{1}, Outgoing: true, Remote: test.called, State: call.Dialing}
			b.Follow(c, own)
			if test.last == call.Ringing {
				c.State, c.Heard = call.Ringing, now
				b.Follow(c, own)
			}
			c.State, c.Reason = call.Ended, call.HungUp
			b.Follow(c, own)
			if got, _ := b.Contact(friend.Identity); got.Card != friend || !got.CardTime.Equal(test.time) || got.Name != "friend" {
				t.Errorf("answered %s: %+v at %v", name, got.Card, got.CardTime)
			}
			b.NewCard(signaling.Message{From: friend.Identity, Card: &other, Time: now.Add(-time.Minute)})
			if got, _ := b.Contact(friend.Identity); got.Card != test.late {
				t.Errorf("answered %s, then told late: %+v", name, got.Card)
			}
		}
	})
}

// A call is listed while it lasts, so that its record outlives a page that is left or
// crashes. An incoming call that was answered before a crash rings again if its caller
// offers anew.
func TestBookAfterACrash(t *testing.T) {
	for name, test := range map[string]struct {
		outgoing bool
		states   []call.State
		listed   bool
		reason   call.Reason // as the next page has it
		logged   bool
		duration time.Duration // at least
	}{
		"dialing":             {true, []call.State{call.Dialing}, true, call.Cancelled, true, 0},
		"rings over there":    {true, []call.State{call.Dialing, call.Ringing}, true, call.Cancelled, true, 0},
		"connecting":          {true, []call.State{call.Dialing, call.Connecting}, true, call.Cancelled, true, 0},
		"connected":           {true, []call.State{call.Dialing, call.Ringing, call.Connected}, true, call.HungUp, true, 45 * time.Second},
		"reconnecting":        {true, []call.State{call.Dialing, call.Connected, call.Reconnecting}, true, call.HungUp, true, 95 * time.Second},
		"rings here":          {false, []call.State{call.Ringing}, false, call.NoReason, false, 0},
		"taken here":          {false, []call.State{call.Ringing, call.Connecting}, true, call.NoReason, false, 0},
		"taken and connected": {false, []call.State{call.Ringing, call.Connecting, call.Connected}, true, call.NoReason, false, 45 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				friend := newCard(t, "friend")
				stored := map[signaling.CallID]Record{}
				b := NewBook(func(Contact) {}, func(webpush.PublicKey) {}, func(r Record) { stored[r.ID] = r })
				c := call.Call{ID: signaling.CallID{1}, Outgoing: test.outgoing, Remote: friend}
				for _, c.State = range test.states {
					if c.State == call.Connected {
						c.Since = time.Now()
					}
					b.Follow(c, friend)
					wait(50 * time.Second)
				}
				r, listed := stored[c.ID]
				if listed != test.listed || r.Duration < test.duration-durationTime || r.Outgoing != test.outgoing && listed {
					t.Errorf("stored: %v, %+v", listed, r)
				}
				next := NewBook(func(Contact) {}, func(webpush.PublicKey) {}, func(Record) {})
				if listed {
					next.Load(nil, []Record{r})
				}
				if next.Listed(c.ID) != test.listed || next.Logged(c.ID) != test.logged || listed && next.Records()[0].Reason != test.reason {
					t.Errorf("the next page lists %+v, logged %v", next.Records(), next.Logged(c.ID))
				}
				next.Missed(call.Missed{ID: c.ID}) // their end arrives
				if got := next.Records(); len(got) != 1 || got[0].Missed == listed {
					t.Errorf("after their end: %+v", got)
				}
				c.State, c.Reason = call.Ended, call.HungUp
				b.Follow(c, friend)
				ended := stored[c.ID]
				wait(time.Minute)
				if stored[c.ID] != ended || !b.Logged(c.ID) || len(b.Records()) != 1 {
					t.Errorf("after its end it is listed as %+v, then %+v", ended, stored[c.ID])
				}
			})
		})
	}
}

// An answered offer is answered on the next page, too, where a later one of the same call
// is not, until it is answered there. An offer that rings is not, nor is one of another
// call, nor that of a call that was made here.
func TestBookAnsweredOffer(t *testing.T) {
	friend, at := newCard(t, "friend"), time.UnixMilli(1_790_000_000_123)
	for name, test := range map[string]struct {
		outgoing bool
		states   []call.State
		answered bool
	}{
		"rings here":       {false, []call.State{call.Ringing}, false},
		"taken here":       {false, []call.State{call.Ringing, call.Connecting}, true},
		"connected early":  {false, []call.State{call.Ringing, call.Connected}, true},
		"ended here":       {false, []call.State{call.Ringing, call.Ended}, true},
		"taken over there": {true, []call.State{call.Dialing, call.Ringing, call.Connecting}, false},
	} {
		t.Run(name, func(t *testing.T) {
			stored := map[string]any{}
			var records []Record
			for round := range 2 { // each on a page of its own
				b := NewBook(func(Contact) {}, func(webpush.PublicKey) {}, func(r Record) { r.Save(func(name string, value any) { stored[name] = value }) })
				b.Load(nil, records)
				c := call.Call{ID: signaling.CallID{1}, Outgoing: test.outgoing, Remote: friend, Heard: at.Add(time.Duration(round) * time.Second)}
				for _, c.State = range test.states {
					b.Follow(c, friend)
				}
				if len(stored) > 0 {
					r, err := NewReader().Record(c.ID.String(), func(name string) any { return stored[name] })
					if err != nil {
						t.Fatal(err)
					}
					records = []Record{r}
				}
				b.Load(nil, records)
				if b.Answered(c.ID, at) != test.answered || b.Answered(c.ID, c.Heard) != test.answered ||
					b.Answered(c.ID, c.Heard.Add(time.Millisecond)) || b.Answered(signaling.CallID{2}, at) {
					t.Errorf("round %d: %+v", round, b.Records())
				}
			}
		})
	}
}

// The calls of one caller do not push those of another out of the list: the caller with
// the most records loses the oldest.
func TestBookTrim(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		friend, flooder := newCard(t, "friend"), newCard(t, "flooder")
		b := NewBook(func(Contact) {}, func(webpush.PublicKey) {}, func(Record) {})
		b.Add(friend)
		b.Add(flooder)
		id := 0
		next := func() signaling.CallID {
			id++
			return signaling.CallID{byte(id), byte(id >> 8)}
		}
		count := func() (friends, flood, strangers, own int) {
			for _, r := range b.Records() {
				switch {
				case r.Outgoing:
					own++
				case r.Identity == friend.Identity:
					friends++
				case r.Identity == flooder.Identity:
					flood++
				default:
					strangers++
				}
			}
			return
		}
		for range 5 {
			b.Missed(call.Missed{ID: next(), Identity: friend.Identity})
			b.Follow(call.Call{ID: next(), Outgoing: true, Remote: friend, State: call.Ended, Reason: call.NoAnswer}, flooder)
		}
		oldest := b.Records()[9].ID
		for range 3 * MaxRecords { // each of another identity
			identity := newSigner(t).Public()
			b.Missed(call.Missed{ID: next(), Identity: identity})
		}
		for range 3 * MaxRecords {
			b.Missed(call.Missed{ID: next(), Identity: flooder.Identity})
		}
		friends, flood, strangers, own := count()
		if friends != 5 || own != 5 || flood+strangers != MaxRecords-10 || flood < strangers-1 || strangers < flood-1 || !b.Logged(oldest) {
			t.Errorf("%d of a friend, %d own, %d of a contact who floods, %d of strangers", friends, own, flood, strangers)
		}
		all := b.Records()
		more := make([]Record, 2*MaxRecords)
		for i := range more {
			more[i] = Record{ID: next(), Identity: flooder.Identity, Time: time.Now().Add(time.Duration(i) * time.Second)}
		}
		b.Load(b.Contacts(), append(more, all...))
		if friends, _, _, own := count(); friends != 5 || own != 5 || len(b.Records()) != MaxRecords {
			t.Errorf("loaded: %d of a friend, %d own, of %d", friends, own, len(b.Records()))
		}
	})
}

// A deleted contact is a stranger, whom the person can call back from the list.
func TestBookDelete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		friend := newCard(t, "friend")
		var deleted []webpush.PublicKey
		b := NewBook(func(Contact) {}, func(identity webpush.PublicKey) { deleted = append(deleted, identity) }, func(Record) {})
		b.Delete(friend.Identity)
		b.Add(friend)
		b.Follow(call.Call{ID: signaling.CallID{1}, Outgoing: true, Remote: friend, State: call.Ended, Reason: call.NoAnswer}, friend)
		b.Delete(friend.Identity)
		if _, known := b.Contact(friend.Identity); known || len(b.Contacts()) > 0 || len(deleted) != 1 || deleted[0] != friend.Identity {
			t.Errorf("known: %v, deleted: %v", known, deleted)
		}
		if card, found := b.CardOf(friend.Identity); !found || card != friend || len(b.Records()) != 1 {
			t.Error("the call is not in the list any more")
		}
	})
}

func TestBookMove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before, after := newCard(t, "before"), newCard(t, "after")
		var deleted []webpush.PublicKey
		b := NewBook(func(Contact) {}, func(identity webpush.PublicKey) { deleted = append(deleted, identity) }, func(Record) {})
		b.Move(before.Identity, after.Identity)
		if len(b.Contacts())+len(deleted) > 0 {
			t.Error("a stranger has moved into the book")
		}
		b.Load([]Contact{{Card: before, CardTime: time.Now(), Name: "friend", Verified: true, Told: "x", Heard: true}},
			[]Record{{ID: signaling.CallID{1}, Identity: before.Identity, Card: before}})
		b.Move(before.Identity, after.Identity)
		c, known := b.Contact(after.Identity)
		if !known || len(b.Contacts()) != 1 || c.Name != "friend" || c.Verified || !c.Moved || !c.CardTime.IsZero() || c.Told != "x" {
			t.Errorf("known: %v, %+v", known, c)
		}
		if len(deleted) != 1 || deleted[0] != before.Identity || b.Records()[0].Identity != after.Identity {
			t.Errorf("deleted %v, records %+v", deleted, b.Records())
		}
		b.NewCard(signaling.Message{From: after.Identity, Card: &after, Time: time.Now().Add(-time.Hour)}) // by a clock that is behind
		if c, _ := b.Contact(after.Identity); c.Card != after {
			t.Errorf("the card is %+v", c.Card)
		}

		b.Load([]Contact{{Card: before, Name: "friend", Verified: true}, {Card: after, Name: "the new one", Verified: true}}, nil)
		b.Move(before.Identity, after.Identity)
		if c, _ := b.Contact(after.Identity); len(b.Contacts()) != 1 || c.Name != "friend" || c.Card != after || !c.Verified || !c.Moved {
			t.Errorf("two became %+v", b.Contacts())
		}
	})
}

// TestBookOrder lists a call by when it was made, though it is heard of after a later
// one: as it will be listed after a restart.
func TestBookOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		friend := newCard(t, "friend")
		b := NewBook(func(Contact) {}, func(webpush.PublicKey) {}, func(Record) {})
		missed := func(id byte, ago time.Duration) {
			b.Missed(call.Missed{ID: signaling.CallID{id}, Identity: friend.Identity, Card: friend, Time: time.Now().Add(-ago)})
		}
		time.Sleep(time.Hour)
		b.Follow(call.Call{ID: signaling.CallID{1}, Outgoing: true, Remote: friend, State: call.Ended, Reason: call.NoAnswer}, friend)
		missed(2, time.Minute)
		missed(3, time.Second)
		missed(4, time.Hour)
		missed(5, 0) // at the same time as the first: the newest that is known of comes first
		expect := func(when string) {
			t.Helper()
			for i, id := range []byte{5, 1, 3, 2, 4} {
				if r := b.Records(); r[i].ID != (signaling.CallID{id}) {
					t.Errorf("%s, place %d has %v", when, i, r[i].ID)
				}
			}
		}
		expect("as they came")
		b.Load(nil, b.Records())
		expect("after a restart")
		b.Follow(call.Call{ID: signaling.CallID{1}, Outgoing: true, Remote: friend, State: call.Ended, Reason: call.NoAnswer}, friend)
		if r := b.Records(); len(r) != 5 {
			t.Errorf("a call is listed twice: %v", r)
		}
	})
}

// TestBookGaveWay lists a call that gives way to the friend's, of which no phone says
// that it has ended, as it will be listed after a restart.
func TestBookGaveWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		friend := newCard(t, "friend")
		var saved []Record
		b := NewBook(func(Contact) {}, func(webpush.PublicKey) {}, func(r Record) { saved = append(saved, r) })
		for i, c := range []struct {
			outgoing  bool
			connected bool
			reason    call.Reason
		}{{true, false, call.Cancelled}, {true, true, call.HungUp}, {false, false, call.NoReason}} {
			id := signaling.CallID{byte(2 * i)}
			x := call.Call{ID: id, Outgoing: c.outgoing, Remote: friend, State: call.Connecting}
			if c.connected {
				x.State, x.Since = call.Connected, time.Now()
			}
			b.Follow(x, friend)
			b.Follow(call.Call{ID: signaling.CallID{byte(2*i + 1)}, Remote: friend, State: call.Connecting}, friend)
			for _, r := range b.Records() {
				if r.ID == id && r.Reason != c.reason {
					t.Errorf("outgoing %v, connected %v: %v", c.outgoing, c.connected, r.Reason)
				}
			}
			if r := saved[max(0, len(saved)-2)]; c.reason != call.NoReason && (r.ID != id || r.Reason != c.reason) && saved[len(saved)-1].ID != id {
				t.Errorf("saved %+v", saved)
			}
		}
	})
}
