//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hack-pad/safejs"

	"pushcall/wasm/js"
)

// The database that the page and its service worker share.
const (
	databaseName    = "pushcall"
	databaseVersion = 3
	settingsStore   = "settings" // name → value
	inboxStore      = "inbox"    // number → payload of a push message, or a click on a notification
	contactsStore   = "contacts" // identity → contact; since version 2
	callsStore      = "calls"    // call → record; since version 2
	callsByTime     = "time"     // index of callsStore
	textsStore      = "messages" // number → text of a conversation; since version 3
	textsByFriend   = "with"     // index of textsStore, by identity
	textsUnread     = "unread"   // index of textsStore: those that nobody has seen here, by identity
)

// ErrNewerStore is returned where a newer version of the page has opened the
// store: it is closed to this one, and all that is in it stays.
var ErrNewerStore = errors.New("browser: the store is of a newer version of the page")

// ErrUnreadable is returned where the browser could not open the store, again and
// again. What is in it stays: often all is well after a while, or after the browser
// was started anew. See Delete.
var ErrUnreadable = errors.New("browser: the store cannot be read")

// attempts is how often a store is opened that does not open: for 3 s in all.
const attempts = 6

// firstPause is how long the first pause between two attempts is; each is twice as
// long as the one before.
const firstPause = 100 * time.Millisecond

// Store keeps what must outlive the page (Indexed Database API 3.0).
type Store struct {
	connection *connection
	lacks      bool
	outdated   func() // see OnOutdated
}

// OpenStore opens the database. It makes it when the page is new here, and
// brings one of an older version up to this one. It never deletes anything. While
// another tab keeps an older version open, OpenStore waits for it to be closed.
func OpenStore(ctx context.Context) (*Store, error) {
	s := &Store{outdated: func() {}}
	err := again(ctx, func() (err error) {
		s.connection, err = s.connect(ctx)
		return err
	})
	if err != nil {
		return nil, js.Failure("open the store", err)
	}
	return s, nil
}

// again calls f until it succeeds, or fails for what does not pass.
func again(ctx context.Context, f func() error) error {
	pause := firstPause
	for n := 1; ; n++ {
		err := f()
		if err == nil || !mayPass(err) {
			return err
		}
		if n == attempts {
			return fmt.Errorf("%w: %w", ErrUnreadable, js.Thrown(err))
		}
		js.Log(fmt.Sprintf("browser: the store does not open, trying again: %v", js.Thrown(err)))
		select {
		case <-time.After(pause):
			pause *= 2
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Lacks tells whether a part of the store is missing or damaged.
func (s *Store) Lacks() bool { return s.lacks }

// OnOutdated has f called when a newer version of the page opens the store in
// another tab. From then on there is only ErrNewerStore here.
func (s *Store) OnOutdated(f func()) { s.outdated = f }

// mayPass tells whether a database that cannot be opened for err may be open in a
// while: the disk is at fault, or the browser is busy with itself. It is not so of
// a full disk, nor of a person who forbids storage.
func mayPass(err error) bool {
	for _, name := range []string{"UnknownError", "InvalidStateError", "AbortError", "TimeoutError", "DataError"} {
		if js.IsNamed(js.Thrown(err), name) {
			return true
		}
	}
	return false
}

// connection is an open database.
type connection struct {
	database safejs.Value
	closed   bool // by another tab's wish, or by the browser
	undo     []func()
}

// connect opens the database, upgrades it where it has to, and closes it when
// another tab wants to upgrade or to delete it.
func (s *Store) connect(ctx context.Context) (*connection, error) {
	factory, err := js.Get("indexedDB")
	if err != nil {
		return nil, err
	}
	opening, err := factory.Call("open", databaseName, databaseVersion)
	if err != nil {
		return nil, js.Thrown(err)
	}
	undo, err := js.Listen(opening, "upgradeneeded", func(safejs.Value) {
		if err := createStores(opening); err != nil {
			js.Log(err.Error()) // and the stores are found missing
		}
	})
	if err != nil {
		return nil, err
	}
	defer undo()
	undoBlocked, err := js.Listen(opening, "blocked", func(safejs.Value) {
		js.Log("browser: another tab has an older version open; close it to go on")
	})
	if err != nil {
		return nil, err
	}
	defer undoBlocked()
	database, err := js.AwaitRequest(ctx, opening)
	if js.IsNamed(err, "VersionError") {
		return nil, ErrNewerStore
	}
	if err != nil {
		return nil, err
	}
	c := &connection{database: database}
	for _, event := range []string{"versionchange", "close"} {
		undo, err := js.Listen(database, event, func(event safejs.Value) {
			c.close()
			if isUpgrade(event) {
				s.outdated()
			}
		})
		if err != nil {
			return nil, err
		}
		c.undo = append(c.undo, undo)
	}
	for _, name := range []string{settingsStore, inboxStore, contactsStore, callsStore, textsStore} {
		has, err := hasStore(database, name)
		if err != nil {
			c.close()
			return nil, err
		}
		s.lacks = s.lacks || !has // the others can be read, and written to a file
	}
	return c, nil
}

// isUpgrade tells whether an event says that a newer version of the database is
// wanted. What is to be deleted has none.
func isUpgrade(event safejs.Value) bool {
	version, err := event.Get("newVersion")
	return err == nil && version.Type() == safejs.TypeNumber
}

// close may be called in a callback of its own listeners.
func (c *connection) close() {
	if c.closed {
		return
	}
	c.closed = true
	for _, undo := range c.undo {
		undo()
	}
	_, _ = c.database.Call("close")
}

// createStores makes the stores that the database does not have yet.
func createStores(opening safejs.Value) error {
	database, err := opening.Get("result")
	if err != nil {
		return err
	}
	numbered := map[string]any{"autoIncrement": true}
	for _, store := range []struct {
		name    string
		options map[string]any
		indexes []string // each named after the property that it is by
	}{
		{settingsStore, nil, nil},
		{inboxStore, numbered, nil},
		{contactsStore, nil, nil},
		{callsStore, nil, []string{callsByTime}},
		{textsStore, numbered, []string{textsByFriend, textsUnread}},
	} {
		if has, err := hasStore(database, store.name); err != nil || has {
			continue
		}
		made, err := database.Call("createObjectStore", store.name, store.options)
		if err != nil {
			return js.Failure("make the store "+store.name, err)
		}
		for _, index := range store.indexes {
			if _, err := made.Call("createIndex", index, index); err != nil {
				return js.Failure("make the store "+store.name, err)
			}
		}
	}
	return nil
}

func hasStore(database safejs.Value, name string) (bool, error) {
	names, err := database.Get("objectStoreNames")
	if err != nil {
		return false, err
	}
	has, err := names.Call("contains", name)
	if err != nil {
		return false, err
	}
	return has.Bool()
}

// deleteDatabase deletes everything, the identity included. It waits until other
// tabs have closed theirs.
func deleteDatabase(ctx context.Context) error {
	factory, err := js.Get("indexedDB")
	if err != nil {
		return err
	}
	deleting, err := factory.Call("deleteDatabase", databaseName)
	if err != nil {
		return err
	}
	_, err = js.AwaitRequest(ctx, deleting)
	return err
}

// objectStore begins a transaction on a store, and on others beside it. It opens
// the database again where another tab has made this one close it.
func (s *Store) objectStore(ctx context.Context, name, mode string, others ...any) (safejs.Value, error) {
	if s.connection.closed {
		opened, err := s.connect(ctx)
		if err != nil {
			return safejs.Value{}, err
		}
		s.connection.close() // in case two found it closed: the later one is kept
		s.connection = opened
	}
	transaction, err := s.connection.database.Call("transaction", append([]any{name}, others...), mode)
	if err != nil {
		return safejs.Value{}, err
	}
	return transaction.Call("objectStore", name)
}
