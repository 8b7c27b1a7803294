package app

import (
	"context"
	"slices"
	"time"
)

// savingTime is how long a tab that has got the line waits for the tab before to save
// what was changed there. One that is frozen would have it wait for ever.
const savingTime = 3 * time.Second

// LineLock says which tab has the line.
type LineLock interface {
	// AwaitLine waits until this tab has the line. It calls waiting, once, when
	// another tab has it now; steal takes the line from that one instead. Another
	// tab that steals it closes lost. ctx bounds the wait alone.
	AwaitLine(ctx context.Context, steal bool, waiting func()) (lost <-chan struct{}, err error)
	// HoldStore waits until the tab that had the line before has saved everything, or
	// is gone, and has the next tab wait until saved is closed, or this tab is gone.
	// ctx bounds the wait alone.
	HoldStore(ctx context.Context, saved <-chan struct{}) error
}

// LineView shows whether calls ring in this tab.
type LineView interface {
	// ShowElsewhere shows whether another tab has the line.
	ShowElsewhere(elsewhere bool)
	// ShowLine shows why no call can ring here, or that one can.
	ShowLine(why error)
	// ShowNotice tells the person of something that happened without them.
	ShowNotice(Notice)
}

// Run has the line in this tab whenever no other has it, or the person wants it
// here, and shows in view what happens. It returns when ctx ends, or the line cannot
// be had, with the reason.
func (a *App) Run(ctx context.Context, view View) error {
	a.view = view
	a.Studio.show()
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
		a.useLine(ctx, lost)
		steal = false
	}
}

// awaitLine waits for the line. It returns nil when the person wants it here
// while it waits.
func (a *App) awaitLine(ctx context.Context, steal bool) (<-chan struct{}, error) {
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	defer close(done)
	a.storage.Beside(func() func() {
		select {
		case <-a.taking:
			cancel()
		case <-done:
		}
		return nil
	})
	lost, err := a.config.Lock.AwaitLine(waiting, steal, func() { a.view.ShowElsewhere(true) })
	if lost == nil && waiting.Err() != nil {
		return nil, ctx.Err()
	}
	return lost, err
}

// UseHere takes the line from the tab that has it.
func (a *App) UseHere() {
	select {
	case a.taking <- struct{}{}:
	default:
	}
}

// useLine is the phone's life in this tab, until another takes the line or ctx ends.
func (a *App) useLine(ctx context.Context, lost <-chan struct{}) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a.inbox.ringing.Store(nil)
	a.inbox.waiting.Store(nil)
	saved := make(chan struct{})
	defer close(saved)
	a.logError(a.holdStore(ctx, saved))
	a.load(ctx)
	select {
	case <-lost: // meanwhile: what was pushed to this tab waits for when it has the line
		return
	default:
	}
	if a.replaced(ctx) {
		a.config.Vault.Reload()
		select { // until the page ends
		case <-lost:
		case <-ctx.Done():
		}
		return
	}
	a.storage.Post(func() { a.here = true })
	a.view.ShowElsewhere(false)
	a.Contacts.show()
	a.returning.offer(ctx)
	a.Installation.begin(ctx)
	a.storage.Beside(func() func() {
		a.Announcer.maintainLine(ctx)
		return nil
	})
	a.storage.Beside(func() func() {
		a.Reachability.watch(ctx)
		return nil
	})
	received := make(chan struct{})
	a.storage.Beside(func() func() {
		defer close(received)
		a.inbox.receive(ctx)
		return nil
	})
	select {
	case <-lost:
	case <-ctx.Done():
	}
	select {
	case <-a.taking: // pressed twice, or while the line was here: it is not to be taken back for that
	default:
	}
	cancel()
	<-received
	_ = a.phone.Settle(a.storage.Context()) // what was delivered and does not ring yet is handed over too
	a.returning.left.Store(true)
	a.phone.HandOver()
	a.view.ShowElsewhere(true)
	_ = a.phone.Settle(a.storage.Context())
	_ = a.storage.Do(a.storage.Context(), func() { a.here = false }) // after all that is still to be saved
}

// replaced reports whether another tab has imported an archive meanwhile, by which
// another identity took the place of this tab's.
func (a *App) replaced(ctx context.Context) bool {
	predecessors, err := a.config.Store.Predecessors(ctx)
	a.logError(err)
	return slices.Contains(predecessors, a.config.Identity.Public())
}

// holdStore waits until the tab that had the line has saved everything.
func (a *App) holdStore(ctx context.Context, saved <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, savingTime)
	defer cancel()
	return a.config.Lock.HoldStore(ctx, saved)
}

// load reads what the tab before has saved. This tab goes on with the settings that it
// has where they cannot be read.
func (a *App) load(ctx context.Context) {
	contactsErr := a.Contacts.load(ctx)
	a.logError(contactsErr)
	saved, err := a.config.Store.Strings(ctx)
	a.logError(err)
	if contactsErr != nil || err != nil {
		a.view.ShowNotice(NoticeStoreLacks)
	}
	if err == nil {
		a.Preferences.load(saved)
		a.logError(a.Line.reload(ctx, saved))
	} else {
		a.logError(a.Line.refresh(ctx))
	}
	a.logError(a.Preferences.saveLanguage(ctx))
	a.logError(a.config.Folder.ForgetReceived(ctx))
	a.Conversations.loadUnread(ctx)
}
