//go:build js && wasm

package page

import (
	"time"

	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/js"
)

// callRow is one call.
type callRow struct {
	record  phonebook.Record
	contact phonebook.Contact
	item    js.Element
	mark    js.Element
	name    js.Element
	claim   js.Element
	what    js.Element
	count   js.Element // of the calls of its run; opens it
	again   js.Element
	save    js.Element
	class   string
	shown   shownCall
}

// shownCall is all that a row depends on. To compare it takes less than to lay the row out.
type shownCall struct {
	record  phonebook.Record
	contact phonebook.Contact
	known   bool
	today   time.Time
}

func newCallRow(r *row, events callEvents, turn func()) *callRow {
	c := &callRow{item: r.item, mark: newMark(), name: r.title()}
	c.claim, c.what = part("p", "small"), part("p", "small what")
	c.count = r.button("run small", "", "", turn)
	c.again = r.button("round", say("Call again"), "handset", func() {
		events.call(c.contact, func(busy bool) { setBusy(c.again, busy) })
	})
	c.save = r.button("round", say("Save contact"), "add", func() { events.save(c.record) })
	r.item.Append(c.mark, part("div", "lines", c.name, c.claim, part("div", "row", c.what, c.count)), c.save, c.again)
	return c
}

func (r *callRow) show(record phonebook.Record, contact phonebook.Contact, known bool, now time.Time) {
	shown := shownCall{record, contact, known, phonebook.BeginOfDay(now)}
	if r.shown == shown {
		return
	}
	r.shown = shown
	if r.record.Identity != record.Identity || record.Identity.IsZero() {
		drawMark(r.mark, record.Identity)
	}
	stranger := !known && !record.Identity.IsZero() && record.Card != (signaling.Card{})
	if stranger {
		contact.Card = record.Card
	}
	r.record, r.contact = record, contact
	name, claims := voice.NameOfRecord(record, contact, known)
	showName(r.name, name, contact.Verified)
	r.claim.SetText(claims)
	r.claim.SetHidden(claims == "")
	r.what.Replace(icon(wayOf(record)), js.NewElement("span", voice.WhatWas(record, now)))
	r.again.SetHidden(!known && !stranger || contact.Blocked)
	r.save.SetHidden(!stranger)
	r.class = "person"
	if record.Missed {
		r.class = "person missed"
	}
}

// setCallable dims the button for somebody who cannot be called.
func (r *callRow) setCallable(can callable) { r.again.SetDisabled(!can.has(r.contact.Card)) }

// setPlace shows the row as the one at an index of its run: the first stands for all while
// the run is closed.
func (r *callRow) setPlace(index int, run phonebook.Run, open bool) {
	class, more := r.class, index == 0 && len(run.Calls) > 1
	if index > 0 {
		class += " inner"
	}
	if index == 0 && !open && run.Unseen() || r.record.Unseen() {
		class += " new"
	}
	r.item.SetAttribute("class", class)
	r.item.SetHidden(index > 0 && !open)
	r.count.SetHidden(!more)
	if more {
		r.count.SetText(sayMany(len(run.Calls), "{n} call", "{n} calls"))
		setExpanded(r.count, open)
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
