package app

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pushcall/call"
)

// TestConversation stores texts of contacts, marks those that have arrived, and shows
// them in the next call.
func TestConversation(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.talk(bob)
		alice.Conversations.SendText("one")
		bob.Conversations.SendText("two")
		wait(time.Second)
		for _, x := range []struct{ tab, friend *tab }{{alice, bob}, {bob, alice}} {
			stored := x.tab.store.textsWith(x.friend.identity())
			if len(stored) != 2 {
				t.Fatalf("%s has stored %v", x.tab.name, stored)
			}
			for _, s := range stored {
				if s.Mine != s.Arrived || s.Mine == s.unread {
					t.Errorf("%s has stored %+v", x.tab.name, s)
				}
			}
		}
		if alice.view.arrived == 0 || alice.view.unread[bob.identity()] != 1 {
			t.Errorf("arrived %d, unread %v", alice.view.arrived, alice.view.unread)
		}
		alice.Calls.HangUp()
		wait(time.Second)
		alice.talk(bob)
		if got := alice.view.earlier; len(got) != 2 {
			t.Errorf("earlier: %v", got)
		}
		texts, err := alice.Conversations.Texts(t.Context(), bob.identity())
		if err != nil || len(texts) != 2 {
			t.Errorf("%v, %v", texts, err)
		}
		if err := alice.Conversations.DeleteAllTexts(t.Context()); err != nil {
			t.Error(err)
		}
		if wait(time.Second); len(alice.view.unread) != 0 || len(alice.store.textsWith(bob.identity())) != 0 {
			t.Errorf("after all texts were deleted: unread %v", alice.view.unread)
		}
	})
}

// TestTextLostAndSentAgain loses a text with its path, and sends it again in the next
// call: once on each side.
func TestTextLostAndSentAgain(t *testing.T) {
	for _, c := range []struct {
		contact bool // the friend is one
		during  bool // it is sent again in the call, not before it
		twice   bool // the person presses twice
	}{{true, false, false}, {true, true, true}, {false, true, false}, {false, false, true}} {
		run(t, func(t *testing.T, w *world) {
			alice, bob := w.friends("Alice", "Bob")
			if !c.contact {
				alice.book.Delete(bob.identity())
				bob.book.Delete(alice.identity())
				wait(time.Second)
			}
			talk := func() {
				card := bob.Line.Card()
				alice.Calls.studio.prepare()
				alice.phone.Dial(card)
				wait(time.Second)
				bob.answer()
				alice.expect(call.Connected)
			}
			talk()
			alice.Conversations.SendText("before")
			wait(time.Second)
			w.cut()
			w.change(func() { w.carry = func(push) error { return call.ErrUndelivered } })
			alice.Conversations.SendText("lost")
			wait(2 * time.Minute)
			alice.expect(call.Ended)
			if alice.view.lost != 1 {
				t.Errorf("%d times lost", alice.view.lost)
			}
			var lost call.Text
			for _, x := range alice.view.texts {
				if x.Text == "lost" {
					lost = x
				}
			}
			again := func() {
				alice.Conversations.SendAgain(bob.identity(), lost)
				if c.twice {
					alice.Conversations.SendAgain(bob.identity(), lost)
				}
				wait(time.Second)
			}
			w.change(func() { w.carry = w.deliver })
			if !c.during {
				again()
			}
			talk()
			if c.during {
				again()
			}
			wait(time.Second)
			if got := bob.view.read(); !slices.Equal(got, []string{"before", "lost"}) {
				t.Errorf("%+v: Bob reads %q", c, got)
			}
			if c.contact {
				stored := alice.store.textsWith(bob.identity())
				if len(stored) != 2 || stored[1].Text.Text != "lost" || !stored[1].Arrived {
					t.Errorf("%+v: Alice has stored %+v", c, stored)
				}
			}
		})
	}
}

// TestTextArrivedTwice has a friend send a text again that had come: it is shown once.
func TestTextArrivedTwice(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.talk(bob)
		alice.Conversations.SendText("once")
		wait(time.Second)
		sent := alice.view.texts[0]
		alice.Calls.HangUp()
		wait(time.Second)
		alice.talk(bob)
		alice.Conversations.SendAgain(bob.identity(), sent)
		wait(time.Second)
		if got := bob.view.read(); !slices.Equal(got, []string{"once"}) {
			t.Errorf("Bob reads %q", got)
		}
		if stored := bob.store.textsWith(alice.identity()); len(stored) != 1 {
			t.Errorf("Bob has stored %v", stored)
		}
	})
}

// TestTextUnsent gives a text back that was written to nobody.
func TestTextUnsent(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, _ := w.friends("Alice", "Bob")
		alice.Conversations.SendText("hello?")
		wait(time.Second)
		if !slices.Equal(alice.view.unsent, []string{"hello?"}) {
			t.Errorf("unsent %q", alice.view.unsent)
		}
	})
}

// TestStrangerTexts keeps a stranger's texts for as long as all calls are with them,
// and so many of them.
func TestStrangerTexts(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		c := w.person("Bob").open().Conversations
		alice, carol := newSigner(t).Public(), newSigner(t).Public()
		for i := range maxUnsaved + 20 {
			c.save(alice, call.Text{Text: fmt.Sprint(i), Number: i})
		}
		if len(c.unsaved) != maxUnsaved || c.unsaved[0].Text != "20" {
			t.Errorf("%d texts wait, the first is %v", len(c.unsaved), c.unsaved[0])
		}
		c.with = alice
		c.reset([12]byte{1}, alice)
		if len(c.unsaved) != maxUnsaved || c.unsaved[0].Number != 0 {
			t.Error("the texts of the call before are gone, or have its numbers")
		}
		c.reset([12]byte{2}, carol)
		if len(c.unsaved) != 0 {
			t.Error("a stranger's texts outlive a call with another")
		}
	})
}

// TestStrangerCalledBack saves what a stranger wrote once they are called, be it that they
// answer or that they do not: they are a contact from then on.
func TestStrangerCalledBack(t *testing.T) {
	for name, callBack := range map[string]func(alice, bob *tab) error{
		"by the card": func(alice, bob *tab) error { return bob.Calls.Dial(bob.ctx, string(alice.Line.Card().JSON()), false) },
		"by the list": func(alice, bob *tab) error { return bob.Calls.CallContact(bob.ctx, alice.identity(), false) },
		"without being heard": func(alice, bob *tab) error {
			alice.drop()
			return bob.Calls.Dial(bob.ctx, string(alice.Line.Card().JSON()), false)
		},
	} {
		run(t, func(t *testing.T, w *world) {
			alice, bob := w.person("Alice").open(), w.person("Bob").open()
			alice.ready()
			bob.ready()
			if err := alice.Calls.Dial(t.Context(), string(bob.Line.Card().JSON()), false); err != nil {
				t.Fatal(err)
			}
			wait(time.Second)
			bob.answer()
			alice.Conversations.SendText("it is me")
			wait(time.Second)
			alice.Calls.HangUp()
			wait(time.Second)
			if err := callBack(alice, bob); err != nil {
				t.Fatal(err)
			}
			wait(time.Second)
			if name != "without being heard" {
				alice.answer()
			}
			bob.close()
			bob = bob.person.open()
			if stored := bob.store.textsWith(alice.identity()); len(stored) != 1 || bob.view.unread[alice.identity()] != 1 {
				t.Errorf("%s: stored %v, unread %v", name, stored, bob.view.unread)
			}
		})
	}
}
