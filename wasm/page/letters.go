//go:build js && wasm

package page

import (
	"time"

	"pushcall/call"
	"pushcall/wasm/browser"
)

// lettersDialog shows what was written to a contact and by them.
type lettersDialog struct {
	dialog  browser.Element
	mark    browser.Element
	heading browser.Element
	scroll  browser.Element
	thread  *thread
	empty   browser.Element
	erase   *confirm
	who     call.Contact
}

func newLettersDialog(w *wiring, erase func(call.Contact)) *lettersDialog {
	d := &lettersDialog{
		dialog:  w.find("letters"),
		mark:    w.find("letters-mark"),
		heading: w.find("letters-heading"),
		scroll:  w.find("letters-thread"),
		thread:  newThread(w, "letters-list"),
		empty:   w.find("letters-empty"),
	}
	d.erase = newConfirm(w, "letters-erase", func() { erase(d.who) })
	w.on(w.find("letters-close"), "click", d.close)
	w.on(d.dialog, "close", d.thread.clear)
	return d
}

func (d *lettersDialog) open(who call.Contact, texts []call.Text) {
	d.who = who
	d.heading.SetText(nameOfContact(who))
	drawMark(d.mark, who.Identity())
	d.show(texts)
	if !d.dialog.Open() {
		d.dialog.ShowModal()
	}
	d.scroll.ScrollToEnd()
	d.scroll.Focus()
}

func (d *lettersDialog) show(texts []call.Text) {
	d.thread.show(texts, time.Now())
	d.empty.SetHidden(len(texts) > 0)
	d.erase.reset(len(texts) > 0)
}

// erased tells what became of the wish to erase the messages.
func (d *lettersDialog) erased(err error) {
	if err != nil {
		d.erase.done(say(couldNotKeep))
		return
	}
	d.erase.done("")
	d.show(nil)
	d.scroll.Focus()
}

func (d *lettersDialog) close() {
	if d.dialog.Open() {
		d.dialog.Close()
	}
}
