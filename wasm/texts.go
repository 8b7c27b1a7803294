//go:build js && wasm

package main

import (
	"context"
	"maps"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/webpush"
)

// maxUnkept is how many texts of somebody who is no contact wait to be kept, in
// case they become one.
const maxUnkept = 100

// conversation is what is kept of the call's texts, and what is not yet. It
// belongs to the desk.
type conversation struct {
	id     signaling.CallID
	with   webpush.PublicKey
	sent   map[int]int // this side's that have not arrived: number → key in the store
	unkept []call.Text
	known  map[string]bool           // the friend's of calls before, by ID
	again  map[string]bool           // this side's to be sent again, by ID
	unread map[webpush.PublicKey]int // of everybody
}

// onText shows a text, and keeps it when it is a contact's. It runs on the
// phone's loop.
func (a *app) onText(t call.Text) {
	with := a.remote.Load().Identity
	if !t.Again {
		a.view.AddText(t)
	}
	a.desk.Post(func() {
		if t.Again {
			if a.hadBefore(with, t) {
				return
			}
			a.view.AddText(t)
		}
		if !t.Mine {
			a.conversation.unread[with]++
			a.showUnread()
		}
		a.keepText(with, t)
	})
}

// hadBefore tells whether a text of the friend's that is sent again had come in a
// call before. Of this side's, it forgets where it stood until now.
func (a *app) hadBefore(with webpush.PublicKey, t call.Text) bool {
	c := &a.conversation
	if !t.Mine {
		had := c.known[t.ID]
		c.known[t.ID] = true
		return had
	}
	delete(c.again, t.ID)
	for i, other := range c.unkept {
		if other.Mine && other.ID == t.ID {
			c.unkept = append(c.unkept[:i], c.unkept[i+1:]...)
			break
		}
	}
	a.kept(a.store.DeleteText(a.desk.Context(), with, t.ID))
	return false
}

// SendAgain sends a text that was lost, if there is a call with who it was for,
// or else in the next.
func (a *app) SendAgain(with webpush.PublicKey, t call.Text) {
	a.desk.Post(func() {
		if !a.conversation.again[t.ID] {
			a.conversation.again[t.ID] = true
			a.phone.SendAgain(with, t)
		}
	})
}

// onArrived marks this side's texts up to a number. It runs on the phone's loop.
func (a *app) onArrived(number int) {
	a.view.ShowArrived(number)
	a.desk.Post(func() {
		c := &a.conversation
		var keys []int
		for n, key := range c.sent {
			if n <= number {
				keys = append(keys, key)
				delete(c.sent, n)
			}
		}
		for i := range c.unkept {
			if t := &c.unkept[i]; t.Mine && t.Number > 0 && t.Number <= number {
				t.Arrived = true
			}
		}
		a.kept(a.store.TextsArrived(a.desk.Context(), keys))
	})
}

// beginConversation shows what was written to the same friend before. It runs
// on the phone's loop, each time a call is connected.
func (a *app) beginConversation(c call.Call) {
	a.desk.Post(func() {
		if c.ID == a.conversation.id {
			return // it was reconnected
		}
		with := c.Remote.Identity
		a.conversation.begin(c.ID, with)
		texts, err := a.store.Texts(a.desk.Context(), with)
		a.kept(err)
		var earlier []call.Text
		for _, t := range append(texts, a.conversation.unkept...) {
			if t.Mine && a.conversation.again[t.ID] {
				a.phone.SendAgain(with, t)
				continue
			}
			earlier = append(earlier, t)
			if !t.Mine {
				a.conversation.known[t.ID] = true
			}
		}
		a.view.ShowEarlier(with, earlier)
	})
}

// begin makes room for the texts of another call. What somebody wrote who is no
// contact stays for as long as all calls are with them.
func (c *conversation) begin(id signaling.CallID, with webpush.PublicKey) {
	if with != c.with {
		c.unkept = nil
	}
	for i := range c.unkept {
		c.unkept[i].Number = 0 // which counts in its call
	}
	c.id, c.with, c.sent, c.known = id, with, map[int]int{}, map[string]bool{}
}

func (a *app) keepText(with webpush.PublicKey, t call.Text) {
	c := &a.conversation
	if _, known := a.book.Contact(with); !known {
		c.unkept = append(c.unkept, t)
		c.unkept = c.unkept[max(0, len(c.unkept)-maxUnkept):]
		return
	}
	key, err := a.store.PutText(a.desk.Context(), with, t, !t.Mine && c.unread[with] > 0)
	if err == nil && t.Mine && !t.Arrived && t.Number > 0 {
		c.sent[t.Number] = key
	}
	a.kept(err)
}

// keepUnkept keeps what was written with somebody before they became a contact.
func (a *app) keepUnkept(identity webpush.PublicKey) {
	a.desk.Post(func() {
		c := &a.conversation
		if c.with != identity {
			return
		}
		unkept := c.unkept
		c.unkept = nil
		for _, t := range unkept {
			a.keepText(identity, t)
		}
	})
}

// loadUnread counts what the tab before has left unread.
func (a *app) loadUnread(ctx context.Context) {
	unread, err := a.store.Unread(ctx)
	a.kept(err)
	a.desk.Post(func() {
		a.conversation.unread = unread
		a.showUnread()
	})
}

func (a *app) showUnread() { a.view.ShowUnread(maps.Clone(a.conversation.unread)) }

// allTexts returns what is kept of all conversations with contacts.
func (a *app) allTexts(ctx context.Context) (map[webpush.PublicKey][]call.Text, error) {
	all := map[webpush.PublicKey][]call.Text{}
	for _, c := range a.book.Contacts() {
		texts, err := a.store.Texts(ctx, c.Identity())
		if err != nil {
			return nil, err
		}
		all[c.Identity()] = texts
	}
	return all, nil
}

// Texts returns what is kept of the conversation with a contact.
func (a *app) Texts(ctx context.Context, identity webpush.PublicKey) ([]call.Text, error) {
	return a.store.Texts(ctx, identity)
}

// TextsSeen takes note that the person has seen what somebody wrote.
func (a *app) TextsSeen(identity webpush.PublicKey) {
	a.desk.Post(func() {
		if a.conversation.unread[identity] == 0 {
			return
		}
		delete(a.conversation.unread, identity)
		a.showUnread()
		a.kept(a.store.TextsSeen(a.desk.Context(), identity))
	})
}

// moveTexts has what was written follow to a contact's new identity.
func (a *app) moveTexts(from, to webpush.PublicKey) {
	a.desk.Post(func() {
		a.kept(a.store.MoveTexts(a.desk.Context(), from, to))
		if unread := a.conversation.unread; unread[from] > 0 {
			unread[to] += unread[from]
			delete(unread, from)
			a.showUnread()
		}
	})
}

// DeleteTexts forgets the conversation with a contact.
func (a *app) DeleteTexts(ctx context.Context, identity webpush.PublicKey) error {
	a.TextsSeen(identity)
	return a.store.DeleteTexts(ctx, identity)
}

// DeleteAllTexts forgets all conversations, and what would be kept of one.
func (a *app) DeleteAllTexts(ctx context.Context) error {
	a.desk.Post(func() { a.conversation.unkept = nil })
	if err := a.store.DeleteAllTexts(ctx); err != nil {
		return err
	}
	a.loadUnread(ctx)
	return nil
}
