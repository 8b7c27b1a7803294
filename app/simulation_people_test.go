package app

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing/synctest"
	"time"

	"pushcall/call"
	"pushcall/internal/filestest"
	"pushcall/phonebook"
	"pushcall/webpush"
)

// actor is somebody who uses the application. What they do happens on the schedule's
// goroutine.
type actor struct {
	*person
	s        *simulation
	i        uint64
	identity webpush.PublicKey
	opened   int    // tabs so far
	archive  []byte // that they have exported

	// s.mu guards these
	moves      uint64               // so many things have happened to them
	pushed     uint64               // messages so far
	blocked    map[*actor]time.Time // since when
	deleted    map[*actor]bool      // contacts, ever
	addedLater map[*actor]bool      // contacts, who were strangers before
	wanted     map[*actor]bool      // whom they have called, ever
	renewed    bool                 // their address, ever
	only       time.Time            // since when nobody but contacts may ring; zero: anybody may
	drops      bool                 // they have blocked somebody, ever
	faulty     bool                 // their store has failed, or was full
}

const maxTabs = 3

// act is something that the script has somebody do.
type act struct {
	at time.Duration
	do func()
}

// scriptTime is how long the script goes on.
const scriptTime = time.Minute

// cast opens the tabs of two or three people, some of whom know each other.
func (s *simulation) cast(identities []webpush.Signer) {
	n := 2
	if s.random.IntN(3) == 0 {
		n = 3
	}
	for i, name := range []string{"alice", "bob", "carol"}[:n] {
		a := &actor{person: s.world.person(name), s: s, i: uint64(i),
			blocked: map[*actor]time.Time{}, deleted: map[*actor]bool{}, addedLater: map[*actor]bool{}, wanted: map[*actor]bool{}}
		a.store.identity, a.identity = identities[i], identities[i].Public()
		s.actors = append(s.actors, a)
		for range 1 + s.random.IntN(maxTabs) {
			a.open()
			s.pass(50 * time.Millisecond)
		}
		if err := a.tabs[0].Line.Subscribe(a.tabs[0].ctx); err != nil {
			s.fail("subscribe: %v", err)
		}
	}
	s.pass(time.Second)
	for _, a := range s.actors {
		for _, friend := range s.actors {
			if a != friend && s.random.IntN(3) > 0 {
				_ = a.tabs[0].Contacts.AddContact(friend.tabs[0].Line.Card(), friend.name)
			}
		}
	}
	s.pass(time.Second)
}

// actorOf finds the person of an identity, or nil.
func (s *simulation) actorOf(identity webpush.PublicKey) *actor {
	for _, a := range s.actors {
		if a.identity == identity {
			return a
		}
	}
	return nil
}

func (s *simulation) actorIn(p *person) *actor {
	return s.actors[slices.IndexFunc(s.actors, func(a *actor) bool { return a.person == p })]
}

// open opens a tab, unless there are enough. It returns nil for one that cannot start.
func (a *actor) open() *tab {
	if len(a.tabs) >= maxTabs {
		return nil
	}
	a.s.mu.Lock()
	a.opened++
	a.s.noteLocked(a.name, "opens tab %d", a.opened)
	a.s.mu.Unlock()
	t, err := a.start()
	if err != nil {
		a.s.note(a.name, "the tab does not start: %v", err)
	}
	return t
}

// leave closes a tab, with pagehide unless it crashes.
func (a *actor) leave(t *tab, crash bool) {
	s := a.s
	x := s.seat(t)
	s.note(x.who(), "is closed, crash %v", crash)
	if !crash {
		t.Leave()
		synctest.Wait()
		var armed []func()
		s.world.change(func() {
			for _, push := range t.armed {
				armed = append(armed, push)
			}
			clear(t.armed)
		})
		for _, push := range armed {
			push()
		}
	}
	s.mu.Lock()
	x.gone = true
	for _, written := range s.texts {
		written.stored = written.stored && !(crash && written.to == a && time.Since(written.at) < 100*time.Millisecond)
	}
	s.mu.Unlock()
	t.crash()
}

// inLine returns the tab that has the line, or nil.
func (a *actor) inLine() *tab {
	s := a.s
	s.mu.Lock()
	defer s.mu.Unlock()
	for t, x := range s.seats {
		if x.actor == a && x.has && !x.gone {
			return t
		}
	}
	return nil
}

// script decides what happens by itself.
func (s *simulation) script() []act {
	r := s.random
	var script []act
	add := func(at time.Duration, do func()) { script = append(script, act{at, do}) }
	when := func() time.Duration { return time.Duration(r.Int64N(int64(scriptTime - 15*time.Second))) }
	for range 1 + r.IntN(3) {
		pair := r.Perm(len(s.actors))
		a, friend, at := s.actors[pair[0]], s.actors[pair[1]], when()
		add(at, func() { a.dial(friend) })
		if r.IntN(4) == 0 {
			add(at+time.Duration(r.Int64N(int64(300*time.Millisecond))), func() { friend.dial(a) })
		}
	}
	for range 1 + r.IntN(6) {
		a, friend := s.pick(r)
		at, kind, choice := when(), r.IntN(100), r.Uint64()
		add(at, func() { a.keepHouse(kind, friend, choice) })
	}
	return append(script, s.mishaps(when)...)
}

func (s *simulation) pick(r *rand.Rand) (a, friend *actor) {
	pair := r.Perm(len(s.actors))
	return s.actors[pair[0]], s.actors[pair[1]]
}

// dial calls a friend, or a stranger by the card that they have given away.
func (a *actor) dial(friend *actor) {
	t := a.inLine()
	if t == nil {
		return
	}
	s := a.s
	_, known := t.book.Contact(friend.identity)
	there := friend.inLine()
	s.mu.Lock()
	s.noteLocked(s.seatLocked(t).who(), "calls %s, a contact: %v", friend.name, known)
	a.wanted[friend] = true
	s.mu.Unlock()
	s.beside(func() {
		err := t.Line.Prepare(t.ctx)
		switch {
		case err != nil:
		case known:
			err = t.Calls.CallContact(t.ctx, friend.identity, false)
		case there != nil:
			err = t.Calls.Dial(t.ctx, string(there.Line.Card().JSON()), false)
		}
		if err != nil {
			s.note(a.name, "cannot call: %v", err)
		}
	})
}

// keepHouse is what people do beside calls.
func (a *actor) keepHouse(kind int, friend *actor, choice uint64) {
	s := a.s
	pick := func() *tab {
		if len(a.tabs) == 0 {
			return nil
		}
		return a.tabs[choice%uint64(len(a.tabs))]
	}
	switch {
	case kind < 15:
		if t := pick(); t != nil {
			s.note(s.seat(t).who(), "is to have the line")
			t.UseHere()
		}
	case kind < 25:
		a.open()
	case kind < 33:
		if t := pick(); t != nil {
			a.leave(t, false)
		}
	case kind < 45:
		if t := a.inLine(); t != nil {
			a.reload(t)
		}
	default:
		if t := a.inLine(); t != nil {
			a.change(t, kind, friend, choice)
		}
	}
}

func (a *actor) reload(t *tab) {
	a.leave(t, false)
	a.open()
}

// change changes what is stored.
func (a *actor) change(t *tab, kind int, friend *actor, choice uint64) {
	s := a.s
	who := s.seat(t).who()
	do := func(what string, f func() error) {
		s.note(who, "%s", what)
		if choice%5 == 0 { // the line goes away meanwhile
			s.after(time.Duration(choice>>8)%(40*time.Millisecond), func() { a.useAnother(t) })
		}
		s.beside(func() {
			if err := f(); err != nil {
				s.note(who, "%s: %v", what, err)
			}
		})
	}
	switch {
	case kind < 55:
		if _, known := t.book.Contact(friend.identity); !known { // a card that came before was a stranger's
			s.mu.Lock()
			a.addedLater[friend] = true
			s.mu.Unlock()
		}
		do("renames "+friend.name, func() error {
			return t.Contacts.SaveContact(friend.identity, fmt.Sprint(friend.name, choice%100))
		})
	case kind < 63:
		do("blocks "+friend.name, func() error { return a.block(t, friend, choice%4 > 0) })
	case kind < 69:
		s.mu.Lock()
		a.deleted[friend] = true
		delete(a.blocked, friend)
		s.mu.Unlock()
		do("deletes "+friend.name, func() error { return t.Contacts.DeleteContact(t.ctx, friend.identity) })
	case kind < 77:
		do("changes settings", func() error { return a.set(t, choice) })
	case kind < 87:
		s.mu.Lock()
		a.renewed = true
		s.mu.Unlock()
		do("has a new number", func() error { _, _, err := t.Announcer.NewNumber(t.ctx); return err })
	case kind < 92:
		do("looks at what was missed", func() error { t.Contacts.CallsSeen(); t.Conversations.TextsSeen(friend.identity); return nil })
	case kind < 96 || a.archive == nil:
		do("exports", func() (err error) { a.archive, err = t.Archiver.Export(t.ctx, "a passphrase"); return err })
	default:
		do("imports", func() error { return a.imports(t, a.archive) })
	}
}

// set changes the settings.
func (a *actor) set(t *tab, choice uint64) error {
	settings := Settings{Name: fmt.Sprint(a.name, choice%100), RingTone: true, Early: choice%3 > 0, ContactsOnly: choice%7 < 3}
	err := t.Preferences.SetSettings(t.ctx, settings)
	s := a.s
	s.mu.Lock()
	defer s.mu.Unlock()
	a.only = time.Time{}
	if err == nil && settings.ContactsOnly && !a.faulty && s.seatLocked(t).has {
		a.only = time.Now()
	}
	return err
}

// block blocks somebody, or takes that back.
func (a *actor) block(t *tab, friend *actor, blocked bool) error {
	err := t.Contacts.Block(friend.identity, blocked)
	s := a.s
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(a.blocked, friend)
	a.drops = a.drops || blocked
	if err == nil && blocked && !a.faulty && s.seatLocked(t).has {
		a.blocked[friend] = time.Now()
	}
	return err
}

// imports reads what the same browser has exported.
func (a *actor) imports(t *tab, file []byte) error {
	archive, _, err := t.Archiver.OpenArchive(t.ctx, "a passphrase", file)
	if err != nil {
		return err
	}
	return t.Archiver.Import(t.ctx, archive)
}

// react decides what a person does about where a call is; s.mu is held.
func (a *actor) react(t *tab, c call.Call) {
	s := a.s
	if s.calm || s.failure != "" {
		return
	}
	a.moves++
	pick, delay := s.draw('r', a.i, a.moves)%100, s.drawTime(0, 6*time.Second, 'd', a.i, a.moves)
	switch {
	case s.chance(0.1, 'x', a.i, a.moves):
		delay *= 8 // up to 48 s: after it has rung
	case s.chance(0.3, 'y', a.i, a.moves):
		delay /= 100
	}
	do := func(what string, f func()) { a.later(t, delay, what, f) }
	switch rings := c.State == call.Ringing && !c.Outgoing; {
	case rings && pick < 45:
		do("answers", func() { t.Calls.Answer(c.ID) })
	case rings && pick < 55:
		do("declines", func() { t.Calls.Decline(c.ID) })
	case rings && pick < 65:
		do("answers by the notification", func() { a.click(ClickAnswer, c.ID) })
	case rings && pick < 70:
		do("declines by the notification", func() { a.click(ClickDecline, c.ID) })
	case rings && pick < 78:
		do("is reloaded while it rings", func() { a.reload(t) })
	case rings && pick < 88:
		do("loses the line while it rings", func() { a.useAnother(t) })
	case c.State == call.Connected && pick < 40:
		do("hangs up", t.Calls.HangUp)
	case c.State == call.Connected && pick < 70:
		do("writes", func() { a.write(t); delay /= 2; s.mu.Lock(); a.react(t, c); s.mu.Unlock() })
	case c.State == call.Connected && pick < 80:
		n := a.moves
		do("sends a file", func() { a.sendFile(t, n) })
	case c.State == call.Connected && pick > 92:
		do("sends again what was lost", func() { a.writeAgain(t) })
	case c.State == call.Connected && pick < 86:
		do("loses the line while it talks", func() { a.useAnother(t) })
	case !isOver(c) && c.Outgoing && pick > 90:
		do("gives up", t.Calls.HangUp)
	}
}

// followWaiting checks a call that is shown during another, and decides what the person does
// about it; s.mu is held.
func (s *simulation) followWaiting(x *seat, t *tab, c call.Call) {
	s.noteLocked(x.who(), "call %s waits: %v", c.ID.String()[:4], c.State)
	if c.State != call.Ringing {
		return
	}
	s.count("waiting calls")
	if isOver(x.now) || !c.Known {
		s.failLocked("%s sees a call of %q wait, and is in none: %v", x.who(), c.Name, x.now.State)
	}
	x.actor.reactWaiting(t, c)
}

func (a *actor) reactWaiting(t *tab, c call.Call) {
	s := a.s
	if s.calm || s.failure != "" {
		return
	}
	a.moves++
	pick, delay := s.draw('W', a.i, a.moves)%100, s.drawTime(0, 6*time.Second, 'w', a.i, a.moves)
	switch {
	case pick < 30:
		a.later(t, delay, "ends the call and answers", func() { t.Calls.Answer(c.ID) })
	case pick < 40:
		a.later(t, delay, "does so by the notification", func() { a.click(ClickAnswer, c.ID) })
	case pick < 55:
		a.later(t, delay, "declines what waits", func() { t.Calls.Decline(c.ID) })
	case pick < 65:
		a.later(t, delay, "hangs up, so that it rings", t.Calls.HangUp)
	case pick < 75:
		a.later(t, delay, "is reloaded while it waits", func() { a.reload(t) })
	case pick < 85:
		a.later(t, delay, "loses the line while it waits", func() { a.useAnother(t) })
	}
}

// later has a person do something with a tab, unless that is gone by then; s.mu is held.
func (a *actor) later(t *tab, delay time.Duration, what string, f func()) {
	s := a.s
	s.pending++
	time.AfterFunc(delay, func() {
		s.acts <- func() {
			if x := s.seat(t); !x.gone && !s.isCalm() {
				s.note(x.who(), "%s", what)
				f()
			}
			s.wait(-1)
		}
	})
}

// useAnother uses the line in another tab, an open one if there is one.
func (a *actor) useAnother(t *tab) {
	i := slices.IndexFunc(a.tabs, func(x *tab) bool { return x != t })
	if i >= 0 {
		a.tabs[i].UseHere()
	} else if x := a.open(); x != nil {
		x.UseHere()
	}
}

// notified is what a person does about the notification of a call, while no tab is open.
func (a *actor) notified(m push) {
	s := a.s
	s.mu.Lock()
	defer s.mu.Unlock()
	a.moves++
	if s.calm || len(a.tabs) > 0 || s.chance(0.2, 'N', a.i, a.moves) {
		return
	}
	click, delay := []string{"", ClickAnswer, ClickDecline}[s.draw('C', a.i, a.moves)%3], s.drawTime(0, 20*time.Second, 'n', a.i, a.moves)
	s.pending++
	time.AfterFunc(delay, func() {
		s.acts <- func() {
			s.note(a.name, "clicks the notification: %q", click)
			if click != "" {
				a.click(click, m.message.Call)
			}
			if len(a.tabs) == 0 {
				a.open()
			}
			s.wait(-1)
		}
	})
}

// write writes some texts to the friend of the call.
func (a *actor) write(t *tab) {
	s := a.s
	s.mu.Lock()
	var texts []string
	now := s.seatLocked(t).now
	for range 1 + s.draw('w', a.i, a.moves)%3 {
		n := len(s.texts)
		x := &simulatedText{from: a, to: s.actorOf(now.Remote.Identity), number: n}
		text := fmt.Sprintf("%s's %d", a.name, n)
		s.texts[text] = x
		texts = append(texts, text)
	}
	s.mu.Unlock()
	for _, text := range texts {
		t.Conversations.SendText(text)
	}
}

// writeAgain sends again what the friend has not had of the calls before.
func (a *actor) writeAgain(t *tab) {
	var lost []call.Text
	t.view.note(func() {
		for _, x := range t.view.earlier {
			if x.Mine && !x.Arrived {
				lost = append(lost, x)
			}
		}
	})
	with := a.s.seat(t).now.Remote.Identity
	for _, x := range lost {
		t.Conversations.SendAgain(with, x)
	}
}

// sendFile offers a file of some megabytes.
func (a *actor) sendFile(t *tab, n uint64) {
	s := a.s
	from := &testSource{Source: filestest.Source{Title: fmt.Sprint(a.name, n), Octets: int64(n) << 19, Seed: byte(n)}}
	s.mu.Lock()
	s.files[from.Title] = from
	s.mu.Unlock()
	t.Files.SendFile(from)
}

// accept takes a file that is offered; s.mu is held.
func (a *actor) accept(t *tab, f shownFile) {
	s := a.s
	s.pending++
	go func() {
		if err := t.Files.AcceptFile(t.ctx, f.File, false); err != nil {
			s.note(a.name, "cannot accept: %v", err)
		}
		s.wait(-1)
	}()
}

func isOver(c call.Call) bool { return c.State == call.Idle || c.State == call.Ended }

// knowledge is what a tab shows of what is stored.
type knowledge struct {
	contacts []phonebook.Contact
	records  []phonebook.Record
	unread   map[webpush.PublicKey]int
}
