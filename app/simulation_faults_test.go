package app

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/webpush"
)

// faults is what may go wrong in a schedule. In a third of them everything goes right,
// in another one kind of thing goes wrong, and in the rest all of them may.
type faults struct {
	push  float64       // how likely something happens to a push
	slow  time.Duration // how long one takes at most
	store bool          // stores are full, or fail, for a while
	line  bool          // browsers drop subscriptions
	crash bool          // tabs crash
	paths bool          // paths fail
}

func newFaults(random *rand.Rand) faults {
	f := faults{slow: 100 * time.Millisecond}
	kind := random.IntN(14)
	all := kind > 10
	some := func(k int) bool { return kind == k || all && random.IntN(2) == 0 }
	if some(5) {
		f.push = []float64{0.05, 0.2, 0.5}[random.IntN(3)]
	}
	if some(6) {
		f.slow = []time.Duration{time.Second, 10 * time.Second, time.Minute}[random.IntN(3)]
	}
	f.store = some(7)
	f.line = some(8)
	f.crash = some(9)
	f.paths = some(10)
	return f
}

// delivers tells whether all pushes arrive, and in order.
func (f faults) delivers() bool { return f.push == 0 && f.slow < time.Second }

// mishaps decides what goes wrong by itself.
func (s *simulation) mishaps(when func() time.Duration) []act {
	r := s.random
	var all []act
	add := func(at time.Duration, do func()) { all = append(all, act{at, do}) }
	some := func(is bool, f func(a *actor)) {
		for range r.IntN(3) {
			if a, _ := s.pick(r); is {
				f(a)
			}
		}
	}
	some(s.faults.store, func(a *actor) {
		at, full := when(), r.IntN(2) == 0
		add(at, func() { a.spoilStore(full) })
		add(at+time.Duration(r.Int64N(int64(20*time.Second))), a.mendStore)
	})
	some(s.faults.line, func(a *actor) {
		at := when()
		add(at, func() {
			s.note(a.name, "the browser drops the subscription")
			s.mu.Lock()
			a.renewed = true
			s.mu.Unlock()
			a.drop()
		})
		add(at+time.Duration(r.Int64N(int64(20*time.Second))), func() {
			if t := a.inLine(); t != nil {
				t.Line.RequestCheck()
			}
		})
	})
	some(s.faults.crash, func(a *actor) {
		back := r.IntN(2) == 0
		add(when(), func() {
			if t := a.inLine(); t != nil {
				a.leave(t, true)
			}
			if back {
				a.open()
			}
		})
	})
	some(s.faults.paths, func(*actor) {
		add(when(), func() { s.note("world", "the paths there are will work no more"); s.world.cut() })
	})
	return all
}

var errBroken = errors.New("test: the store is broken")

// spoilStore has a store be full, or fail, until it is mended.
func (a *actor) spoilStore(full bool) {
	a.s.note(a.name, "the store is spoilt, full %v", full)
	a.s.mu.Lock()
	a.faulty = true
	clear(a.blocked)
	a.only = time.Time{}
	a.s.mu.Unlock()
	a.store.change(func() {
		a.store.full = full
		if !full {
			a.store.fails = func(string) error { return errBroken }
		}
	})
}

func (a *actor) mendStore() {
	a.s.note(a.name, "the store is all right")
	a.store.change(func() { a.store.full, a.store.fails = false, nil })
}

// carry is the push network.
func (s *simulation) carry(m push) error {
	from, to := s.actorIn(m.from.person), s.actorIn(m.to)
	s.mu.Lock()
	from.pushed++
	n := from.pushed
	likely := s.faults.push
	slow := s.faults.slow
	if s.calm {
		likely, slow = 0, 100*time.Millisecond
	}
	s.count("pushes")
	s.mu.Unlock()
	trip := s.drawTime(pushTime/2, slow, 't', from.i, n)
	fate := uint64(100)
	if s.chance(likely, 'l', from.i, n) {
		fate = s.draw('a', from.i, n) % 6
	}
	var err error
	switch fate {
	case 0, 1:
		s.note(from.name, "pushes %s to %s: it is lost", m.message.Type, to.name)
		return nil
	case 2:
		s.note(from.name, "pushes %s to %s: it does not leave", m.message.Type, to.name)
		return fmt.Errorf("no network: %w", call.ErrUndelivered)
	case 3:
		err = webpush.CheckResponse([]int{404, 410, 429, 403, 503}[s.draw('e', from.i, n)%5], "30", time.Now())
		s.note(from.name, "pushes %s to %s: %v", m.message.Type, to.name, err)
		return err
	case 4:
		err = fmt.Errorf("no response: %w", call.ErrUndelivered)
	case 5:
		for again := range 1 + s.draw('g', from.i, n)%3 {
			s.travel(to, m, trip+s.drawTime(0, 20*time.Second, 'D', from.i, n, again))
		}
	}
	s.note(from.name, "pushes %s to %s, for %v, %v", m.message.Type, to.name, trip, err)
	s.travel(to, m, trip)
	return err
}

// travel has a message arrive after a while.
func (s *simulation) travel(to *actor, m push, trip time.Duration) {
	s.wait(1)
	time.AfterFunc(trip, func() {
		defer s.wait(-1)
		s.world.mu.Lock()
		gone := to.subscription.UAPublic != m.receiver
		s.world.mu.Unlock()
		if gone {
			s.note(to.name, "%s comes to an address that is gone", m.message.Type)
			return
		}
		s.note(to.name, "gets %s", m.message.Type)
		to.receive(m.payload, m.receiver)
		if m.message.Type == signaling.Offer {
			s.mu.Lock()
			if _, again := s.offers[m.message.Call]; !again {
				s.offers[m.message.Call] = offer{s.actorIn(m.from.person), to}
			}
			s.mu.Unlock()
			to.notified(m)
		}
	})
}
