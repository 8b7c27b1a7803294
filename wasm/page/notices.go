//go:build js && wasm

package page

import (
	"slices"

	"pushcall/wasm/browser"
)

// noticeList is what happened without the person, until they put it away.
type noticeList struct {
	rows *rows[Notice, struct{}]
}

func newNoticeList(w *wiring) *noticeList {
	l := &noticeList{}
	l.rows = newRows(w, "notices", func(r *row, n Notice) struct{} {
		text := browser.NewElement("p", sentenceOfNotice(n))
		text.SetAttribute("id", r.id)
		r.item.Append(text, r.button("round", "Dismiss", "cross", func() { l.remove(n) }))
		return struct{}{}
	})
	return l
}

func (l *noticeList) add(n Notice) {
	if !slices.Contains(l.rows.order, n) {
		l.rows.show(append(slices.Clone(l.rows.order), n))
	}
}

func (l *noticeList) remove(n Notice) {
	l.rows.show(slices.DeleteFunc(slices.Clone(l.rows.order), func(m Notice) bool { return m == n }))
}
