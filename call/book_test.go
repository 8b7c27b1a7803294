package call

import (
	"pushcall/signaling"
	"pushcall/webpush"
)

// A Book has the methods of phonebook.Book that the simulations use. Package phonebook
// imports package call, so these tests cannot import it. Package call_test, in the same
// folder, sets NewBook.
type Book interface {
	ForPhone(webpush.PublicKey) (Contact, bool)
	CardOf(webpush.PublicKey) (signaling.Card, bool)
	Logged(signaling.CallID) bool
	Follow(c Call, own signaling.Card)
	Missed(Missed)
	NewCard(signaling.Message)
	Move(from, to webpush.PublicKey)
	Add(signaling.Card)

	ToDial(signaling.Card) (card signaling.Card, elsewhere bool, err error)
	Contacts() []Contact // by name
	Block(webpush.PublicKey)
	Calls() []Call      // as they are listed: ID, Outgoing, and the identity of Remote
	Load(...Contact)    // in place of all that is in the book
	LoadCalls([]Missed) // in place of all that are listed
}

// A BookWatcher receives each change of a Book, one at a time.
type BookWatcher struct {
	ContactSaved   func(Contact)
	ContactDeleted func(webpush.PublicKey)
	CallSaved      func(Call)
}

var (
	// NewBook makes an empty book.
	NewBook func(BookWatcher) Book
	// MaxListed is how many calls a Book lists.
	MaxListed int
)
