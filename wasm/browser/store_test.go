//go:build js && wasm

package browser

import (
	"errors"
	"testing"

	"github.com/hack-pad/safejs"

	"pushcall/wasm/js"
)

// newStore opens a store with nothing in it.
func newStore(t *testing.T) *Store {
	t.Helper()
	if err := deleteDatabase(t.Context()); err != nil {
		t.Fatal(err)
	}
	store, err := OpenStore(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if store.Lacks() {
		t.Error("a new store lacks something")
	}
	return store
}

// openDatabase opens the database as another program would: a Pushcall of
// another version. It stays open.
func openDatabase(t *testing.T, version int, upgrade func(database safejs.Value)) safejs.Value {
	t.Helper()
	factory, err := js.Get("indexedDB")
	if err != nil {
		t.Fatal(err)
	}
	opening, err := factory.Call("open", databaseName, version)
	if err != nil {
		t.Fatal(err)
	}
	undo, err := js.Listen(opening, "upgradeneeded", func(safejs.Value) {
		database, err := opening.Get("result")
		if err != nil {
			t.Error(err)
			return
		}
		upgrade(database)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer undo()
	database, err := js.AwaitRequest(t.Context(), opening)
	if err != nil {
		t.Fatal(err)
	}
	return database
}

func callMethod(t *testing.T, object safejs.Value, method string, args ...any) safejs.Value {
	t.Helper()
	value, err := object.Call(method, args...)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func getProperty(t *testing.T, object safejs.Value, name string) safejs.Value {
	t.Helper()
	value, err := object.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// makeVersion1 leaves a store as the first version of Pushcall made it.
func makeVersion1(t *testing.T) safejs.Value {
	t.Helper()
	if err := deleteDatabase(t.Context()); err != nil {
		t.Fatal(err)
	}
	database := openDatabase(t, 1, func(database safejs.Value) {
		callMethod(t, database, "createObjectStore", settingsStore)
		callMethod(t, database, "createObjectStore", inboxStore, map[string]any{"autoIncrement": true})
	})
	transaction := callMethod(t, database, "transaction", []any{settingsStore, inboxStore}, "readwrite")
	callMethod(t, callMethod(t, transaction, "objectStore", settingsStore), "put", "kept", "name")
	last := callMethod(t, callMethod(t, transaction, "objectStore", inboxStore), "add", "a payload")
	if _, err := js.AwaitRequest(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	return database
}

func TestUpgradeKeepsWhatThereIs(t *testing.T) {
	ctx := t.Context()
	callMethod(t, makeVersion1(t), "close")
	store, err := OpenStore(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if store.Lacks() {
		t.Error("an upgraded store lacks something")
	}
	if text, err := store.String(ctx, "name"); text != "kept" || err != nil {
		t.Errorf("the setting is %q, %v", text, err)
	}
	arrivals, err := store.Inbox(ctx)
	if err != nil || len(arrivals) != 1 || arrivals[0].Payload != "a payload" {
		t.Errorf("the inbox is %v, %v", arrivals, err)
	}
	if contacts, err := store.Contacts(ctx); err != nil || len(contacts) != 0 {
		t.Errorf("the contacts are %v, %v", contacts, err)
	}
	if calls, err := store.Calls(ctx); err != nil || len(calls) != 0 {
		t.Errorf("the calls are %v, %v", calls, err)
	}
	if unread, err := store.Unread(ctx); err != nil || len(unread) != 0 {
		t.Errorf("the unread messages are %v, %v", unread, err)
	}
}

func TestUpgradeWaitsForOldTabs(t *testing.T) {
	old := makeVersion1(t)
	asked := make(chan struct{}, 1)
	undo, err := js.Listen(old, "versionchange", func(safejs.Value) { asked <- struct{}{} }) // and does not close
	if err != nil {
		t.Fatal(err)
	}
	defer undo()
	opened := make(chan *Store, 1)
	go func() {
		store, err := OpenStore(t.Context())
		if err != nil {
			t.Error(err)
		}
		opened <- store
	}()
	select {
	case <-opened:
		t.Fatal("it did not wait")
	case <-asked:
	}
	callMethod(t, old, "close")
	if store := <-opened; store == nil || store.Lacks() {
		t.Error("it did not upgrade")
	}
}

func TestNewerStoreIsKept(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	outdated := 0
	store.OnOutdated(func() { outdated++ })
	if err := store.SetString(ctx, "name", "kept"); err != nil {
		t.Fatal(err)
	}
	newer := openDatabase(t, databaseVersion+1, func(safejs.Value) {}) // waits for the store to be closed
	if outdated != 1 {
		t.Errorf("the page was told %d times", outdated)
	}
	if text, err := store.String(ctx, "name"); !errors.Is(err, ErrNewerStore) {
		t.Errorf("a store of a newer version reads %q, %v", text, err)
	}
	callMethod(t, newer, "close")

	if _, err := OpenStore(ctx); !errors.Is(err, ErrNewerStore) {
		t.Errorf("a store of a newer version opens: %v", err)
	}
	newer = openDatabase(t, databaseVersion+1, func(safejs.Value) { t.Error("it was deleted") })
	defer callMethod(t, newer, "close")
	settings := callMethod(t, callMethod(t, newer, "transaction", settingsStore), "objectStore", settingsStore)
	kept, err := js.AwaitMethod(ctx, settings, "get", "name")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := kept.String(); text != "kept" || err != nil {
		t.Errorf("the setting is %q, %v", text, err)
	}
}

func TestStoreMadeAnewElsewhere(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	store.OnOutdated(func() { t.Error("a store that is deleted is no newer one") })
	again := newStore(t) // as another tab does that has found damage
	if err := again.SetString(ctx, "name", "new"); err != nil {
		t.Fatal(err)
	}
	if text, err := store.String(ctx, "name"); text != "new" || err != nil {
		t.Errorf("the setting is %q, %v", text, err)
	}
}

// What is left of a store can be read, and nothing of it is deleted.
func TestIncompleteStoreIsKept(t *testing.T) {
	ctx := t.Context()
	if err := deleteDatabase(ctx); err != nil {
		t.Fatal(err)
	}
	callMethod(t, openDatabase(t, databaseVersion, func(database safejs.Value) {
		settings := callMethod(t, database, "createObjectStore", settingsStore)
		callMethod(t, settings, "put", "kept", "name")
	}), "close")
	for range 2 {
		store, err := OpenStore(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !store.Lacks() {
			t.Error("it does not say that it lacks something")
		}
		if text, err := store.String(ctx, "name"); text != "kept" || err != nil {
			t.Errorf("the setting is %q, %v", text, err)
		}
		if _, err := store.Contacts(ctx); err == nil {
			t.Error("there are contacts")
		}
	}
}

// Without the settings there may have been an identity: no other is made.
func TestIdentityOfIncompleteStore(t *testing.T) {
	ctx := t.Context()
	if err := deleteDatabase(ctx); err != nil {
		t.Fatal(err)
	}
	callMethod(t, openDatabase(t, databaseVersion, func(database safejs.Value) {
		callMethod(t, database, "createObjectStore", contactsStore)
	}), "close")
	store, err := OpenStore(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Identity(ctx); !errors.Is(err, ErrUnreadable) {
		t.Errorf("the identity: %v", err)
	}
}

func TestAgain(t *testing.T) {
	passing, lasting := &js.Error{Name: "UnknownError"}, &js.Error{Name: "SecurityError"}
	for _, test := range []struct {
		name   string
		errs   []error // of the attempts; then there is none
		tries  int
		unread bool
	}{
		{"it opens", nil, 1, false},
		{"it opens in a while", []error{passing, &js.Error{Name: "InvalidStateError"}}, 3, false},
		{"it opens at last", []error{passing, passing, passing, passing, passing}, 6, false},
		{"it does not open", []error{passing, passing, passing, passing, passing, passing}, 6, true},
		{"it never will", []error{lasting}, 1, false},
		{"it is newer", []error{ErrNewerStore}, 1, false},
	} {
		tries := 0
		err := again(t.Context(), func() error {
			tries++
			if tries <= len(test.errs) {
				return test.errs[tries-1]
			}
			return nil
		})
		if tries != test.tries || errors.Is(err, ErrUnreadable) != test.unread || (err == nil) != (tries > len(test.errs)) {
			t.Errorf("%s: %d tries, %v", test.name, tries, err)
		}
	}
}

func TestMayPass(t *testing.T) {
	for name, want := range map[string]bool{
		"UnknownError": true, "InvalidStateError": true, "AbortError": true, "TimeoutError": true,
		"VersionError": false, "QuotaExceededError": false, "SecurityError": false, "NotFoundError": false,
	} {
		if got := mayPass(js.Failure("open", &js.Error{Name: name})); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestTransactionsAreWhole(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	if err := store.SetString(ctx, "name", "kept"); err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	for name, f := range map[string]func(settings safejs.Value) error{
		"it fails": func(settings safejs.Value) error {
			_, err := js.AwaitMethod(ctx, settings, "delete", "name")
			return errors.Join(err, refused)
		},
		"it is aborted at its end": func(settings safejs.Value) error { // as by a full disk
			_, err := js.AwaitMethod(ctx, settings, "delete", "name")
			callMethod(t, getProperty(t, settings, "transaction"), "abort")
			return err
		},
	} {
		if err := store.transact(ctx, "try", settingsStore, "readwrite", f); err == nil {
			t.Errorf("%s, and there is no error", name)
		}
		if text, err := store.String(ctx, "name"); text != "kept" || err != nil {
			t.Errorf("%s, and the setting is %q, %v", name, text, err)
		}
	}
}

func TestStoreLeavesNoFuncs(t *testing.T) {
	ctx := t.Context()
	store := newStore(t)
	before := js.LiveFuncs()
	for range 5 {
		if err := store.SetString(ctx, "name", "value"); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Inbox(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if after := js.LiveFuncs(); after != before {
		t.Errorf("%d callbacks live on", after-before)
	}
}
