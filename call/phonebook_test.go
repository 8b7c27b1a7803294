package call_test

import (
	"errors"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

func init() {
	call.MaxListed = phonebook.MaxRecords
	call.NewBook = func(w call.BookWatcher) call.Book {
		return book{phonebook.NewBook(func(c phonebook.Contact) { w.ContactSaved(forPhone(c)) }, w.ContactDeleted,
			func(r phonebook.Record) { w.CallSaved(listed(r)) })}
	}
}

// book is the phone book with the types of package call.
type book struct{ *phonebook.Book }

func forPhone(c phonebook.Contact) call.Contact {
	b := phonebook.NewBook(nil, nil, nil)
	b.Load([]phonebook.Contact{c}, nil)
	contact, _ := b.ForPhone(c.Identity())
	return contact
}

func listed(r phonebook.Record) call.Call {
	return call.Call{ID: r.ID, Outgoing: r.Outgoing, Remote: signaling.Card{Identity: r.Identity}}
}

func (b book) ToDial(card signaling.Card) (signaling.Card, bool, error) {
	stored, err := b.Book.ToDial(card)
	return stored, errors.Is(err, phonebook.ErrOtherAddress), err
}

func (b book) Contacts() (all []call.Contact) {
	for _, c := range b.Book.Contacts() {
		all = append(all, forPhone(c))
	}
	return all
}

func (b book) Block(identity webpush.PublicKey) {
	b.Update(identity, func(c *phonebook.Contact) { c.Blocked = true })
}

func (b book) Calls() (all []call.Call) {
	for _, r := range b.Records() {
		all = append(all, listed(r))
	}
	return all
}

func (b book) Load(contacts ...call.Contact) {
	var all []phonebook.Contact
	for _, c := range contacts {
		all = append(all, phonebook.Contact{Card: c.Card, CardTime: c.CardTime, Name: c.Name, Blocked: c.Blocked,
			Told: c.Told, Heard: c.Told != "", Succeeds: c.Succeeds})
	}
	b.Book.Load(all, nil)
}

func (b book) LoadCalls(missed []call.Missed) {
	var records []phonebook.Record
	for _, m := range missed {
		records = append(records, phonebook.Record{ID: m.ID, Identity: m.Identity, Card: m.Card, Time: m.Time, Reason: call.Cancelled, Missed: true})
	}
	b.Book.Load(b.Book.Contacts(), records)
}
