package app

import (
	"testing"
	"time"

	"pushcall/call"
)

// TestPersist asks the browser once, when the first contact is there and no call is, and
// once more a month after it has refused.
func TestPersist(t *testing.T) {
	for name, grants := range map[string]bool{"granted": true, "refused": false} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, w *world) {
				alice, bob := w.person("Alice").open(), w.person("Bob").open()
				alice.ready()
				bob.ready()
				bob.persists = grants
				wait(time.Minute)
				if alice.asks+bob.asks != 0 {
					t.Error("asked with nothing to lose")
				}
				if err := alice.Contacts.AddContact(bob.Line.Card(), "Bob"); err != nil {
					t.Fatal(err)
				}
				wait(time.Second)
				if alice.asks != 1 {
					t.Errorf("asked %d times for the first contact", alice.asks)
				}
				alice.talk(bob)
				if err := bob.Contacts.SaveContact(alice.identity(), "Alice"); err != nil {
					t.Fatal(err)
				}
				wait(time.Second)
				if bob.asks != 0 {
					t.Error("asked during a call")
				}
				alice.Calls.HangUp()
				wait(time.Second)
				bob.expect(call.Ended)
				carol := w.person("Carol").open()
				carol.ready()
				bob.knows(carol)
				bob.crash()
				bob = bob.person.open()
				if bob.asks != 1 {
					t.Errorf("asked %d times after the call", bob.asks)
				}
				bob.crash()
				wait(askAgainTime)
				bob = bob.person.open()
				if again := bob.asks == 2; again == grants {
					t.Errorf("asked %d times, a month later", bob.asks)
				}
				if persisted, err := bob.Persistence.Persisted(t.Context()); persisted != grants || err != nil {
					t.Errorf("persisted %v, %v", persisted, err)
				}
			})
		})
	}
}

// TestPersistedBefore does not ask a browser that has granted it already, and asks one
// where contacts were before the page could ask.
func TestPersistedBefore(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		bob.crash()
		bob.store.settings[settingPersist] = ""
		bob.asks = 0
		bob = bob.person.open()
		if bob.asks != 1 {
			t.Errorf("asked %d times for contacts of earlier visits", bob.asks)
		}
		alice.crash()
		alice.store.settings[settingPersist] = ""
		alice.asks, alice.persisted = 0, true
		if alice = alice.person.open(); alice.asks != 0 {
			t.Error("asked for what the browser has granted")
		}
	})
}

// TestExported returns when the last archive was written, on later visits too.
func TestExported(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		bob := w.person("Bob").open()
		exported := func() time.Time {
			t.Helper()
			at, err := bob.Persistence.Exported(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
		if at := exported(); !at.IsZero() {
			t.Errorf("exported at %v without an archive", at)
		}
		for range 2 {
			wait(24 * time.Hour)
			if _, err := bob.Archiver.Export(t.Context(), "a long passphrase"); err != nil {
				t.Fatal(err)
			}
			want := time.Now().Truncate(time.Second)
			bob.crash()
			wait(time.Hour)
			bob = bob.person.open()
			if at := exported(); !at.Equal(want) {
				t.Errorf("exported at %v, want %v", at, want)
			}
		}
		bob.store.settings[settingExported] = "yesterday"
		if _, err := bob.Persistence.Exported(t.Context()); err == nil {
			t.Error("a damaged time is no error")
		}
	})
}
