//go:build js && wasm

package page

import (
	"context"
	"strconv"
	"strings"

	"pushcall/files"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// shareDialog asks whom files are for that another program has shared with the page.
type shareDialog struct {
	dialog js.Element
	what   js.Element
	hint   js.Element
	none   js.Element // there is nobody to send to
	rows   *rows[webpush.PublicKey, *shareRow]
	files  []files.Source // what the person is asked about
	later  []files.Source // what they are to be asked about once they can be
}

// shareRow is a contact.
type shareRow struct {
	contact phonebook.Contact
	name    js.Element
	send    js.Element
}

// sharing sends files to a contact.
type sharing interface {
	SendTo(ctx context.Context, to webpush.PublicKey, shared []files.Source) error
}

func newShareDialog(w *wiring, send func(phonebook.Contact)) *shareDialog {
	d := &shareDialog{dialog: w.find("share"), what: w.find("share-files"), hint: w.find("share-hint"), none: w.find("share-none")}
	d.rows = newRows(w, "share-people", func(r *row, identity webpush.PublicKey) *shareRow {
		s := &shareRow{name: r.title()}
		s.send = r.button("plain", say("Send"), "", func() { send(s.contact) })
		mark := newMark()
		drawMark(mark, identity)
		r.item.SetAttribute("class", "person")
		r.item.Append(mark, part("div", "lines", s.name), s.send)
		return s
	})
	w.on(w.find("share-close"), "click", d.close)
	return d
}

// open asks whom of these contacts the files are for.
func (d *shareDialog) open(shared []files.Source, people []phonebook.Contact, reaches func(signaling.Card) bool) {
	d.files = shared
	var names []string
	for _, file := range shared {
		names = append(names, file.Name())
	}
	d.what.SetText(strings.Join(names, " · "))
	keys := make([]webpush.PublicKey, len(people))
	for i, c := range people {
		keys[i] = c.Identity()
	}
	d.rows.show(keys)
	for _, c := range people {
		r := d.rows.views[c.Identity()]
		r.contact = c
		r.name.SetText(voice.NameOfContact(c))
		r.send.SetDisabled(!reaches(c.Card))
	}
	d.none.SetHidden(len(people) > 0)
	d.hint.SetHidden(len(people) == 0)
	if !d.dialog.Open() {
		d.dialog.ShowModal()
	}
}

func (d *shareDialog) close() {
	if d.dialog.Open() {
		d.dialog.Close()
	}
}

// TakeShared asks whom what was shared with the page is for. It does not block.
func (p *Page) TakeShared() {
	p.beside(func(ctx context.Context) func() {
		shared, err := browser.SharedFiles(ctx)
		if err != nil {
			js.Log(err.Error())
		}
		return func() {
			if len(shared) > 0 {
				p.sharing.later = shared
				p.askShared()
			}
		}
	})
}

// askShared asks it once it is known who the contacts are, and there is no call.
func (p *Page) askShared() {
	if p.sharing.later == nil || !p.settled || p.elsewhere.is || inCall(p.current) {
		return
	}
	var people []phonebook.Contact
	var names []any
	for _, c := range p.contacts {
		if !c.Blocked {
			people, names = append(people, c), append(names, voice.NameOfContact(c))
		}
	}
	sorted := make([]phonebook.Contact, 0, len(people))
	for _, text := range strings.Fields(browser.Order(names, "")) {
		i, _ := strconv.Atoi(text)
		sorted = append(sorted, people[i])
	}
	p.sharing.open(p.sharing.later, sorted, p.reach.reaches)
	p.sharing.later = nil
}

// sendShared calls a contact, and sends them the files of the dialog.
func (p *Page) sendShared(c phonebook.Contact) {
	shared := p.sharing.files
	p.sharing.close()
	p.ask(p.home.setFriendBusy, func() { p.sendShared(c) }, func(ctx context.Context) (func(), error) {
		if err := p.line.Prepare(ctx); err != nil {
			return nil, err
		}
		return func() {}, p.sharer.SendTo(ctx, c.Identity(), shared)
	})
}
