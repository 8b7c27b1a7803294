//go:build js && wasm

package browser

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/webpush"
)

func TestTexts(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	bob, eve := newCard(t, "Bob").Identity, newCard(t, "Eve").Identity
	at := time.UnixMilli(1_790_000_000_123).UTC()
	mine := call.Text{Text: "<b>hello</b>\n", Mine: true, Time: at, ID: "a.1"}
	theirs := call.Text{Text: "مرحبا", Time: at.Add(time.Second), ID: "a.2"}

	key, err := store.PutText(ctx, bob, mine, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, with := range []webpush.PublicKey{bob, eve, eve} {
		if _, err := store.PutText(ctx, with, theirs, true); err != nil {
			t.Fatal(err)
		}
	}
	if kept := textsOf(t, store, bob); !slices.Equal(kept, []call.Text{mine, theirs}) {
		t.Errorf("kept %+v", kept)
	}
	unread(t, store, map[webpush.PublicKey]int{bob: 1, eve: 2})

	if err := store.TextsArrived(ctx, []int{key, key + 1000}); err != nil {
		t.Fatal(err)
	}
	if kept := textsOf(t, store, bob); len(kept) != 2 || !kept[0].Arrived || kept[1].Arrived {
		t.Errorf("kept %+v", kept)
	}
	if err := store.TextsSeen(ctx, eve); err != nil {
		t.Fatal(err)
	}
	unread(t, store, map[webpush.PublicKey]int{bob: 1})

	if err := store.DeleteText(ctx, bob, theirs.ID); err != nil { // it is the friend's
		t.Fatal(err)
	}
	again := call.Text{Text: "again", Mine: true, Time: at, ID: "a.2"}
	if _, err := store.PutText(ctx, bob, again, false); err != nil {
		t.Fatal(err)
	}
	if err := store.DeleteText(ctx, bob, again.ID); err != nil {
		t.Fatal(err)
	}
	if kept := textsOf(t, store, bob); len(kept) != 2 || kept[0].ID != mine.ID || kept[1].ID != theirs.ID {
		t.Errorf("kept %+v", kept)
	}

	carol := newCard(t, "Carol").Identity
	if err := store.MoveTexts(ctx, bob, carol); err != nil {
		t.Fatal(err)
	}
	if kept := textsOf(t, store, carol); len(kept) != 2 || len(textsOf(t, store, bob)) != 0 {
		t.Errorf("moved %+v", kept)
	}
	unread(t, store, map[webpush.PublicKey]int{carol: 1})
	bob = carol

	if err := store.DeleteTexts(ctx, bob); err != nil {
		t.Fatal(err)
	}
	if kept := textsOf(t, store, bob); len(kept) != 0 {
		t.Errorf("kept %+v", kept)
	}
	if kept := textsOf(t, store, eve); len(kept) != 2 {
		t.Errorf("of another conversation kept %+v", kept)
	}
	if err := store.DeleteAllTexts(ctx); err != nil {
		t.Fatal(err)
	}
	if kept := textsOf(t, store, eve); len(kept) != 0 {
		t.Errorf("kept %+v", kept)
	}
}

func TestTextsAreBounded(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	bob, eve := newCard(t, "Bob").Identity, newCard(t, "Eve").Identity
	if _, err := store.PutText(ctx, eve, call.Text{Text: "first of all"}, false); err != nil {
		t.Fatal(err)
	}
	for i := range phonebook.MaxTexts + 2 {
		if _, err := store.PutText(ctx, bob, call.Text{Text: fmt.Sprint(i)}, false); err != nil {
			t.Fatal(err)
		}
	}
	if kept := textsOf(t, store, bob); len(kept) != phonebook.MaxTexts || kept[0].Text != "2" {
		t.Errorf("kept %d, the oldest %+v", len(kept), kept[0])
	}
	if kept := textsOf(t, store, eve); len(kept) != 1 {
		t.Errorf("of another conversation kept %+v", kept)
	}
}

// numbered returns texts of this side: one a minute, from a number on.
func numbered(from, count int) []call.Text {
	texts := make([]call.Text, count)
	for i := range texts {
		texts[i] = call.Text{Text: fmt.Sprint(from + i), Mine: true, Time: time.UnixMilli(1_790_000_000_000).UTC().Add(time.Duration(from+i) * time.Minute)}
	}
	return texts
}

func TestTextsMerge(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	bob := newCard(t, "Bob").Identity
	here := numbered(3, 2)
	for _, text := range here {
		if _, err := store.PutText(ctx, bob, text, true); err != nil {
			t.Fatal(err)
		}
	}
	there := numbered(0, 4)
	there[3].Arrived = true // which is not known here yet
	theirs := there[2]
	theirs.Mine = false // at the same time, in the same words
	for range 2 {
		if err := store.MergeTexts(ctx, bob, append(there, theirs)); err != nil {
			t.Fatal(err)
		}
	}
	want := []call.Text{there[0], there[1], there[2], theirs, there[3], here[1]}
	if kept := textsOf(t, store, bob); !slices.Equal(kept, want) {
		t.Errorf("kept %+v", kept)
	}
	unread(t, store, map[webpush.PublicKey]int{bob: 2})
}

func TestMergedTextsAreBounded(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	bob, carol := newCard(t, "Bob").Identity, newCard(t, "Carol").Identity
	if err := store.MergeTexts(ctx, bob, numbered(200, phonebook.MaxTexts)); err != nil {
		t.Fatal(err)
	}
	if err := store.MergeTexts(ctx, bob, numbered(0, 300)); err != nil { // older ones, which come later
		t.Fatal(err)
	}
	for _, text := range numbered(700, 2) {
		if _, err := store.PutText(ctx, bob, text, false); err != nil {
			t.Fatal(err)
		}
	}
	if kept := textsOf(t, store, bob); !slices.Equal(kept, numbered(202, phonebook.MaxTexts)) {
		t.Errorf("kept %d, from %s to %s", len(kept), kept[0].Text, kept[len(kept)-1].Text)
	}

	if err := store.MergeTexts(ctx, carol, numbered(600, 300)); err != nil {
		t.Fatal(err)
	}
	if err := store.MoveTexts(ctx, bob, carol); err != nil {
		t.Fatal(err)
	}
	if kept := textsOf(t, store, carol); !slices.Equal(kept, numbered(400, phonebook.MaxTexts)) {
		t.Errorf("moved %d, from %s to %s", len(kept), kept[0].Text, kept[len(kept)-1].Text)
	}
}

func TestTextsSkipNonsense(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	bob := newCard(t, "Bob").Identity
	for _, value := range []any{
		map[string]any{"with": bob.String()},
		map[string]any{"with": bob.String(), "unread": "x", "text": 1, "mine": false, "time": 0, "arrived": false},
		map[string]any{"with": 5, "unread": "x", "text": "", "mine": false, "time": 0, "arrived": false},
	} {
		if _, err := store.request(ctx, "put", textsStore, "readwrite", "add", value); err != nil {
			t.Fatal(err)
		}
	}
	if kept := textsOf(t, store, bob); len(kept) != 0 {
		t.Errorf("kept %+v", kept)
	}
	unread(t, store, map[webpush.PublicKey]int{bob: 1})
}

func textsOf(t *testing.T, store *Store, with webpush.PublicKey) []call.Text {
	t.Helper()
	texts, err := store.Texts(t.Context(), with)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func unread(t *testing.T, store *Store, want map[webpush.PublicKey]int) {
	t.Helper()
	got, err := store.Unread(t.Context())
	if err != nil || len(got) != len(want) {
		t.Errorf("%v are unread, %v; want %v", got, err, want)
	}
	for with, n := range want {
		if got[with] != n {
			t.Errorf("%d are unread of one, want %d", got[with], n)
		}
	}
}
