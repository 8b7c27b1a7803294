//go:build js && wasm

package main

import (
	"context"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/wasm/page"
	"pushcall/webpush"
)

// holdLine has the line in this tab whenever no other has it, or the person
// wants it here. It returns only when that cannot be.
func (a *app) holdLine(ctx context.Context) error {
	steal := false
	for {
		lost, err := a.awaitLine(ctx, steal)
		if err != nil {
			return err
		}
		if lost == nil {
			steal = true
			continue
		}
		a.withLine(ctx, lost)
		steal = false
	}
}

// awaitLine waits for the line. It returns nil when the person wants it here
// while it waits.
func (a *app) awaitLine(ctx context.Context, steal bool) (<-chan struct{}, error) {
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	defer close(done)
	a.desk.Beside(func() func() {
		select {
		case <-a.taking:
			cancel()
		case <-done:
		}
		return nil
	})
	lost, err := browser.AwaitLine(waiting, steal, func() { a.view.ShowElsewhere(true) })
	if lost == nil && waiting.Err() != nil {
		return nil, nil
	}
	return lost, err
}

// UseHere takes the line from the tab that has it.
func (a *app) UseHere() {
	select {
	case a.taking <- struct{}{}:
	default:
	}
}

// withLine is the phone's life in this tab, until another takes the line.
func (a *app) withLine(ctx context.Context, lost <-chan struct{}) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a.rings.Store(nil)
	a.loadBook(ctx)
	a.kept(browser.ForgetReceived(ctx))
	a.loadUnread(ctx)
	a.view.ShowElsewhere(false)
	a.showBook()
	a.desk.Beside(func() func() {
		for told := (webpush.Subscription{}); ctx.Err() == nil; {
			told = a.tendLine(ctx, told)
			select {
			case <-a.line.doubted:
			case <-ctx.Done():
			}
		}
		return nil
	})
	received := make(chan struct{})
	a.desk.Beside(func() func() {
		defer close(received)
		a.receive(ctx)
		return nil
	})
	<-lost
	cancel()
	<-received
	_ = a.phone.Settle(a.ctx) // what was delivered and does not ring yet is handed over too
	a.phone.HandOver()
	a.view.ShowElsewhere(true)
}

// loadBook reads what the tab before has kept.
func (a *app) loadBook(ctx context.Context) {
	contacts, err := a.store.Contacts(ctx)
	a.kept(err)
	records, callsErr := a.store.Calls(ctx)
	a.kept(callsErr)
	if err != nil || callsErr != nil {
		a.view.ShowNotice(page.NoticeStoreLacks)
	}
	a.book.Load(contacts, records)
	kept := loadKept(ctx, a.store)
	a.settings = settingsOf(kept)
	a.kept(keepLanguage(ctx, a.store))
	a.kept(a.line.Reload(ctx, kept))
}

// tendLine renews a subscription that the browser has dropped, and tells friends who
// have an old card what it is now, unless they were told of this subscription. It
// shows why no call can ring here.
func (a *app) tendLine(ctx context.Context, told webpush.Subscription) webpush.Subscription {
	repaired, err := a.line.Repair(ctx)
	if ctx.Err() != nil {
		return told
	}
	a.kept(err)
	a.view.ShowLine(err)
	now := a.line.Card().Subscription
	switch {
	case err != nil || now == told:
		return told
	case repaired:
		a.view.ShowNotice(page.NoticeLineRepaired)
	}
	a.telling.Lock()
	defer a.telling.Unlock()
	a.tellFriends(ctx, func(c phonebook.Contact, digest string) bool {
		return c.Told != digest && (c.Told != "" || !c.Succeeds.IsZero())
	})
	return now
}

// tellFriends pushes this browser's card to the contacts who are to have it.
func (a *app) tellFriends(ctx context.Context, wanted func(c phonebook.Contact, digest string) bool) (told, failed int) {
	card := a.line.Card()
	if !a.line.Rings() {
		return 0, 0
	}
	digest := call.CardDigest(card)
	for _, c := range a.book.Contacts() {
		if c.Blocked || !wanted(c, digest) {
			continue
		}
		m := signaling.Message{Type: signaling.CardChanged, Call: signaling.NewCallID(), Card: &card, Succeeds: a.successionFor(c)}
		if err := a.phone.Tell(ctx, c.Card, m); err != nil {
			browser.Log("tell a friend: " + err.Error())
			failed++
			continue
		}
		told++
		a.book.Update(c.Identity(), func(c *phonebook.Contact) { c.Told, c.Heard = digest, false })
	}
	return told, failed
}

// successionFor is what a contact has to be shown to know whose card this is.
func (a *app) successionFor(c phonebook.Contact) signaling.Chain {
	if c.Succeeds.New() != a.identity.Public() {
		return signaling.Chain{}
	}
	return c.Succeeds
}

// NewNumber makes a new key and subscription, and tells the friends.
func (a *app) NewNumber(ctx context.Context) (told, failed int, err error) {
	a.telling.Lock()
	defer a.telling.Unlock()
	if err := a.line.Renew(ctx); err != nil {
		return 0, 0, err
	}
	told, failed = a.tellFriends(ctx, func(phonebook.Contact, string) bool { return true })
	return told, failed, nil
}
