//go:build js && wasm

package browser

import (
	"context"
	"fmt"
	"slices"

	"github.com/hack-pad/safejs"

	"pushcall/call"
	"pushcall/webpush"
)

// maxTexts is how many texts are kept of the conversation with one friend.
const maxTexts = 500

// Texts returns what is kept of the conversation with somebody, the oldest
// first.
func (s *Store) Texts(ctx context.Context, with webpush.PublicKey) ([]call.Text, error) {
	byFriend, err := s.textIndex(ctx, textsByFriend, "readonly")
	if err != nil {
		return nil, failure("read messages", err)
	}
	kept, err := awaitList(ctx, byFriend, "getAll", with.String())
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
	}
	slices.SortStableFunc(texts, func(x, y call.Text) int { return x.Time.Compare(y.Time) }) // some may have come from another device
	return texts, nil
}

// PutText keeps a text of the conversation with somebody, as unread if nobody
// has seen it here, and forgets the oldest when there are more than 500. The
// key is for TextsArrived.
func (s *Store) PutText(ctx context.Context, with webpush.PublicKey, t call.Text, unread bool) (key int, err error) {
	store, err := s.objectStore(ctx, textsStore, "readwrite")
	if err != nil {
		return 0, failure("keep a message", err)
	}
	value := map[string]any{"with": with.String(), "text": t.Text, "mine": t.Mine, "time": call.Milliseconds(t.Time), "arrived": t.Arrived}
	if unread {
		value["unread"] = with.String()
	}
	put, err := awaitMethod(ctx, store, "add", value)
	if err != nil {
		return 0, failure("keep a message", err)
	}
	if key, err = put.Int(); err != nil {
		return 0, failure("keep a message", err)
	}
	return key, forgetOldest(ctx, store, with)
}

func forgetOldest(ctx context.Context, store safejs.Value, with webpush.PublicKey) error {
	byFriend, err := store.Call("index", textsByFriend)
	if err != nil {
		return failure("forget a message", err)
	}
	kept, err := awaitMethod(ctx, byFriend, "count", with.String())
	if err != nil {
		return failure("forget a message", err)
	}
	count, err := kept.Int()
	if err != nil || count <= maxTexts {
		return err
	}
	oldest, err := awaitMethod(ctx, byFriend, "getKey", with.String())
	if err != nil {
		return failure("forget a message", err)
	}
	if _, err := store.Call("delete", oldest); err != nil {
		return failure("forget a message", err)
	}
	return nil
}

// TextsArrived takes note that texts of this side have come to the other.
func (s *Store) TextsArrived(ctx context.Context, keys []int) error {
	store, err := s.objectStore(ctx, textsStore, "readwrite")
	if err != nil {
		return failure("mark messages", err)
	}
	for _, key := range keys {
		err := change(ctx, store, key, func(text safejs.Value) error { return text.Set("arrived", true) })
		if err != nil {
			return failure("mark messages", err)
		}
	}
	return nil
}

// TextsSeen takes note that the person has seen all that somebody wrote.
func (s *Store) TextsSeen(ctx context.Context, with webpush.PublicKey) error {
	return s.changeTexts(ctx, textsUnread, with, func(text safejs.Value) error { return text.Delete("unread") })
}

// changeTexts changes the texts that an index has under somebody.
func (s *Store) changeTexts(ctx context.Context, index string, with webpush.PublicKey, f func(text safejs.Value) error) error {
	store, err := s.objectStore(ctx, textsStore, "readwrite")
	if err != nil {
		return failure("change messages", err)
	}
	found, err := store.Call("index", index)
	if err != nil {
		return failure("change messages", err)
	}
	keys, err := awaitList(ctx, found, "getAllKeys", with.String())
	if err != nil {
		return failure("change messages", err)
	}
	for _, key := range keys {
		if err := change(ctx, store, key, f); err != nil {
			return failure("change messages", err)
		}
	}
	return nil
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
	index, err := s.textIndex(ctx, textsUnread, "readonly")
	if err != nil {
		return nil, failure("count messages", err)
	}
	texts, err := awaitList(ctx, index, "getAll")
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
	return s.changeTexts(ctx, textsByFriend, from, func(text safejs.Value) error {
		if unread, err := text.Get("unread"); err != nil || !unread.IsUndefined() {
			if err := text.Set("unread", to.String()); err != nil {
				return err
			}
		}
		return text.Set("with", to.String())
	})
}

// DeleteTexts forgets the conversation with somebody.
func (s *Store) DeleteTexts(ctx context.Context, with webpush.PublicKey) error {
	store, err := s.objectStore(ctx, textsStore, "readwrite")
	if err != nil {
		return failure("delete messages", err)
	}
	byFriend, err := store.Call("index", textsByFriend)
	if err != nil {
		return failure("delete messages", err)
	}
	keys, err := awaitList(ctx, byFriend, "getAllKeys", with.String())
	if err != nil {
		return failure("delete messages", err)
	}
	for _, key := range keys {
		if _, err := awaitMethod(ctx, store, "delete", key); err != nil {
			return failure("delete messages", err)
		}
	}
	return nil
}

// DeleteAllTexts forgets all conversations.
func (s *Store) DeleteAllTexts(ctx context.Context) error {
	_, err := s.request(ctx, "delete messages", textsStore, "readwrite", "clear")
	return err
}

func (s *Store) textIndex(ctx context.Context, name, mode string) (safejs.Value, error) {
	store, err := s.objectStore(ctx, textsStore, mode)
	if err != nil {
		return safejs.Value{}, err
	}
	return store.Call("index", name)
}
