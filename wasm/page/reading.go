//go:build js && wasm

package page

import (
	"context"
	"maps"
	"time"

	"pushcall/call"
	"pushcall/internal/speech"
	"pushcall/phonebook"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// What the person reads of what was written, during a call and beside it.

// conversations are those with contacts.
type conversations interface {
	Texts(ctx context.Context, with webpush.PublicKey) ([]call.Text, error)
	TextsSeen(with webpush.PublicKey)
	DeleteTexts(ctx context.Context, with webpush.PublicKey) error
	DeleteAllTexts(ctx context.Context) error
}

func (p *Page) showUnread(unread map[webpush.PublicKey]int) {
	p.unread = unread
	p.people.showUnread(unread)
	p.messages.setUnread(unread[p.messages.with])
	p.showNews()
	p.showReading()
}

// showNews shows in the title how much there is that the person does not know of.
func (p *Page) showNews() {
	n := p.calls.unseen()
	for texts := range maps.Values(p.unread) {
		n += texts
	}
	p.window.setNews(n)
}

// textsSeen tells that the person has seen the conversation that is shown.
func (p *Page) textsSeen() { p.conversations.TextsSeen(p.messages.with) }

// beginConversation makes room for the conversation with somebody. What a
// stranger wrote in the one before is nowhere to be read then.
func (p *Page) beginConversation(with webpush.PublicKey) {
	if _, known := speech.FindContact(p.contacts, p.messages.with); !known {
		p.textsSeen()
	}
	p.messages.reset(with)
	p.messages.setUnread(p.unread[with])
	p.files.reset()
}

// readLetters opens what was written to a contact and by them.
func (p *Page) readLetters(c phonebook.Contact) {
	p.beside(func(ctx context.Context) func() {
		texts, err := p.conversations.Texts(ctx, c.Identity())
		return func() {
			since := time.Now()
			if isTalking(p.current) && p.current.Remote.Identity == c.Identity() {
				since = p.current.Since
			}
			p.letters.open(c, texts, since, err)
			if err != nil {
				js.Log(err.Error())
				return
			}
			p.conversations.TextsSeen(c.Identity())
		}
	})
}

// eraseLetters forgets what was written to a contact and by them.
func (p *Page) eraseLetters(c phonebook.Contact) {
	p.beside(func(ctx context.Context) func() {
		err := p.conversations.DeleteTexts(ctx, c.Identity())
		return func() {
			if err == nil && p.messages.with == c.Identity() {
				p.clearTexts()
			}
			if p.letters.shows(c) {
				p.letters.erased(err)
			} else if err != nil {
				p.couldNotKeep(err)
			}
		}
	})
}

// eraseAll forgets all that was written.
func (p *Page) eraseAll() {
	p.beside(func(ctx context.Context) func() {
		err := p.conversations.DeleteAllTexts(ctx)
		return func() {
			if err != nil {
				js.Log(err.Error())
				p.erase.done(voice.CouldNotSave())
				return
			}
			p.clearTexts()
			p.erase.done(say("All messages are deleted."))
		}
	})
}

// clearTexts takes away what the page still shows of what was erased.
func (p *Page) clearTexts() {
	p.messages.earlier.clear()
	p.messages.list.clear()
	if p.messages.left() {
		p.messages.reset(p.messages.with)
		p.showConversation()
	}
}
