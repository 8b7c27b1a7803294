package app

import (
	"context"
	"fmt"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

// Announcer tells friends by push what this browser's card is.
type Announcer struct {
	*common
	telling turn // to tell: the next one knows who was told
}

// NewNumber makes a new key and subscription, and pushes the new card to all
// contacts who are not blocked: told counts those whose push service took it,
// failed those whose did not.
func (a *Announcer) NewNumber(ctx context.Context) (told, failed int, err error) {
	if err := a.telling.take(ctx); err != nil {
		return 0, 0, err
	}
	defer a.telling.end()
	if err := a.line.renew(ctx); err != nil {
		return 0, 0, err
	}
	told, failed = a.tell(ctx, func(phonebook.Contact, string) bool { return true })
	return told, failed, nil
}

// maintainLine repairs the line whenever it may have to be, until ctx ends. It
// shows why no call can ring here.
func (a *Announcer) maintainLine(ctx context.Context) {
	for told := (webpush.Subscription{}); ctx.Err() == nil; {
		told = a.checkLine(ctx, told)
		select {
		case <-a.line.checks:
		case <-ctx.Done():
		}
	}
}

// checkLine renews a subscription that the browser has dropped. It tells friends who
// have an old card the new one, unless they were told of this subscription; it
// returns the subscription that they were told of.
func (a *Announcer) checkLine(ctx context.Context, told webpush.Subscription) webpush.Subscription {
	repaired, err := a.line.repair(ctx)
	if ctx.Err() != nil {
		return told
	}
	a.logError(err)
	a.view.ShowLine(err)
	now := a.line.Card().Subscription
	switch {
	case err != nil || now == told:
		return told
	case repaired:
		a.view.ShowNotice(NoticeLineRepaired)
	}
	if a.telling.take(ctx) != nil {
		return told
	}
	defer a.telling.end()
	a.tell(ctx, func(c phonebook.Contact, digest string) bool {
		return c.Told != digest && (c.Told != "" || !c.Succeeds.IsZero())
	})
	return now
}

// tell pushes this browser's card to the contacts for whom wanted holds; digest
// names the card. The caller has the turn.
func (a *Announcer) tell(ctx context.Context, wanted func(c phonebook.Contact, digest string) bool) (told, failed int) {
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
			a.logError(fmt.Errorf("tell a friend: %w", err))
			failed++
			continue
		}
		told++
		a.book.Update(c.Identity(), func(c *phonebook.Contact) { c.Told, c.Heard = digest, false })
	}
	return told, failed
}

// successionFor is what a contact has to be shown to know whose card this is.
func (a *Announcer) successionFor(c phonebook.Contact) signaling.Chain {
	if c.Succeeds.New() != a.config.Identity.Public() {
		return signaling.Chain{}
	}
	return c.Succeeds
}
