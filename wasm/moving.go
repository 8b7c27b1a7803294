//go:build js && wasm

package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/wasm/page"
	"pushcall/webpush"
)

// Export returns a file with contacts, calls and messages, under a passphrase. It
// has another identity in it, which this browser's signs over to: where the file
// is read, friends learn by that who they know.
func (a *app) Export(ctx context.Context, passphrase string) ([]byte, error) {
	successor, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		return nil, err
	}
	archive := phonebook.Archive{Name: a.settings.Name, Successor: successor, Contacts: a.book.Contacts(), Records: a.book.Records()}
	if archive.Texts, err = a.allTexts(ctx); err != nil {
		return nil, err
	}
	if archive.Succession, err = signaling.Succeed(ctx, a.identity, successor.Public()); err != nil {
		return nil, err
	}
	text, err := archive.MarshalText()
	if err != nil {
		return nil, err
	}
	sealed, err := browser.SealArchive(ctx, passphrase, text)
	if err != nil {
		return nil, err
	}
	return sealed.Bytes(), nil
}

// OpenArchive reads what Export has written, and changes nothing.
func (a *app) OpenArchive(ctx context.Context, passphrase string, file browser.File) (phonebook.Archive, page.Origin, error) {
	octets, err := file.Bytes(ctx)
	if err != nil {
		return phonebook.Archive{}, 0, err
	}
	sealed, err := phonebook.ParseSealed(octets)
	if err != nil {
		return phonebook.Archive{}, 0, err
	}
	text, err := browser.OpenArchive(ctx, passphrase, sealed)
	if err != nil {
		return phonebook.Archive{}, 0, err
	}
	archive, err := phonebook.ParseArchive(text)
	if err != nil {
		return phonebook.Archive{}, 0, err
	}
	if err := verifyArchive(ctx, archive); err != nil {
		return phonebook.Archive{}, 0, fmt.Errorf("%w: %w", phonebook.ErrArchive, err)
	}
	archive.CapTimes(time.Now())
	origin, _, err := a.originOf(ctx, archive)
	return archive, origin, err
}

// verifyArchive checks what is signed in an archive. A friend drops a message with
// a chain that is wrong.
func verifyArchive(ctx context.Context, archive phonebook.Archive) error {
	verify := browser.NewVerifier().Verify
	if err := archive.Succession.Verify(ctx, verify); err != nil {
		return err
	}
	for _, c := range archive.Contacts {
		if err := c.Succeeds.Verify(ctx, verify); err != nil {
			return err
		}
	}
	return nil
}

// originOf tells where an archive is from, and which identities this browser's
// has followed.
func (a *app) originOf(ctx context.Context, archive phonebook.Archive) (origin page.Origin, before []webpush.PublicKey, err error) {
	before, err = a.store.Predecessors(ctx)
	switch {
	case err != nil:
		return 0, nil, err
	case archive.Succession.Old == a.identity.Public() || slices.Contains(before, archive.Succession.Old):
		return page.OriginHere, before, nil
	case slices.Contains(before, archive.Succession.New):
		return page.OriginBefore, before, nil
	}
	return page.OriginElsewhere, before, nil
}

// Import takes in an archive. The page has to be loaded anew then, and tells the
// friends.
func (a *app) Import(ctx context.Context, archive phonebook.Archive) error {
	if err := a.line.Subscribe(ctx); err != nil { // or friends could not be told
		return err
	}
	if err := a.merge(ctx, archive); err != nil {
		return err
	}
	browser.Reload()
	return nil
}

// merge keeps what is in an archive beside what there is. What takes room comes
// first: with less than all there is no move.
func (a *app) merge(ctx context.Context, archive phonebook.Archive) error {
	for with, texts := range archive.Texts {
		if err := a.store.MergeTexts(ctx, with, texts); err != nil {
			return err
		}
	}
	for _, r := range archive.Records {
		if a.book.Logged(r.ID) {
			continue
		}
		if err := a.store.PutCall(ctx, r); err != nil {
			return err
		}
	}
	if a.settings.Name == "" && archive.Name != "" {
		if err := a.store.SetString(ctx, settingName, archive.Name); err != nil {
			return err
		}
	}
	origin, before, err := a.originOf(ctx, archive)
	if err != nil {
		return err
	}
	added := archive.Added(func(identity webpush.PublicKey) bool {
		_, known := a.book.Contact(identity)
		return known || identity == a.identity.Public() || slices.Contains(before, identity)
	})
	if origin == page.OriginElsewhere {
		return a.move(ctx, archive, before, added)
	}
	for _, c := range added {
		if err := a.store.PutContact(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// move has a fresh identity take the place of this browser's and of the one that
// wrote an archive. The file has the successor's key in it, which others may have.
func (a *app) move(ctx context.Context, archive phonebook.Archive, before []webpush.PublicKey, added []phonebook.Contact) error {
	fresh, err := browser.GenerateIdentity(ctx)
	if err != nil {
		return err
	}
	successor, err := browser.ImportSigner(ctx, archive.Successor)
	if err != nil {
		return err
	}
	own := a.identity.Public()
	var h phonebook.Handover
	if h.SuccessorToOwn, err = signaling.Succeed(ctx, successor, own); err != nil {
		return err
	}
	if h.SuccessorToFresh, err = signaling.Succeed(ctx, successor, fresh.Public()); err != nil {
		return err
	}
	if h.OwnToFresh, err = signaling.Succeed(ctx, a.identity, fresh.Public()); err != nil {
		return err
	}
	contacts := archive.Moved(added, a.book.Contacts(), h)
	return a.store.Move(ctx, fresh, append(before, own, archive.Succession.New), contacts)
}
