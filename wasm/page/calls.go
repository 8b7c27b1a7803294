//go:build js && wasm

package page

import (
	"time"

	"pushcall/internal/speech"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/js"
)

// fewCalls is how many of the newest are shown until one asks for more:
// contacts are beneath them.
const fewCalls = 4

// callList is the calls there were.
type callList struct {
	section js.Element
	missed  js.Element // how many of them nobody has seen
	earlier js.Element
	rows    *rows[signaling.CallID, *callRow]
	events  callEvents

	watch *watch // of those that nobody has seen

	calls    []phonebook.Record
	contacts []phonebook.Contact
	all      bool
	enabled  bool
}

// callEvents are what the person does with one of them.
type callEvents struct {
	call func(c phonebook.Contact, setBusy func(bool))
	save func(r phonebook.Record)
	seen func() // all of them
}

// callRow is one of them.
type callRow struct {
	record  phonebook.Record
	contact phonebook.Contact
	item    js.Element
	mark    js.Element
	name    js.Element
	claim   js.Element
	what    js.Element
	again   js.Element
	save    js.Element
}

func newCallList(w *wiring, events callEvents) *callList {
	l := &callList{
		section: w.find("calls-section"),
		missed:  w.find("calls-missed"),
		earlier: w.find("calls-earlier"),
		events:  events,
		enabled: true,
	}
	l.watch = newWatch(w, l.missed, events.seen)
	l.rows = newRows(w, "calls", func(r *row, _ signaling.CallID) *callRow { return newCallRow(r, events) })
	w.on(l.earlier, "click", func() {
		l.all = true
		l.draw()
	})
	return l
}

func newCallRow(r *row, events callEvents) *callRow {
	c := &callRow{item: r.item, mark: newMark(), name: r.title()}
	c.claim, c.what = part("p", "small"), part("p", "small what")
	c.again = r.button("round", say("Call again"), "handset", func() {
		events.call(c.contact, func(busy bool) { setBusy(c.again, busy) })
	})
	c.save = r.button("round", say("Save contact"), "add", func() { events.save(c.record) })
	r.item.Append(c.mark, part("div", "lines", c.name, c.claim, c.what), c.save, c.again)
	return c
}

// show shows calls, with the names their people have by now.
func (l *callList) show(calls []phonebook.Record, contacts []phonebook.Contact) {
	l.calls, l.contacts = calls, contacts
	l.draw()
}

func (l *callList) draw() {
	calls := l.calls
	if !l.all && len(calls) > fewCalls {
		calls = calls[:fewCalls]
	}
	keys := make([]signaling.CallID, len(calls))
	for i, r := range calls {
		keys[i] = r.ID
	}
	l.rows.show(keys)
	now := time.Now()
	for _, r := range calls {
		c, known := speech.FindContact(l.contacts, r.Identity)
		l.rows.views[r.ID].show(r, c, known, now)
	}
	l.setRowsEnabled()
	l.section.SetHidden(len(calls) == 0)
	l.earlier.SetHidden(len(calls) == len(l.calls))
	n := l.unseen()
	l.missed.SetHidden(n == 0)
	l.missed.SetText(sayMany(n, "{n} missed", "{n} missed"))
	l.watch.set(n > 0)
}

// unseen counts the missed calls that the person does not know of.
func (l *callList) unseen() int {
	n := 0
	for _, r := range l.calls {
		if r.Missed && !r.Seen {
			n++
		}
	}
	return n
}

// setEnabled says whether anybody can be called now.
func (l *callList) setEnabled(enabled bool) {
	if l.enabled != enabled {
		l.enabled = enabled
		l.setRowsEnabled()
	}
}

// focus moves the keyboard's focus to a call, now that its friend is known.
func (l *callList) focus(id signaling.CallID) {
	if r := l.rows.views[id]; r != nil {
		r.again.Focus()
	}
}

func (l *callList) setRowsEnabled() {
	for _, c := range l.rows.views {
		c.again.SetDisabled(!l.enabled)
	}
}

func (r *callRow) show(record phonebook.Record, contact phonebook.Contact, known bool, now time.Time) {
	if r.record.Identity != record.Identity || record.Identity.IsZero() {
		drawMark(r.mark, record.Identity)
	}
	stranger := !known && !record.Identity.IsZero() && record.Card != (signaling.Card{})
	if stranger {
		contact.Card = record.Card
	}
	r.record, r.contact = record, contact
	name, claims := voice.NameOfRecord(record, contact, known)
	r.name.SetText(name)
	r.claim.SetText(claims)
	r.claim.SetHidden(claims == "")
	r.what.Replace(icon(wayOf(record)), js.NewElement("span", voice.WhatWas(record, now)))
	r.again.SetHidden(!known && !stranger || contact.Blocked)
	r.save.SetHidden(!stranger)
	switch {
	case record.Missed && !record.Seen:
		r.item.SetAttribute("class", "person missed new")
	case record.Missed:
		r.item.SetAttribute("class", "person missed")
	default:
		r.item.SetAttribute("class", "person")
	}
}

// wayOf is the symbol of the way a call went.
func wayOf(r phonebook.Record) string {
	switch {
	case r.Missed:
		return "missed"
	case r.Outgoing:
		return "outgoing"
	default:
		return "incoming"
	}
}
