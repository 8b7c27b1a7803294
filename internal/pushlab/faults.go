package pushlab

import (
	"math/rand/v2"
	"path"
	"slices"
	"sync"
)

// Faults chooses the fault of each message: the first one in the queue that is for
// all endpoints or for the message's, and if there is none, the one that the schedule
// draws. A message that the service itself refuses gets no fault.
type Faults struct {
	mu    sync.Mutex
	queue []Fault
	dice  *dice // nil without a schedule
}

// Add appends faults to the queue, one for each future message.
func (f *Faults) Add(faults ...Fault) error {
	for _, fault := range faults {
		if err := fault.check(); err != nil {
			return err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queue = append(f.queue, faults...)
	return nil
}

// Follow starts a schedule in place of an earlier one and returns it with its seed.
func (f *Faults) Follow(s Schedule) (Schedule, error) {
	if err := s.check(); err != nil {
		return Schedule{}, err
	}
	if s.Seed == 0 {
		s.Seed = 1 + rand.Uint32N(1e6-1) // short enough to be typed
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dice = newDice(s)
	return s, nil
}

// Clear removes all queued faults and the schedule. It does not change messages
// that have already got a fault: a delayed message stays delayed.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queue, f.dice = nil, nil
}

// next returns the fault of the next message to a subscription.
func (f *Faults) next(token string) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.queue, func(fault Fault) bool {
		return fault.Endpoint == "" || path.Base(fault.Endpoint) == token
	})
	switch {
	case i >= 0:
		fault := f.queue[i]
		f.queue = slices.Delete(f.queue, i, i+1)
		return fault.withDefaults()
	case f.dice != nil:
		return f.dice.draw().withDefaults()
	}
	return Fault{}.withDefaults()
}
