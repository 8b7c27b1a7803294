package app

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

type contact = phonebook.Contact

var (
	errFull = errors.New("test: the disk is full")
	errDead = errors.New("test: the tab is gone")
)

// A store is the database of a browser, which its tabs and its service worker share.
type store struct {
	person *person

	mu           sync.Mutex
	identity     webpush.Signer
	predecessors []webpush.PublicKey
	settings     map[string]string
	inbox        []Arrival
	contacts     map[webpush.PublicKey]contact
	calls        map[signaling.CallID]phonebook.Record
	texts        []storedText
	key          int // the greatest that was given out

	full   bool                         // nothing that takes room can be written
	fails  func(operation string) error // errors of single operations
	writes map[string]int               // so many there were of each operation
}

// storedText is a text in the store.
type storedText struct {
	call.Text
	key    int
	with   webpush.PublicKey
	unread bool
}

func newStore(p *person) *store {
	return &store{person: p, settings: map[string]string{}, contacts: map[webpush.PublicKey]contact{},
		calls: map[signaling.CallID]phonebook.Record{}, writes: map[string]int{}}
}

// signer returns the identity of the browser, which it makes the first time.
func (s *store) signer() webpush.Signer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.identity == nil {
		s.identity = s.person.world.signer(newTestKey(s.person.world.t))
	}
	return s.identity
}

// change changes the store, or looks into it, as no tab does.
func (s *store) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// arrive puts something into the inbox, as the service worker does, and returns its
// key, 0 where there is no room.
func (s *store) arrive(x Arrival) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full {
		return 0
	}
	s.key++
	x.Key = s.key
	s.inbox = append(s.inbox, x)
	return x.Key
}

// textsWith returns what is stored of the conversation with somebody.
func (s *store) textsWith(with webpush.PublicKey) []storedText {
	var found []storedText
	s.change(func() {
		for _, t := range s.texts {
			if t.with == with {
				found = append(found, t)
			}
		}
	})
	return found
}

// A handle is the store as a tab has it open.
type handle struct {
	*store
	tab *tab
}

// do does an operation after its time. takesRoom says that there is none for it where
// the disk is full.
func (h *handle) do(ctx context.Context, operation string, takesRoom bool, f func()) error {
	time.Sleep(storeTime)
	if err := ctx.Err(); err != nil {
		return err
	}
	w := h.tab.world
	w.mu.Lock()
	dead := h.tab.dead
	w.mu.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case dead:
		return errDead
	case takesRoom && h.full:
		return errFull
	}
	if h.fails != nil {
		if err := h.fails(operation); err != nil {
			return err
		}
	}
	h.writes[operation]++
	f()
	return nil
}

func (h *handle) String(ctx context.Context, name string) (text string, err error) {
	err = h.do(ctx, "String", false, func() { text = h.settings[name] })
	return text, err
}

func (h *handle) Strings(ctx context.Context) (all map[string]string, err error) {
	err = h.do(ctx, "Strings", false, func() { all = maps.Clone(h.settings) })
	return all, err
}

func (h *handle) SetString(ctx context.Context, name, text string) error {
	return h.do(ctx, "SetString", true, func() { h.settings[name] = text })
}

func (h *handle) AddString(ctx context.Context, name, text string) (stored string, err error) {
	err = h.do(ctx, "AddString", true, func() {
		if _, there := h.settings[name]; !there {
			h.settings[name] = text
		}
		stored = h.settings[name]
	})
	return stored, err
}

func (h *handle) Inbox(ctx context.Context) (all []Arrival, err error) {
	err = h.do(ctx, "Inbox", false, func() { all = slices.Clone(h.inbox) })
	return all, err
}

func (h *handle) Forget(ctx context.Context, keys []int) error {
	return h.do(ctx, "Forget", false, func() {
		h.inbox = slices.DeleteFunc(h.inbox, func(x Arrival) bool { return slices.Contains(keys, x.Key) })
	})
}

func (h *handle) Contacts(ctx context.Context) (all []contact, err error) {
	err = h.do(ctx, "Contacts", false, func() { all = slices.Collect(maps.Values(h.contacts)) })
	return all, err
}

func (h *handle) PutContact(ctx context.Context, c contact) error {
	return h.do(ctx, "PutContact", true, func() { h.contacts[c.Identity()] = c })
}

func (h *handle) DeleteContact(ctx context.Context, identity webpush.PublicKey) error {
	return h.do(ctx, "DeleteContact", false, func() { delete(h.contacts, identity) })
}

func (h *handle) Calls(ctx context.Context) (all []phonebook.Record, err error) {
	err = h.do(ctx, "Calls", false, func() {
		all = slices.SortedFunc(maps.Values(h.calls), func(a, b phonebook.Record) int { return b.Time.Compare(a.Time) })
	})
	return all, err
}

func (h *handle) PutCall(ctx context.Context, r phonebook.Record) error {
	return h.do(ctx, "PutCall", true, func() { h.calls[r.ID] = r })
}

func (h *handle) ForgetCalls(ctx context.Context, listed func(signaling.CallID) bool) error {
	return h.do(ctx, "ForgetCalls", false, func() {
		maps.DeleteFunc(h.calls, func(id signaling.CallID, _ phonebook.Record) bool { return !listed(id) })
	})
}

func (h *handle) Texts(ctx context.Context, with webpush.PublicKey) (all []call.Text, err error) {
	err = h.do(ctx, "Texts", false, func() {
		for _, t := range h.texts {
			if t.with == with {
				all = append(all, call.Text{Text: t.Text.Text, Mine: t.Mine, Time: t.Time, Arrived: t.Arrived, ID: t.ID})
			}
		}
	})
	return all, err
}

func (h *handle) PutText(ctx context.Context, with webpush.PublicKey, t call.Text, unread bool) (key int, err error) {
	err = h.do(ctx, "PutText", true, func() {
		h.key++
		key = h.key
		h.store.texts = append(h.store.texts, storedText{t, key, with, unread})
	})
	return key, err
}

// eachText changes texts in the store.
func (h *handle) eachText(ctx context.Context, operation string, f func(*storedText) (deleted bool)) error {
	return h.do(ctx, operation, false, func() {
		left := h.store.texts[:0]
		for _, t := range h.store.texts {
			if !f(&t) {
				left = append(left, t)
			}
		}
		h.store.texts = left
	})
}

func (h *handle) TextsArrived(ctx context.Context, keys []int) error {
	return h.eachText(ctx, "TextsArrived", func(t *storedText) bool {
		t.Arrived = t.Arrived || slices.Contains(keys, t.key)
		return false
	})
}

func (h *handle) TextsSeen(ctx context.Context, with webpush.PublicKey) error {
	return h.eachText(ctx, "TextsSeen", func(t *storedText) bool {
		t.unread = t.unread && t.with != with
		return false
	})
}

func (h *handle) Unread(ctx context.Context) (counts map[webpush.PublicKey]int, err error) {
	err = h.do(ctx, "Unread", false, func() {
		counts = map[webpush.PublicKey]int{}
		for _, t := range h.texts {
			if t.unread {
				counts[t.with]++
			}
		}
	})
	return counts, err
}

func (h *handle) MoveTexts(ctx context.Context, from, to webpush.PublicKey) error {
	return h.eachText(ctx, "MoveTexts", func(t *storedText) bool {
		if t.with == from {
			t.with = to
		}
		return false
	})
}

func (h *handle) DeleteText(ctx context.Context, with webpush.PublicKey, id string) error {
	return h.eachText(ctx, "DeleteText", func(t *storedText) bool { return t.with == with && t.Mine && t.ID == id })
}

func (h *handle) DeleteTexts(ctx context.Context, with webpush.PublicKey) error {
	return h.eachText(ctx, "DeleteTexts", func(t *storedText) bool { return t.with == with })
}

func (h *handle) DeleteAllTexts(ctx context.Context) error {
	return h.eachText(ctx, "DeleteAllTexts", func(*storedText) bool { return true })
}

func (h *handle) MergeTexts(ctx context.Context, with webpush.PublicKey, texts []call.Text) error {
	return h.do(ctx, "MergeTexts", true, func() {
		for _, t := range texts {
			if slices.ContainsFunc(h.store.texts, func(x storedText) bool {
				return x.with == with && x.Mine == t.Mine && x.Text.Text == t.Text && x.Time.UnixMilli() == t.Time.UnixMilli() // browsers store milliseconds
			}) {
				continue
			}
			h.key++
			h.store.texts = append(h.store.texts, storedText{t, h.key, with, false})
		}
	})
}

func (h *handle) Predecessors(ctx context.Context) (all []webpush.PublicKey, err error) {
	err = h.do(ctx, "Predecessors", false, func() { all = slices.Clone(h.predecessors) })
	return all, err
}

func (h *handle) Move(ctx context.Context, key webpush.Signer, predecessors []webpush.PublicKey, contacts []contact) error {
	return h.do(ctx, "Move", true, func() {
		h.identity, h.predecessors = key, predecessors
		for _, c := range contacts {
			h.contacts[c.Identity()] = c
		}
	})
}
