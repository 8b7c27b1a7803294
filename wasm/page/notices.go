//go:build js && wasm

package page

import (
	"context"
	"slices"

	"pushcall/app"
	"pushcall/wasm/js"
)

// noticeList is what happened without the person, until they put it away.
type noticeList struct {
	rows   *rows[app.Notice, js.Element] // each with the button that puts it away
	events noticeEvents
}

// noticeEvents are what the person does.
type noticeEvents struct {
	install func()
	decline func() // to install
	emptied func() // the list
}

// installation installs the page, or saves that the person does not want that.
type installation interface {
	Install(ctx context.Context) error
	Decline(ctx context.Context) error
}

func newNoticeList(w *wiring, events noticeEvents) *noticeList {
	l := &noticeList{events: events}
	l.rows = newRows(w, "notices", func(r *row, n app.Notice) js.Element {
		text := js.NewElement("p", voice.SentenceOfNotice(n))
		text.SetAttribute("id", r.id)
		dismiss := r.button("round", say("Dismiss"), "cross", func() {
			if n >= app.NoticeInstall {
				events.decline()
			}
			l.remove(n)
		})
		said := part("div", "", text)
		if n == app.NoticeOutdated || n == app.NoticeStoreLacks {
			said.Append(r.button("plain", say("Reload"), "", js.Reload))
		}
		if n == app.NoticeInstall {
			said.Append(r.button("plain", say("Install"), "", func() {
				events.install()
				l.remove(n)
			}))
		}
		r.item.Append(said, dismiss)
		return dismiss
	})
	return l
}

func (l *noticeList) add(n app.Notice) {
	if !slices.Contains(l.rows.order, n) {
		l.rows.show(append(slices.Clone(l.rows.order), n))
	}
}

func (l *noticeList) remove(n app.Notice) {
	l.rows.show(slices.DeleteFunc(slices.Clone(l.rows.order), func(m app.Notice) bool { return m == n }))
	if len(l.rows.order) == 0 {
		l.events.emptied()
		return
	}
	l.rows.views[l.rows.order[0]].Focus()
}

// install does something about the installation, beside all else.
func (p *Page) install(do func(context.Context) error) func() {
	return func() {
		p.beside(func(ctx context.Context) func() {
			if err := do(ctx); err != nil {
				js.Log(err.Error())
			}
			return func() {}
		})
	}
}
