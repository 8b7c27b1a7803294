//go:build js && wasm

package page

import (
	"context"

	"pushcall/app"
	"pushcall/internal/speech"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// What the person does to contacts and settings, beside any call.

// book is the contacts.
type book interface {
	AddContact(card signaling.Card, name string) error
	AddLinked(card signaling.Card, name string) error
	SaveContact(identity webpush.PublicKey, name string) error
	Block(identity webpush.PublicKey, blocked bool) error
	DeleteContact(ctx context.Context, identity webpush.PublicKey) error
	SetVerified(identity webpush.PublicKey, verified bool) error
	Acknowledge(identity webpush.PublicKey) error
}

// preferences are the person's settings.
type preferences interface {
	Settings() app.Settings
	SetSettings(ctx context.Context, settings app.Settings) error
}

// lineTester sends a push message to this browser itself.
type lineTester interface {
	TestLine(ctx context.Context, report func(app.Leg)) error
}

// announcer makes a new number, and tells friends.
type announcer interface {
	NewNumber(ctx context.Context) (told, failed int, err error)
}

func (p *Page) rename(c phonebook.Contact) {
	p.saved, p.adding = nil, nil
	p.save.open(say("Rename contact"), c.Identity(), c.Name)
}

// saveCaller asks for a name for who the call is with.
func (p *Page) saveCaller() {
	p.saved, p.adding = p.focusCall, nil
	p.save.open(say("Save contact"), p.current.Remote.Identity, p.claimedName(p.current.Remote.Identity))
}

// saveRecord asks for a name for who a call in the list was with.
func (p *Page) saveRecord(r phonebook.Record) {
	p.adding = nil
	p.saved = func() {
		p.calls.focus(r.ID)
		p.focusCall() // during one, that button is disabled
	}
	p.save.open(say("Save contact"), r.Identity, p.claimedName(r.Identity))
}

// claimedName is what somebody called themselves last, or "".
func (p *Page) claimedName(identity webpush.PublicKey) string {
	if p.current.Remote.Identity == identity && p.current.Remote.Name != "" {
		return p.current.Remote.Name
	}
	for _, r := range p.records {
		if r.Identity == identity && r.Card.Name != "" {
			return r.Card.Name
		}
	}
	return ""
}

// focusCall moves the keyboard's focus to the call, if there is one.
func (p *Page) focusCall() {
	if isTalking(p.current) {
		p.messages.focus()
	} else if isTaken(p.current) {
		p.call.focus()
	}
}

// saveContact gives somebody the name in the dialog.
func (p *Page) saveContact(identity webpush.PublicKey, name string) {
	p.save.setBusy(true)
	a := &action{}
	p.saving = a
	adding, add := p.adding, p.add
	a.cancel = p.beside(func(ctx context.Context) func() {
		var err error
		if adding != nil {
			err = add(*adding, name)
		} else {
			err = p.book.SaveContact(identity, name)
		}
		return func() {
			if p.saving != a { // the dialog was closed
				return
			}
			p.saving = nil
			p.save.setBusy(false)
			if err != nil {
				js.Log(err.Error())
				p.save.refuse(voice.CouldNotSave())
			} else {
				p.save.close()
				if p.saved != nil {
					p.saved() // the button that opened it may be gone
				}
			}
		}
	})
}

// saveClosed gives up what the dialog has asked for.
func (p *Page) saveClosed() {
	if p.saving != nil {
		p.saving.cancel()
		p.saving = nil
		p.save.setBusy(false)
	}
}

func (p *Page) block(c phonebook.Contact, blocked bool, setBusy func(bool)) {
	setBusy(true)
	p.beside(func(ctx context.Context) func() {
		err := p.book.Block(c.Identity(), blocked)
		return func() {
			setBusy(false)
			if err != nil {
				p.couldNotKeep(err)
			}
		}
	})
}

// delete forgets a contact, as the person has confirmed.
func (p *Page) delete(c phonebook.Contact) {
	p.home.focusFriend() // the row goes away
	p.change(func(ctx context.Context) error { return p.book.DeleteContact(ctx, c.Identity()) })
}

// acknowledge takes note that the person knows that a contact has moved.
func (p *Page) acknowledge(c phonebook.Contact) {
	p.home.focusFriend()
	p.change(func(context.Context) error { return p.book.Acknowledge(c.Identity()) })
}

// saveDialed asks for a name for the owner of a pasted card.
func (p *Page) saveDialed(text string) {
	card, err := signaling.ParseCard(text)
	switch {
	case err != nil:
		p.dial.refuse(voice.SentenceOfDial(err))
		return
	case p.line.IsOwn(card):
		p.dial.refuse(voice.SentenceOfDial(app.ErrOwnSubscription))
		return
	case card.Identity.IsZero():
		p.dial.refuse(say("This does not say whose it is. You can call, and save who answers."))
		return
	}
	if contact, known := speech.FindContact(p.contacts, card.Identity); known {
		p.dial.refuse(say("You have {name} in your contacts already. Nothing is changed by this card.", "name", voice.NameOfContact(contact)))
		return
	}
	p.dial.close()
	p.adding, p.add, p.saved = &card, p.book.AddContact, p.home.focusFriend
	if app.FromOf(text) == phonebook.FromLink {
		p.add = p.book.AddLinked
	}
	p.save.open(say("Save contact"), card.Identity, card.Name)
}

// sortContacts saves by what contacts are sorted.
func (p *Page) sortContacts(byTalk bool) {
	p.change(func(ctx context.Context) error {
		s := p.preferences.Settings()
		s.ByTalk = byTalk
		return p.preferences.SetSettings(ctx, s)
	})
}

// change changes what is stored, and says so if that is lost.
func (p *Page) change(f func(context.Context) error) {
	p.beside(func(ctx context.Context) func() {
		err := f(ctx)
		return func() {
			if err != nil {
				p.couldNotKeep(err)
			}
		}
	})
}

// couldNotKeep says that a change is lost, where the stage has room for it.
func (p *Page) couldNotKeep(err error) {
	if inCall(p.current) {
		js.Log(err.Error())
		return
	}
	p.say(speech.Saying{State: speech.AtFailure, Word: speech.Ready, Sentence: voice.CouldNotSave(), Cause: err})
}

func (p *Page) openSettings() {
	p.card.close() // the name on it may change
	p.test.clear()
	p.ways.clear()
	p.connection.open(p.servers.Own())
	p.number.reset(true)
	p.moving.clear()
	p.erase.reset(true)
	p.settings.open(p.preferences.Settings())
	p.showStored()
}

// setName keeps what the person is called.
func (p *Page) setName(name string) {
	s := p.preferences.Settings()
	s.Name = name
	p.setSettings(s)
}

// setSettings keeps what the person has decided. A page in another language is
// another page, which no call should end by.
func (p *Page) setSettings(s app.Settings) {
	before, shown := p.preferences.Settings(), p.card.dialog.Open()
	p.beside(func(ctx context.Context) func() {
		err := p.preferences.SetSettings(ctx, s)
		now := p.preferences.Settings()
		var card signaling.Card
		var base string
		if shown {
			card, base, _ = p.ownCard(ctx)
		}
		return func() {
			p.setClass()
			if base != "" && p.card.dialog.Open() {
				p.card.open(card, base)
			}
			if err != nil {
				js.Log(err.Error())
			}
			p.settings.kept(now, err)
			if now.Name != "" {
				p.guide.reach(p.afterName())
			}
			if err == nil && now.Language != before.Language && !inCall(p.current) {
				js.Reload()
			}
		}
	})
}

func (p *Page) testLine() {
	a := &action{}
	p.testing = a
	p.test.begin()
	a.cancel = p.beside(func(ctx context.Context) func() {
		err := p.tester.TestLine(ctx, func(leg app.Leg) {
			p.loop.Post(func() {
				if p.testing == a {
					p.test.report(leg)
				}
			})
		})
		return func() {
			if p.testing == a {
				p.testing = nil
				p.test.done(err)
			}
		}
	})
}

// settingsClosed gives up the tests in the dialog, and keeps what was written.
func (p *Page) settingsClosed() {
	p.connection.close()
	if p.finding != nil {
		p.finding.cancel()
		p.finding = nil
		p.ways.clear()
	}
	if p.testing != nil {
		p.testing.cancel()
		p.testing = nil
		p.test.clear()
	}
}

// newNumber changes the number. It is not given up half way.
func (p *Page) newNumber() {
	p.beside(func(ctx context.Context) func() {
		told, failed, err := p.announcer.NewNumber(ctx)
		return func() {
			if err != nil {
				js.Log(err.Error())
			}
			p.numberDone(told, failed, err)
		}
	})
}
