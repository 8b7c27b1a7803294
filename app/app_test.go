package app

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

func TestCall(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.person("Alice").open(), w.person("Bob").open()
		alice.ready()
		bob.ready()
		if err := alice.Calls.Dial(t.Context(), string(bob.Line.Card().JSON()), true); err != nil {
			t.Fatal(err)
		}
		wait(time.Second)
		bob.expect(call.Ringing)
		bob.answer()
		alice.expect(call.Connected)
		bob.expect(call.Connected)
		if got := w.pushed(); got != "[offer answer]" {
			t.Errorf("pushed %s", got)
		}
		if len(alice.opened(Microphone)) != 1 || len(alice.opened(Camera)) != 1 || len(bob.opened(Microphone)) != 1 || len(bob.opened(Camera)) != 0 {
			t.Error("other devices are open than a video call and an answer open")
		}
		alice.Calls.HangUp()
		wait(time.Second)
		alice.expect(call.Ended)
		bob.expect(call.Ended)
		if len(alice.opened(Microphone))+len(alice.opened(Camera))+len(bob.opened(Microphone)) != 0 {
			t.Error("devices are open after the call")
		}
		if got := alice.view.contacts; len(got) != 1 || got[0].Identity() != bob.identity() {
			t.Errorf("Alice has the contacts %v", got)
		}
		if got := bob.view.records; len(got) != 1 || got[0].Outgoing || got[0].Duration == 0 || len(bob.store.calls) != 1 {
			t.Errorf("Bob has the calls %v", got)
		}
	})
}

// TestDialRefused dials cards that nobody can or wants to call.
func TestDialRefused(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		carol := w.person("Carol").open()
		carol.ready()
		keyless := carol.Line.Card()
		keyless.Key = webpush.ApplicationServerKey{}
		elsewhere := bob.Line.Card()
		elsewhere.Subscription = carol.Line.Card().Subscription
		for name, c := range map[string]struct {
			text string
			err  error
		}{
			"own":       {string(alice.Line.Card().JSON()), ErrOwnSubscription},
			"elsewhere": {string(elsewhere.JSON()), phonebook.ErrOtherAddress},
			"keyless":   {string(keyless.JSON()), nil},
			"nonsense":  {"a friend", nil},
		} {
			if err := alice.Calls.Dial(t.Context(), c.text, false); err == nil || c.err != nil && !errors.Is(err, c.err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := alice.Contacts.Block(bob.identity(), true); err != nil {
			t.Fatal(err)
		}
		if err := alice.Calls.CallContact(t.Context(), bob.identity(), false); !errors.Is(err, call.ErrBlocked) {
			t.Errorf("a blocked contact: %v", err)
		}
		if err := alice.Calls.DialElsewhere(t.Context(), elsewhere, false); !errors.Is(err, call.ErrBlocked) {
			t.Errorf("a blocked contact elsewhere: %v", err)
		}
		if err := alice.Calls.CallContact(t.Context(), carol.identity(), false); !errors.Is(err, errNotContact) {
			t.Errorf("a stranger who never called: %v", err)
		}
		if err := alice.Contacts.SaveContact(carol.identity(), "Carol"); !errors.Is(err, errNotContact) {
			t.Errorf("saved a stranger: %v", err)
		}
		wait(time.Second)
		if alice.view.last().State != call.Idle || w.pushed() != "[]" {
			t.Errorf("Alice sees %v, and %s was pushed", alice.view.last().State, w.pushed())
		}
	})
}

// TestDialElsewhere calls a contact at another address, where somebody else is.
func TestDialElsewhere(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		w.carry = func(m push) error {
			if m.message.Type == signaling.CardChanged {
				return call.ErrUndelivered // nobody is told of his new address
			}
			return w.deliver(m)
		}
		bob.drop()
		bob.Line.RequestCheck()
		wait(time.Second)
		if err := alice.Calls.DialElsewhere(t.Context(), bob.Line.Card(), false); err != nil {
			t.Fatal(err)
		}
		wait(time.Second)
		bob.answer()
		alice.expect(call.Connected)
	})
}

// TestStrangerBecomesContact saves a caller during the call: the card, and the texts
// from before.
func TestStrangerBecomesContact(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.person("Alice").open(), w.person("Bob").open()
		alice.ready()
		bob.ready()
		if err := alice.Calls.Dial(t.Context(), string(bob.Line.Card().JSON()), false); err != nil {
			t.Fatal(err)
		}
		wait(time.Second)
		bob.answer()
		alice.Conversations.SendText("hello")
		wait(time.Second)
		bob.Conversations.SendText("who is it?")
		wait(time.Second)
		if stored := bob.store.textsWith(alice.identity()); len(stored) != 0 {
			t.Errorf("a stranger's texts are stored: %v", stored)
		}
		if err := bob.Contacts.SaveContact(alice.identity(), "  Alice at work "); err != nil {
			t.Fatal(err)
		}
		wait(time.Second)
		stored := bob.store.textsWith(alice.identity())
		if len(stored) != 2 || stored[0].Text.Text != "hello" || !stored[1].Arrived {
			t.Errorf("stored %+v", stored)
		}
		if c := bob.store.contacts[alice.identity()]; c.Name != "Alice at work" || c.Card.Subscription != alice.Line.Card().Subscription {
			t.Errorf("stored %+v", c)
		}
	})
}

func TestContacts(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.talk(bob)
		words, err := alice.Calls.SafetyWords(t.Context())
		theirs, theirErr := bob.Calls.SafetyWords(t.Context())
		if err != nil || theirErr != nil || !slices.Equal(words, theirs) {
			t.Errorf("%v (%v), and %v (%v)", words, err, theirs, theirErr)
		}
		stored := func() phonebook.Contact {
			wait(time.Second)
			return alice.store.contacts[bob.identity()]
		}
		_ = alice.Contacts.SetVerified(bob.identity(), true)
		if !stored().Verified {
			t.Error("not verified")
		}
		alice.Conversations.SendText("bye")
		wait(time.Second)
		alice.Calls.HangUp()
		wait(time.Second)
		alice.book.Update(bob.identity(), func(c *contact) { c.Moved = true })
		_ = alice.Contacts.Acknowledge(bob.identity())
		if stored().Moved {
			t.Error("not acknowledged")
		}
		if err := alice.Contacts.DeleteContact(t.Context(), bob.identity()); err != nil {
			t.Error(err)
		}
		if wait(time.Second); len(alice.store.contacts) != 0 || len(alice.store.textsWith(bob.identity())) != 0 || len(alice.view.contacts) != 0 {
			t.Error("a deleted contact is stored, or shown")
		}
	})
}

// TestNotifications lets the page take the place of what the service worker shows.
func TestNotifications(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		bob.look(false)
		alice.dial(bob)
		if len(bob.closed) != 0 {
			t.Error("the ring's notification is closed, and nobody sees the page")
		}
		bob.look(true)
		if wait(time.Second); len(bob.closed) != 1 {
			t.Error("the ring's notification is there still, though the person sees the page")
		}
		bob.look(false)
		alice.Calls.HangUp()
		wait(time.Second)
		if !slices.Equal(bob.missed, []string{"my Alice"}) {
			t.Errorf("notified of missed calls of %q", bob.missed)
		}
		if bob.view.records[0].Missed != true || bob.view.records[0].Seen {
			t.Errorf("listed %+v", bob.view.records)
		}
		bob.Contacts.CallsSeen()
		if wait(time.Second); !bob.view.records[0].Seen {
			t.Error("a missed call is not marked as seen")
		}
	})
}
