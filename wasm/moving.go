//go:build js && wasm

package main

import (
	"context"
	"fmt"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/wasm/browser"
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
	archive := call.Archive{Name: a.settings.Name, Successor: successor, Contacts: a.book.Contacts(), Records: a.book.Records()}
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

// Import takes in what Export has written, and the identity that was made for
// it. The page has to be loaded anew then, and tells the friends.
func (a *app) Import(ctx context.Context, passphrase string, file browser.File) error {
	octets, err := file.Bytes(ctx)
	if err != nil {
		return err
	}
	sealed, err := call.ParseSealed(octets)
	if err != nil {
		return err
	}
	text, err := browser.OpenArchive(ctx, passphrase, sealed)
	if err != nil {
		return err
	}
	archive, err := call.ParseArchive(text)
	if err != nil {
		return err
	}
	if err := archive.Succession.Verify(ctx, browser.Verify); err != nil {
		return fmt.Errorf("%w: %w", call.ErrArchive, err)
	}
	if err := a.line.Subscribe(ctx); err != nil { // or friends could not be told
		return err
	}
	if err := a.merge(ctx, archive); err != nil {
		return err
	}
	browser.Reload()
	return nil
}

// merge keeps what is in an archive beside what there is. The archive's own
// identity takes the place of this browser's, unless it was written here or read
// here before. What takes room comes first: a full disk leaves nobody with the
// word of an identity that has not come.
func (a *app) merge(ctx context.Context, archive call.Archive) error {
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
	own := a.identity.Public()
	moves := own != archive.Succession.Old && own != archive.Succession.New
	for _, c := range archive.Contacts {
		if _, known := a.book.Contact(c.Identity()); known || a.line.IsOwn(c.Card) {
			continue
		}
		if moves {
			c.Succeeds = c.Succeeds.Append(archive.Succession)
		}
		if err := a.store.PutContact(ctx, c); err != nil {
			return err
		}
	}
	if !moves {
		return nil
	}
	if err := a.signOver(ctx, archive.Succession.New); err != nil {
		return err
	}
	return a.store.SetIdentity(ctx, archive.Successor) // last: with less than all there is no move
}

// signOver has this browser's identity say to its own contacts which one takes
// its place.
func (a *app) signOver(ctx context.Context, successor webpush.PublicKey) error {
	succession, err := signaling.Succeed(ctx, a.identity, successor)
	if err != nil {
		return err
	}
	for _, c := range a.book.Contacts() {
		c.Succeeds, c.Told, c.Heard = c.Succeeds.Append(succession), "", false
		if err := a.store.PutContact(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
