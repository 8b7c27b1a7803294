//go:build js && wasm

package page

import (
	"slices"

	"pushcall/app"
	"pushcall/wasm/js"
)

// noticeList is what happened without the person, until they put it away.
type noticeList struct {
	rows      *rows[app.Notice, js.Element] // each with the button that puts it away
	dismissed func()
}

// newNoticeList makes an empty one; dismissed is called when it is so again.
func newNoticeList(w *wiring, dismissed func()) *noticeList {
	l := &noticeList{dismissed: dismissed}
	l.rows = newRows(w, "notices", func(r *row, n app.Notice) js.Element {
		text := js.NewElement("p", voice.SentenceOfNotice(n))
		text.SetAttribute("id", r.id)
		dismiss := r.button("round", say("Dismiss"), "cross", func() { l.remove(n) })
		said := part("div", "", text)
		if n == app.NoticeOutdated || n == app.NoticeStoreLacks {
			said.Append(r.button("plain", say("Reload"), "", js.Reload))
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
		l.dismissed()
		return
	}
	l.rows.views[l.rows.order[0]].Focus()
}
