package call

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// mallory is an attacker. Mallory has every person's card, makes cards of any fields of
// others, signs with any number of identities, and sends any message with any time. Mallory
// may drop, delay, repeat and forward pushes to its addresses, decrypts those for its keys,
// and may be the push service of a person. Over its own links it sends any in-band message.
// It can neither sign for others nor decrypt messages for them.
type mallory struct {
	a          *attack
	theme      theme
	identities []cheapSigner
	lines      []signaling.Card // of its own, without an identity
	user       *user            // who owns its peers
	seat       *human           // whose push service it is; nil for nobody's

	// The simulation's mutex guards what follows.
	recorded []sealed
	holds    *human  // the next push to whom it holds back
	held     *sealed // that push
	peers    []*testPeer
	links    map[signaling.CallID]*malloryLink
	relayed  map[signaling.CallID]relayed
	n        uint64 // of what it has sent
	pushes   uint64 // that it has had in its hands
	over     bool
}

// sealed is an encrypted push message.
type sealed struct {
	to      webpush.Subscription
	payload []byte
	message signaling.Message
	mine    bool // Mallory has sent it
}

// relayed is the other side of a call in which Mallory sits in the middle.
type relayed struct {
	to   *human
	as   cheapSigner
	call signaling.CallID
}

func newMallory(a *attack, cast malloryCast) *mallory {
	m := &mallory{a: a, theme: themeOf[a.random.IntN(len(themeOf))], identities: cast.identities, lines: cast.lines,
		links: map[signaling.CallID]*malloryLink{}, relayed: map[signaling.CallID]relayed{}}
	m.user = &user{world: a.world, signer: cast.identities[0], card: cast.lines[0]}
	h, friend := a.humans[0], a.humans[1]
	switch m.theme {
	case themeBetween: // the cards were swapped on their way
		h.swap(friend, m.card(0))
		friend.swap(h, m.card(1))
	case themeContact, themeInBand:
		h.befriend(m.card(0), a.random.IntN(2) == 0)
		if a.random.IntN(2) == 0 {
			friend.befriend(m.card(1), true)
		}
	case themePushService:
		m.seat = h
	case themeFlood:
		h.fillList(friend, m.identities[2].key)
	}
	return m
}

// swap replaces a friend's card.
func (h *human) swap(friend *human, card signaling.Card) {
	clear(h.kept)
	h.book.Load()
	card.Name = friend.name
	h.befriend(card, h.a.random.IntN(2) == 0)
}

// fillList adds earlier calls of a friend and of strangers to the list.
func (h *human) fillList(friend *human, stranger webpush.PublicKey) {
	var calls []Missed
	for i := range MaxListed - 3 {
		m := Missed{ID: signaling.NewCallID(), Time: time.Now().Add(-time.Duration(i) * time.Hour)}
		if i > MaxListed-50 {
			m.Identity, m.Card = friend.card.Identity, friend.card
			h.rows[m.ID] = m.Identity
		} else {
			m.Identity = stranger
		}
		calls = append(calls, m)
	}
	if !h.knowsOf(friend) {
		h.befriend(friend.card, true)
	}
	h.book.LoadCalls(calls)
}

func (h *human) knowsOf(friend *human) bool { _, known := h.kept[friend.card.Identity]; return known }

// card is one of Mallory's own, without a lie in it.
func (m *mallory) card(i int) signaling.Card {
	card := m.lines[i%len(m.lines)]
	card.Identity = m.identities[i].key
	return card
}

func (m *mallory) plan() string {
	plan := "about " + themeNames[m.theme]
	if m.seat != nil {
		plan += ", of " + m.seat.name
	}
	return plan
}

func (m *mallory) close() {
	a := m.a
	a.mu.Lock()
	m.over = true
	a.mu.Unlock()
	for _, p := range m.peers {
		p.Close()
	}
}

// newPeer makes a peer that is closed at the end, or nil if that was.
func (m *mallory) newPeer(events PeerEvents) *testPeer {
	peer, err := m.user.newPeer(events)
	if err != nil {
		return nil
	}
	m.a.mu.Lock()
	defer m.a.mu.Unlock()
	if m.over {
		peer.Close()
		return nil
	}
	m.peers = append(m.peers, peer.(*testPeer))
	return peer.(*testPeer)
}

// carry is the push network. Mallory handles the pushes to its own addresses, and those
// through its push service.
func (m *mallory) carry(from *human, x sealed) error {
	a := m.a
	to := a.at(x.to)
	a.mu.Lock()
	m.pushes++
	n := m.pushes
	hold := to != nil && to == m.holds
	if hold {
		m.holds, m.held = nil, &x
	}
	a.mu.Unlock()
	trip := a.drawTime(pushTime/2, 3*pushTime, 't', from.i, n)
	switch {
	case hold:
		return nil
	case to == nil:
		m.getsHold(x)
		time.AfterFunc(trip, func() { m.receive(from, x, n) })
		return nil
	case to != m.seat:
		time.AfterFunc(trip, func() { to.arrive(x) })
		return nil
	}
	m.getsHold(x)
	switch pick := a.draw('s', n) % 100; {
	case pick < 15:
		a.note("mallory", "drops a push to %s", to.name)
	case pick < 40:
		time.AfterFunc(a.drawTime(time.Second, 20*time.Second, 'S', n), func() { to.arrive(x) })
	case pick < 60:
		for i := range 1 + a.draw('R', n)%3 {
			time.AfterFunc(a.drawTime(0, 8*time.Second, 'R', n, i), func() { m.replay(to, x) })
		}
		fallthrough
	default:
		time.AfterFunc(trip, func() { to.arrive(x) })
	}
	return nil
}

// at returns the person whose address a subscription has, or nil for Mallory's.
func (a *attack) at(subscription webpush.Subscription) *human {
	for _, h := range a.humans {
		if h.card.Subscription.Endpoint == subscription.Endpoint {
			return h
		}
	}
	return nil
}

// getsHold records a push, to be replayed.
func (m *mallory) getsHold(x sealed) {
	m.a.mu.Lock()
	defer m.a.mu.Unlock()
	if len(m.recorded) < 50 {
		m.recorded = append(m.recorded, x)
	}
}

func (m *mallory) replay(to *human, x sealed) {
	m.a.mu.Lock()
	over := m.over
	m.a.did("a push is replayed")
	m.a.mu.Unlock()
	if !over {
		to.arrive(x)
	}
}

// receive handles a push to one of Mallory's addresses.
func (m *mallory) receive(from *human, x sealed, n uint64) {
	line := m.line(x.to.UAPublic)
	if line < 0 { // encrypted for somebody else
		for _, h := range m.a.humans {
			if h != from && m.a.chance(0.8, 'f', n, h.i) {
				m.a.note("mallory", "passes ciphertext of %s on to %s", from.name, h.name)
				m.replay(h, x)
			}
		}
		return
	}
	m.read(from, x.message, line, n)
}

// line returns the index of one of Mallory's keys, or -1.
func (m *mallory) line(uaPublic webpush.PublicKey) int {
	return slices.IndexFunc(m.lines, func(c signaling.Card) bool { return c.Subscription.UAPublic == uaPublic })
}

// read handles a message that Mallory can decrypt.
func (m *mallory) read(from *human, x signaling.Message, line int, n uint64) {
	a := m.a
	pick := a.draw('m', n) % 100
	as := m.identities[line]
	switch {
	case x.Type == signaling.Offer && m.theme == themeBetween && pick < 80:
		m.sitBetween(from, x, line, pick)
	case x.Type == signaling.Offer && pick < 10: // lets it ring
	case x.Type == signaling.Offer && pick < 15:
		m.send(from, as, signaling.Message{Type: signaling.Decline, Call: x.Call})
	case x.Type == signaling.Offer && pick < 20:
		m.send(from, as, signaling.Message{Type: signaling.Busy, Call: x.Call})
	case x.Type == signaling.Offer && pick < 23:
		m.send(from, as, signaling.Message{Type: signaling.Waiting, Call: x.Call})
	case x.Type == signaling.Offer && pick < 30: // as somebody else
		m.answer(from, x, m.identities[5+pick%20], signaling.Answer)
	case x.Type == signaling.Offer && pick < 45:
		m.answer(from, x, as, signaling.Ringing)
	case x.Type == signaling.Offer:
		m.answer(from, x, as, signaling.Answer)
	case x.Type == signaling.Answer || x.Type == signaling.Ringing:
		m.answered(from, x)
	}
}

// sitBetween forwards a call under another name.
func (m *mallory) sitBetween(from *human, x signaling.Message, line int, pick uint64) {
	to := m.a.humans[1]
	if from == to {
		to = m.a.humans[0]
	}
	other := m.identities[1-line%2]
	if pick < 40 { // two connections
		m.answer(from, x, m.identities[line], signaling.Answer)
		m.call(to, offering{as: other, card: m.card(1 - line%2)})
		return
	}
	// One, between two who are each told another name.
	id := x.Call
	if pick < 50 {
		id = signaling.NewCallID()
	}
	m.a.mu.Lock()
	m.relayed[id] = relayed{from, m.identities[line], x.Call}
	m.a.mu.Unlock()
	card := m.card(1 - line%2)
	m.send(to, other, signaling.Message{Type: signaling.Offer, Call: id, Description: x.Description, Card: &card})
}

// answered handles the answer to a call that Mallory makes or forwards.
func (m *mallory) answered(from *human, x signaling.Message) {
	m.a.mu.Lock()
	l, r := m.links[x.Call], m.relayed[x.Call]
	m.a.mu.Unlock()
	switch {
	case r.to != nil:
		m.send(r.to, r.as, signaling.Message{Type: x.Type, Call: r.call, Description: x.Description})
	case l != nil && l.peer.SignalingState() == HaveLocalOffer:
		_ = l.peer.SetRemoteDescription(context.Background(), withoutCandidates(signalAnswer, *x.Description))
	}
}

// send signs a message and pushes it to a person.
func (m *mallory) send(to *human, as cheapSigner, x signaling.Message) { m.sendWhole(to, as, x, "") }

// sendWhole signs and pushes a message with SDP in place of its description, if there is any.
func (m *mallory) sendWhole(to *human, as cheapSigner, x signaling.Message, sdp string) {
	if x.Time.IsZero() {
		x.Time = time.Now()
	}
	x.From = as.key
	payload, err := x.Seal(context.Background(), as, to.card.Subscription.UAPublic)
	if err != nil {
		m.a.fail("mallory seals: %v", err)
		return
	}
	if sdp != "" {
		payload = sealWhole(payload, sdp, as, to.card.Subscription.UAPublic)
	}
	m.a.mu.Lock()
	m.n++
	trip := m.a.drawTime(pushTime/2, 3*pushTime, 'T', m.n)
	m.a.mu.Unlock()
	sent := sealed{to.card.Subscription, payload, x, true}
	m.getsHold(sent)
	time.AfterFunc(trip, func() {
		m.a.mu.Lock()
		over := m.over
		m.a.mu.Unlock()
		if !over {
			to.arrive(sent)
		}
	})
}

// offering is how Mallory calls.
type offering struct {
	as       cheapSigner
	card     signaling.Card // with a lie in it, or without
	bare     bool           // without a card
	at       time.Duration  // by its clock
	round    int
	succeeds signaling.Chain
	spoil    uint64 // see spoiled
}

// call makes a peer and offers.
func (m *mallory) call(to *human, o offering) {
	id, secrets := newSecrets()
	l := m.newLink(to, id)
	if l == nil {
		return
	}
	if l.secret = secrets[o.round]; m.a.chance(0.1, 'x', l.n) {
		l.secret = secrets[1-o.round]
	}
	ctx := context.Background()
	_ = l.peer.CreateChannel()
	if l.peer.SetLocalDescription(ctx) != nil {
		return
	}
	d, whole, err := spoiled(l.peer, o.spoil)
	if err != nil {
		m.a.fail("mallory describes: %v", err)
		return
	}
	x := signaling.Message{Type: signaling.Offer, Call: id, Round: o.round, Time: time.Now().Add(o.at), Description: &d, Succeeds: o.succeeds}
	if !o.bare {
		o.card.Identity = o.as.key
		x.Card = &o.card
	}
	m.sendWhole(to, o.as, x, whole)
}

// offerUnheard offers without a peer, where it is for the number of offers.
func (m *mallory) offerUnheard(to *human, as cheapSigner, i int, card signaling.Card) {
	card.Identity = as.key
	d := signaling.Description{ICEUfrag: fmt.Sprintf("mal%05d", i), ICEPwd: "passwordpasswordpassword", Fingerprint: sha256.Sum256([]byte{byte(i)})}
	m.send(to, as, signaling.Message{Type: signaling.Offer, Call: signaling.NewCallID(), Description: &d, Card: &card})
}

// answer answers an offer, with a peer of Mallory's.
func (m *mallory) answer(to *human, x signaling.Message, as cheapSigner, kind signaling.Type) {
	l := m.newLink(to, x.Call)
	if l == nil {
		return
	}
	ctx := context.Background()
	if l.peer.SetRemoteDescription(ctx, withoutCandidates(signalOffer, *x.Description)) != nil || l.peer.SetLocalDescription(ctx) != nil {
		return
	}
	d, whole, err := spoiled(l.peer, m.a.draw('w', l.n))
	if err != nil {
		m.a.fail("mallory describes: %v", err)
		return
	}
	m.sendWhole(to, as, signaling.Message{Type: kind, Call: x.Call, Round: x.Round, Description: &d}, whole)
	if kind == signaling.Ringing && m.a.chance(0.5, 'A', l.n) {
		time.AfterFunc(2*time.Second, func() { l.say(signal{kind: signalAccept}.format()) })
	}
}
