package call

import (
	"fmt"
	"slices"
	"time"

	"pushcall/signaling"
)

// grace is the tolerance beyond the phone's own time limits.
const grace = 10 * time.Second

// longest is the longest time that a phone may stay in a state that no person has chosen,
// whatever the network does.
var longest = map[State]time.Duration{
	Dialing:      RingTime + grace,
	Ringing:      RingTime + grace,
	Connecting:   ConnectTime + grace,
	Reconnecting: 3*ReconnectTime + grace, // of which each other way gets one more
}

// simulatedCall is a call as the simulation knows it.
type simulatedCall struct {
	name      string
	pushes    int
	sides     map[*person]*side
	connected bool // on both sides at once
	waited    bool // during another call of the callee's
}

// side is a call as one person's phone saw it.
type side struct {
	outgoing bool
	consent  bool
	before   bool // consent given on a page that is gone, which the friend may still act on
	state    State
	fate     string // how it ended here; "" before
	ended    time.Time
	gaveWay  *simulatedCall // the call that this person was making, in favour of this one
}

// call finds a call; s.mu is held.
func (s *simulation) call(id signaling.CallID) *simulatedCall {
	c := s.calls[id]
	if c == nil {
		c = &simulatedCall{name: fmt.Sprint("call ", len(s.calls)+1), sides: map[*person]*side{}}
		s.calls[id] = c
	}
	return c
}

// side finds a person's side of a call; s.mu is held.
func (s *simulation) side(p *person, id signaling.CallID) *side {
	c := s.call(id)
	if c.sides[p] == nil {
		c.sides[p] = &side{}
	}
	return c.sides[p]
}

func (x *side) end(fate string) {
	if x.fate == "" {
		x.fate, x.ended = fate, time.Now()
	}
}

// follow checks a call's step on one side; s.mu is held.
func (s *simulation) follow(p *person, c Call) {
	x := s.side(p, c.ID)
	friend := s.friend(c.Remote)
	if p.now.ID != c.ID && !isOver(p.now.State) {
		if !p.now.Outgoing || c.Outgoing || s.friend(p.now.Remote) != friend {
			s.failLocked("%s leaves a call with %s for another", p.name, s.friend(p.now.Remote).name)
		}
		s.side(p, p.now.ID).end("yielded")
		x.gaveWay = s.call(p.now.ID)
	}
	s.checkAge(p)
	if p.now.ID != c.ID || p.now.State != c.State {
		p.since = time.Now()
	}
	if x.fate != "" && c.State != Ringing && !p.crashed { // a page that was closed finds its ring again
		s.failLocked("%s goes on with a call that ended: %s", p.name, x.fate)
	}
	x.fate, x.state, x.outgoing = "", c.State, c.Outgoing
	x.consent = x.consent || c.Outgoing || c.State != Ringing && c.State != Ended && p.pressed[friend]
	switch c.State {
	case Connected:
		s.checkConsent(p, c, "is connected")
		if f := s.call(c.ID).sides[friend]; f != nil && f.state == Connected {
			s.call(c.ID).connected = true
		}
	case Ended:
		x.end(c.Reason.String())
		if !c.Since.IsZero() && !slices.Contains([]Reason{HungUp, Network, Protocol, NoAnswer}, c.Reason) {
			s.failLocked("%s was connected, and it ended: %v", p.name, c.Reason)
		}
		clear(p.pressed)
	}
	p.now = c
	p.tidy()
}

// checkAge checks how long a phone was in the state that it leaves; s.mu is held.
func (s *simulation) checkAge(p *person) {
	most, limited := longest[p.now.State]
	if s.faults.stalls {
		most += maxStalls * longestStall
	}
	if limited && time.Since(p.since) > most {
		s.failLocked("%s was %v for %v", p.name, p.now.State, time.Since(p.since))
	}
}

// consent records that a person answers a call.
func (s *simulation) consent(p *person, id signaling.CallID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.side(p, id).consent = true
}

// checkConsent checks that both people want the call; s.mu is held.
func (s *simulation) checkConsent(p *person, c Call, what string) {
	consents := 0
	for _, x := range s.call(c.ID).sides {
		if x.consent || x.before {
			consents++
		}
	}
	if consents < 2 || !s.side(p, c.ID).consent {
		s.failLocked("%s %s, and %d people consented to %v", p.name, what, consents, named{s, c.ID})
	}
}

// checkText checks that a text arrives in a call that both people want; s.mu is held.
func (s *simulation) checkText(p *person) {
	if isOver(p.now.State) {
		s.failLocked("%s gets a text in no call", p.name)
		return
	}
	s.checkConsent(p, p.now, "gets a text")
}

// checkMedia checks that media is offered and answered only in a call that both people want.
func (s *simulation) checkMedia(p *person, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !isOver(p.now.State) {
		s.checkConsent(p, p.now, what)
	}
}

// notePageGone records that a person's page goes away; s.mu is held.
func (s *simulation) notePageGone(p *person) {
	s.leaves++
	if !isOver(p.now.State) && !p.now.Outgoing {
		x := s.side(p, p.now.ID)
		x.before, x.consent = x.before || x.consent, false // the next page has to ask again
	}
}

// noteIdle records that a person's phone has no call; s.mu is held.
func (s *simulation) noteIdle(p *person) {
	s.checkAge(p)
	if !isOver(p.now.State) {
		s.side(p, p.now.ID).end("gone")
	}
	p.now, p.since = Call{}, time.Now()
	clear(p.pressed)
	if p.open {
		p.ringing = nil
	}
}

// tidy deletes the offers that do not ring any more; s.mu is held.
func (p *person) tidy() {
	kept := p.ringing[:0]
	for _, x := range p.ringing {
		if p.now.State == Ringing && x.call == p.now.ID || x.call == p.waits {
			kept = append(kept, x)
		}
	}
	p.ringing = kept
}

// missed records a call that did not ring; s.mu is not held.
func (s *simulation) missed(p *person, id signaling.CallID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.side(p, id)
	x.state = Ended
	x.end("missed")
}

// count counts a push. No phone pushes the same message twice, except for an end whose first
// push has failed.
func (s *simulation) count(p *person, m signaling.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.call(m.Call).pushes++
	if p.said == nil {
		p.said = map[messageKey]int{}
	}
	key := messageKey{m.From, m.Call, m.Type, m.Round}
	p.said[key]++
	most := 1
	if m.Type == signaling.Cancel || m.Type == signaling.Decline {
		most = 2
	}
	if p.said[key] > most {
		s.failLocked("%s pushes %v again", p.name, worded{s, m})
	}
}

// uncount undoes the count of a push.
func (s *simulation) uncount(p *person, m signaling.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.call(m.Call).pushes--
	p.said[messageKey{m.From, m.Call, m.Type, m.Round}]--
}

// uncountRound undoes the count of a push that reconnects a call: the phone pushes it again
// if its delivery is not confirmed.
func (s *simulation) uncountRound(p *person, m signaling.Message) {
	if m.Round > 0 {
		s.uncount(p, m)
	}
}

// checkPairs checks, when nothing is under way, that each call has both its sides.
func (s *simulation) checkPairs() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.people {
		if p.now.State != Connected {
			continue
		}
		friend := s.friend(p.now.Remote)
		if friend.now.State != Connected || friend.now.ID != p.now.ID {
			s.failLocked("%s is connected in %v, and %s is %v in %v", p.name, named{s, p.now.ID}, friend.name, friend.now.State, named{s, friend.now.ID})
			continue
		}
		if p.now.Theirs != friend.media {
			s.failLocked("%s sends %+v, and %s sees %+v", friend.name, friend.media, p.name, p.now.Theirs)
		}
		if s.faults.peers == 0 && !s.flows(p) {
			s.failLocked("%s is connected in %v, without media", p.name, named{s, p.now.ID})
		}
	}
}

// flows reports whether a person's newest peer carries voice and video.
func (s *simulation) flows(p *person) bool {
	w := s.world
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, peer := range w.peers {
		if peer.user == p.user && peer.flows() {
			return true
		}
	}
	return false
}

// checkCalls checks, after the end, that the two sides agree on each call.
func (s *simulation) checkCalls() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		if most := maxCallerPushes + (maxCalleePushes+1)*(1+s.leaves); c.pushes > most { // each page of a callee has as many
			s.failLocked("%s took %d pushes", c.name, c.pushes)
		}
		s.checkOutcome(c)
		s.checkCollision(c)
		s.checkClean(c)
		s.checkKept(c)
		var ends []time.Time
		for _, x := range c.sides {
			if x.fate != "" && x.fate != "missed" {
				ends = append(ends, x.ended)
			}
		}
		if len(ends) == 2 && ends[0].Sub(ends[1]).Abs() > s.faults.agreement() {
			s.failLocked("%s ended %v apart", c.name, ends[0].Sub(ends[1]).Abs())
		}
	}
}

// checkKept checks that no call was lost only because sides stood still and ran again in
// time: such a call ends only when somebody ends it; s.mu is held.
func (s *simulation) checkKept(c *simulatedCall) {
	if !s.faults.stallsOnly() || !c.connected {
		return
	}
	for _, x := range c.sides {
		if x.fate != Network.String() && x.fate != Protocol.String() {
			return
		}
	}
	s.failLocked("%s was lost, and both sides have run again in time", c.name)
}

// checkCollision checks that of two colliding calls at most one is dropped; s.mu is held.
// Both may be dropped if the push of an offer fails and the offer arrives all the same.
func (s *simulation) checkCollision(c *simulatedCall) {
	for _, x := range c.sides {
		if x.gaveWay == nil || s.faults.push > 0 {
			continue
		}
		for _, y := range x.gaveWay.sides {
			if y.gaveWay == c {
				s.failLocked("%s and %s give way to each other", c.name, x.gaveWay.name)
			}
		}
	}
}

// checkClean checks the number of pushes of undisturbed calls: two, and one more for the
// dropped call of an offer collision; s.mu is held.
func (s *simulation) checkClean(c *simulatedCall) {
	if !s.faults.lossless() || !c.connected {
		return
	}
	pushes := 2
	if c.waited {
		pushes = 3
	}
	if c.pushes != pushes {
		s.failLocked("%s just worked and took %d pushes", c.name, c.pushes)
	}
	for _, x := range c.sides {
		if o := x.gaveWay; o != nil && o.pushes > 1 && len(o.sides) == 1 { // the other side never acted on it
			s.failLocked("%s gave way and took %d pushes", o.name, o.pushes)
		}
	}
}

// outcome is the end of a call as the caller and the callee see it.
func (c *simulatedCall) outcome(s *simulation) (caller, callee string) {
	caller, callee = "none", "none"
	for _, x := range c.sides {
		fate := x.fate
		if fate == "" {
			fate = x.state.String()
		}
		if x.outgoing {
			caller = fate
		} else {
			callee = fate
		}
	}
	return caller, callee
}

// named formats the name of a call in a story.
type named struct {
	s  *simulation
	id signaling.CallID
}

func (n named) String() string {
	if c := n.s.calls[n.id]; c != nil {
		return c.name
	}
	return "no call"
}

// worded formats a message in a story.
type worded struct {
	s *simulation
	m signaling.Message
}

func (w worded) String() string {
	return fmt.Sprintf("%s of %v, round %d", w.m.Type, named{w.s, w.m.Call}, w.m.Round)
}
