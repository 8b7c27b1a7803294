package pushlab

import (
	"slices"
	"time"
)

// A message held back by [Delay] or [Reorder] counts as sent. It waits in the user
// agent's queue like all others, but a newer message of its topic does not replace
// it.

// held reports whether the message must not be delivered yet.
func (m *message) held() bool { return time.Now().Before(m.hold) }

// enqueue adds a message to the user agent's queue: at the end, but before a
// reordered message that waits for it.
func (s *store) enqueue(m *message) {
	a := m.sub.agent
	if m.fault.Kind == Delay || m.fault.Kind == Reorder {
		m.hold = time.Now().Add(m.fault.Time)
	}
	place := slices.IndexFunc(a.queue, func(older *message) bool {
		return older.sub == m.sub && older.fault.Kind == Reorder && older.behind == nil && older.held()
	})
	if place < 0 {
		place = len(a.queue)
	} else {
		a.queue[place].behind = m
	}
	a.queue = slices.Insert(a.queue, place, m)
	if m.fault.Kind == Duplicate {
		second := *m
		second.id = newMessageID()
		s.records.copied(m.id, second.id)
		a.queue = slices.Insert(a.queue, place+1, &second)
	}
}

// release ends the wait of the reordered message that was waiting for m.
func (a *agent) release(m *message) {
	for _, other := range a.queue {
		if other.behind == m {
			other.hold = time.Time{}
		}
	}
}

// nextRelease returns a channel that receives when the first held message may be
// delivered, or nil if no message is held.
func (a *agent) nextRelease() <-chan time.Time {
	var first time.Time
	for _, m := range a.queue {
		if m.held() && (first.IsZero() || m.hold.Before(first)) {
			first = m.hold
		}
	}
	if first.IsZero() {
		return nil
	}
	return time.After(time.Until(first))
}
