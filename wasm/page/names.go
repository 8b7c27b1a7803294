//go:build js && wasm

package page

import (
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

// nameOf is who a call is with: a contact's name, or what the card says that
// was pasted here. What a stranger says is no name but a claim.
func nameOf(c call.Call) string {
	switch {
	case c.Known && c.Name != "":
		return c.Name
	case c.Known:
		return say(unnamedFriend)
	case !c.Outgoing:
		return say(unknownCaller)
	case c.Remote.Name != "":
		return c.Remote.Name
	default:
		return say(yourFriend)
	}
}

// claimOf is what a stranger says about themselves, or "".
func claimOf(c call.Call) string {
	if c.Known || c.Outgoing {
		return ""
	}
	return claim(c.Remote.Name)
}

func claim(name string) string {
	if name == "" {
		return ""
	}
	return say("They say they are “{name}”.", "name", name)
}

// nameOfContact is how this phone's owner calls somebody.
func nameOfContact(c phonebook.Contact) string {
	if c.Name == "" {
		return say(unnamedFriend)
	}
	return c.Name
}

// nameOfRecord is who a call was with, and what they claimed if that is all.
func nameOfRecord(r phonebook.Record, c phonebook.Contact, known bool) (name, claims string) {
	switch {
	case known:
		return nameOfContact(c), ""
	case !r.Outgoing:
		return say(unknownCaller), claim(r.Card.Name)
	case r.Card.Name != "":
		return r.Card.Name, ""
	default:
		return say(yourFriend), ""
	}
}

// namesake finds a contact, other than whose identity it is, with the same name.
func namesake(contacts []phonebook.Contact, identity webpush.PublicKey, name string) (phonebook.Contact, bool) {
	name = strings.ToLower(signaling.CleanName(name))
	for _, c := range contacts {
		if name != "" && c.Identity() != identity && strings.ToLower(c.Name) == name {
			return c, true
		}
	}
	return phonebook.Contact{}, false
}

// sameOwner tells whether two cards are of the same friend. Equal subscriptions
// are a claim, and only count where one of them has no identity.
func sameOwner(a, b signaling.Card) bool {
	if a.Identity.IsZero() || b.Identity.IsZero() {
		return a.Subscription == b.Subscription
	}
	return a.Identity == b.Identity
}

// contactOf finds whose identity it is.
func contactOf(contacts []phonebook.Contact, identity webpush.PublicKey) (phonebook.Contact, bool) {
	if !identity.IsZero() {
		for _, c := range contacts {
			if c.Identity() == identity {
				return c, true
			}
		}
	}
	return phonebook.Contact{}, false
}
