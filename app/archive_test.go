package app

import (
	"errors"
	"testing"
	"time"

	"pushcall/phonebook"
	"pushcall/signaling"
)

// TestMove exports in one browser and imports in another: friends follow, the
// conversation is there, and the file works once.
func TestMove(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		carol := w.person("Carol").open()
		carol.ready()
		alice.talk(bob)
		alice.Conversations.SendText("see you")
		wait(time.Second)
		alice.Calls.HangUp()
		wait(time.Second)
		if err := alice.Preferences.SetSettings(t.Context(), Settings{Name: "Alice", Early: true}); err != nil {
			t.Fatal(err)
		}
		file, err := alice.Archiver.Export(t.Context(), "a long passphrase")
		if err != nil {
			t.Fatal(err)
		}
		if _, origin, err := alice.Archiver.OpenArchive(t.Context(), "a long passphrase", file); err != nil || origin != OriginHere {
			t.Errorf("at home: %v, %v", origin, err)
		}
		fresh := w.person("Alice's phone").open()
		fresh.knows(carol)
		archive, origin, err := fresh.Archiver.OpenArchive(t.Context(), "a long passphrase", file)
		if err != nil || origin != OriginElsewhere || archive.Name != "Alice" || len(archive.Contacts) != 1 || len(archive.Records) != 1 {
			t.Fatalf("%+v, %v, %v", archive, origin, err)
		}
		old := fresh.identity()
		if err := fresh.Archiver.Import(t.Context(), archive); err != nil {
			t.Fatal(err)
		}
		if fresh.reloads != 1 {
			t.Errorf("reloaded %d times", fresh.reloads)
		}
		alice.crash()
		fresh.crash()
		fresh = fresh.person.open()
		wait(time.Second)
		if c, _ := fresh.book.Contact(bob.identity()); c.From != phonebook.FromFile {
			t.Errorf("a contact of the file is from %q", c.From)
		}
		if c, _ := fresh.book.Contact(carol.identity()); c.From != phonebook.FromText {
			t.Errorf("a contact from before is from %q", c.From)
		}
		if fresh.identity() == old || fresh.identity() == alice.identity() {
			t.Error("the identity is not a fresh one")
		}
		c, known := bob.book.Contact(fresh.identity())
		if !known || !c.Moved || c.Name != "my Alice" || len(bob.book.Contacts()) != 1 {
			t.Errorf("Bob has the contacts %+v", bob.book.Contacts())
		}
		if got := bob.store.textsWith(fresh.identity()); len(got) != 1 || bob.view.unread[fresh.identity()] != 1 {
			t.Errorf("Bob has the texts %v, unread %v", got, bob.view.unread)
		}
		if got := fresh.store.textsWith(bob.identity()); len(got) != 1 || len(fresh.view.records) != 1 || fresh.Preferences.Settings().Name != "Alice" {
			t.Errorf("the texts %v and calls %v have moved", got, fresh.view.records)
		}
		bob.talk(fresh)
		bob.Calls.HangUp()
		wait(time.Second)
		again, origin, err := fresh.Archiver.OpenArchive(t.Context(), "a long passphrase", file)
		if err != nil || origin != OriginBefore {
			t.Errorf("a second time: %v, %v", origin, err)
		}
		now := fresh.identity()
		if err := fresh.Archiver.Import(t.Context(), again); err != nil || fresh.store.signer().Public() != now {
			t.Errorf("imported again: %v", err)
		}
	})
}

// TestImportFails changes no identity where there is no room, or no line.
func TestImportFails(t *testing.T) {
	for _, operation := range []string{"MergeTexts", "PutCall", "SetString", "Predecessors", "Move"} {
		run(t, func(t *testing.T, w *world) {
			alice, bob := w.friends("Alice", "Bob")
			alice.talk(bob)
			alice.Conversations.SendText("see you")
			wait(time.Second)
			alice.Calls.HangUp()
			wait(time.Second)
			_ = alice.Preferences.SetSettings(t.Context(), Settings{Name: "Alice"})
			file, err := alice.Archiver.Export(t.Context(), "a long passphrase")
			if err != nil {
				t.Fatal(err)
			}
			fresh := w.person("Alice's phone").open()
			archive, _, err := fresh.Archiver.OpenArchive(t.Context(), "a long passphrase", file)
			if err != nil {
				t.Fatal(err)
			}
			fresh.ready()
			fresh.store.fails = func(o string) error {
				if o == operation {
					return errFull
				}
				return nil
			}
			before := fresh.store.signer().Public()
			if err := fresh.Archiver.Import(t.Context(), archive); !errors.Is(err, errFull) || fresh.reloads != 0 {
				t.Errorf("%s: %v, and %d reloads", operation, err, fresh.reloads)
			}
			if fresh.store.signer().Public() != before || len(fresh.store.contacts) != 0 {
				t.Errorf("%s: the identity has changed, or contacts were saved", operation)
			}
			fresh.store.fails = nil
			w.change(func() { fresh.permission = errDenied })
			if err := fresh.Archiver.Import(t.Context(), archive); !errors.Is(err, errDenied) {
				t.Errorf("without a line: %v", err)
			}
		})
	}
}

// TestOpenArchiveRefuses opens nothing that another has made up.
func TestOpenArchiveRefuses(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		file, err := alice.Archiver.Export(t.Context(), "a long passphrase")
		if err != nil {
			t.Fatal(err)
		}
		open := func(passphrase string, file []byte) error {
			_, _, err := bob.Archiver.OpenArchive(t.Context(), passphrase, file)
			return err
		}
		sealed := func(text []byte) []byte {
			s, _ := bob.SealArchive(t.Context(), "a long passphrase", text)
			return s.Bytes()
		}
		if open("another passphrase", file) == nil {
			t.Error("another passphrase opens it")
		}
		if err := open("a long passphrase", file[1:]); !errors.Is(err, phonebook.ErrArchive) {
			t.Errorf("another file: %v", err)
		}
		if err := open("a long passphrase", sealed([]byte("{}"))); !errors.Is(err, phonebook.ErrArchiveVersion) {
			t.Errorf("another text: %v", err)
		}
		archive, _, _ := alice.Archiver.OpenArchive(t.Context(), "a long passphrase", file)
		forged := archive
		forged.Succession.Old = bob.identity()
		text, _ := forged.MarshalText()
		if err := open("a long passphrase", sealed(text)); !errors.Is(err, phonebook.ErrArchive) {
			t.Errorf("a forged succession: %v", err)
		}
		forged = archive
		forged.Contacts[0].Succeeds = signaling.Chain{}.Append(forgedSuccession(archive.Succession, bob))
		text, _ = forged.MarshalText()
		if err := open("a long passphrase", sealed(text)); !errors.Is(err, phonebook.ErrArchive) {
			t.Errorf("a contact's forged chain: %v", err)
		}
	})
}

func forgedSuccession(s signaling.Succession, by *tab) signaling.Succession {
	s.Old = by.identity()
	return s
}

// TestExportFails writes no file without a conversation that cannot be read.
func TestExportFails(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, _ := w.friends("Alice", "Bob")
		alice.store.fails = func(o string) error {
			if o == "Texts" {
				return errFull
			}
			return nil
		}
		if _, err := alice.Archiver.Export(t.Context(), "a long passphrase"); !errors.Is(err, errFull) {
			t.Errorf("%v", err)
		}
	})
}
