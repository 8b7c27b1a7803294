package call

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pushcall/files"
	"pushcall/signaling"
	"pushcall/webpush"
)

// human is a person in a world with Mallory, who has a phone and a phone book and decides by
// themselves. It records the person's intentions that the invariants need.
type human struct {
	*user
	a    *attack
	i    uint64
	name string
	book Book

	// The simulation's mutex guards what follows.
	claims string // what this person calls themselves
	now    Call
	moves  uint64

	called    map[webpush.PublicKey]time.Time         // identities that the person has called, since the last call ended
	recent    map[webpush.PublicKey]time.Time         // and during that, or answered, and when it ended
	addresses map[webpush.Subscription]time.Time      // and where
	answered  map[signaling.CallID]webpush.PublicKey  // whom they answered
	adds      map[webpush.PublicKey]bool              // identities that the person made contacts
	words     map[webpush.PublicKey][]word            // what identities have said of their cards
	moved     map[webpush.PublicKey]webpush.PublicKey // to which old ones have signed over
	kept      map[webpush.PublicKey]storedCard
	came      map[signaling.CallID][]webpush.PublicKey  // who has sent messages of a call
	links     map[signaling.CallID]justified            // calls that may have this person's candidates
	waiting   map[signaling.CallID]waiting              // contacts' offers that have to ring
	waited    map[signaling.CallID]bool                 // calls that were shown during another
	shown     map[signaling.CallID]int                  // calls, and how often before they were taken
	newest    map[webpush.PublicKey]time.Time           // when identities say that they said something last
	rangAt    map[signaling.CallID]webpush.Subscription // where the callers were known to be
	rangFrom  map[signaling.CallID]time.Time            // when they began to ring
	over      map[signaling.CallID]time.Time            // when calls have ended here, or were cancelled
	counts    map[caused]int
	read      safety                                 // the safety words as they were read last
	rows      map[signaling.CallID]webpush.PublicKey // contacts' calls in the list
}

// justified is the reason for which a call may have this person's candidates.
type justified struct {
	outgoing  bool
	identity  webpush.PublicKey
	addresses []webpush.Subscription // to push them to
}

// word is a card that an identity has signed, and the time of it by their clock.
type word struct {
	card signaling.Card
	at   time.Time
}

// storedCard is a contact's card in the book.
type storedCard struct {
	card    signaling.Card
	at      time.Time // of the word that it is; zero where it was pasted
	blocked bool
}

// castHumans gives everybody a phone and some of them contacts.
func (a *attack) castHumans(cast malloryCast) {
	n := 2
	if a.random.IntN(4) == 0 {
		n = 3
	}
	for k, i := range a.random.Perm(len(cast.people))[:n] {
		h := &human{a: a, i: uint64(k), name: cast.people[i].name, claims: cast.people[i].name,
			called: map[webpush.PublicKey]time.Time{}, recent: map[webpush.PublicKey]time.Time{}, addresses: map[webpush.Subscription]time.Time{},
			answered: map[signaling.CallID]webpush.PublicKey{}, adds: map[webpush.PublicKey]bool{},
			words: map[webpush.PublicKey][]word{}, moved: map[webpush.PublicKey]webpush.PublicKey{}, kept: map[webpush.PublicKey]storedCard{},
			came: map[signaling.CallID][]webpush.PublicKey{}, links: map[signaling.CallID]justified{},
			waiting: map[signaling.CallID]waiting{}, waited: map[signaling.CallID]bool{}, shown: map[signaling.CallID]int{}, counts: map[caused]int{},
			over: map[signaling.CallID]time.Time{}, newest: map[webpush.PublicKey]time.Time{}, rangAt: map[signaling.CallID]webpush.Subscription{}, rangFrom: map[signaling.CallID]time.Time{}, rows: map[signaling.CallID]webpush.PublicKey{}}
		h.user = &user{world: a.world, signer: cast.people[i].signer, card: cast.people[i].card, early: a.random.IntN(3) > 0, contactsOnly: a.random.IntN(4) == 0}
		h.book = NewBook(BookWatcher{h.contactSaved, h.contactDeleted, h.callSaved})
		a.humans = append(a.humans, h)
	}
	for _, h := range a.humans {
		for _, friend := range a.humans {
			if h != friend && a.random.IntN(4) > 0 {
				h.befriend(friend.card, a.random.IntN(2) == 0)
			}
		}
		h.phone = newPhone(h.config())
	}
}

// befriend puts a card into the book, as of somebody who has been called before
// or never was.
func (h *human) befriend(card signaling.Card, heard bool) {
	c := Contact{Card: card, Name: "my " + card.Name}
	if heard {
		c.Told, c.CardTime = CardDigest(h.ownCard()), time.Now().Add(-time.Hour)
	}
	h.kept[card.Identity] = storedCard{card: card, at: c.CardTime}
	h.book.Load(append(h.book.Contacts(), c)...)
}

func (h *human) knownNames() string {
	var names []string
	for _, c := range h.book.Contacts() {
		names = append(names, fmt.Sprintf("%s (%s)", c.Name, h.a.whose(c.Card.Identity)))
	}
	return strings.Join(names, ", ")
}

// whose tells whose an identity is, in a story.
func (a *attack) whose(identity webpush.PublicKey) string {
	if h := a.owner(identity); h != nil {
		return h.name
	}
	if i := slices.IndexFunc(a.mallory.identities, func(s cheapSigner) bool { return s.key == identity }); i >= 0 {
		return fmt.Sprint("mallory ", i)
	}
	return "nobody"
}

func (h *human) ownCard() signaling.Card {
	card := h.card
	card.Name = h.claims
	return card
}

func (h *human) config() Config {
	c := h.user.config()
	c.Card = func() signaling.Card {
		h.a.mu.Lock()
		defer h.a.mu.Unlock()
		return h.ownCard()
	}
	c.ContactsOnly = func() bool {
		h.a.mu.Lock()
		defer h.a.mu.Unlock()
		return h.contactsOnly
	}
	c.Contact, c.CardOf, c.Logged = h.book.ForPhone, h.book.CardOf, h.book.Logged
	c.NewPeer, c.Push = h.newPeerChecked, h.pushChecked
	c.Prepare = func(context.Context, signaling.Card, []byte, webpush.Options) (func() func(), error) {
		return func() func() { return func() {} }, nil
	}
	c.OnHurry = func(context.Context) {}
	c.OnWaiting = h.onWaiting
	c.OnCall, c.OnText, c.OnFile = h.onCall, h.onText, func(files.File) {}
	c.OnMissed, c.OnMoved, c.OnCard = h.onMissed, h.onMoved, func(m signaling.Message) { h.checkCard(m); h.book.NewCard(m) }
	c.OnDrop = func(err error) { h.a.note(h.name, "drops: %v", err) }
	return c
}

// callContact presses Call on a contact.
func (h *human) callContact(identity webpush.PublicKey) {
	card, found := h.book.CardOf(identity)
	if !found {
		return
	}
	h.a.note(h.name, "calls %s", h.a.whose(identity))
	h.press(card)
}

// paste calls the owner of a card that came from anywhere.
func (h *human) paste(card signaling.Card, what string) {
	h.a.note(h.name, "pastes %s and calls", what)
	h.makeContact(card)
	h.press(card)
}

// makeContact makes the owner of a card a contact.
func (h *human) makeContact(card signaling.Card) {
	h.a.mu.Lock()
	h.adds[card.Identity] = true
	h.a.mu.Unlock()
	h.book.Add(card)
}

// press calls, and records whom the person calls: an identity, if there is one, at its stored
// address. If the card has another address, the person is told, and then mostly calls the
// stored one.
func (h *human) press(card signaling.Card) {
	h.phone.loop.Post(func() {
		dialed, elsewhere, err := h.book.ToDial(card)
		if err != nil && !elsewhere {
			return
		}
		h.a.mu.Lock()
		meant := card
		if stored, known := h.kept[card.Identity]; known {
			meant = stored.card
		}
		if elsewhere {
			insists := h.a.chance(0.2, 'I', h.i, h.moves)
			h.a.noteLocked(h.name, "is told of another address, insists %v", insists)
			if insists {
				meant = card
			}
			dialed = meant
		}
		h.a.did("a person calls")
		h.addresses[meant.Subscription] = time.Now()
		h.called[card.Identity] = time.Now() // zero: whoever is at the address
		h.a.mu.Unlock()
		h.phone.dial(dialed)
	})
}

// answer answers the call that rings.
func (h *human) answer(c Call) {
	h.a.mu.Lock()
	h.answered[c.ID] = c.Remote.Identity
	h.a.did("a person answers")
	h.a.mu.Unlock()
	h.phone.Answer(c.ID)
}

// rename changes what the person calls themselves, and tells the contacts.
func (h *human) rename(name string) {
	h.a.mu.Lock()
	h.claims = name
	card := h.ownCard()
	h.a.noteLocked(h.name, "is %q from now on", name)
	h.a.mu.Unlock()
	for _, c := range h.book.Contacts() {
		m := signaling.Message{Type: signaling.CardChanged, Call: signaling.NewCallID(), Card: &card}
		go func() { _ = h.phone.Tell(context.Background(), c.Card, m) }()
	}
}

// onCall is what the page shows. The person may act on it.
func (h *human) onCall(c Call) {
	a := h.a
	if c.State != Idle {
		h.book.Follow(c, h.cardNow())
		h.checkList()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.noteLocked(h.name, "%v with %s, known %v %q, outgoing %v: %v %v", c.State, a.whose(c.Remote.Identity), c.Known, c.Name, c.Outgoing, c.Reason, c.Err)
	before := h.now
	h.now = c
	h.checkCall(before, c)
	if isOver(c.State) {
		h.over[c.ID] = time.Now()
		now := time.Now()
		if identity := h.answered[c.ID]; !identity.IsZero() {
			h.recent[identity] = now
		}
		for identity, at := range h.called {
			if at.Before(now) {
				delete(h.called, identity)
				h.recent[identity] = now
			}
		}
		for address, at := range h.addresses {
			if at.Before(now) {
				delete(h.addresses, address)
			}
		}
	}
	if c.State == before.State && c.ID == before.ID {
		return
	}
	if c.State == Connected { // they read the words to each other
		time.AfterFunc(500*time.Millisecond, func() { h.phone.loop.Post(func() { h.inspectNow("once they talk") }) })
	}
	h.moves++
	h.react(c)
}

// onWaiting is what the page shows of a call that waits. The person may act on it.
func (h *human) onWaiting(c Call) {
	a := h.a
	a.mu.Lock()
	defer a.mu.Unlock()
	a.noteLocked(h.name, "a call of %s waits: %v", a.whose(c.Remote.Identity), c.State)
	if c.State != Ringing {
		return
	}
	h.checkWaiting(c)
	h.moves++
	pick := a.draw('W', h.i, h.moves) % 100
	delay := a.drawTime(100*time.Millisecond, 6*time.Second, 'w', h.i, h.moves)
	switch {
	case pick < 40:
		time.AfterFunc(delay, func() { h.answer(c) })
	case pick < 60:
		time.AfterFunc(delay, func() { h.phone.Decline(c.ID) })
	}
}

// cardNow returns the phone's own card.
func (h *human) cardNow() signaling.Card {
	h.a.mu.Lock()
	defer h.a.mu.Unlock()
	return h.ownCard()
}

// react decides how the person reacts to the state of the call; a.mu is held.
func (h *human) react(c Call) {
	a := h.a
	pick := a.draw('r', h.i, h.moves) % 100
	delay := a.drawTime(100*time.Millisecond, 6*time.Second, 'd', h.i, h.moves)
	do := func(what string, f func()) {
		time.AfterFunc(delay, func() {
			a.note(h.name, "%s", what)
			f()
		})
	}
	switch {
	case c.State == Ringing && !c.Outgoing && pick < 40:
		do("answers", func() { h.answer(c) })
	case c.State == Ringing && !c.Outgoing && pick < 65:
		do("declines", func() { h.phone.Decline(c.ID) })
	case c.State == Ringing && !c.Outgoing && pick < 75 && c.Known: // presses Call on who calls
		do("calls back while it rings", func() { h.callContact(c.Remote.Identity) })
	case c.State == Connected && pick < 60:
		do("hangs up", h.phone.HangUp)
	case c.State == Connected:
		do("says hello", func() { h.phone.SendText("hello") })
	case c.State == Ended && !c.Outgoing && !c.Known && pick < 10 && !c.Remote.Identity.IsZero():
		do("keeps who called", func() { h.makeContact(c.Remote) })
	case c.State == Ended && c.Known && pick > 95:
		do("blocks", func() { h.block(c.Remote.Identity) })
	}
}

func (h *human) block(identity webpush.PublicKey) {
	h.book.Block(identity)
}

func (h *human) onText(x Text) {
	if x.Mine {
		return
	}
	h.a.mu.Lock()
	defer h.a.mu.Unlock()
	h.checkText()
}

func (h *human) onMissed(m Missed) {
	h.a.mu.Lock()
	h.a.noteLocked(h.name, "has missed %s", h.a.whose(m.Identity))
	h.checkMissed(m)
	h.a.mu.Unlock()
	h.book.Missed(m)
	h.checkList()
}

func (h *human) onMoved(from, to webpush.PublicKey) {
	h.a.mu.Lock()
	h.a.noteLocked(h.name, "follows %s to %s", h.a.whose(from), h.a.whose(to))
	h.moveCounts(from, to)
	h.a.mu.Unlock()
	h.book.Move(from, to)
}

// pushChecked gives a message to the push network.
func (h *human) pushChecked(ctx context.Context, to signaling.Card, payload []byte, _ webpush.Options) error {
	m, err := signaling.Open(ctx, payload, to.Subscription.UAPublic, cheapVerify)
	if err != nil {
		h.a.fail("%s pushed what cannot be opened: %v", h.name, err)
		return nil
	}
	h.a.mu.Lock()
	h.a.noteLocked(h.name, "pushes %s round %d to %s, readable by %s", m.Type, m.Round, to.Subscription.Endpoint, h.a.readerName(to))
	h.checkPush(m, to)
	h.a.mu.Unlock()
	return h.a.mallory.carry(h, sealed{to.Subscription, payload, m, false})
}

func (a *attack) readerName(card signaling.Card) string {
	if h := a.reader(card.Subscription.UAPublic); h != nil {
		return h.name
	}
	return "mallory"
}

// arrive delivers a message to the person's browser, which drops it unless it is encrypted
// for the person's key.
func (h *human) arrive(x sealed) {
	if x.to.UAPublic != h.card.Subscription.UAPublic {
		return
	}
	h.a.mu.Lock()
	h.a.noteLocked(h.name, "gets %s round %d of %s", x.message.Type, x.message.Round, h.a.whose(x.message.From))
	h.hear(x.message)
	h.a.mu.Unlock()
	h.phone.Deliver(x.payload)
	h.inspectAfter()
}
