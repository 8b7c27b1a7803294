package call

import (
	"context"
	"crypto/sha256"
	"time"

	"pushcall/files"
	"pushcall/signaling"
	"pushcall/webpush"
)

// cheapSigner signs with a hash, since the simulation does not test signatures.
type cheapSigner struct{ key webpush.PublicKey }

func (c cheapSigner) Public() webpush.PublicKey { return c.key }

func (c cheapSigner) Sign(_ context.Context, message []byte) ([]byte, error) {
	h := sha256.New()
	h.Write(c.key.Bytes())
	h.Write(message)
	sum := h.Sum(nil)
	return append(sum, sum...), nil
}

func cheapVerify(ctx context.Context, key webpush.PublicKey, message, signature []byte) error {
	want, _ := cheapSigner{key}.Sign(ctx, message)
	if string(want) != string(signature) {
		return webpush.ErrSignature
	}
	return nil
}

// person has a phone and a phone book, and decides by themselves.
type person struct {
	*user
	s    *simulation
	i    uint64
	name string
	book Book
	skew time.Duration // of this person's clock

	// The simulation's mutex guards what follows.
	open     bool     // the page is there
	inbox    [][]byte // what came while it was not
	ringing  []kept   // offers that ring, for the next page
	now      Call
	waits    signaling.CallID // the call that waits; zero for none
	media    Media            // as the person wants it, and told the phone
	since    time.Time        // of the state now
	pressed  map[*person]bool // whom this person wants to call, or called while they rang
	pages    int              // so many there were
	moves    uint64           // so many times a call moved on
	pushed   map[signaling.Type]uint64
	said     map[messageKey]int // how often, by this phone
	crashed  bool               // the browser did once: it may not know of calls that ended
	vanished bool               // the browser crashed, or broke the page off: nothing leaves the phone that is still there
}

// kept is an offer that stays in the inbox while it rings.
type kept struct {
	call    signaling.CallID
	payload []byte
}

// cast gives everybody a phone and some of them contacts.
func (s *simulation) cast(cast []role) {
	n := 2
	if s.random.IntN(4) == 0 {
		n = 3
	}
	for k, i := range s.random.Perm(len(cast))[:n] {
		p := &person{s: s, i: uint64(k), name: cast[i].name, open: true, pressed: map[*person]bool{}, pushed: map[signaling.Type]uint64{}}
		p.user = &user{world: s.world, signer: cast[i].signer, card: cast[i].card, early: s.random.IntN(3) > 0}
		p.book = NewBook(BookWatcher{func(Contact) {}, func(webpush.PublicKey) {}, func(Call) {}})
		if s.faults.skewed {
			p.skew = time.Duration(s.random.Int64N(int64(90*time.Second))) - 45*time.Second
		}
		s.people = append(s.people, p)
		s.world.lines[p.card.Subscription.UAPublic] = p.user
	}
	for _, p := range s.people {
		for _, friend := range s.people {
			if p != friend && s.random.IntN(2) == 0 {
				contact := Contact{Card: friend.card, Name: friend.name}
				if s.random.IntN(2) == 0 {
					contact.Told = CardDigest(p.card)
					friend.book.Add(p.card)
				}
				p.book.Load(append(p.book.Contacts(), contact)...)
			}
		}
	}
	for _, p := range s.people {
		p.phone = newPhone(p.config())
	}
}

func (p *person) config() Config {
	c := p.user.config()
	c.Contact, c.CardOf, c.Logged = p.book.ForPhone, p.book.CardOf, p.book.Logged
	c.Push = p.push
	c.OnCall, c.OnWaiting = p.onCall, p.onWaiting
	p.pages++
	page := p.pages
	c.OnText = func(x Text) { p.onText(x, page) }
	c.OnArrived = func(number int) { p.onArrived(number, page) }
	c.OnLost = func(from int) { p.onLost(from, page) }
	c.OnFile = func(f files.File) { p.onFile(f, page) }
	c.OnMissed = func(m Missed) {
		p.s.note(p.name, "has missed %v", named{p.s, m.ID})
		p.book.Missed(m)
		p.s.missed(p, m.ID)
	}
	c.OnCard = p.book.NewCard
	c.OnDrop = func(err error) {
		p.s.mu.Lock()
		defer p.s.mu.Unlock()
		p.s.noteLocked(p.name, "drops: %v", err)
		p.tidy()
	}
	return c
}

func (p *person) push(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) error {
	return p.user.push(ctx, to, payload, options)
}

func (s *simulation) person(u *user) *person {
	for _, p := range s.people {
		if p.user == u {
			return p
		}
	}
	return nil
}

// friend returns the owner of a card, which may be a plain subscription.
func (s *simulation) friend(card signaling.Card) *person {
	return s.person(s.world.lines[card.Subscription.UAPublic])
}

func (p *person) politeTo() string {
	names := "nobody"
	for _, other := range p.s.people {
		if other != p && polite(p.card.Identity, other.card.Identity) {
			names += " but " + other.name
		}
	}
	return names
}

// dial presses Call.
func (p *person) dial(friend *person, plain bool) {
	card := friend.card
	if plain {
		card = signaling.Card{Subscription: card.Subscription}
	}
	still := p.stillFor() > 0 // a press would wait, and be for what is shown by then
	p.s.mu.Lock()
	if !p.open || still {
		p.s.mu.Unlock()
		return
	}
	p.s.noteLocked(p.name, "dials %s, plain %v", friend.name, plain)
	p.pressed[friend] = true
	if p.now.State == Ringing && !p.now.Outgoing && p.s.friend(p.now.Remote) == friend {
		p.s.side(p, p.now.ID).consent = true
	}
	p.s.mu.Unlock()
	p.book.Add(card)
	p.phone.Dial(card)
}

func (p *person) hangUp() {
	p.s.note(p.name, "hangs up, at the end")
	p.phone.HangUp()
}

// leave closes the page, in one way or another, and opens it again.
func (p *person) leave(crash bool) {
	s := p.s
	time.Sleep(p.stillFor())
	s.mu.Lock()
	if !p.open {
		s.mu.Unlock()
		return
	}
	cut := !crash && s.chance(0.3, 'c', p.i, p.moves)
	s.noteLocked(p.name, "closes the page, crash %v, broken off %v", crash, cut)
	p.open = false
	for _, x := range p.ringing {
		p.inbox = append(p.inbox, x.payload)
	}
	p.ringing = nil
	s.notePageGone(p)
	p.vanished = crash || cut
	p.crashed = p.crashed || p.vanished
	s.mu.Unlock()
	if crash || cut {
		s.world.killOf(p.user)
	}
	browserFirst := s.chance(0.5, 'f', p.i, p.moves)
	if !crash && browserFirst {
		p.hide()
	}
	if !crash && !cut {
		p.phone.Leave()
		synctestWaitLoop(p.phone)
	}
	if !crash && !browserFirst {
		p.hide()
	}
	p.phone.Close()
	s.after(s.drawTime(0, 8*time.Second, 'l', p.i, p.moves), p.comeBack)
}

// synctestWaitLoop waits until the posted functions have run.
func synctestWaitLoop(p *Phone) {
	done := make(chan struct{})
	p.loop.Post(func() { close(done) })
	<-done
}

// comeBack opens the page, with a new phone.
func (p *person) comeBack() {
	s := p.s
	s.mu.Lock()
	s.noteLocked(p.name, "opens the page")
	s.noteIdle(p)
	p.vanished, p.open, p.said, p.media = false, true, nil, Media{}
	p.phone = newPhone(p.config())
	inbox := p.inbox
	p.inbox = nil
	s.mu.Unlock()
	for _, payload := range inbox {
		s.arrive(p, payload)
	}
}

// onCall is what the page shows. The person may act on it.
func (p *person) onCall(c Call) {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noteLocked(p.name, "%v %v %v %v", named{s, c.ID}, c.State, c.Reason, c.Err)
	if c.State == Idle {
		s.noteIdle(p)
		return
	}
	if !p.vanished {
		p.book.Follow(c, p.card)
	}
	before := p.now
	s.follow(p, c)
	if c.State == before.State && c.ID == before.ID {
		return
	}
	p.moves++
	if s.failure == "" && p.open {
		p.react(c)
	}
}

// onWaiting is what the page shows of a call that waits. The person may act on it.
func (p *person) onWaiting(c Call) {
	s, phone := p.s, p.phone
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noteLocked(p.name, "%v waits: %v", named{s, c.ID}, c.State)
	p.waits = signaling.CallID{}
	defer p.tidy()
	if c.State != Ringing {
		return
	}
	p.waits = c.ID
	if !c.Known || isOver(p.now.State) {
		s.failLocked("%s sees a call of %q wait, while %v", p.name, c.Name, p.now.State)
	}
	s.call(c.ID).waited = true
	p.moves++
	if s.failure != "" || !p.open {
		return
	}
	delay := s.drawTime(0, 8*time.Second, 'w', p.i, p.moves)
	switch pick := s.draw('W', p.i, p.moves) % 100; {
	case pick < 40:
		p.do(delay, "ends the call and answers", func() { s.consent(p, c.ID); phone.Answer(c.ID) })
	case pick < 60:
		p.do(delay, "declines what waits", func() { phone.Decline(c.ID) })
	case pick < 75:
		p.do(delay, "hangs up, so that it rings", phone.HangUp)
	}
}

// do has the person do something later, unless the page is gone by then; s.mu is held.
func (p *person) do(d time.Duration, what string, f func()) {
	s, phone := p.s, p.phone
	s.pending++
	time.AfterFunc(d, func() {
		s.mu.Lock()
		s.pending--
		same := p.open && p.phone == phone
		if same {
			s.noteLocked(p.name, "%s", what)
		}
		s.mu.Unlock()
		if same {
			f()
		}
	})
}

// react decides how the person reacts to the state of the call.
func (p *person) react(c Call) {
	s := p.s
	phone := p.phone
	do := p.do
	pick := s.draw('r', p.i, p.moves) % 100
	delay := s.drawTime(0, 8*time.Second, 'd', p.i, p.moves)
	if s.chance(0.2, 'x', p.i, p.moves) {
		delay = delay * 6 // up to 48 s: after it has rung
	} else if s.chance(0.3, 'y', p.i, p.moves) {
		delay = delay / 100
	}
	switch {
	case c.State == Ringing && !c.Outgoing && pick < 65:
		do(delay, "answers", func() { s.consent(p, c.ID); phone.Answer(c.ID) })
	case c.State == Ringing && !c.Outgoing && pick < 80:
		do(delay, "declines", func() { phone.Decline(c.ID) })
	case c.State == Connected && pick < 50:
		do(delay, "hangs up", phone.HangUp)
	case c.State == Connected && pick < 60:
		move := p.moves
		do(delay/4, "sends a file", func() { p.sendFile(move) })
	case c.State == Connected && pick < 80:
		m := Media{Microphone: pick%2 == 0, Camera: pick%3 == 0, Screen: pick%5 == 0}
		do(delay/4, "changes what is sent", func() { p.send(m) })
	case c.State == Connected:
		move := p.moves
		do(delay/4, "writes", func() { p.write(phone, move) })
	case (c.State == Dialing || c.State == Ringing || c.State == Connecting) && pick > 90:
		do(delay, "gives up", phone.HangUp)
	}
}

// send sets the media that this person sends.
func (p *person) send(m Media) {
	p.s.mu.Lock()
	p.media = m
	p.s.mu.Unlock()
	p.phone.SetMedia(m)
}
