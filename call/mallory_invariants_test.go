package call

import (
	"slices"
	"strings"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// invariants are the rules that no schedule with Mallory may break. Violations of a rule that
// does not hold yet are counted, and printed with a seed that shows one.
var invariants = map[string]invariant{
	"name":            {true, "a name is shown only for messages of that identity"},
	"card":            {true, "a stored card changes only by its identity's word"},
	"older card":      {true, "and never to an older one"},
	"address":         {true, "descriptions and the own card go only to whom the person called or answered, or to a contact where early connection is on"},
	"peer":            {true, "no peer connection is made but for them"},
	"in a call":       {true, "nobody else is in a call"},
	"contacts only":   {true, "nobody but contacts, and whom the person calls, rings where only contacts do"},
	"own call":        {true, "a person's own call gives way to nobody but whom it goes to, or who rings with the plain subscription that it goes to"},
	"over":            {true, "a call that has ended, or was cancelled, does not ring again"},
	"blocked":         {true, "nobody who is blocked rings"},
	"far end":         {true, "what is shown as an honest identity's comes from its owner's peer"},
	"words":           {true, "safety words are of both identities, the two certificates in use and the caller's secret, and of nothing else"},
	"equal words":     {true, "two people read the same words only where they know each other, and each one's certificate is what the other's peer uses"},
	"pushes":          {true, "what one sender, and all strangers, can have this side push is bounded"},
	"peers":           {true, "how many peer connections they have it make is"},
	"rings":           {true, "how often they ring is"},
	"notices":         {true, "how many missed calls they leave is"},
	"shows":           {true, "how often a call is shown anew before anybody has taken it is"},
	"candidates":      {true, "how many candidates a peer is given before anybody has taken the call, and how long they are, is"},
	"descriptions":    {true, "how long a description is that a peer is given in-band is"},
	"held":            {true, "what is remembered of messages and calls is"},
	"list":            {true, "strangers' calls push no contact's out of the list"},
	"contact rings":   {true, "a contact's call takes the place of a stranger's that nobody has answered"},
	"contact unheard": {true, "and rings where there is no call"},
	"waits":           {true, "nobody but a contact, in their own name, is shown during a call of both people's"},
}

type invariant struct {
	now  bool // it holds, and a schedule that breaks it fails
	says string
}

// safety has the safety words that a person reads in a call.
type safety struct {
	link        *link
	own, remote string // descriptions
	words       []string
	mine, far   *testPeer
	with        webpush.PublicKey
}

// mustHappen lists the events that the schedules have to contain, since invariants are about
// them.
var mustHappen = []string{"a person calls", "a person answers", "Mallory is connected", "people are connected", "Mallory speaks in-band",
	"a push is replayed", "a contact's offer comes", "words are read", "the list is full", "Mallory puts two people through", "a contact waits", "a person ends a call for another"}

// waiting is a contact's offer that has to ring.
type waiting struct {
	from  webpush.PublicKey
	since time.Time
	said  time.Time // by their clock
}

// hear records a message whose signature is valid, before the phone has it; a.mu is held.
func (h *human) hear(m signaling.Message) {
	before := slices.Contains(h.came[m.Call], m.From)
	if m.Time.After(h.newest[m.From]) {
		h.newest[m.From] = m.Time
	}
	h.came[m.Call] = append(h.came[m.Call], m.From)
	if m.Card != nil {
		h.words[m.From] = append(h.words[m.From], word{*m.Card, m.Time})
	}
	for _, s := range m.Succeeds.Successions() {
		h.moved[s.Old] = s.New
	}
	if _, contact := h.kept[m.From]; m.Type == signaling.Cancel && contact {
		h.over[m.Call] = time.Now()
	}
	stored, contact := h.kept[m.From]
	if m.Type == signaling.Offer && contact && !stored.blocked && !before && h.a.owner(m.From) != nil && m.Fresh(time.Now(), RingTime) == nil {
		h.a.did("a contact's offer comes")
		h.waiting[m.Call] = waiting{m.From, time.Now(), m.Time}
	}
}

// wants reports whether the person has called or answered an identity in a call; a.mu is
// held.
func (h *human) wants(id signaling.CallID, identity webpush.PublicKey) bool {
	_, called := h.called[identity]
	return called && !identity.IsZero() || h.answered[id] == identity && !identity.IsZero()
}

// newPeerChecked makes a peer, and checks that it is for an allowed call.
func (h *human) newPeerChecked(events PeerEvents) (Peer, error) {
	a, s := h.a, h.phone.session
	a.mu.Lock()
	j := justified{outgoing: s.outgoing, identity: s.remote.Identity}
	switch {
	case s.outgoing:
		for address := range h.addresses {
			j.addresses = append(j.addresses, address)
		}
		_, called := h.called[s.remote.Identity]
		_, anybody := h.called[webpush.PublicKey{}]
		if !called && !anybody {
			a.breaks("peer", "%s makes one for %s, whom nobody called", h.name, a.whose(s.remote.Identity))
		}
	default:
		j.identity = s.offer.From
		stored, contact := h.kept[j.identity]
		if !h.wants(s.id, j.identity) && !(h.early && contact && !stored.blocked) {
			a.breaks("peer", "%s makes one for %s, whom nobody called or answered", h.name, a.whose(j.identity))
		}
		j.addresses = append(j.addresses, stored.card.Subscription, h.rangAt[s.id])
		if !h.wants(s.id, j.identity) {
			h.causes("peers", j.identity)
		}
	}
	h.links[s.id] = j
	a.mu.Unlock()
	return h.user.newPeer(events)
}

// checkPush checks that a push has an allowed receiver; a.mu is held.
func (h *human) checkPush(m signaling.Message, to signaling.Card) {
	if m.Type == signaling.CardChanged || m.Type == signaling.Test {
		return
	}
	j, linked := h.links[m.Call]
	unasked := m.Type == signaling.Ringing || m.Type == signaling.Busy || m.Type == signaling.Waiting || m.Type == signaling.Cancel
	if (!linked || !j.outgoing) && unasked {
		if came := h.came[m.Call]; len(came) > 0 {
			h.causes("pushes", came[len(came)-1])
		}
	}
	if m.Description == nil && m.Card == nil {
		return
	}
	told := func(w word) bool { return w.card.Subscription == to.Subscription }
	switch {
	case !linked:
		h.a.breaks("address", "%s describes itself in no call", h.name)
	case slices.Contains(j.addresses, to.Subscription):
	case !j.identity.IsZero() && slices.ContainsFunc(h.words[j.identity], told):
	default:
		h.a.breaks("address", "%s pushes %s, meant for %s, to %s, where %s reads it", h.name, m.Type, h.a.whose(j.identity), to.Subscription.Endpoint, h.a.readerName(to))
	}
}

// checkCall checks the call that OnCall shows; a.mu is held.
func (h *human) checkCall(before, c Call) {
	a, identity := h.a, c.Remote.Identity
	if c.State == Idle {
		return
	}
	if c.Known && !c.Outgoing && !slices.Contains(h.came[c.ID], identity) {
		a.breaks("name", "%s sees %q, who never said anything of that call", h.name, c.Name)
	}
	if _, known := h.kept[identity]; c.Known && !known {
		a.breaks("name", "%s sees %q for %s", h.name, c.Name, a.whose(identity))
	}
	if c.Since.IsZero() && !c.Outgoing && h.answered[c.ID].IsZero() {
		h.shown[c.ID]++
		if n := h.shown[c.ID]; n > bounds["shows"].contact.most(time.Since(a.begin)) {
			a.breaks("shows", "%s sees a call of %s change %d times", h.name, a.whose(identity), n)
		}
	}
	if at, anybody := h.called[webpush.PublicKey{}]; c.Outgoing && anybody && h.meansReaderOf(identity) { // who it is is known now
		h.called[identity] = at
	}
	h.checkOwnCall(before, c)
	if before.ID == c.ID && before.State == Ringing && !c.Outgoing && (c.State == Connecting || c.State == Connected) {
		h.forgive(identity)
	}
	if before.ID != c.ID && c.State == Connecting && h.waited[c.ID] {
		a.did("a person ends a call for another")
		h.counts[caused{"rings", identity, true}]--
	}
	delete(h.waiting, c.ID)
	switch {
	case c.State == Ringing && !c.Outgoing && (before.ID != c.ID || before.State != Ringing):
		h.checkRing(c)
	case c.State == Connecting || c.State == Connected || c.State == Reconnecting:
		h.checkWanted(c)
	}
	if c.State == Connected && before.State != Connected {
		if h.a.owner(identity) == nil {
			a.did("Mallory is connected")
		} else {
			a.did("people are connected")
		}
	}
}

// checkOwnCall checks that an outgoing call is dropped only for an offer of its callee. The
// callee of a plain subscription may be anybody who has the subscription: their offer rings.
// a.mu is held.
func (h *human) checkOwnCall(before, c Call) {
	if before.ID == c.ID || !before.Outgoing || isOver(before.State) || c.Outgoing || h.wants(c.ID, c.Remote.Identity) {
		return
	}
	claimed := before.Remote.Identity.IsZero() && before.Remote.Subscription.UAPublic == c.Remote.Subscription.UAPublic
	if !claimed || c.State != Ringing {
		h.a.breaks("own call", "%s's call is given up for one of %s", h.name, h.a.whose(c.Remote.Identity))
	}
}

// checkRing checks that a caller may ring; a.mu is held.
func (h *human) checkRing(c Call) {
	identity := c.Remote.Identity
	stored, contact := h.kept[identity]
	_, called := h.called[identity]
	at, recent := h.recent[identity]
	called = called || recent && at.Equal(time.Now())
	if stored.blocked {
		h.a.breaks("blocked", "%s rings at %s", h.a.whose(identity), h.name)
	}
	if at, over := h.over[c.ID]; over && at.Before(time.Now()) {
		h.a.breaks("over", "a call of %s rings again at %s", h.a.whose(identity), h.name)
	}
	if h.contactsOnly && !contact && (!called || identity.IsZero()) {
		h.a.breaks("contacts only", "%s rings at %s", h.a.whose(identity), h.name)
	}
	h.rangAt[c.ID], h.rangFrom[c.ID] = stored.card.Subscription, time.Now()
	h.a.did("a call rings")
	if !h.waited[c.ID] { // or it was counted then
		h.causes("rings", identity)
	}
}

// checkWaiting checks that a call may be shown during another; a.mu is held, and the phone's
// loop runs.
func (h *human) checkWaiting(c Call) {
	identity := c.Remote.Identity
	delete(h.waiting, c.ID)
	if _, contact := h.kept[identity]; !contact || !c.Known || !slices.Contains(h.came[c.ID], identity) {
		h.a.breaks("waits", "%s sees a call of %s as %q", h.name, h.a.whose(identity), c.Name)
	}
	if s := h.phone.session; s == nil || !s.accepted {
		h.a.breaks("waits", "%s sees a call of %s, and is in none", h.name, h.a.whose(identity))
	}
	h.checkRing(c)
	h.waited[c.ID] = true
	h.a.did("a contact waits")
}

// checkWanted checks that the person wants a call with its other side; a.mu is held.
func (h *human) checkWanted(c Call) {
	identity := c.Remote.Identity
	switch {
	case h.wants(c.ID, identity):
	case c.Outgoing && h.meansReaderOf(identity):
	default:
		if _, contact := h.kept[identity]; h.contactsOnly && !contact {
			h.a.breaks("contacts only", "%s is %v with %s", h.name, c.State, h.a.whose(identity))
		}
		h.a.breaks("in a call", "%s is %v with %s, outgoing %v, whom nobody called or answered", h.name, c.State, h.a.whose(identity), c.Outgoing)
	}
}

// meansReaderOf reports whether the person has called a plain subscription that somebody with
// this identity can decrypt messages for; a.mu is held.
func (h *human) meansReaderOf(identity webpush.PublicKey) bool {
	if _, anybody := h.called[webpush.PublicKey{}]; !anybody {
		return false
	}
	for address := range h.addresses {
		if h.a.reader(address.UAPublic) == h.a.owner(identity) {
			return true
		}
	}
	return false
}

// checkMissed checks a call that did not ring; a.mu is held.
func (h *human) checkMissed(m Missed) {
	if !slices.Contains(h.came[m.ID], m.Identity) {
		h.a.breaks("name", "%s has missed %s, who said nothing of it", h.name, h.a.whose(m.Identity))
	}
	h.causes("notices", m.Identity)
	h.a.did("a call is missed")
}

// checkText checks that a shown text comes from the other side of the call; a.mu is held, and
// the phone's loop runs.
func (h *human) checkText() {
	s := h.phone.session
	if s == nil || s.link == nil {
		return
	}
	h.checkWanted(Call{ID: s.id, State: s.state, Outgoing: s.outgoing, Remote: s.remote})
	h.checkFarEnd(s)
	h.a.did("a text is read")
}

// checkFarEnd checks that the peer on the other side belongs to the honest person whom the
// phone takes it for. Mallory's identities may be used by anybody. a.mu is held.
func (h *human) checkFarEnd(s *session) {
	mine := s.link.peer.(*testPeer)
	h.a.world.mu.Lock()
	far := mine.far
	h.a.world.mu.Unlock()
	if owner := h.a.owner(s.remote.Identity); owner != nil && far != nil && far.user != owner.user {
		h.a.breaks("far end", "%s takes a peer of %s for %s", h.name, far.user.card.Name, owner.name)
	}
}

// inspectAfter inspects the phone after all delivered messages have taken effect.
func (h *human) inspectAfter() {
	time.AfterFunc(time.Millisecond, func() { h.phone.loop.Post(func() { h.inspectNow("after a push") }) })
}

// inspect runs inspectNow on the phone's loop and waits for it.
func (h *human) inspect(when string) {
	done := make(chan struct{})
	h.phone.loop.Post(func() { h.inspectNow(when); close(done) })
	<-done
}

// inspectNow checks the phone's state; it runs on the phone's loop.
func (h *human) inspectNow(when string) {
	a, s, memory := h.a, h.phone.session, &h.phone.memory
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, allowance := range memory.contacts {
		h.checkHeld(allowance)
	}
	h.checkHeld(memory.strangers)
	if len(memory.ended) > mostOver {
		a.breaks("held", "%s remembers %d calls", h.name, len(memory.ended))
	}
	for id, w := range h.waiting {
		if !w.since.Before(time.Now()) {
			continue // the phone may not have read it
		}
		from := w.from
		delete(h.waiting, id)
		rangBefore := s != nil && h.rangFrom[s.id].Before(w.since) // or the contact found the person's own call, and was told so
		if s != nil && s.id != id && s.ringsHere() && rangBefore && !h.newest[from].After(w.said) && h.kept[s.remote.Identity].card.Identity.IsZero() {
			a.breaks("contact rings", "%s calls %s, where %s rings", a.whose(from), h.name, a.whose(s.remote.Identity))
		}
		if _, over := h.over[id]; s == nil && !over && !h.phone.answering() && !h.endedSince(w.since) && !h.newest[from].After(w.said) && h.counts[caused{"rings", from, true}] < contactRings {
			a.breaks("contact unheard", "%s calls %s, and nothing rings", a.whose(from), h.name)
		}
	}
	if s == nil || s.link == nil {
		return
	}
	h.checkLink(s)
	if s.state == Connected && s.link.open {
		h.checkFarEnd(s)
		h.checkWords(s, when)
	}
}

// checkWords reads the safety words if they may have changed; a.mu is held.
func (h *human) checkWords(s *session, when string) {
	mine := s.link.peer.(*testPeer)
	h.a.world.mu.Lock()
	r := safety{link: s.link, own: mine.local.SDP, remote: mine.remote.SDP, mine: mine, far: mine.far, with: s.remote.Identity}
	h.a.world.mu.Unlock()
	if r.far == nil || r.link == h.read.link && r.own == h.read.own && r.remote == h.read.remote {
		return
	}
	h.read = r
	words, _ := h.phone.safetyWords()
	if words == nil {
		h.read.link = nil // none are shown yet
		return
	}
	h.a.did("words are read")
	if h.a.owner(s.remote.Identity) == nil && h.a.human(r.far.user) != nil {
		h.a.did("Mallory puts two people through")
	}
	h.read.words = words
	own, remote := party{h.signer.Public(), r.mine.certificate()}, party{s.remote.Identity, r.far.certificate()}
	switch {
	case !slices.Equal(words, safetyWords(own, remote, s.link.secret)):
		h.a.breaks("words", "%s reads %s with %s %s, which are not those of the certificates in use", h.name, strings.Join(words, " "), h.a.whose(s.remote.Identity), when)
	case !s.link.secret.opens(s.id, s.link.round):
		h.a.breaks("words", "%s reads words of a secret to which nobody was committed", h.name)
	}
	for _, other := range h.a.humans {
		if other == h || !slices.Equal(other.read.words, words) {
			continue
		}
		if other.read.mine != r.far || other.read.far != r.mine {
			h.a.breaks("equal words", "%s and %s read the same, and have no connection to each other", h.name, other.name)
		}
		if other.read.with != h.signer.Public() || r.with != other.signer.Public() {
			h.a.breaks("equal words", "%s and %s read the same, and take each other for %s and %s", h.name, other.name, h.a.whose(r.with), h.a.whose(other.read.with))
		}
	}
}

// endedSince reports whether a call has ended here since a time: an offer before that may
// have arrived during the call; a.mu is held.
func (h *human) endedSince(t time.Time) bool {
	for _, at := range h.over {
		if !at.Before(t) {
			return true
		}
	}
	return false
}
