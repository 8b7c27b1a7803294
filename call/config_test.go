package call

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

// New names each required field that is unset. All others may be unset.
func TestConfigIncomplete(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		u := w.user("alice")
		optional := map[string]bool{"Farthest": true, "Sender.Prepare": true, "Sender.Ready": true, "Policy.Early": true, "Policy.ContactsOnly": true}
		check := func(name string, f func(*Config) reflect.Value) {
			config := u.config()
			f(&config).SetZero()
			phone, err := New(config)
			if err == nil {
				phone.Close()
			}
			switch may := optional[name] || strings.HasPrefix(name, "Events."); {
			case may && err != nil:
				t.Errorf("without %s: %v", name, err)
			case !may && (!errors.Is(err, ErrIncomplete) || !strings.HasSuffix(err.Error(), ": "+name)):
				t.Errorf("without %s: %v", name, err)
			}
		}
		for _, field := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
			if field.Anonymous {
				continue
			}
			name := field.Name
			if len(field.Index) > 1 {
				name = reflect.TypeFor[Config]().Field(field.Index[0]).Name + "." + name
			}
			check(name, func(c *Config) reflect.Value { return reflect.ValueOf(c).Elem().FieldByIndex(field.Index) })
		}
	})
}

// A phone whose optional fields are unset calls, sends a text and hangs up.
func TestConfigMinimal(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		full := alice.config()
		alice.phone.Close()
		alice.phone = newPhone(Config{Identity: full.Identity, Verify: full.Verify, Card: full.Card, NewPeer: full.NewPeer,
			Directory: full.Directory, Sender: Sender{Push: full.Push}})
		t.Cleanup(alice.phone.Close)
		alice.phone.Dial(bob.card)
		wait(time.Second)
		bob.expect(Connected, NoReason)
		alice.phone.SendText("hello")
		bob.phone.SendText("hello")
		wait(time.Second)
		if len(bob.texts) != 2 {
			t.Errorf("texts %+v", bob.texts)
		}
		alice.phone.HangUp()
		wait(time.Second)
		bob.expect(Ended, HungUp)
		bob.knows(alice)
		bob.phone.Dial(full.Card()) // nobody answers: it rings without a word
		wait(time.Second)
		bob.phone.HangUp()
		wait(time.Second)
		bob.expect(Ended, Cancelled)
	})
}
