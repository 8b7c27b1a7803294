//go:build js && wasm

package browser

import (
	"context"
	"errors"

	"github.com/hack-pad/safejs"
)

// The database that the page and its service worker share.
const (
	databaseName    = "pushcall"
	databaseVersion = 1
	settingsStore   = "settings" // name → value
	inboxStore      = "inbox"    // payloads of push messages, in the order they came
)

// Store keeps what must outlive the page (Indexed Database API).
type Store struct {
	database safejs.Value
}

// OpenStore opens the database, and makes it when the page is new here.
func OpenStore(ctx context.Context) (*Store, error) {
	factory, err := get("indexedDB")
	if err != nil {
		return nil, failure("open the store", err)
	}
	opening, err := factory.Call("open", databaseName, databaseVersion)
	if err != nil {
		return nil, failure("open the store", err)
	}
	undo, err := listen(opening, "upgradeneeded", func(safejs.Value) {
		if err := createStores(opening); err != nil {
			Log(err.Error())
		}
	})
	if err != nil {
		return nil, err
	}
	defer undo()
	database, err := awaitRequest(ctx, opening)
	if err != nil {
		return nil, failure("open the store", err)
	}
	return &Store{database}, nil
}

func createStores(opening safejs.Value) error {
	database, err := opening.Get("result")
	if err != nil {
		return err
	}
	if _, err := database.Call("createObjectStore", settingsStore); err != nil {
		return err
	}
	_, err = database.Call("createObjectStore", inboxStore, map[string]any{"autoIncrement": true})
	return err
}

// String returns a setting, or "" when it is not there.
func (s *Store) String(ctx context.Context, name string) (string, error) {
	value, err := s.get(ctx, name)
	if err != nil || value.Type() != safejs.TypeString {
		return "", err
	}
	return value.String()
}

// AddString keeps a setting unless another tab was faster, and returns what is
// kept.
func (s *Store) AddString(ctx context.Context, name, text string) (string, error) {
	if err := s.add(ctx, name, text); err != nil {
		return "", err
	}
	return s.String(ctx, name)
}

// SetString keeps a setting.
func (s *Store) SetString(ctx context.Context, name, text string) error {
	return s.put(ctx, name, text)
}

const identity = "identity" // the setting

// Identity returns the key that signs this browser's messages, making it the
// first time. The database holds the CryptoKey itself, which scripts can use
// and not read.
func (s *Store) Identity(ctx context.Context) (*SigningKey, error) {
	kept, err := s.get(ctx, identity)
	if err != nil {
		return nil, err
	}
	if kept.IsUndefined() {
		if err := s.makeIdentity(ctx); err != nil {
			return nil, err
		}
		if kept, err = s.get(ctx, identity); err != nil { // perhaps another tab's
			return nil, err
		}
	}
	private, err := kept.Get("private")
	if err != nil {
		return nil, failure("read the identity", err)
	}
	public, err := kept.Get("public")
	if err != nil {
		return nil, failure("read the identity", err)
	}
	return newSigningKey(private, public)
}

func (s *Store) makeIdentity(ctx context.Context) error {
	key, err := GenerateIdentity(ctx)
	if err != nil {
		return err
	}
	public, err := newUint8Array(key.public.Bytes())
	if err != nil {
		return failure("keep the identity", err)
	}
	return s.add(ctx, identity, map[string]any{"private": key.private, "public": public})
}

// TakeInbox returns the payloads that the service worker has kept and that
// this tab wants, and removes them in the same transaction: of several tabs
// one gets each. Of all that are there, wanted says which.
func (s *Store) TakeInbox(ctx context.Context, wanted func(payloads []string) []bool) ([]string, error) {
	inbox, err := s.objectStore(inboxStore, "readwrite")
	if err != nil {
		return nil, failure("read the inbox", err)
	}
	// Each request is made while the answer to the one before is handled, or
	// the transaction would be over.
	keys, err := awaitList(ctx, inbox, "getAllKeys")
	if err != nil {
		return nil, failure("read the inbox", err)
	}
	kept, err := awaitList(ctx, inbox, "getAll")
	if err != nil {
		return nil, failure("read the inbox", err)
	}
	all := make([]string, len(kept))
	for i, item := range kept {
		if all[i], err = item.String(); err != nil {
			all[i] = "" // nobody's
		}
	}
	var payloads []string
	for i, mine := range wanted(all) {
		if !mine {
			continue
		}
		if _, err := inbox.Call("delete", keys[i]); err != nil {
			return nil, failure("read the inbox", err)
		}
		payloads = append(payloads, all[i])
	}
	return payloads, nil
}

// awaitList waits for a request whose result is an array.
func awaitList(ctx context.Context, store safejs.Value, method string) ([]safejs.Value, error) {
	request, err := store.Call(method)
	if err != nil {
		return nil, err
	}
	array, err := awaitRequest(ctx, request)
	if err != nil {
		return nil, err
	}
	length, err := array.Length()
	if err != nil {
		return nil, err
	}
	list := make([]safejs.Value, length)
	for i := range list {
		if list[i], err = array.Index(i); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s *Store) get(ctx context.Context, name string) (safejs.Value, error) {
	return s.request(ctx, "read "+name, "readonly", "get", name)
}

// add keeps a setting unless there is one of that name.
func (s *Store) add(ctx context.Context, name string, value any) error {
	_, err := s.request(ctx, "keep "+name, "readwrite", "add", value, name)
	if isNamed(err, "ConstraintError") {
		return nil
	}
	return err
}

func (s *Store) put(ctx context.Context, name string, value any) error {
	_, err := s.request(ctx, "keep "+name, "readwrite", "put", value, name)
	return err
}

// request makes one request of the settings, in a transaction of its own.
func (s *Store) request(ctx context.Context, action, mode, method string, args ...any) (safejs.Value, error) {
	settings, err := s.objectStore(settingsStore, mode)
	if err != nil {
		return safejs.Value{}, failure(action, err)
	}
	request, err := settings.Call(method, args...)
	if err != nil {
		return safejs.Value{}, failure(action, err)
	}
	value, err := awaitRequest(ctx, request)
	if err != nil {
		return safejs.Value{}, failure(action, err)
	}
	return value, nil
}

func (s *Store) objectStore(name, mode string) (safejs.Value, error) {
	transaction, err := s.database.Call("transaction", name, mode)
	if err != nil {
		return safejs.Value{}, err
	}
	return transaction.Call("objectStore", name)
}

// awaitRequest waits for an IDBRequest.
func awaitRequest(ctx context.Context, request safejs.Value) (safejs.Value, error) {
	settled := make(chan string, 2) // either event, once
	for _, event := range []string{"success", "error"} {
		undo, err := listen(request, event, func(safejs.Value) { settled <- event })
		if err != nil {
			return safejs.Value{}, err
		}
		defer undo()
	}
	select {
	case event := <-settled:
		if event == "success" {
			return request.Get("result")
		}
		reason, err := request.Get("error")
		if err != nil {
			return safejs.Value{}, errors.New("request failed")
		}
		return safejs.Value{}, errorOf(reason)
	case <-ctx.Done():
		return safejs.Value{}, ctx.Err()
	}
}
