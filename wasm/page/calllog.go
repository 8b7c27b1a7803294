//go:build js && wasm

package page

import (
	"slices"
	"time"

	"pushcall/internal/speech"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/js"
)

// fewRuns is how many of the newest runs are shown until the person asks for more:
// contacts are beneath them.
const fewRuns = 4

// fewCalls is how many calls of a run that is closed are in the document.
const fewCalls = 4

// callLog is a list of calls by days. Calls in a row with one person are one row, which
// opens.
type callLog struct {
	part    js.Element // all of it
	missed  js.Element // how many of them nobody has seen
	earlier js.Element
	rows    *rows[signaling.CallID, *callRow]
	batches batches

	runs     []phonebook.Run
	contacts []phonebook.Contact
	now      time.Time
	placed   []placedRun
	open     map[signaling.CallID]bool // runs, by their oldest call
	all      bool
	can      callable
}

// placedRun is where a run is in the document.
type placedRun struct {
	heading string // of its day
	rows    int
}

func newCallLog(w *wiring, id string, events callEvents) *callLog {
	l := &callLog{
		part:    w.find(id + "-part"),
		missed:  w.find(id + "-missed"),
		earlier: w.find(id + "-earlier"),
		batches: batches{loop: w.loop},
		open:    map[signaling.CallID]bool{},
		can:     everybody,
	}
	l.rows = newRows(w, id, func(r *row, id signaling.CallID) *callRow {
		return newCallRow(r, events, func() { l.turn(id) })
	})
	w.on(l.earlier, "click", func() {
		l.all = true
		l.draw()
	})
	return l
}

func (l *callLog) show(calls []phonebook.Record, contacts []phonebook.Contact, now time.Time) {
	l.runs, l.contacts, l.now = phonebook.Runs(calls, now), contacts, now
	n := phonebook.CountUnseen(calls)
	l.missed.SetHidden(n == 0)
	l.missed.SetText(sayMany(n, "{n} missed", "{n} missed"))
	l.part.SetHidden(len(calls) == 0)
	l.draw()
}

// turn opens the run that begins with a call, or closes it.
func (l *callLog) turn(id signaling.CallID) {
	for _, run := range l.runs {
		if oldest := run.Calls[len(run.Calls)-1].ID; run.Calls[0].ID == id {
			l.open[oldest] = !l.open[oldest]
		}
	}
	l.draw()
}

func (l *callLog) draw() {
	n := len(l.runs)
	if !l.all {
		n = min(n, fewRuns)
	}
	l.earlier.SetHidden(n == len(l.runs))
	l.batches.draw(n, l.drawRuns)
}

// drawRuns draws the runs to an index; those before from have not changed.
func (l *callLog) drawRuns(from, to int) {
	var keys []signaling.CallID
	var placed []placedRun
	heading := ""
	for i, run := range l.runs[:to] {
		if i == 0 || !run.Day.Equal(l.runs[i-1].Day) {
			heading = voice.Day(run.Day, l.now)
		}
		calls := run.Calls
		if !l.isOpen(run) {
			calls = calls[:min(fewCalls, len(calls))]
		}
		placed = append(placed, placedRun{heading, len(calls)})
		for _, r := range calls {
			keys = append(keys, r.ID)
		}
	}
	if !slices.Equal(placed, l.placed) || !slices.Equal(keys, l.rows.order) {
		l.placed = placed
		l.rows.arrange(keys, l.place)
	}
	for i, run := range l.runs[from:to] {
		l.drawRun(run, placed[from+i].rows)
	}
}

// place puts the rows beneath the headings of their days.
func (l *callLog) place(items []js.Element) {
	var days []js.Element
	var list js.Element
	for i, run := range l.placed {
		if i == 0 || run.heading != l.placed[i-1].heading {
			list = part("ul", "people")
			list.SetAttribute("role", "list")
			list.SetAttribute("aria-label", say("Calls"))
			days = append(days, js.NewElement("h3", run.heading), list)
		}
		list.Append(items[:run.rows]...)
		items = items[run.rows:]
	}
	l.rows.list.Replace(days...)
}

func (l *callLog) drawRun(run phonebook.Run, rows int) {
	contact, known := speech.FindContact(l.contacts, run.Calls[0].Identity)
	open := l.isOpen(run)
	for i, r := range run.Calls[:rows] {
		row := l.rows.views[r.ID]
		row.show(r, contact, known, l.now)
		row.setPlace(i, run, open)
		row.setCallable(l.can)
	}
}

func (l *callLog) isOpen(run phonebook.Run) bool { return l.open[run.Calls[len(run.Calls)-1].ID] }

// setCallable says who can be called now.
func (l *callLog) setCallable(can callable) {
	l.can = can
	for _, r := range l.rows.views {
		r.setCallable(can)
	}
}
