package app

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"pushcall/call"
	"pushcall/files"
	"pushcall/phonebook"
	"pushcall/webpush"
)

// seat is what is known of a tab.
type seat struct {
	actor *actor
	n     int
	has   bool // the line
	gone  bool
	now   call.Call
}

func (x *seat) who() string { return fmt.Sprintf("%s/%d", x.actor.name, x.n) }

// offer is an offer that has arrived.
type offer struct{ from, to *actor }

// simulatedText is a text that somebody has written.
type simulatedText struct {
	from, to *actor
	number   int
	read     bool
	again    bool      // it was read in a later call than the one that it was written in
	at       time.Time // when it was read
	stored   bool      // its reader's store has it
}

func (s *simulation) seat(t *tab) *seat {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seatLocked(t)
}

func (s *simulation) seatLocked(t *tab) *seat {
	x := s.seats[t]
	if x == nil {
		a := s.actorIn(t.person)
		x = &seat{actor: a, n: a.opened}
		s.seats[t] = x
	}
	return x
}

func (s *simulation) isCalm() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calm
}

// settled is where a tab may stay for as long as people like.
func settled(x *seat) bool { return x.gone || isOver(x.now) || x.has && x.now.State == call.Connected }

func over(x *seat) bool { return x.gone || isOver(x.now) }

// shown checks what a tab shows.
func (s *simulation) shown(t *tab, what any) {
	if what == (reload{}) {
		s.after(0, func() {
			if x := s.seat(t); !x.gone {
				x.actor.reload(t)
			}
		})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.seatLocked(t)
	if x.gone {
		return
	}
	switch what := what.(type) {
	case elsewhere:
		s.noteLocked(x.who(), "has the line: %v", !what)
		x.has = !bool(what)
		for _, other := range s.seats {
			if other != x && other.actor == x.actor && x.has && other.has && !other.gone {
				s.failLocked("%s and %s have the line", x.who(), other.who())
			}
		}
		s.count("hand-overs")
	case call.Call:
		s.follow(x, t, what)
	case waitingCall:
		s.followWaiting(x, t, call.Call(what))
	case call.Text:
		if !what.Mine {
			s.read(x, t, what)
		}
	case files.File:
		if !what.Mine && what.State == files.Offered {
			x.actor.accept(t, shownFile{File: what})
		} else if !what.Mine && what.State == files.Done {
			s.count("files")
			if sink, _ := t.Files.sink(what.Number).(*testSink); sink == nil || !sink.Has(&s.files[what.Name].Source) {
				s.failLocked("%s has another file than %s", x.who(), what.Name)
			}
		}
	case error:
		s.noteLocked(x.who(), "logs: %v", what)
	}
}

// follow checks a step of a call in a tab; s.mu is held.
func (s *simulation) follow(x *seat, t *tab, c call.Call) {
	before := x.now
	x.now = c
	s.noteLocked(x.who(), "call %s: %v %v %v", c.ID.String()[:4], c.State, c.Reason, c.Err)
	if isOver(c) {
		return
	}
	for _, other := range s.seats {
		if other != x && other.actor == x.actor && !over(other) {
			s.failLocked("%s has a call, and so has %s", x.who(), other.who())
		}
	}
	if before.ID == c.ID && before.State == c.State {
		return
	}
	friend := s.actorOf(c.Remote.Identity)
	if c.State == call.Ringing && !c.Outgoing {
		s.count("rings")
		if since, blocked := x.actor.blocked[friend]; blocked && time.Since(since) > time.Second {
			s.failLocked("%s is rung by %s, who is blocked", x.who(), friend.name)
		}
		if only := x.actor.only; !c.Known && !only.IsZero() && time.Since(only) > time.Second && !x.actor.wanted[friend] {
			s.failLocked("%s is rung by %s, who is no contact", x.who(), friend.name)
		}
	}
	if c.State == call.Connected {
		s.count("sides connected")
	}
	x.actor.react(t, c)
}

// read checks that somebody has written a text for who reads it, and that it comes once
// and in order; s.mu is held.
func (s *simulation) read(x *seat, in *tab, t call.Text) {
	s.noteLocked(x.who(), "reads %q, again %v", t.Text, t.Again)
	s.count("texts")
	written := s.texts[t.Text]
	if written == nil || written.to != x.actor {
		s.failLocked("%s reads what nobody has written to them", x.who())
		return
	}
	if written.read && (written.stored || !t.Again) {
		s.failLocked("%s reads %q again", x.who(), t.Text)
	}
	_, known := in.book.Contact(written.from.identity)
	written.read, written.again, written.at, written.stored = true, t.Again, time.Now(), known && !x.actor.faulty
	for _, other := range s.texts {
		if !t.Again && !other.again && other.read && other.from == written.from && other.to == written.to && other.number > written.number {
			s.failLocked("%s reads %q out of order", x.who(), t.Text)
		}
	}
}

// calmDown ends all faults, and has everybody have a tab that works.
func (s *simulation) calmDown() {
	s.mu.Lock()
	s.noteLocked("world", "from now on all goes well")
	s.calm = true
	s.mu.Unlock()
	for _, a := range s.actors {
		a.mendStore()
		if len(a.tabs) == 0 {
			a.open()
		}
	}
	s.pass(time.Second)
	for _, a := range s.actors {
		if t := a.inLine(); t == nil {
			s.fail("%s has no tab with the line", a.name)
		} else {
			t.Line.RequestCheck()
			t.inbox.poll()
		}
	}
	s.pass(time.Minute) // in which what push services have turned away comes again
	s.settle("all goes well", settled)
}

// checkPairs checks that nobody is in a call alone, and none in a tab without the line.
func (s *simulation) checkPairs() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.seats {
		if x.gone || x.now.State != call.Connected {
			continue
		}
		friend := s.actorOf(x.now.Remote.Identity)
		together := false
		for _, y := range s.seats {
			together = together || !y.gone && y.actor == friend && y.now.State == call.Connected && y.now.ID == x.now.ID && s.actorOf(y.now.Remote.Identity) == x.actor
		}
		if !together {
			s.failLocked("%s talks to %s, who does not", x.who(), friend.name)
		}
	}
}

// hangUp ends all calls.
func (s *simulation) hangUp() {
	for _, a := range s.actors {
		for _, t := range a.tabs {
			t.Calls.HangUp()
		}
	}
	s.settle("everybody has hung up", over)
}

// known is what a tab shows of what is stored.
func (t *tab) known() knowledge {
	unread := map[webpush.PublicKey]int{}
	t.view.note(func() { maps.Copy(unread, t.view.unread) })
	maps.DeleteFunc(unread, func(identity webpush.PublicKey, _ int) bool {
		_, known := t.book.Contact(identity)
		return !known // what strangers write is not stored
	})
	return knowledge{t.book.Contacts(), t.book.Records(), unread}
}

// checkBooks restarts everybody's browser, and checks that what was shown before is
// shown again, where the store has worked all the time.
func (s *simulation) checkBooks() {
	for _, a := range s.actors {
		t := a.inLine()
		if t == nil || s.failure != "" {
			return
		}
		before := t.known()
		for len(a.tabs) > 0 {
			a.leave(a.tabs[len(a.tabs)-1], false)
		}
		a.open()
		s.pass(time.Second)
		if t = a.inLine(); t == nil {
			s.fail("%s has no line after a restart", a.name)
			return
		}
		if !a.faulty {
			if err := before.check(t.known()); err != nil {
				s.fail("%s: %v", a.name, err)
			}
		}
		a.store.change(func() {
			if len(a.store.inbox) > 0 {
				s.fail("%s: %d messages are in the inbox still", a.name, len(a.store.inbox))
			}
		})
	}
}

// check compares what was shown before a restart with what is shown after it.
func (k knowledge) check(after knowledge) error {
	same := func(a, b phonebook.Contact) bool {
		a.Told, a.Heard, b.Told, b.Heard = "", false, "", false // after a change of the own name the restart has told them
		return a == b
	}
	if !slices.EqualFunc(k.contacts, after.contacts, same) {
		return fmt.Errorf("the contacts were %s, and are %s", contactsText(k.contacts), contactsText(after.contacts))
	}
	if !maps.Equal(k.unread, after.unread) {
		return fmt.Errorf("unread was %v, and is %v", k.unread, after.unread)
	}
	sameCall := func(a, b phonebook.Record) bool {
		same := a.ID == b.ID && a.Identity == b.Identity && a.Outgoing == b.Outgoing && a.Missed == b.Missed && a.Seen == b.Seen
		return same && a.Reason == b.Reason && a.Duration == b.Duration
	}
	if !slices.IsSortedFunc(k.records, newerFirst) {
		return fmt.Errorf("the calls are not in order: %s", recordsText(k.records))
	}
	byID := func(a, b phonebook.Record) int { return bytes.Compare(a.ID[:], b.ID[:]) } // many may have begun at one time here
	slices.SortFunc(k.records, byID)
	slices.SortFunc(after.records, byID)
	if !slices.EqualFunc(k.records, after.records, sameCall) {
		return errors.Join(errors.New("the calls were, and are"), fmt.Errorf("%s", recordsText(k.records)), fmt.Errorf("%s", recordsText(after.records)))
	}
	return nil
}

func contactsText(all []phonebook.Contact) (text string) {
	for _, c := range all {
		text += fmt.Sprintf("%q %s %s told %.4s heard %v blocked %v verified %v moved %v %v; ",
			c.Name, c.Card.Name, c.Card.Subscription.Endpoint, c.Told, c.Heard, c.Blocked, c.Verified, c.Moved, c.CardTime)
	}
	return text
}

func newerFirst(a, b phonebook.Record) int { return b.Time.Compare(a.Time) }

func recordsText(all []phonebook.Record) (text string) {
	for _, r := range all {
		text += fmt.Sprintf("%s outgoing %v missed %v seen %v %v %v %v; ", r.ID.String()[:4], r.Outgoing, r.Missed, r.Seen, r.Reason, r.Duration, r.Time.Format("05.000"))
	}
	return text
}

// checkTexts checks that what was read is stored, once.
func (s *simulation) checkTexts() {
	for text, x := range s.texts {
		if !x.stored || x.to.faulty || x.to.deleted[x.from] {
			continue
		}
		n := 0
		for _, stored := range x.to.store.textsWith(x.from.identity) {
			if !stored.Mine && stored.Text.Text == text {
				n++
			}
		}
		if n != 1 {
			s.fail("%s has read %q, and %d of it are stored", x.to.name, text, n)
		}
	}
}

// checkOffers checks that each call that has come is listed, where it is not one of two
// that give way to each other.
func (s *simulation) checkOffers() {
	for id, o := range s.offers {
		t := o.to.inLine()
		if t == nil || !s.faults.delivers() || o.to.faulty || o.to.renewed || o.to.wanted[o.from] || o.to.drops {
			continue
		}
		if !t.book.Listed(id) {
			s.fail("%s does not list call %s of %s, which has come", o.to.name, id.String()[:4], o.from.name)
		}
	}
}

// checkTold checks that a contact who was told a card has it. Nobody believes a stranger's.
func (s *simulation) checkTold() {
	for _, a := range s.actors {
		for _, friend := range s.actors {
			t, theirs := a.inLine(), friend.inLine()
			if a == friend || t == nil || theirs == nil || !s.faults.delivers() || friend.deleted[a] || friend.addedLater[a] || friend.faulty {
				continue
			}
			own := t.Line.Card()
			c, known := t.book.Contact(friend.identity)
			has, knows := theirs.book.Contact(a.identity)
			if known && knows && c.Told == call.CardDigest(own) && !has.Blocked && has.Card.Subscription != own.Subscription {
				s.fail("%s was told the card of %s, and has another", friend.name, a.name)
			}
		}
	}
}

// checkCalls has people who know each other's address call each other.
func (s *simulation) checkCalls() {
	for i, a := range s.actors {
		for _, friend := range s.actors[:i] {
			from, to := a, friend
			if s.seed%2 == 0 {
				from, to = friend, a
			}
			for again := range 2 { // who has lost a card is given it by the second call
				if s.failure == "" && s.checkCall(from, to, to.faulty && again == 0) {
					break
				}
			}
		}
	}
}

// checkCall has one call the other. It reports whether they can, or need not.
func (s *simulation) checkCall(a, friend *actor, mayFail bool) bool {
	from, to := a.inLine(), friend.inLine()
	c, known := from.book.Contact(friend.identity)
	back, welcome := to.book.Contact(a.identity)
	if !known || c.Blocked || back.Blocked || c.Card.Subscription != to.Line.Card().Subscription || !welcome && to.Preferences.Settings().ContactsOnly {
		return true
	}
	s.note(a.name, "calls %s, at the end", friend.name)
	if err := from.Calls.CallContact(from.ctx, friend.identity, false); err != nil {
		s.fail("%s cannot call %s: %v", a.name, friend.name, err)
		return false
	}
	s.pass(2 * time.Second)
	there := s.seat(to).now
	if mayFail && there.State != call.Ringing {
		from.Calls.HangUp()
		s.pass(2 * time.Second)
		return false
	}
	if there.State != call.Ringing {
		s.fail("%s does not ring for %s: %v", friend.name, a.name, there.State)
		return false
	}
	to.Calls.Answer(there.ID)
	s.pass(2 * time.Second)
	x, y := s.seat(from).now, s.seat(to).now
	if mayFail && x.State == call.Dialing && y.Reason == call.Unreachable {
		from.Calls.HangUp()
		s.pass(2 * time.Second)
		return false
	}
	if x.State != call.Connected || y.State != call.Connected || x.ID != y.ID {
		s.fail("%s is %v, and %s is %v", a.name, x.State, friend.name, y.State)
		return false
	}
	s.mu.Lock()
	s.count("last calls")
	s.mu.Unlock()
	from.Calls.HangUp()
	s.pass(2 * time.Second)
	if !over(s.seat(from)) || !over(s.seat(to)) {
		s.fail("the last call is not over")
	}
	return true
}
