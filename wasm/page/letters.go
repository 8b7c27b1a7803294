//go:build js && wasm

package page

import (
	"time"

	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// lettersDialog shows what was written to a contact and by them.
type lettersDialog struct {
	dialog  js.Element
	mark    js.Element
	heading js.Element
	scroll  js.Element
	thread  *thread
	empty   js.Element // says that there are none
	failed  js.Element // says that they could not be read
	erase   *confirm
	who     phonebook.Contact
}

func newLettersDialog(w *wiring, menu *textMenu, again func(webpush.PublicKey, call.Text), erase func(phonebook.Contact)) *lettersDialog {
	d := &lettersDialog{
		dialog:  w.find("letters"),
		mark:    w.find("letters-mark"),
		heading: w.find("letters-heading"),
		scroll:  w.find("letters-thread"),
		empty:   w.find("letters-empty"),
		failed:  w.find("letters-failed"),
	}
	d.thread = newThread(w, "letters-list", menu, func(t call.Text) { again(d.who.Identity(), t) })
	d.erase = newConfirm(w, "letters-erase", func() { erase(d.who) })
	w.on(w.find("letters-close"), "click", d.close)
	w.on(d.dialog, "close", d.thread.clear)
	return d
}

// open shows the texts of a contact, or that they could not be read. Those since
// a call began may still arrive.
func (d *lettersDialog) open(who phonebook.Contact, texts []call.Text, since time.Time, err error) {
	d.who = who
	d.erase.busy = false // what is asked of another is no wish to erase these
	showName(d.heading, voice.NameOfContact(who), who.Verified)
	drawMark(d.mark, who.Identity())
	d.show(texts, since, err)
	if !d.dialog.Open() {
		d.dialog.ShowModal()
	}
	d.scroll.ScrollToEnd()
	d.scroll.Focus()
}

func (d *lettersDialog) show(texts []call.Text, since time.Time, err error) {
	d.thread.show(texts, since)
	d.empty.SetHidden(len(texts) > 0 || err != nil)
	d.failed.SetHidden(err == nil)
	d.erase.reset(len(texts) > 0)
}

// shows tells whether it is open with the texts of a contact.
func (d *lettersDialog) shows(c phonebook.Contact) bool {
	return d.dialog.Open() && d.who.Identity() == c.Identity()
}

// erased tells what became of the wish to erase the messages.
func (d *lettersDialog) erased(err error) {
	if err != nil {
		js.Log(err.Error())
		d.erase.done(voice.CouldNotSave())
		return
	}
	d.erase.done("")
	d.show(nil, time.Time{}, nil)
	d.scroll.Focus()
}

func (d *lettersDialog) close() {
	if d.dialog.Open() {
		d.dialog.Close()
	}
}
