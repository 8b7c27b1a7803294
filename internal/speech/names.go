package speech

import (
	"strconv"
	"strings"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

// What there is to call somebody who does not say, or whose word is no proof.
const (
	yourFriend    = "Your friend"
	unnamedFriend = "Unnamed friend"
	unknownCaller = "Unknown caller"
)

// YourFriend names a friend who has no name here.
func (v Voice) YourFriend() string { return v.Say(yourFriend) }

// NameOf is who a call is with: a contact's name, or what the card says that
// was pasted here. What a stranger says is no name but a claim.
func (v Voice) NameOf(c call.Call) string {
	switch {
	case c.Known && c.Name != "":
		return c.Name
	case c.Known:
		return v.Say(unnamedFriend)
	case !c.Outgoing:
		return v.Say(unknownCaller)
	case c.Remote.Name != "":
		return c.Remote.Name
	default:
		return v.Say(yourFriend)
	}
}

// ClaimOf is what a stranger says about themselves, or "".
func (v Voice) ClaimOf(c call.Call) string {
	if c.Known || c.Outgoing {
		return ""
	}
	return v.claim(c.Remote.Name)
}

func (v Voice) claim(name string) string {
	if name == "" {
		return ""
	}
	return v.Say("They say they are “{name}”.", "name", name)
}

// NameOfContact is how this phone's owner calls somebody.
func (v Voice) NameOfContact(c phonebook.Contact) string {
	if c.Name == "" {
		return v.Say(unnamedFriend)
	}
	return c.Name
}

// SentenceOfCard says where a contact's card came from, and what to do about that.
func (v Voice) SentenceOfCard(c phonebook.Contact) string {
	if c.Verified {
		return v.Say("You have compared safety words: this card is theirs.")
	}
	return v.cardFrom(c.From) + " " + v.Say("To be sure that it is theirs, press Safety words in your next call and compare.")
}

func (v Voice) cardFrom(from string) string {
	switch from {
	case phonebook.FromLink:
		return v.Say("Card from a link, not compared.")
	case phonebook.FromText:
		return v.Say("Card from a pasted text, not compared.")
	case phonebook.FromCall:
		return v.Say("Card from a call, not compared.")
	case phonebook.FromFile:
		return v.Say("Card from an imported file, not compared.")
	}
	return v.Say("Card not compared.")
}

// BackTo offers the way back into a call that its page has lost.
func (v Voice) BackTo(c phonebook.Contact, known bool) string {
	if !known {
		return v.Say("Back to the call")
	}
	return v.Say("Back to the call with {name}", "name", v.NameOfContact(c))
}

// NameOfRecord is who a call was with, and what they claimed if that is all.
func (v Voice) NameOfRecord(r phonebook.Record, c phonebook.Contact, known bool) (name, claims string) {
	switch {
	case known:
		return v.NameOfContact(c), ""
	case !r.Outgoing:
		return v.Say(unknownCaller), v.claim(r.Card.Name)
	case r.Card.Name != "":
		return r.Card.Name, ""
	default:
		return v.Say(yourFriend), ""
	}
}

// FindNamesake finds a contact, other than whose identity it is, with the same name.
func FindNamesake(contacts []phonebook.Contact, identity webpush.PublicKey, name string) (phonebook.Contact, bool) {
	name = strings.ToLower(signaling.CleanName(name))
	for _, c := range contacts {
		if name != "" && c.Identity() != identity && strings.ToLower(c.Name) == name {
			return c, true
		}
	}
	return phonebook.Contact{}, false
}

// SameOwner tells whether two cards are of the same friend. Equal subscriptions
// are a claim, and only count where one of them has no identity.
func SameOwner(a, b signaling.Card) bool {
	if a.Identity.IsZero() || b.Identity.IsZero() {
		return a.Subscription == b.Subscription
	}
	return a.Identity == b.Identity
}

// FindContact finds whose identity it is.
func FindContact(contacts []phonebook.Contact, identity webpush.PublicKey) (phonebook.Contact, bool) {
	if !identity.IsZero() {
		for _, c := range contacts {
			if c.Identity() == identity {
				return c, true
			}
		}
	}
	return phonebook.Contact{}, false
}

// HeadingOf says who is calling.
func (v Voice) HeadingOf(c call.Call) string {
	if !c.Known {
		return v.Say(unknownCaller)
	}
	return v.Say("{name} is calling", "name", v.NameOf(c))
}

// Title writes the title of the tab: who calls, or else the status and how many
// things are new.
func Title(caller, word string, news int) string {
	t := "Pushcall"
	switch {
	case caller != "":
		return caller + " – " + t
	case word != "":
		t = word + " – " + t
	}
	if news > 0 {
		t = "(" + strconv.Itoa(news) + ") " + t
	}
	return t
}
