//go:build js && wasm

package browser

import (
	"context"
	"fmt"

	"github.com/hack-pad/safejs"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// entriesOf reads what a store has of the conversation with somebody, the oldest
// first.
func entriesOf(ctx context.Context, store safejs.Value, with webpush.PublicKey) ([]phonebook.Entry, error) {
	byFriend, err := store.Call("index", textsByFriend)
	if err != nil {
		return nil, err
	}
	kept, err := js.AwaitList(ctx, byFriend, "getAll", with.String())
	if err != nil {
		return nil, err
	}
	var entries []phonebook.Entry
	reader := phonebook.NewReader()
	for _, value := range kept {
		e, err := reader.Entry(propertiesOf(value))
		if err != nil {
			js.Log(fmt.Sprintf("browser: a message is skipped: %v", err))
			continue
		}
		entries = phonebook.Insert(entries, e)
	}
	return entries, nil
}

// Texts returns what is kept of the conversation with somebody, the oldest
// first.
func (s *Store) Texts(ctx context.Context, with webpush.PublicKey) (texts []call.Text, err error) {
	err = s.transact(ctx, "read messages", textsStore, "readonly", func(store safejs.Value) error {
		entries, err := entriesOf(ctx, store, with)
		for _, e := range entries {
			texts = append(texts, e.Text)
		}
		return err
	})
	return texts, err
}

// PutText keeps a text of the conversation with somebody, as unread if nobody
// has seen it here, and forgets the oldest when there are more than 500. The
// key is for TextsArrived.
func (s *Store) PutText(ctx context.Context, with webpush.PublicKey, t call.Text, unread bool) (key int, err error) {
	err = s.changeTexts(ctx, "keep a message", func(store safejs.Value) error {
		put, err := addEntry(ctx, store, phonebook.Entry{With: with, Text: t, Unread: unread})
		if err != nil {
			return err
		}
		if key, err = put.Int(); err != nil {
			return err
		}
		return forgetOldest(ctx, store, with)
	})
	return key, err
}

// MergeTexts keeps texts of another device beside those that there are of the
// conversation with somebody: each once, and of all the newest 500.
func (s *Store) MergeTexts(ctx context.Context, with webpush.PublicKey, texts []call.Text) error {
	return s.changeTexts(ctx, "keep messages", func(store safejs.Value) error {
		entries := make([]phonebook.Entry, len(texts))
		for i, t := range texts {
			entries[i].Text = t
		}
		return merge(ctx, store, with, entries)
	})
}

// merge writes a conversation anew with more in it, so that the oldest text has
// the least key.
func merge(ctx context.Context, store safejs.Value, with webpush.PublicKey, more []phonebook.Entry) error {
	entries, err := entriesOf(ctx, store, with)
	if err != nil {
		return err
	}
	if err := forget(ctx, store, with); err != nil {
		return err
	}
	for _, e := range phonebook.Merge(entries, more) {
		e.With = with
		if _, err := addEntry(ctx, store, e); err != nil {
			return err
		}
	}
	return nil
}

// addEntry adds an entry to a store, under the next key.
func addEntry(ctx context.Context, store safejs.Value, e phonebook.Entry) (key safejs.Value, err error) {
	return js.AwaitMethod(ctx, store, "add", recordOf(e.Save))
}

// forget deletes a conversation.
func forget(ctx context.Context, store safejs.Value, with webpush.PublicKey) error {
	return eachText(ctx, store, textsByFriend, with, func(key safejs.Value) error {
		_, err := js.AwaitMethod(ctx, store, "delete", key)
		return err
	})
}

// forgetOldest forgets the text with the least key of more than 500.
func forgetOldest(ctx context.Context, store safejs.Value, with webpush.PublicKey) error {
	byFriend, err := store.Call("index", textsByFriend)
	if err != nil {
		return err
	}
	kept, err := js.AwaitMethod(ctx, byFriend, "count", with.String())
	if err != nil {
		return err
	}
	count, err := kept.Int()
	if err != nil || count <= phonebook.MaxTexts {
		return err
	}
	oldest, err := js.AwaitMethod(ctx, byFriend, "getKey", with.String())
	if err == nil {
		_, err = store.Call("delete", oldest)
	}
	return err
}

// TextsArrived takes note that texts of this side have come to the other.
func (s *Store) TextsArrived(ctx context.Context, keys []int) error {
	if len(keys) == 0 {
		return nil
	}
	return s.changeTexts(ctx, "mark messages", func(store safejs.Value) error {
		for _, key := range keys {
			if err := change(ctx, store, key, func(text safejs.Value) error { return text.Set("arrived", true) }); err != nil {
				return err
			}
		}
		return nil
	})
}

// TextsSeen takes note that the person has seen all that somebody wrote.
func (s *Store) TextsSeen(ctx context.Context, with webpush.PublicKey) error {
	return s.changeTexts(ctx, "mark messages", func(store safejs.Value) error {
		return eachText(ctx, store, textsUnread, with, func(key safejs.Value) error {
			return change(ctx, store, key, func(text safejs.Value) error { return text.Delete("unread") })
		})
	})
}

// changeTexts has f change what is kept of texts, in one transaction.
func (s *Store) changeTexts(ctx context.Context, action string, f func(store safejs.Value) error) error {
	return s.transact(ctx, action, textsStore, "readwrite", f)
}

// eachText does it with the key of each text that an index has under somebody.
func eachText(ctx context.Context, store safejs.Value, index string, with webpush.PublicKey, f func(key safejs.Value) error) error {
	found, err := store.Call("index", index)
	if err != nil {
		return err
	}
	keys, err := js.AwaitList(ctx, found, "getAllKeys", with.String())
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := f(key); err != nil {
			return err
		}
	}
	return nil
}

// change changes a value of a store. One that is not there stays away.
func change(ctx context.Context, store safejs.Value, key any, f func(safejs.Value) error) error {
	value, err := js.AwaitMethod(ctx, store, "get", key)
	if err != nil || value.IsUndefined() {
		return err
	}
	if err := f(value); err != nil {
		return err
	}
	_, err = store.Call("put", value, key)
	return err
}

// Unread counts the texts of each friend that nobody has seen here.
func (s *Store) Unread(ctx context.Context) (map[webpush.PublicKey]int, error) {
	counts := map[webpush.PublicKey]int{}
	err := s.transact(ctx, "count messages", textsStore, "readonly", func(store safejs.Value) error {
		index, err := store.Call("index", textsUnread)
		if err != nil {
			return err
		}
		texts, err := js.AwaitList(ctx, index, "getAll")
		for _, text := range texts {
			with, err := js.StringOf(text, "with")
			if err != nil {
				continue // it is skipped by Texts, too
			}
			if identity, err := webpush.ParsePublicKey(with); err == nil {
				counts[identity]++
			}
		}
		return err
	})
	return counts, err
}

// MoveTexts has the conversation with somebody be that with another, beside what
// was written to them already.
func (s *Store) MoveTexts(ctx context.Context, from, to webpush.PublicKey) error {
	return s.changeTexts(ctx, "move messages", func(store safejs.Value) error {
		moved, err := entriesOf(ctx, store, from)
		if err != nil {
			return err
		}
		if err := forget(ctx, store, from); err != nil {
			return err
		}
		return merge(ctx, store, to, moved)
	})
}

// DeleteTexts forgets the conversation with somebody.
func (s *Store) DeleteTexts(ctx context.Context, with webpush.PublicKey) error {
	return s.changeTexts(ctx, "delete messages", func(store safejs.Value) error { return forget(ctx, store, with) })
}

// DeleteText forgets a text of this side, by its id.
func (s *Store) DeleteText(ctx context.Context, with webpush.PublicKey, id string) error {
	return s.changeTexts(ctx, "delete a message", func(store safejs.Value) error {
		return eachText(ctx, store, textsByFriend, with, func(key safejs.Value) error {
			value, err := js.AwaitMethod(ctx, store, "get", key)
			if err != nil {
				return err
			}
			if of, err := js.StringOf(value, "id"); err == nil && of == id && js.IsTrue(value, "mine") {
				_, err = store.Call("delete", key)
				return err
			}
			return nil
		})
	})
}

// DeleteAllTexts forgets all conversations.
func (s *Store) DeleteAllTexts(ctx context.Context) error {
	_, err := s.request(ctx, "delete messages", textsStore, "readwrite", "clear")
	return err
}
