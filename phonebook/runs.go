package phonebook

import (
	"sort"
	"time"

	"pushcall/webpush"
)

// A Run is the calls in a row with one person on one day.
type Run struct {
	Day   time.Time // its first instant
	Calls []Record  // newest first; at least one
}

// Runs groups records, which are sorted newest first, into runs. The days are those of
// now's location. A call from the future, by a clock that was wrong, counts as today's.
// Calls whose friend never became known are runs of their own: nothing shows that two of
// them were with the same person.
func Runs(records []Record, now time.Time) []Run {
	var runs []Run
	today := BeginOfDay(now)
	for _, r := range records {
		day := BeginOfDay(r.Time.In(now.Location()))
		if day.After(today) {
			day = today
		}
		if last := len(runs) - 1; last >= 0 && runs[last].Day.Equal(day) && !r.Identity.IsZero() && runs[last].Calls[0].Identity == r.Identity {
			runs[last].Calls = append(runs[last].Calls, r)
			continue
		}
		runs = append(runs, Run{Day: day, Calls: []Record{r}})
	}
	return runs
}

// Unseen reports whether the run has a missed call that the person has not seen.
func (r Run) Unseen() bool { return CountUnseen(r.Calls) > 0 }

// CountUnseen counts the missed calls that the person has not seen.
func CountUnseen(records []Record) int {
	n := 0
	for _, r := range records {
		if r.Unseen() {
			n++
		}
	}
	return n
}

// BeginOfDay returns the first instant of a time's day, in its location.
func BeginOfDay(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// Apart separates the calls of strangers from all others: anybody can make identities
// without end, and their calls must not push the missed calls of contacts out of sight.
func Apart(records []Record, contacts []Contact) (others, strangers []Record) {
	known := make(map[webpush.PublicKey]bool, len(contacts))
	for _, c := range contacts {
		known[c.Identity()] = true
	}
	for _, r := range records {
		if r.Outgoing || known[r.Identity] {
			others = append(others, r)
		} else {
			strangers = append(strangers, r)
		}
	}
	return others, strangers
}

// LastTalked returns when the last connected call with each person began.
func LastTalked(records []Record) map[webpush.PublicKey]time.Time {
	last := map[webpush.PublicKey]time.Time{}
	for _, r := range records {
		if r.Duration > 0 && r.Time.After(last[r.Identity]) {
			last[r.Identity] = r.Time
		}
	}
	return last
}

// Arrange sorts contacts by the time in talked, the latest first, and moves blocked
// contacts to the end. Contacts with equal times keep their order, as do all if talked is
// nil.
func Arrange(contacts []Contact, talked map[webpush.PublicKey]time.Time) {
	sort.SliceStable(contacts, func(i, j int) bool {
		a, b := contacts[i], contacts[j]
		if a.Blocked != b.Blocked {
			return b.Blocked
		}
		return talked[a.Identity()].After(talked[b.Identity()])
	})
}
