package app

import (
	"context"
	"maps"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/webpush"
)

// TextStore stores the conversations with contacts.
type TextStore interface {
	// Texts returns the stored texts of the conversation with somebody, the oldest
	// first.
	Texts(ctx context.Context, with webpush.PublicKey) ([]call.Text, error)
	// PutText saves a text of the conversation with somebody, as unread if nobody
	// has seen it here. The key is for TextsArrived.
	PutText(ctx context.Context, with webpush.PublicKey, t call.Text, unread bool) (key int, err error)
	// TextsArrived marks texts of this side that have come to the other.
	TextsArrived(ctx context.Context, keys []int) error
	// TextsSeen marks all texts of somebody as seen.
	TextsSeen(ctx context.Context, with webpush.PublicKey) error
	// Unread counts the texts of each friend that nobody has seen here.
	Unread(ctx context.Context) (map[webpush.PublicKey]int, error)
	// MoveTexts joins the conversation with somebody to that with another.
	MoveTexts(ctx context.Context, from, to webpush.PublicKey) error
	// DeleteText forgets a text of this side, by its ID; DeleteTexts the
	// conversation with somebody, DeleteAllTexts all conversations.
	DeleteText(ctx context.Context, with webpush.PublicKey, id string) error
	DeleteTexts(ctx context.Context, with webpush.PublicKey) error
	DeleteAllTexts(ctx context.Context) error
}

// TextView shows the conversation.
type TextView interface {
	// AddText adds a text to the conversation.
	AddText(call.Text)
	// ShowArrived marks the texts of this side up to a number.
	ShowArrived(number int)
	// ShowLost says of the texts of this side that nothing has said they have
	// arrived that they are not delivered.
	ShowLost()
	// ShowUnsent gives a text back that was sent as the call ended.
	ShowUnsent(text string)
	// ShowEarlier shows the texts of the calls before this one with somebody.
	ShowEarlier(with webpush.PublicKey, texts []call.Text)
	// ShowUnread shows how many texts of whom the person has not seen.
	ShowUnread(unread map[webpush.PublicKey]int)
}

// maxUnsaved is how many texts of somebody who is no contact wait to be saved, in
// case they become one.
const maxUnsaved = 100

// Conversations are the texts of the call, and those with contacts in the store.
type Conversations struct {
	*common

	// the storage loop owns these

	id      signaling.CallID  // of the call
	with    webpush.PublicKey // its friend
	sent    map[int]int       // this side's texts that have not arrived: number → key in the store
	unsaved []call.Text
	known   map[string]bool           // the friend's texts of calls before, by ID
	again   map[string]bool           // this side's texts that are to be sent again, by ID
	unread  map[webpush.PublicKey]int // texts of everybody
}

func newConversations(c *common) *Conversations {
	return &Conversations{common: c, sent: map[int]int{}, known: map[string]bool{}, again: map[string]bool{}, unread: map[webpush.PublicKey]int{}}
}

// SendText sends a text to the friend of the call.
func (c *Conversations) SendText(text string) { c.phone.SendText(text) }

// SendAgain sends a text that was lost, if there is a call with who it was for,
// or else in the next.
func (c *Conversations) SendAgain(with webpush.PublicKey, t call.Text) {
	c.storage.Post(func() {
		if !c.again[t.ID] {
			c.again[t.ID] = true
			c.phone.SendAgain(with, t)
		}
	})
}

// onText shows a text, and saves it when it is a contact's. It runs on the
// phone's loop.
func (c *Conversations) onText(with webpush.PublicKey, t call.Text) {
	if !t.Again {
		c.view.AddText(t)
	}
	c.storage.Post(func() {
		if t.Again {
			if c.hadBefore(with, t) {
				return
			}
			c.view.AddText(t)
		}
		if !t.Mine {
			c.unread[with]++
			c.showUnread()
		}
		c.save(with, t)
	})
}

// hadBefore tells whether a text of the friend's that is sent again had come in a
// call before. It forgets where a text of this side's stood until now.
func (c *Conversations) hadBefore(with webpush.PublicKey, t call.Text) bool {
	if !t.Mine {
		had := c.known[t.ID]
		c.known[t.ID] = true
		return had
	}
	delete(c.again, t.ID)
	for i, other := range c.unsaved {
		if other.Mine && other.ID == t.ID {
			c.unsaved = append(c.unsaved[:i], c.unsaved[i+1:]...)
			break
		}
	}
	c.logError(c.config.Store.DeleteText(c.storage.Context(), with, t.ID))
	return false
}

// onArrived marks this side's texts up to a number. It runs on the phone's loop.
func (c *Conversations) onArrived(number int) {
	c.view.ShowArrived(number)
	c.storage.Post(func() {
		var keys []int
		for n, key := range c.sent {
			if n <= number {
				keys = append(keys, key)
				delete(c.sent, n)
			}
		}
		for i := range c.unsaved {
			if t := &c.unsaved[i]; t.Mine && t.Number > 0 && t.Number <= number {
				t.Arrived = true
			}
		}
		c.logError(c.config.Store.TextsArrived(c.storage.Context(), keys))
	})
}

// begin shows the texts with the same friend of calls before. It runs on the
// phone's loop, each time a call is connected.
func (c *Conversations) begin(id signaling.CallID, with webpush.PublicKey) {
	c.storage.Post(func() {
		if c.id == id {
			return // it was reconnected
		}
		c.reset(id, with)
		if _, known := c.book.Contact(with); known { // since they answered
			c.saveAllUnsaved()
		}
		texts, err := c.config.Store.Texts(c.storage.Context(), with)
		c.logError(err)
		var earlier []call.Text
		for _, t := range append(texts, c.unsaved...) {
			if t.Mine && c.again[t.ID] {
				c.phone.SendAgain(with, t)
				continue
			}
			earlier = append(earlier, t)
			if !t.Mine {
				c.known[t.ID] = true
			}
		}
		c.view.ShowEarlier(with, earlier)
	})
}

// reset makes room for the texts of another call. What somebody wrote who is no
// contact stays for as long as all calls are with them.
func (c *Conversations) reset(id signaling.CallID, with webpush.PublicKey) {
	if with != c.with {
		c.unsaved = nil
	}
	for i := range c.unsaved {
		c.unsaved[i].Number = 0 // which counts in its call
	}
	c.id, c.with, c.sent, c.known = id, with, map[int]int{}, map[string]bool{}
}

func (c *Conversations) save(with webpush.PublicKey, t call.Text) {
	if _, known := c.book.Contact(with); !known {
		c.unsaved = append(c.unsaved, t)
		c.unsaved = c.unsaved[max(0, len(c.unsaved)-maxUnsaved):]
		return
	}
	key, err := c.config.Store.PutText(c.storage.Context(), with, t, !t.Mine && c.unread[with] > 0)
	if err == nil && t.Mine && !t.Arrived && t.Number > 0 {
		c.sent[t.Number] = key
	}
	c.logError(err)
}

// saveUnsaved saves the texts with somebody from before they became a contact.
func (c *Conversations) saveUnsaved(identity webpush.PublicKey) {
	c.storage.Post(func() {
		if c.with == identity {
			c.saveAllUnsaved()
		}
	})
}

func (c *Conversations) saveAllUnsaved() {
	unsaved := c.unsaved
	c.unsaved = nil
	for _, t := range unsaved {
		c.save(c.with, t)
	}
}

// loadUnread counts the texts that the tab before has left unread.
func (c *Conversations) loadUnread(ctx context.Context) {
	unread, err := c.config.Store.Unread(ctx)
	if err != nil {
		c.logError(err)
		return
	}
	c.storage.Post(func() {
		c.unread = unread
		c.showUnread()
	})
}

func (c *Conversations) showUnread() { c.view.ShowUnread(maps.Clone(c.unread)) }

// Texts returns the stored texts of the conversation with a contact, the oldest
// first.
func (c *Conversations) Texts(ctx context.Context, identity webpush.PublicKey) ([]call.Text, error) {
	return c.config.Store.Texts(ctx, identity)
}

// TextsSeen marks all that somebody wrote as seen by the person.
func (c *Conversations) TextsSeen(identity webpush.PublicKey) {
	c.storage.Post(func() {
		if c.unread[identity] == 0 {
			return
		}
		delete(c.unread, identity)
		c.showUnread()
		c.logError(c.config.Store.TextsSeen(c.storage.Context(), identity))
	})
}

// move gives the conversation with a contact their new identity.
func (c *Conversations) move(from, to webpush.PublicKey) {
	c.storage.Post(func() {
		c.logError(c.config.Store.MoveTexts(c.storage.Context(), from, to))
		if c.unread[from] > 0 {
			c.unread[to] += c.unread[from]
			delete(c.unread, from)
			c.showUnread()
		}
	})
}

// DeleteTexts forgets the conversation with a contact.
func (c *Conversations) DeleteTexts(ctx context.Context, identity webpush.PublicKey) error {
	c.TextsSeen(identity)
	return c.config.Store.DeleteTexts(ctx, identity)
}

// DeleteAllTexts forgets all conversations, and the texts that wait to be saved.
func (c *Conversations) DeleteAllTexts(ctx context.Context) error {
	c.storage.Post(func() { c.unsaved = nil })
	if err := c.config.Store.DeleteAllTexts(ctx); err != nil {
		return err
	}
	c.loadUnread(ctx)
	return nil
}
