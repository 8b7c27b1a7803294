//go:build js && wasm

package page

import (
	"time"

	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/js"
)

// callList is the calls there were: those with contacts and those that this phone made,
// and apart from them those of strangers.
type callList struct {
	section   js.Element
	others    *callLog
	strangers *callLog

	watch *watch // of those that nobody has seen

	calls []phonebook.Record
}

// callEvents are what the person does with one of them.
type callEvents struct {
	call func(c phonebook.Contact, setBusy func(bool))
	save func(r phonebook.Record)
	seen func() // all of them
}

func newCallList(w *wiring, events callEvents) *callList {
	return &callList{
		section:   w.find("calls-section"),
		others:    newCallLog(w, "calls", events),
		strangers: newCallLog(w, "strangers", events),
		watch:     newWatch(w, w.find("calls-heading"), events.seen),
	}
}

// show shows calls, with the names their people have by now.
func (l *callList) show(calls []phonebook.Record, contacts []phonebook.Contact) {
	l.calls = calls
	others, strangers := phonebook.Apart(calls, contacts)
	now := time.Now()
	l.others.show(others, contacts, now)
	l.strangers.show(strangers, contacts, now)
	l.section.SetHidden(len(calls) == 0)
	l.watch.set(l.unseen() > 0)
}

// unseen counts the missed calls that the person does not know of.
func (l *callList) unseen() int { return phonebook.CountUnseen(l.calls) }

// setCallable says who can be called now.
func (l *callList) setCallable(can callable) {
	l.others.setCallable(can)
	l.strangers.setCallable(can)
}

// focus moves the keyboard's focus to a call, now that its friend is known.
func (l *callList) focus(id signaling.CallID) {
	for _, log := range []*callLog{l.others, l.strangers} {
		if r := log.rows.views[id]; r != nil {
			r.again.Focus()
		}
	}
}
