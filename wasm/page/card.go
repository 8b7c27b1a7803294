//go:build js && wasm

package page

import (
	"pushcall/signaling"
	"pushcall/wasm/browser"
)

// cardDialog shows the person's own card. It unfolds in its place and leaves
// the rest of the page alone, so that the phone can be used while the card is
// sent.
type cardDialog struct {
	dialog browser.Element
	mark   browser.Element
	text   browser.Element
	button browser.Element
	copy   *copyButton
}

func newCardDialog(w *wiring, copy copyFunc, closed func()) *cardDialog {
	d := &cardDialog{
		dialog: w.find("card-dialog"),
		mark:   w.find("card-mark"),
		text:   w.find("card-text"),
		button: w.find("card-copy"),
	}
	d.copy = newCopyButton(w, d.button, w.find("card-copied"), d.text, copy)
	close := func() {
		d.close()
		closed()
	}
	w.on(w.find("card-close"), "click", close)
	w.listen(d.dialog, "keydown", func(e browser.Event) func() {
		if e.Key() == "Escape" {
			return close
		}
		return nil
	})
	return d
}

func (d *cardDialog) open(text string) {
	if card, err := signaling.ParseCard(text); err == nil {
		drawMark(d.mark, card.Identity)
	}
	d.text.SetText(text)
	d.text.SetValue(text)
	d.copy.reset(text)
	if !d.dialog.Open() {
		d.dialog.Show()
	}
	d.button.Focus()
}

// close puts the card away: what it says may not hold any more.
func (d *cardDialog) close() {
	if d.dialog.Open() {
		d.dialog.Close()
	}
}
