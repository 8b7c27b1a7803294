package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

// Vault makes keys, and puts archives under a passphrase.
type Vault interface {
	// SealArchive puts an archive's text under a passphrase, with a salt and a
	// nonce of its own.
	SealArchive(ctx context.Context, passphrase string, text []byte) (phonebook.Sealed, error)
	// OpenArchive returns the text of an archive.
	OpenArchive(ctx context.Context, passphrase string, sealed phonebook.Sealed) ([]byte, error)
	// GenerateIdentity makes a key that cannot leave this browser.
	GenerateIdentity(ctx context.Context) (webpush.Signer, error)
	// ImportSigner makes the signer of a key.
	ImportSigner(ctx context.Context, key webpush.ApplicationServerKey) (webpush.Signer, error)
	// Reload loads the page anew.
	Reload()
}

// MoveStore stores what an archive brings.
type MoveStore interface {
	// MergeTexts saves texts of another device beside those that there are of the
	// conversation with somebody: each once.
	MergeTexts(ctx context.Context, with webpush.PublicKey, texts []call.Text) error
	// Predecessors returns the identities that this browser's has followed.
	Predecessors(ctx context.Context) ([]webpush.PublicKey, error)
	// Move has another key sign this browser's messages, from when the page is next
	// loaded, in place of all predecessors. It saves the contacts who are to be told
	// of that. When it fails, nothing is changed.
	Move(ctx context.Context, key webpush.Signer, predecessors []webpush.PublicKey, contacts []phonebook.Contact) error
}

// Origin is where an archive is from.
type Origin uint8

const (
	OriginElsewhere Origin = iota
	OriginHere             // this browser has written it
	OriginBefore           // it was imported here before
)

// Archiver writes contacts, calls and texts into a file, and imports such files.
type Archiver struct {
	*common
	persistence *Persistence
}

// Export returns a file with contacts, calls and texts, under a passphrase. It
// has another identity in it, which this browser's signs over to: where the file
// is read, friends learn by that who they know.
func (a *Archiver) Export(ctx context.Context, passphrase string) ([]byte, error) {
	successor, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		return nil, err
	}
	archive := phonebook.Archive{Name: a.preferences.Settings().Name, Successor: successor, Contacts: a.book.Contacts(), Records: a.book.Records()}
	archive.Texts = map[webpush.PublicKey][]call.Text{}
	for _, c := range archive.Contacts {
		if archive.Texts[c.Identity()], err = a.config.Store.Texts(ctx, c.Identity()); err != nil {
			return nil, err
		}
	}
	if archive.Succession, err = signaling.Succeed(ctx, a.config.Identity, successor.Public()); err != nil {
		return nil, err
	}
	text, err := archive.MarshalText()
	if err != nil {
		return nil, err
	}
	sealed, err := a.config.Vault.SealArchive(ctx, passphrase, text)
	if err != nil {
		return nil, err
	}
	a.persistence.noteExport(ctx)
	return sealed.Bytes(), nil
}

// OpenArchive reads what Export has written, and changes nothing.
func (a *Archiver) OpenArchive(ctx context.Context, passphrase string, file []byte) (phonebook.Archive, Origin, error) {
	sealed, err := phonebook.ParseSealed(file)
	if err != nil {
		return phonebook.Archive{}, 0, err
	}
	text, err := a.config.Vault.OpenArchive(ctx, passphrase, sealed)
	if err != nil {
		return phonebook.Archive{}, 0, err
	}
	archive, err := phonebook.ParseArchive(text)
	if err != nil {
		return phonebook.Archive{}, 0, err
	}
	if err := a.verify(ctx, archive); err != nil {
		return phonebook.Archive{}, 0, fmt.Errorf("%w: %w", phonebook.ErrArchive, err)
	}
	archive.CapTimes(time.Now())
	origin, _, err := a.originOf(ctx, archive)
	return archive, origin, err
}

// verify checks the signatures in an archive. A friend drops a message with a chain
// that is wrong.
func (a *Archiver) verify(ctx context.Context, archive phonebook.Archive) error {
	if err := archive.Succession.Verify(ctx, a.config.Verify); err != nil {
		return err
	}
	for _, c := range archive.Contacts {
		if err := c.Succeeds.Verify(ctx, a.config.Verify); err != nil {
			return err
		}
	}
	return nil
}

// originOf tells where an archive is from, and which identities this browser's
// has followed.
func (a *Archiver) originOf(ctx context.Context, archive phonebook.Archive) (origin Origin, predecessors []webpush.PublicKey, err error) {
	predecessors, err = a.config.Store.Predecessors(ctx)
	switch {
	case err != nil:
		return 0, nil, err
	case archive.Succession.Old == a.config.Identity.Public() || slices.Contains(predecessors, archive.Succession.Old):
		return OriginHere, predecessors, nil
	case slices.Contains(predecessors, archive.Succession.New):
		return OriginBefore, predecessors, nil
	}
	return OriginElsewhere, predecessors, nil
}

// Import saves what is in an archive, has friends follow to this browser if the
// archive is from elsewhere, and loads the page anew, which tells them. It fails with
// ErrElsewhere when another tab has taken the line meanwhile, and changes nothing then.
func (a *Archiver) Import(ctx context.Context, archive phonebook.Archive) error {
	if err := a.line.Subscribe(ctx); err != nil { // or friends could not be told
		return err
	}
	err := ErrElsewhere
	if stopped := a.storage.Do(ctx, func() { // in the loop: the tab that has the line next waits for it
		if a.here {
			err = a.merge(ctx, archive)
		}
	}); stopped != nil {
		return stopped
	}
	if err == nil {
		a.config.Vault.Reload()
	}
	return err
}

// merge saves an archive beside what there is. What takes room comes first: with
// less than all there is no move.
func (a *Archiver) merge(ctx context.Context, archive phonebook.Archive) error {
	store := a.config.Store
	for with, texts := range archive.Texts {
		if err := store.MergeTexts(ctx, with, texts); err != nil {
			return err
		}
	}
	for _, r := range archive.Records {
		if a.book.Logged(r.ID) {
			continue
		}
		if err := store.PutCall(ctx, r); err != nil {
			return err
		}
	}
	if a.preferences.Settings().Name == "" && archive.Name != "" {
		if err := store.SetString(ctx, settingName, archive.Name); err != nil {
			return err
		}
	}
	origin, predecessors, err := a.originOf(ctx, archive)
	if err != nil {
		return err
	}
	added := archive.Added(func(identity webpush.PublicKey) bool {
		_, known := a.book.Contact(identity)
		return known || identity == a.config.Identity.Public() || slices.Contains(predecessors, identity)
	})
	for i := range added {
		added[i].From = phonebook.FromFile // whatever the file says
	}
	if origin == OriginElsewhere {
		return a.move(ctx, archive, predecessors, added)
	}
	for _, c := range added {
		if err := store.PutContact(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// move has a fresh identity take the place of this browser's and of the one that
// wrote an archive. The file has the successor's key in it, which others may have.
func (a *Archiver) move(ctx context.Context, archive phonebook.Archive, predecessors []webpush.PublicKey, added []phonebook.Contact) error {
	fresh, err := a.config.Vault.GenerateIdentity(ctx)
	if err != nil {
		return err
	}
	successor, err := a.config.Vault.ImportSigner(ctx, archive.Successor)
	if err != nil {
		return err
	}
	own := a.config.Identity.Public()
	var h phonebook.Handover
	if h.SuccessorToOwn, err = signaling.Succeed(ctx, successor, own); err != nil {
		return err
	}
	if h.SuccessorToFresh, err = signaling.Succeed(ctx, successor, fresh.Public()); err != nil {
		return err
	}
	if h.OwnToFresh, err = signaling.Succeed(ctx, a.config.Identity, fresh.Public()); err != nil {
		return err
	}
	contacts := archive.Moved(added, a.book.Contacts(), h)
	return a.config.Store.Move(ctx, fresh, append(predecessors, own, archive.Succession.New), contacts)
}
