//go:build js && wasm

package browser

import (
	"context"
	"fmt"

	"github.com/hack-pad/safejs"

	"pushcall/call"
	"pushcall/webpush"
)

// maxTexts is how many texts are kept of the conversation with one friend.
const maxTexts = 500

// Texts returns what is kept of the conversation with somebody, the oldest
// first.
func (s *Store) Texts(ctx context.Context, with webpush.PublicKey) ([]call.Text, error) {
	kept, err := s.indexed(ctx, textsByFriend, with.String())
	if err != nil {
		return nil, failure("read messages", err)
	}
	texts := make([]call.Text, 0, len(kept))
	for _, value := range kept {
		o := &object{value: value}
		t := call.Text{Text: o.text("text"), Mine: o.truth("mine"), Time: call.TimeOf(o.number("time")), Arrived: o.truth("arrived")}
		if o.err != nil {
			Log(fmt.Sprintf("browser: a message is skipped: %v", o.err))
			continue
		}
		texts = append(texts, t)
		for i := len(texts) - 1; i > 0 && t.Time.Before(texts[i-1].Time); i-- { // some may have come from another device
			texts[i-1], texts[i] = t, texts[i-1]
		}
	}
	return texts, nil
}

// PutText keeps a text of the conversation with somebody, as unread if nobody
// has seen it here, and forgets the oldest when there are more than 500. The
// key is for TextsArrived.
func (s *Store) PutText(ctx context.Context, with webpush.PublicKey, t call.Text, unread bool) (key int, err error) {
	value := map[string]any{"with": with.String(), "text": t.Text, "mine": t.Mine, "time": call.Milliseconds(t.Time), "arrived": t.Arrived}
	if unread {
		value["unread"] = with.String()
	}
	err = s.withTexts(ctx, "keep a message", func(store safejs.Value) error {
		put, err := awaitMethod(ctx, store, "add", value)
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

func forgetOldest(ctx context.Context, store safejs.Value, with webpush.PublicKey) error {
	byFriend, err := store.Call("index", textsByFriend)
	if err != nil {
		return err
	}
	kept, err := awaitMethod(ctx, byFriend, "count", with.String())
	if err != nil {
		return err
	}
	count, err := kept.Int()
	if err != nil || count <= maxTexts {
		return err
	}
	oldest, err := awaitMethod(ctx, byFriend, "getKey", with.String())
	if err == nil {
		_, err = store.Call("delete", oldest)
	}
	return err
}

// TextsArrived takes note that texts of this side have come to the other.
func (s *Store) TextsArrived(ctx context.Context, keys []int) error {
	return s.withTexts(ctx, "mark messages", func(store safejs.Value) error {
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
	return s.eachText(ctx, "mark messages", textsUnread, with, func(store, key safejs.Value) error {
		return change(ctx, store, key, func(text safejs.Value) error { return text.Delete("unread") })
	})
}

// withTexts has f change what is kept of texts, in one transaction.
func (s *Store) withTexts(ctx context.Context, action string, f func(store safejs.Value) error) error {
	store, err := s.objectStore(ctx, textsStore, "readwrite")
	if err == nil {
		err = f(store)
	}
	if err != nil {
		return failure(action, err)
	}
	return nil
}

// eachText does it with each text that an index has under somebody.
func (s *Store) eachText(ctx context.Context, action, index string, with webpush.PublicKey, f func(store, key safejs.Value) error) error {
	return s.withTexts(ctx, action, func(store safejs.Value) error {
		found, err := store.Call("index", index)
		if err != nil {
			return err
		}
		keys, err := awaitList(ctx, found, "getAllKeys", with.String())
		if err != nil {
			return err
		}
		for _, key := range keys {
			if err := f(store, key); err != nil {
				return err
			}
		}
		return nil
	})
}

// change changes a value of a store. One that is not there stays away.
func change(ctx context.Context, store safejs.Value, key any, f func(safejs.Value) error) error {
	value, err := awaitMethod(ctx, store, "get", key)
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
	texts, err := s.indexed(ctx, textsUnread)
	if err != nil {
		return nil, failure("count messages", err)
	}
	counts := map[webpush.PublicKey]int{}
	for _, text := range texts {
		with, err := stringOf(text, "with")
		if err != nil {
			continue // it is skipped by Texts, too
		}
		if identity, err := webpush.ParsePublicKey(with); err == nil {
			counts[identity]++
		}
	}
	return counts, nil
}

// MoveTexts has the conversation with somebody be that with another.
func (s *Store) MoveTexts(ctx context.Context, from, to webpush.PublicKey) error {
	return s.eachText(ctx, "move messages", textsByFriend, from, func(store, key safejs.Value) error {
		return change(ctx, store, key, func(text safejs.Value) error {
			if unread, err := text.Get("unread"); err != nil || !unread.IsUndefined() {
				if err := text.Set("unread", to.String()); err != nil {
					return err
				}
			}
			return text.Set("with", to.String())
		})
	})
}

// DeleteTexts forgets the conversation with somebody.
func (s *Store) DeleteTexts(ctx context.Context, with webpush.PublicKey) error {
	return s.eachText(ctx, "delete messages", textsByFriend, with, func(store, key safejs.Value) error {
		_, err := awaitMethod(ctx, store, "delete", key)
		return err
	})
}

// DeleteAllTexts forgets all conversations.
func (s *Store) DeleteAllTexts(ctx context.Context) error {
	_, err := s.request(ctx, "delete messages", textsStore, "readwrite", "clear")
	return err
}

// indexed returns the texts that an index has, all or those under a key.
func (s *Store) indexed(ctx context.Context, name string, key ...any) ([]safejs.Value, error) {
	store, err := s.objectStore(ctx, textsStore, "readonly")
	if err != nil {
		return nil, err
	}
	index, err := store.Call("index", name)
	if err != nil {
		return nil, err
	}
	return awaitList(ctx, index, "getAll", key...)
}
