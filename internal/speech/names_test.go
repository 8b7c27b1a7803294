package speech

import (
	"fmt"
	"testing"
	"time"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

func TestNames(t *testing.T) {
	bob := signaling.Card{Name: "Bob"}
	for _, test := range []struct {
		call    call.Call
		name    string
		claim   string
		heading string
	}{
		{call.Call{Known: true, Name: "Ada", Remote: bob}, "Ada", "", "Ada is calling"},
		{call.Call{Known: true, Remote: bob}, "Unnamed friend", "", "Unnamed friend is calling"},
		{call.Call{Remote: bob}, "Unknown caller", "They say they are “Bob”.", "Unknown caller"},
		{call.Call{}, "Unknown caller", "", "Unknown caller"},
		{call.Call{Outgoing: true, Remote: bob}, "Bob", "", ""},
		{call.Call{Outgoing: true}, "Your friend", "", ""},
	} {
		if name, claim := english.NameOf(test.call), english.ClaimOf(test.call); name != test.name || claim != test.claim {
			t.Errorf("%+v: %q %q, want %q %q", test.call, name, claim, test.name, test.claim)
		}
		if heading := english.HeadingOf(test.call); !test.call.Outgoing && heading != test.heading {
			t.Errorf("%+v: %q, want %q", test.call, heading, test.heading)
		}
	}
}

func TestNameOfRecord(t *testing.T) {
	bob := signaling.Card{Name: "Bob"}
	for _, test := range []struct {
		record phonebook.Record
		known  bool
		name   string
		claim  string
	}{
		{phonebook.Record{Card: bob}, true, "Ada", ""},
		{phonebook.Record{Card: bob}, false, "Unknown caller", "They say they are “Bob”."},
		{phonebook.Record{Missed: true}, false, "Unknown caller", ""},
		{phonebook.Record{Outgoing: true, Card: bob}, false, "Bob", ""},
		{phonebook.Record{Outgoing: true}, false, "Your friend", ""},
	} {
		if name, claim := english.NameOfRecord(test.record, phonebook.Contact{Name: "Ada"}, test.known); name != test.name || claim != test.claim {
			t.Errorf("%+v: %q %q, want %q %q", test.record, name, claim, test.name, test.claim)
		}
	}
}

func TestWhatBecame(t *testing.T) {
	for _, test := range []struct {
		record phonebook.Record
		want   string
	}{
		{phonebook.Record{Missed: true, Reason: call.NoAnswer}, "Missed"},
		{phonebook.Record{Outgoing: true, Reason: call.NoAnswer}, "Outgoing, no answer"},
		{phonebook.Record{Outgoing: true, Reason: call.Busy}, "Outgoing, busy"},
		{phonebook.Record{Outgoing: true, Reason: call.Undelivered}, "Outgoing, unreachable"},
		{phonebook.Record{Reason: call.Declined}, "Incoming, declined"},
		{phonebook.Record{Reason: call.HungUp, Duration: 754 * time.Second}, "Incoming, 12 min"},
		{phonebook.Record{Reason: call.Network, Duration: 5 * time.Second}, "Incoming, 5 s"},
		{phonebook.Record{Reason: call.Network}, "Incoming, not connected"},
	} {
		if got := english.whatBecame(test.record); got != test.want {
			t.Errorf("%+v: %q, want %q", test.record, got, test.want)
		}
	}
}

// SentenceOfCard says where a card came from, and always what to do unless it was compared.
func TestSentenceOfCard(t *testing.T) {
	const advice = " To be sure that it is theirs, press Safety words in your next call and compare."
	for _, test := range []struct {
		contact phonebook.Contact
		want    string
	}{
		{phonebook.Contact{From: phonebook.FromLink}, "Card from a link, not compared." + advice},
		{phonebook.Contact{From: phonebook.FromText}, "Card from a pasted text, not compared." + advice},
		{phonebook.Contact{From: phonebook.FromCall}, "Card from a call, not compared." + advice},
		{phonebook.Contact{From: phonebook.FromFile}, "Card from an imported file, not compared." + advice},
		{phonebook.Contact{From: "<b>a later version"}, "Card not compared." + advice},
		{phonebook.Contact{}, "Card not compared." + advice},
		{phonebook.Contact{From: phonebook.FromLink, Verified: true}, "You have compared safety words: this card is theirs."},
	} {
		if got := english.SentenceOfCard(test.contact); got != test.want {
			t.Errorf("%+v: %q, want %q", test.contact, got, test.want)
		}
	}
}

func TestTitle(t *testing.T) {
	for _, test := range []struct {
		caller, word string
		missed       int
		want         string
	}{
		{"", "", 0, "Pushcall"},
		{"", "", 2, "(2) Pushcall"},
		{"", "Connected", 0, "Connected – Pushcall"},
		{"", "Missed call", 1, "(1) Missed call – Pushcall"},
		{"Ada is calling", "Ringing…", 3, "Ada is calling – Pushcall"},
	} {
		if got := Title(test.caller, test.word, test.missed); got != test.want {
			t.Errorf("title(%q, %q, %d) = %q, want %q", test.caller, test.word, test.missed, got, test.want)
		}
	}
}

// people makes cards of as many friends as there are names. The first two have
// the same subscription.
func people(t *testing.T, names ...string) []signaling.Card {
	t.Helper()
	cards := make([]signaling.Card, len(names))
	for i, name := range names {
		key, err := webpush.GenerateApplicationServerKey()
		if err != nil {
			t.Fatal(err)
		}
		cards[i] = signaling.Card{Identity: key.Public(), Name: name}
		if i == 1 {
			cards[i].Subscription = cards[0].Subscription
		} else if cards[i].Subscription, err = webpush.NewSubscription(fmt.Sprintf("https://push.example/%d", i), key.Public().String(), "AAAAAAAAAAAAAAAAAAAAAA"); err != nil {
			t.Fatal(err)
		}
	}
	return cards
}

func TestSameOwner(t *testing.T) {
	cards := people(t, "Ada", "Mallory", "Bob")
	ada, mallory, bob := cards[0], cards[1], cards[2]
	moved, plain, other := ada, ada, bob
	moved.Subscription = bob.Subscription
	plain.Identity, other.Identity = webpush.PublicKey{}, webpush.PublicKey{}
	for name, test := range map[string]struct {
		a, b signaling.Card
		want bool
	}{
		"the same":                     {ada, ada, true},
		"another address":              {ada, moved, true},
		"another at the same address":  {ada, mallory, false},
		"others":                       {ada, bob, false},
		"a plain subscription":         {ada, plain, true},
		"plain subscriptions":          {plain, plain, true},
		"another plain subscription":   {ada, other, false},
		"other plain subscriptions":    {plain, other, false},
		"plain, at a card that claims": {mallory, plain, true},
	} {
		if SameOwner(test.a, test.b) != test.want || SameOwner(test.b, test.a) != test.want {
			t.Errorf("%s: not %v", name, test.want)
		}
	}
}

func TestBackTo(t *testing.T) {
	for want, c := range map[string]struct {
		name  string
		known bool
	}{
		"Back to the call with Ada":              {"Ada", true},
		"Back to the call with " + unnamedFriend: {"", true},
		"Back to the call":                       {"Eve", false},
	} {
		if got := english.BackTo(phonebook.Contact{Name: c.name}, c.known); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
