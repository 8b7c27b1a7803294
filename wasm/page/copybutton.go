//go:build js && wasm

package page

import "pushcall/wasm/js"

// copyFunc copies a text and posts whether that worked.
type copyFunc func(text string, done func(copied bool))

// copyButton copies a text that the page shows, and says so.
type copyButton struct {
	note js.Element
	from js.Element // where the text is shown
	text string

	copied string // what is said then
}

func newCopyButton(w *wiring, button, note, from js.Element, copy copyFunc) *copyButton {
	b := &copyButton{note: note, from: from, copied: say("Copied")}
	w.on(button, "click", func() { b.press(copy) })
	return b
}

// press copies the text.
func (b *copyButton) press(copy copyFunc) {
	b.note.SetText("")
	copy(b.text, b.done)
}

// reset makes another text the one to copy.
func (b *copyButton) reset(text string) {
	b.text = text
	b.note.SetText("")
}

func (b *copyButton) done(copied bool) {
	if copied {
		b.note.SetText(b.copied)
		return
	}
	b.from.Select()
	b.note.SetText(say("Selected: now copy it yourself"))
}
