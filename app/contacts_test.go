package app

import (
	"testing"
	"time"

	"pushcall/phonebook"
	"pushcall/signaling"
)

// TestCardsComeFrom stores where the card of each contact came from, once.
func TestCardsComeFrom(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.person("Alice").open(), w.person("Bob").open()
		alice.ready()
		bob.ready()
		card := bob.Line.Card()
		json, link := string(card.JSON()), "https://pushcall.example/"+signaling.CardFragment+card.Short()
		hash := card
		hash.Name = "not a link " + signaling.CardFragment
		dial := func(text string) func() error {
			return func() error {
				err := alice.Calls.Dial(t.Context(), text, false)
				alice.Calls.HangUp()
				return err
			}
		}
		for name, test := range map[string]struct {
			add  func() error
			want string
		}{
			"a link":                    {dial(link), phonebook.FromLink},
			"a link in a text":          {dial("Call me: <" + link + ">"), phonebook.FromLink},
			"a pasted card":             {dial(json), phonebook.FromText},
			"with white space":          {dial("\n " + json), phonebook.FromText},
			"whose name is like a link": {dial(string(hash.JSON())), phonebook.FromText},
			"saved from a link":         {func() error { return alice.Contacts.AddLinked(card, "Bob") }, phonebook.FromLink},
			"saved from a card":         {func() error { return alice.Contacts.AddContact(card, "Bob") }, phonebook.FromText},
		} {
			if err := alice.Contacts.DeleteContact(t.Context(), card.Identity); err != nil {
				t.Fatal(err)
			}
			err := test.add()
			wait(time.Second)
			if c, known := alice.book.Contact(card.Identity); err != nil || !known || c.From != test.want {
				t.Errorf("%s: from %q, want %q; %v", name, c.From, test.want, err)
			}
			if err := alice.Contacts.AddLinked(card, "Bob"); err != nil {
				t.Fatal(err)
			}
			if c, _ := alice.book.Contact(card.Identity); c.From != test.want {
				t.Errorf("%s: from %q after a link", name, c.From)
			}
		}
		alice.talk(bob)
		if err := bob.Contacts.SaveContact(alice.identity(), "Alice"); err != nil {
			t.Fatal(err)
		}
		if c, _ := bob.book.Contact(alice.identity()); c.From != phonebook.FromCall {
			t.Errorf("a caller: from %q", c.From)
		}
		wait(time.Second)
		bob.crash()
		bob = bob.person.open()
		wait(time.Second)
		if c, _ := bob.book.Contact(alice.identity()); c.From != phonebook.FromCall {
			t.Errorf("a caller, at the next visit: from %q", c.From)
		}
	})
}
