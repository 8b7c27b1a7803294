//go:build js && wasm

package page

import (
	"strconv"
	"strings"
	"time"

	"pushcall/phonebook"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// searchFrom is how many contacts there are before they can be searched.
const searchFrom = 10

// contactList is the people who can be called.
type contactList struct {
	section js.Element
	finder  js.Element // what contacts are found by
	search  js.Element
	order   js.Element
	none    js.Element // says that none is found
	rows    *rows[webpush.PublicKey, *contactRow]
	batches batches
	all     []phonebook.Contact
	sorted  []phonebook.Contact // that are found
	talked  map[webpush.PublicKey]time.Time
	byTalk  bool
	unread  map[webpush.PublicKey]int
	can     callable
}

// contactEvents are what the person does with one of them.
type contactEvents struct {
	call   func(c phonebook.Contact, setBusy func(bool))
	video  func(c phonebook.Contact, setBusy func(bool))
	rename func(c phonebook.Contact)
	block  func(c phonebook.Contact, blocked bool, setBusy func(bool))
	delete func(c phonebook.Contact)

	acknowledge func(c phonebook.Contact)
	read        func(c phonebook.Contact)
	sort        func(byTalk bool)
}

// contactRow is one of them.
type contactRow struct {
	contact phonebook.Contact
	item    js.Element
	name    js.Element
	note    js.Element // that they are blocked, or cannot be reached
	sign    js.Element // that they are verified
	moved   js.Element // that they have another identity, with the button that puts it away
	told    js.Element // in it
	news    js.Element // how many messages of theirs are unread; opens them
	call    js.Element
	video   js.Element // the same, with the camera
	more    js.Element
	menu    js.Element
	card    js.Element // in it: where their card came from, and what to do about that
	confirm js.Element // in place of the menu: whether to delete them
	asked   js.Element // the question
	block   js.Element // in the menu
	unblock js.Element // in place of call
	open    bool       // the menu
	asking  bool       // whether to delete them

	focusKeep, focusDelete func()
}

func newContactList(w *wiring, events contactEvents) *contactList {
	l := &contactList{
		section: w.find("contacts-section"),
		finder:  w.find("contacts-finder"),
		search:  w.find("contacts-search"),
		order:   w.find("contacts-order"),
		none:    w.find("contacts-none"),
		batches: batches{loop: w.loop},
		can:     everybody,
	}
	w.on(l.search, "input", l.find)
	w.on(l.order, "change", func() {
		l.byTalk = l.order.Value() != ""
		l.find()
		events.sort(l.byTalk)
	})
	l.rows = newRows(w, "contacts", func(r *row, identity webpush.PublicKey) *contactRow {
		return newContactRow(r, identity, events)
	})
	return l
}

func newContactRow(r *row, identity webpush.PublicKey, events contactEvents) *contactRow {
	c := &contactRow{item: r.item, name: r.title(), note: js.NewElement("p", "")}
	c.note.SetAttribute("class", "small")
	c.sign = part("p", "small verified", icon("check"), js.NewElement("span", say("Verified")))
	c.call = r.button("round start", say("Call"), "handset", func() {
		events.call(c.contact, func(busy bool) { setBusy(c.call, busy) })
	})
	c.video = r.button("round", say("Video call"), "camera-icon", func() {
		events.video(c.contact, func(busy bool) { setBusy(c.video, busy) })
	})
	c.unblock = r.button("plain", say("Unblock"), "", func() {
		events.block(c.contact, false, func(busy bool) { setBusy(c.unblock, busy) })
		c.more.Focus() // this one goes away
	})
	c.more = r.button("round", say("More"), "more", func() { c.setOpen(!c.open) })
	rename := r.button("plain", say("Rename"), "", func() { events.rename(c.contact) })
	c.block = r.button("plain", say("Block"), "", func() {
		events.block(c.contact, true, func(busy bool) { setBusy(c.block, busy) })
		c.setOpen(false)
		c.more.Focus()
	})
	del := r.button("plain", say("Delete"), "", func() { c.ask(true) })
	keep := r.button("plain", say("Keep"), "", func() { c.ask(false) })
	c.asked = js.NewElement("p", "")
	c.confirm = part("div", "menu", c.asked, keep, r.button("strong stop", say("Delete contact"), "", func() { events.delete(c.contact) }))
	c.confirm.SetAttribute("role", "group")
	c.focusKeep, c.focusDelete = keep.Focus, del.Focus
	c.told = js.NewElement("p", "")
	c.moved = part("div", "warning moved", c.told, r.button("plain", say("Understood"), "", func() { events.acknowledge(c.contact) }))
	r.listen(r.item, "keydown", func(e js.Event) func() {
		if e.Key() != "Escape" {
			return nil
		}
		return func() {
			switch {
			case c.asking:
				c.ask(false)
			case c.open:
				c.setOpen(false)
				c.more.Focus()
			}
		}
	})
	read := r.button("plain", say("Messages"), "", func() { events.read(c.contact) })
	c.news = r.button("news small", "", "", func() { events.read(c.contact) })
	c.news.SetHidden(true)
	c.card = part("p", "small")
	c.menu = part("div", "menu", c.card, read, rename, c.block, del)
	mark := newMark()
	drawMark(mark, identity)
	r.item.Append(mark, part("div", "lines", c.name, c.note, c.sign, c.news), c.call, c.video, c.unblock, c.more, c.moved, c.menu, c.confirm)
	c.setOpen(false)
	return c
}

// show shows contacts in their order.
func (l *contactList) show(contacts []phonebook.Contact) {
	l.all = contacts
	l.section.SetHidden(len(contacts) == 0)
	l.order.SetHidden(len(contacts) < 2)
	l.search.SetHidden(len(contacts) < searchFrom)
	l.finder.SetHidden(len(contacts) < 2)
	if len(contacts) < searchFrom {
		l.search.SetValue("") // nobody could take it back
	}
	l.find()
}

// setOrder says by what contacts are sorted.
func (l *contactList) setOrder(byTalk bool) {
	l.byTalk = byTalk
	if byTalk {
		l.order.SetValue("talked")
	}
}

// showTalked says when each contact was last talked to.
func (l *contactList) showTalked(talked map[webpush.PublicKey]time.Time) {
	l.talked = talked
	if l.byTalk {
		l.find()
	}
}

// find shows the contacts whose names have the text that is searched for, by name in the
// order of the person's language, or by when they were last talked to.
func (l *contactList) find() {
	names := make([]any, len(l.all))
	for i, c := range l.all {
		names[i] = voice.NameOfContact(c)
	}
	l.sorted = nil
	for _, text := range strings.Fields(browser.Order(names, l.search.Value())) {
		i, _ := strconv.Atoi(text)
		l.sorted = append(l.sorted, l.all[i])
	}
	talked := l.talked
	if !l.byTalk {
		talked = nil
	}
	phonebook.Arrange(l.sorted, talked)
	none := ""
	if len(l.all) > 0 && len(l.sorted) == 0 {
		none = say("No contact has this name.")
	}
	l.none.SetText(none)
	l.batches.draw(len(l.sorted), l.draw)
}

func (l *contactList) draw(from, to int) {
	keys := make([]webpush.PublicKey, to)
	for i := range keys {
		keys[i] = l.sorted[i].Identity()
	}
	l.rows.show(keys)
	for i, key := range keys[from:] {
		l.rows.views[key].show(l.sorted[from+i], l.can)
	}
	l.showUnread(l.unread)
}

// setCallable says who can be called now.
func (l *contactList) setCallable(can callable) {
	l.can = can
	for _, r := range l.rows.views {
		r.setCallable(can)
	}
}

// setCallable dims the row of somebody who cannot be called.
func (r *contactRow) setCallable(can callable) {
	enabled := can.has(r.contact.Card)
	r.call.SetDisabled(!enabled)
	r.video.SetDisabled(!enabled)
	note := ""
	switch {
	case r.contact.Blocked:
		note = say("Blocked")
	case can.free && can.partial && !enabled:
		note = say("Cannot be called now")
	}
	r.note.SetText(note)
	r.note.SetHidden(note == "")
}

func (r *contactRow) show(c phonebook.Contact, can callable) {
	r.contact = c
	r.name.SetText(voice.NameOfContact(c))
	r.setCallable(can)
	r.moved.SetHidden(c.Blocked || !c.Moved)
	if c.Moved {
		r.told.SetText(voice.SentenceOfMoved(c))
	}
	r.sign.SetHidden(c.Blocked || !c.Verified)
	r.card.SetText(voice.SentenceOfCard(c))
	r.call.SetHidden(c.Blocked)
	r.video.SetHidden(c.Blocked)
	r.unblock.SetHidden(!c.Blocked)
	r.block.SetHidden(c.Blocked)
	if c.Blocked {
		r.item.SetAttribute("class", "person blocked")
	} else {
		r.item.SetAttribute("class", "person")
	}
}

// ask asks whether to delete them, or takes that back.
func (r *contactRow) ask(asking bool) {
	r.asking = asking
	r.asked.SetText(say("Delete {name}? Their card is forgotten, and they are a stranger when they call.", "name", voice.NameOfContact(r.contact)))
	r.menu.SetHidden(asking)
	r.confirm.SetHidden(!asking)
	if asking {
		r.focusKeep()
	} else {
		r.focusDelete()
	}
}

// showUnread shows how many messages of whom are unread.
func (l *contactList) showUnread(unread map[webpush.PublicKey]int) {
	l.unread = unread
	for identity, r := range l.rows.views {
		n := unread[identity]
		r.news.SetHidden(n == 0)
		r.news.SetText(sayMany(n, "{n} new message", "{n} new messages"))
	}
}

func (r *contactRow) setOpen(open bool) {
	r.open, r.asking = open, false
	r.menu.SetHidden(!open)
	r.confirm.SetHidden(true)
	setExpanded(r.more, open)
}
