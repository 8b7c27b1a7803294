package call

import (
	"testing"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// When somebody who has moved calls a friend, the friend's phone book replaces the old
// identity by its successor.
func TestMoved(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		before, after, friend := w.user("before"), w.user("after"), w.user("friend")
		friend.knows(before)
		friend.contactsOnly = true
		s, err := signaling.Succeed(t.Context(), before.signer, after.card.Identity)
		if err != nil {
			t.Fatal(err)
		}
		after.note(func() {
			after.contacts[friend.card.Identity] = Contact{Card: friend.card, Succeeds: signaling.Chain{}.Append(s)}
		})
		after.phone.Dial(friend.card)
		wait(time.Second)
		after.expect(Connected, NoReason)
		c := friend.last()
		if !c.Known || c.Name != "my before" || c.Remote != after.card {
			t.Errorf("the friend has a call of %+v", c)
		}
		if _, known := friend.contact(before.card.Identity); known {
			t.Error("the old identity is known, too")
		}
	})
}

// A friend who was away while somebody moved twice recognizes them by any of their earlier
// identities.
func TestMovedTwice(t *testing.T) {
	for known := range 3 {
		inWorld(t, func(t *testing.T, w *world) {
			moves, friend := []*user{w.user("first"), w.user("second"), w.user("third"), w.user("now")}, w.user("friend")
			var chain signaling.Chain
			for i, u := range moves[1:] {
				s, err := signaling.Succeed(t.Context(), moves[i].signer, u.card.Identity)
				if err != nil {
					t.Fatal(err)
				}
				chain = chain.Append(s)
			}
			now := moves[3]
			friend.knows(moves[known])
			friend.contactsOnly = true
			now.note(func() { now.contacts[friend.card.Identity] = Contact{Card: friend.card, Succeeds: chain} })
			now.phone.Dial(friend.card)
			wait(time.Second)
			now.expect(Connected, NoReason)
			if c := friend.last(); !c.Known || c.Name != "my "+moves[known].card.Name || c.Remote != now.card || len(friend.contacts) != 1 {
				t.Errorf("known by the identity %d, the friend has a call of %+v", known, c)
			}
		})
	}
}

// A blocked contact who moves stays blocked, and a stranger who moves stays a stranger.
func TestMovedBlocked(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		first, before, after, friend := w.user("first"), w.user("before"), w.user("after"), w.user("friend")
		earlier, err := signaling.Succeed(t.Context(), first.signer, before.card.Identity)
		if err != nil {
			t.Fatal(err)
		}
		s, err := signaling.Succeed(t.Context(), before.signer, after.card.Identity)
		if err != nil {
			t.Fatal(err)
		}
		m := signaling.Message{Type: signaling.CardChanged, Call: signaling.NewCallID(), Card: &after.card, Succeeds: signaling.Chain{}.Append(earlier).Append(s)}
		for _, test := range []struct {
			contacts map[webpush.PublicKey]Contact
			want     error
		}{
			{map[webpush.PublicKey]Contact{}, ErrStranger},
			{map[webpush.PublicKey]Contact{before.card.Identity: {Card: before.card, Blocked: true}}, ErrBlocked},
			{map[webpush.PublicKey]Contact{first.card.Identity: {Card: first.card, Blocked: true}}, ErrBlocked},
			{map[webpush.PublicKey]Contact{first.card.Identity: {Card: first.card, Blocked: true}, before.card.Identity: {Card: before.card}}, ErrBlocked},
		} {
			friend.note(func() { friend.contacts, friend.drops = test.contacts, nil })
			if err := after.phone.Tell(t.Context(), friend.card, m); err != nil {
				t.Fatal(err)
			}
			wait(time.Second)
			if len(friend.drops) != 1 || friend.drops[0] != test.want {
				t.Errorf("dropped %v, want %v", friend.drops, test.want)
			}
		}
	})
}
