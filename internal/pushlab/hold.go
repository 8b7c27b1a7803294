package pushlab

import (
	"slices"
	"time"
)

// Messages that are held back, by [Delay] and [Reorder], are on their way: they
// wait in the user agent's queue like all others, but a newer message of their
// topic comes too late to replace them.

// held reports whether the message is not to be given to anyone yet.
func (m *message) held() bool { return time.Now().Before(m.hold) }

// enqueue puts a message where its fault wants it in the user agent's queue:
// last, but in front of the one that is to come after it.
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

// release lets go of the message that was waiting for this one.
func (a *agent) release(m *message) {
	for _, other := range a.queue {
		if other.behind == m {
			other.hold = time.Time{}
		}
	}
}

// nextRelease returns when the first of the held messages can be given, nil
// when there is none.
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
