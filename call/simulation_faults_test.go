package call

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// faults are the faults of a schedule. A third of the schedules have none, a third have one
// kind, and the rest may have all.
type faults struct {
	push   float64       // how likely something happens to a push
	slow   time.Duration // how long one takes at most
	skewed bool          // clocks differ
	paths  bool          // paths fail
	apart  bool          // the first two have no path at all
	peers  float64       // how likely a step of a peer fails
	leave  bool          // people close the page
	stalls bool          // pages and machines stand still for a while
}

func newFaults(random *rand.Rand) faults {
	f := faults{slow: 200 * time.Millisecond}
	kind := random.IntN(13)
	all := kind > 9
	some := func(k int) bool { return kind == k || all && random.IntN(2) == 0 }
	if some(4) {
		f.push = []float64{0.05, 0.2, 0.5}[random.IntN(3)]
	}
	if some(5) {
		f.slow = []time.Duration{time.Second, 10 * time.Second, time.Minute}[random.IntN(3)]
	}
	f.skewed = some(6)
	f.paths = some(7)
	f.leave = some(8)
	f.stalls = some(9)
	f.apart = all && random.IntN(8) == 0
	if all && random.IntN(6) == 0 {
		f.peers = 0.05
	}
	return f
}

// lossless reports whether a schedule has no faults.
func (f faults) lossless() bool {
	return f == faults{slow: f.slow} && f.slow < time.Second
}

// stallsOnly reports whether a schedule has no other faults than pages and machines that
// stand still.
func (f faults) stallsOnly() bool {
	return f == faults{slow: f.slow, stalls: true} && f.slow < time.Second
}

// agreement returns the longest time between the ends of a call on its two sides. After a
// crash the other side may still answer at the last moment, and a late offer rings on.
func (f faults) agreement() time.Duration {
	longer := time.Duration(0)
	if f.stalls {
		longer = maxStalls * longestStall
	}
	switch {
	case f.push > 0 || f.slow > 10*time.Second:
		return RingTime + RingTime + ConnectTime + grace + longer
	case f.leave:
		return RingTime + ConnectTime + grace + longer
	default:
		return RingTime + grace + longer
	}
}

type move struct {
	at time.Duration
	do func()
}

// script schedules the events that nobody causes. People react to them.
func (s *simulation) script() []move {
	r := s.random
	var moves []move
	add := func(at time.Duration, do func()) { moves = append(moves, move{at, do}) }
	when := func() time.Duration { return time.Duration(r.Int64N(int64(40 * time.Second))) }
	for range 1 + r.IntN(3) {
		pair := r.Perm(len(s.people))
		p, friend, plain, at := s.people[pair[0]], s.people[pair[1]], r.IntN(6) == 0, when()
		add(at, func() { p.dial(friend, plain) })
		if r.IntN(3) == 0 { // both at once
			plain, at := r.IntN(6) == 0, at+time.Duration(r.Int64N(int64(300*time.Millisecond)))
			add(at, func() { friend.dial(p, plain) })
		}
	}
	if s.faults.leave {
		for range 1 + r.IntN(2) {
			p, crash := s.people[r.IntN(len(s.people))], r.IntN(2) == 0
			add(when(), func() { p.leave(crash) })
		}
	}
	if s.faults.stalls {
		for range 1 + r.IntN(maxStalls) {
			p, page, at := s.people[r.IntN(len(s.people))], r.IntN(2) == 0, when()
			d := stallTimes[r.IntN(len(stallTimes))] + time.Duration(r.Int64N(int64(longestStall-stallTimes[len(stallTimes)-1])))
			add(at, func() { s.stall(p, d, page) })
		}
	}
	if s.faults.paths {
		for range 1 + r.IntN(2) {
			at := when()
			switch r.IntN(3) {
			case 0:
				add(at, s.kill)
				continue
			case 1:
				p := s.people[r.IntN(len(s.people))]
				add(at, func() { s.note("world", "nothing reaches %s any more", p.name); s.world.deafen(p.user) })
				continue
			}
			back := at + []time.Duration{time.Second, 6 * time.Second, 30 * time.Second}[r.IntN(3)] + time.Duration(r.Int64N(int64(time.Second)))
			add(at, s.cut)
			add(back, func() { s.note("world", "the paths are back"); s.world.heal() })
		}
	}
	return moves
}

const (
	maxStalls    = 3
	longestStall = 19500 * time.Millisecond
)

var stallTimes = [...]time.Duration{3 * time.Second, 10 * time.Second, 19 * time.Second}

// stall stops a person's page or machine for a while, unless it has hardly run since the
// last stall: two such stalls would be one longer stall.
func (s *simulation) stall(p *person, d time.Duration, page bool) {
	s.mu.Lock()
	open := p.open
	s.mu.Unlock()
	if !open || p.stillFor() > -ReconnectTime/2 && !p.still.IsZero() {
		return
	}
	s.note(p.name, "stands still for %v, only the page %v", d, page)
	p.moves++
	p.user.stall(d, s.drawTime(0, 100*time.Millisecond, 'h', p.i, p.moves), func(*testPeer) bool { return !page && s.chance(0.5, 'H', p.i, p.moves) })
	s.after(d, func() { s.note(p.name, "runs again") })
}

func (s *simulation) cut() {
	s.note("world", "no path works for a while")
	s.world.mu.Lock()
	s.world.cut = true
	s.world.mu.Unlock()
	s.report(6*time.Second, PeerDisconnected, func() bool { return s.world.cut })
	s.report(20*time.Second, PeerFailed, func() bool { return s.world.cut })
}

func (s *simulation) kill() {
	s.note("world", "the paths there are will work no more")
	s.world.kill()
	s.report(6*time.Second, PeerDisconnected, func() bool { return true })
	s.report(20*time.Second, PeerFailed, func() bool { return true })
}

// report makes some of the connected peers report the loss of their path.
func (s *simulation) report(within time.Duration, state ConnectionState, still func() bool) {
	w := s.world
	w.mu.Lock()
	defer w.mu.Unlock()
	for ufrag, p := range w.peers {
		if !p.opened || p.closed || p.ufrag != ufrag {
			continue
		}
		owner := s.person(p.user)
		if s.chance(0.5, 'n', owner.i, p.n, uint64(within)) {
			continue
		}
		time.AfterFunc(s.drawTime(within/4, within, 'm', owner.i, p.n, uint64(within)), func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			if still() && !p.closed {
				s.tell(p, string(state))
				p.queue.Post(func() { p.events.ConnectionState(state) })
			}
		})
	}
}

// apart reports whether two people have no path.
func (s *simulation) apart(a, b *user) bool {
	if !s.faults.apart {
		return false
	}
	i, j := s.person(a).i, s.person(b).i
	return i+j == 1
}

var errFault = errors.New("OperationError")

func (s *simulation) fault(p *testPeer, step string) error {
	if s.faults.peers == 0 || step == "Send" {
		return nil
	}
	owner := s.person(p.user)
	if !s.chance(s.faults.peers, 'f', owner.i, p.n, uint64(step[0]), uint64(len(step))) {
		return nil
	}
	s.note(owner.name, "fails at %s", step)
	return errFault
}

// pace makes durations differ, so that no two events happen at the same time.
func (s *simulation) pace(p *testPeer, d time.Duration) time.Duration {
	return s.drawTime(d/2, 3*d+time.Millisecond, 'p', s.person(p.user).i, p.n, p.paced.Add(1))
}

func (s *simulation) tell(p *testPeer, event string) {
	owner := s.person(p.user)
	s.note(owner.name, "peer %d: %s", p.n, event)
	if strings.HasSuffix(event, " media") {
		s.checkMedia(owner, event)
	}
}

// carry is the push network.
func (s *simulation) carry(m push) error {
	from, to := s.person(m.from), s.person(m.to)
	s.mu.Lock()
	from.pushed[m.message.Type]++
	n, kind := from.pushed[m.message.Type], uint64(m.message.Type[0])<<8|uint64(m.message.Type[1])
	vanished := from.vanished && m.ctx.Value(byBrowser{}) == nil
	s.mu.Unlock()
	if vanished {
		return ErrUndelivered
	}
	s.count(from, m.message)
	key := func(what uint64) uint64 { return s.draw(what, from.i, kind, n) }
	trip := s.drawTime(pushTime/2, 3*pushTime, 't', from.i, kind, n)
	if s.chance(0.5, 's', from.i, kind, n) {
		trip = s.drawTime(pushTime/2, s.faults.slow, 'S', from.i, kind, n)
	}
	payload := s.skew(from, to, m)
	fate, err := 100, error(nil)
	if s.chance(s.faults.push, 'l', from.i, kind, n) {
		fate = int(key('a') % 8)
	}
	switch fate {
	case 0, 1:
		s.note(from.name, "pushes %v to %s: it is lost", worded{s, m.message}, to.name)
		return nil
	case 2:
		err = fmt.Errorf("no network: %w", ErrUndelivered)
		s.note(from.name, "pushes %v to %s: it does not leave", worded{s, m.message}, to.name)
		s.uncountRound(from, m.message)
		return s.respond(m.ctx, key('R'), err)
	case 3:
		status := []int{404, 410, 429, 403, 503}[key('e')%5]
		err = webpush.CheckResponse(status, "30", time.Now())
		if _, asked := retryAfter(err); asked {
			s.uncount(from, m.message) // it is said anew after that
		}
		s.note(from.name, "pushes %v to %s: %v", worded{s, m.message}, to.name, err)
		return err
	case 4:
		err = fmt.Errorf("no response: %w", ErrUndelivered)
		s.note(from.name, "pushes %v to %s: it leaves, but %v", worded{s, m.message}, to.name, err)
		s.uncountRound(from, m.message)
	case 5:
		s.note(from.name, "pushes %v to %s: it comes again and again", worded{s, m.message}, to.name)
		for again := range 1 + key('g')%4 {
			s.arriveAfter(to, trip+s.drawTime(0, 20*time.Second, 'D', from.i, kind, n, again), payload, m)
		}
	case 6:
		trip += s.drawTime(0, time.Minute, 'L', from.i, kind, n)
		s.note(from.name, "pushes %v to %s: late by %v", worded{s, m.message}, to.name, trip)
	default:
		s.note(from.name, "pushes %v to %s", worded{s, m.message}, to.name)
	}
	s.arriveAfter(to, trip, payload, m)
	if fate == 4 || fate == 7 {
		return s.respond(m.ctx, key('R'), err)
	}
	return nil
}

// respond is a push service that responds after a random time.
func (s *simulation) respond(ctx context.Context, draw uint64, err error) error {
	timer := time.NewTimer(time.Duration(draw % uint64(10*time.Second)))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return err
	}
}

// skew changes a message's time to that of the sender's clock. Phones send no other time to
// each other, so this has the effect of clocks that differ.
func (s *simulation) skew(from, to *person, m push) []byte {
	if from.skew == to.skew {
		return m.payload
	}
	m.message.Time = m.message.Time.Add(from.skew - to.skew)
	payload, err := m.message.Seal(context.Background(), m.from.signer, m.to.card.Subscription.UAPublic)
	if err != nil {
		s.fail("seal again: %v", err)
	}
	return payload
}

func (s *simulation) arriveAfter(to *person, trip time.Duration, payload []byte, m push) {
	if trip > m.options.TTL {
		s.note("world", "%v expires", worded{s, m.message})
		return
	}
	s.after(trip, func() { s.arrive(to, payload) })
}

// arrive delivers a push message to the page, or stores it for the next page.
func (s *simulation) arrive(p *person, payload []byte) {
	m, err := signaling.Open(context.Background(), payload, p.card.Subscription.UAPublic, cheapVerify)
	if err != nil {
		s.fail("what arrives cannot be opened: %v", err)
		return
	}
	s.mu.Lock()
	phone := p.phone
	if !p.open {
		p.inbox = append(p.inbox, payload)
		s.mu.Unlock()
		return
	}
	s.noteLocked(p.name, "gets %v", worded{s, m})
	if m.Type == signaling.Offer {
		p.ringing = append(p.ringing, kept{m.Call, payload})
	}
	s.mu.Unlock()
	phone.Deliver(payload)
}
