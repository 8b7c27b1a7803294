package pushlab

import (
	"math/rand/v2"
	"path"
	"slices"
	"sync"
)

// Faults decides what goes wrong with which message: of the queue, the first
// fault that is for everyone or for the message's endpoint, and when there is
// none, what the schedule draws. What a service refuses by itself meets nothing.
type Faults struct {
	mu    sync.Mutex
	queue []Fault
	dice  *dice // nil without a schedule
}

// Add puts faults at the end of the queue, one for each message to come.
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

// Follow begins a schedule in place of any before it and returns it with its seed.
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

// Clear ends all that is queued or scheduled. What has already gone wrong, as
// with a message on its delay, stays so.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queue, f.dice = nil, nil
}

// next returns what the next message to a subscription meets.
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
