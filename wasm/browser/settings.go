//go:build js && wasm

package browser

import (
	"context"
	"fmt"

	"github.com/hack-pad/safejs"

	"pushcall/wasm/js"
)

// String returns a setting, or "" when it is not there.
func (s *Store) String(ctx context.Context, name string) (string, error) {
	value, err := s.setting(ctx, name)
	if err != nil || value.Type() != safejs.TypeString {
		return "", err
	}
	return value.String()
}

// Strings returns all settings that are texts, by their names.
func (s *Store) Strings(ctx context.Context) (map[string]string, error) {
	kept := map[string]string{}
	err := s.transact(ctx, "read the settings", settingsStore, "readonly", func(store safejs.Value) error {
		names, err := js.AwaitList(ctx, store, "getAllKeys")
		if err != nil {
			return err
		}
		values, err := js.AwaitList(ctx, store, "getAll")
		if err != nil {
			return err
		}
		for i, value := range values {
			name, err := names[i].String()
			if err != nil || value.Type() != safejs.TypeString {
				continue
			}
			if kept[name], err = value.String(); err != nil {
				return err
			}
		}
		return nil
	})
	return kept, err
}

// AddString keeps a setting unless another tab was faster, and returns what is
// kept.
func (s *Store) AddString(ctx context.Context, name, text string) (string, error) {
	if err := s.addSetting(ctx, name, text); err != nil {
		return "", err
	}
	return s.String(ctx, name)
}

// SetString keeps a setting.
func (s *Store) SetString(ctx context.Context, name, text string) error {
	_, err := s.request(ctx, "keep "+name, settingsStore, "readwrite", "put", text, name)
	return err
}

const identity = "identity" // the setting

// Identity returns the key that signs this browser's messages, making it the
// first time. The database holds the CryptoKey itself, which scripts can use
// and not read. ErrUnreadable is for one that is there, or may be, and cannot be
// read.
func (s *Store) Identity(ctx context.Context) (*SigningKey, error) {
	var kept safejs.Value
	err := again(ctx, func() (err error) {
		kept, err = s.setting(ctx, identity)
		return err
	})
	if js.IsNamed(err, "NotFoundError") { // the settings are missing from the store
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	if err != nil {
		return nil, err
	}
	if kept.IsUndefined() {
		if err := s.makeIdentity(ctx); err != nil {
			return nil, err
		}
		if kept, err = s.setting(ctx, identity); err != nil { // perhaps another tab's
			return nil, err
		}
	}
	private, err := kept.Get("private")
	if err != nil {
		return nil, js.Failure("read the identity", err)
	}
	public, err := kept.Get("public")
	if err != nil {
		return nil, js.Failure("read the identity", err)
	}
	return newSigningKey(private, public)
}

func (s *Store) makeIdentity(ctx context.Context) error {
	key, err := GenerateIdentity(ctx)
	if err != nil {
		return err
	}
	value, err := key.value()
	if err != nil {
		return err
	}
	return s.addSetting(ctx, identity, value)
}

// value is what Identity reads.
func (k *SigningKey) value() (map[string]any, error) {
	public, err := js.NewUint8Array(k.public.Bytes())
	if err != nil {
		return nil, js.Failure("keep the identity", err)
	}
	return map[string]any{"private": k.private, "public": public}, nil
}

func (s *Store) setting(ctx context.Context, name string) (safejs.Value, error) {
	return s.request(ctx, "read "+name, settingsStore, "readonly", "get", name)
}

// addSetting keeps a setting unless there is one of that name.
func (s *Store) addSetting(ctx context.Context, name string, value any) error {
	_, err := s.request(ctx, "keep "+name, settingsStore, "readwrite", "add", value, name)
	if js.IsNamed(err, "ConstraintError") {
		return nil
	}
	return err
}
