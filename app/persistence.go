package app

import (
	"context"
	"strconv"
	"time"

	"pushcall/call"
)

// StorageManager says how long the browser keeps what the page has stored (Storage
// Standard, Section 7).
type StorageManager interface {
	// Persisted reports whether only the person can have it deleted.
	Persisted(ctx context.Context) (bool, error)
	// Persist asks for that. The browser may ask the person, for as long as it likes.
	Persist(ctx context.Context) error
}

// askAgainTime is when the browser is asked once more that has refused: Chromium decides
// by how much the page is used, and Firefox asks the person.
const askAgainTime = 30 * 24 * time.Hour

// Persistence asks the browser not to delete what is stored of its own accord, as it
// may when its disk is full.
type Persistence struct {
	*common

	inCall bool // these belong to the storage loop
	asked  bool // on this visit
}

// follow notes whether there is a call. It runs on the phone's loop.
func (p *Persistence) follow(c call.Call) {
	inCall := c.State != call.Idle && c.State != call.Ended
	p.storage.Post(func() { p.inCall = inCall })
}

// ask asks once there is a contact, whom the person would lose, outside of calls: the
// browser's question would cover one that is for a microphone. It runs on the storage loop
// whenever the contacts are shown.
func (p *Persistence) ask() {
	if p.asked || p.inCall || len(p.book.Contacts()) == 0 {
		return
	}
	p.asked = true
	p.storage.Beside(func() func() {
		if err := p.askOnce(p.storage.Context()); p.storage.Context().Err() == nil {
			p.logError(err)
		}
		return nil
	})
}

// askOnce asks, unless it has within askAgainTime.
func (p *Persistence) askOnce(ctx context.Context) error {
	asked, err := p.time(ctx, settingPersist)
	if err != nil || time.Since(asked) < askAgainTime {
		return err
	}
	if persisted, err := p.Persisted(ctx); err != nil || persisted {
		return err
	}
	if err := p.setTime(ctx, settingPersist); err != nil {
		return err
	}
	return p.config.Storage.Persist(ctx)
}

// Persisted reports whether the browser deletes what is stored only if the person has
// it do so.
func (p *Persistence) Persisted(ctx context.Context) (bool, error) {
	return p.config.Storage.Persisted(ctx)
}

// Exported returns when the last archive was written here, or the zero time.
func (p *Persistence) Exported(ctx context.Context) (time.Time, error) {
	return p.time(ctx, settingExported)
}

// noteExport saves that an archive was written now.
func (p *Persistence) noteExport(ctx context.Context) { p.logError(p.setTime(ctx, settingExported)) }

// time loads a time that setTime has saved, or the zero time.
func (p *Persistence) time(ctx context.Context, setting string) (time.Time, error) {
	text, err := p.config.Store.String(ctx, setting)
	if err != nil || text == "" {
		return time.Time{}, err
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	return time.Unix(seconds, 0), err
}

// setTime saves the time now.
func (p *Persistence) setTime(ctx context.Context, setting string) error {
	return p.config.Store.SetString(ctx, setting, strconv.FormatInt(time.Now().Unix(), 10))
}
