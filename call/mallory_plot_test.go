package call

import (
	"context"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// theme is the main kind of attack in a schedule.
type theme int

const (
	themeAny theme = iota
	themeLinks
	themeKeys
	themeBetween
	themeFlood
	themeInBand
	themeContact
	themePushService
	themes
)

var themeNames = [...]string{"anything", "links", "keys", "a seat between", "floods", "words in-band", "a contact's place", "a push service"}

// themeOf has each theme as often as it occurs, floods seldom, since they take long.
var themeOf = [...]theme{themeAny, themeAny, themeAny, themeLinks, themeLinks, themeKeys, themeKeys, themeBetween, themeBetween,
	themeFlood, themeInBand, themeInBand, themeContact, themeContact, themePushService, themePushService}

// plainly is a choice of spoiled that adds no lines.
const plainly = 5

// plotTime is the time within which the acts of a schedule begin.
const plotTime = 15 * time.Second

// plot schedules the acts of people and of Mallory. Their reactions to messages follow from
// these.
func (a *attack) plot() []move {
	r := a.random
	var moves []move
	add := func(at time.Duration, do func()) { moves = append(moves, move{at, do}) }
	when := func() time.Duration { return time.Duration(r.Int64N(int64(plotTime))) }
	for range 1 + r.IntN(2) {
		pair := r.Perm(len(a.humans))
		h, friend := a.humans[pair[0]], a.humans[pair[1]]
		add(when(), func() { h.callFriend(friend) })
	}
	if r.IntN(3) == 0 {
		h := a.humans[r.IntN(len(a.humans))]
		add(when(), func() { h.rename(h.name + " the second") })
	}
	if a.mallory.theme == themeFlood && r.IntN(400) == 0 { // it takes long
		add(plotTime/2, func() { actForget(a.mallory, a.humans[0], a.humans[1]) })
		return moves
	}
	acts := actsOf[a.mallory.theme]
	for range 1 + r.IntN(4) {
		act := acts[r.IntN(len(acts))]
		h, pick, at := a.humans[r.IntN(len(a.humans))], r.Uint64(), when()
		friend := a.humans[(int(h.i)+1)%len(a.humans)]
		add(at, func() { act(a.mallory, h, friend, pick) })
	}
	return moves
}

// callFriend calls a friend as the book has them, or by their card.
func (h *human) callFriend(friend *human) {
	for _, c := range h.book.Contacts() {
		if c.Name == "my "+friend.name { // whoever that is
			h.callContact(c.Card.Identity)
			return
		}
	}
	h.paste(friend.card, friend.name+"'s card")
}

// act is something that Mallory does, with a person and a friend of theirs.
type act = func(m *mallory, h, friend *human, pick uint64)

var actsOf = [themes][]act{
	themeAny:         {actRing, actLink, actPlain, actKeyRing, actReplay, actCards, actMove, actDisown, actCancel, actHold, actBefriend, actContactsOnly},
	themeLinks:       {actLink, actLink, actLink, actReplay, actRing},
	themeKeys:        {actPlain, actPlain, actKeyRing, actKeyRing, actRing, actContactsOnly},
	themeBetween:     {actRing, actReplay, actLink},
	themeFlood:       {actCancels, actOffers, actCancels, actHold, actDisown},
	themeInBand:      {actRingAsContact, actRingAsContact, actRing, actInvite},
	themeContact:     {actRingAsContact, actRepeat, actCards, actMove, actMove, actBlock, actReplay},
	themePushService: {actReplay, actReplay, actRing, actHold, actCards},
}

// claimed is the time that Mallory says it is: mostly the right one.
func claimed(pick uint64) time.Duration {
	return []time.Duration{0, 0, 0, 0, -RingTime, -time.Hour, 110 * time.Second, 5 * time.Minute, -MissedTime / 2}[pick%9]
}

// mixed returns a card of fields of several cards, and says of whose.
func (m *mallory) mixed(h, friend *human, pick uint64) (card signaling.Card, what string) {
	card, what = m.card(int(pick>>4%3)), "a link with Mallory's address"
	switch pick >> 8 % 4 {
	case 0:
		card.Subscription.UAPublic, what = friend.card.Subscription.UAPublic, "a link with Mallory's address and "+friend.name+"'s key"
		card.Subscription.AuthSecret = friend.card.Subscription.AuthSecret
	case 1:
		card.Subscription, what = friend.card.Subscription, "a link with "+friend.name+"'s address"
	}
	switch pick >> 12 % 4 {
	case 0, 1:
		card.Identity, what = friend.card.Identity, what+" and "+friend.name+"'s identity"
	case 2:
		card.Identity, what = webpush.PublicKey{}, what+" and no identity"
	default:
		what += " and Mallory's identity"
	}
	card.Name = friend.name
	return card, what
}

func actLink(m *mallory, h, friend *human, pick uint64) {
	card, what := m.mixed(h, friend, pick)
	h.paste(card, what)
}

// actPlain makes a person call a plain subscription, whose key Mallory claims.
func actPlain(m *mallory, h, friend *human, pick uint64) {
	at := signaling.Card{Subscription: friend.card.Subscription}
	if pick%4 == 0 {
		at.Subscription = m.lines[0].Subscription
	}
	h.paste(at, "the plain subscription of "+friend.name)
	card := m.lines[1]
	card.Subscription.UAPublic = at.Subscription.UAPublic
	time.AfterFunc(time.Duration(pick>>8%uint64(3*time.Second)), func() {
		m.call(h, offering{as: m.identities[6+pick>>4%20], card: card, spoil: plainly})
	})
}

// actKeyRing rings with the key of a friend, whom the person then wants to call.
func actKeyRing(m *mallory, h, friend *human, pick uint64) {
	card := m.lines[1]
	card.Subscription.UAPublic = friend.card.Subscription.UAPublic
	m.call(h, offering{as: m.identities[6+pick>>4%20], card: card, spoil: plainly})
	time.AfterFunc(time.Second, func() { h.callContact(friend.card.Identity) })
}

func actRing(m *mallory, h, friend *human, pick uint64) {
	card, _ := m.mixed(h, friend, pick)
	if pick%3 == 0 {
		card = m.card(0)
	}
	m.call(h, offering{as: m.identities[pick>>4%30], card: card, bare: pick%7 == 0, at: claimed(pick >> 16), round: int(pick >> 24 % 3 / 2), spoil: pick >> 32})
}

func actRingAsContact(m *mallory, h, friend *human, pick uint64) {
	as := int(h.i % 2)
	m.call(h, offering{as: m.identities[as], card: m.card(as), bare: pick%3 == 0, at: claimed(pick >> 16), spoil: pick >> 32})
}

// actRepeat offers again and again, as one contact.
func actRepeat(m *mallory, h, friend *human, pick uint64) {
	as := int(h.i % 2)
	for i := range 8 + int(pick%10) {
		time.AfterFunc(time.Duration(i)*300*time.Millisecond, func() { m.offerUnheard(h, m.identities[as], i, m.card(as)) })
	}
}

// actOffers offers again and again, each time as somebody else or as the same stranger.
func actOffers(m *mallory, h, friend *human, pick uint64) {
	for i := range 8 + int(pick%10) {
		as := m.identities[2+i*int(pick>>8%2)%28]
		time.AfterFunc(time.Duration(i)*200*time.Millisecond, func() {
			m.offerUnheard(h, as, i, m.card(2))
			if i%2 == 0 {
				m.send(h, as, signaling.Message{Type: signaling.Cancel, Call: signaling.NewCallID()})
			}
		})
	}
}

// actCancels cancels calls that nobody made.
func actCancels(m *mallory, h, friend *human, pick uint64) {
	for i := range 8 + int(pick%16) {
		as := m.identities[2+i*int(pick>>8%2)%28]
		m.send(h, as, signaling.Message{Type: signaling.Cancel, Call: signaling.NewCallID(), Time: time.Now().Add(claimed(pick >> 16))})
	}
}

// actForget holds back an offer that its caller cancels, and tries to make the phone forget
// the cancel by sending as many messages as it remembers.
func actForget(m *mallory, h, friend *human) {
	m.a.mu.Lock()
	m.holds = h
	m.a.did("a phone is to forget")
	m.a.mu.Unlock()
	friend.callFriend(h)
	time.AfterFunc(time.Second, friend.phone.HangUp)
	time.AfterFunc(2*time.Second, func() {
		for range maxRemembered + 10 {
			m.send(h, m.identities[2], signaling.Message{Type: signaling.Cancel, Call: signaling.NewCallID(), Time: time.Now().Add(signaling.ClockSkew - time.Second)})
		}
	})
	time.AfterFunc(6*time.Second, func() {
		m.a.mu.Lock()
		held := m.held
		m.a.mu.Unlock()
		if held != nil {
			h.arrive(*held)
		}
	})
}

// actHold rings, and makes a contact call meanwhile.
func actHold(m *mallory, h, friend *human, pick uint64) {
	m.call(h, offering{as: m.identities[4], card: m.card(4), spoil: plainly})
	time.AfterFunc(time.Duration(pick%uint64(3*time.Second)), func() { friend.callFriend(h) })
}

func actDisown(m *mallory, h, friend *human, pick uint64) {
	d := signaling.Description{ICEUfrag: "mall", ICEPwd: "passwordpasswordpassword", Setup: signaling.Active}
	for i := range 1 + int(pick%10) {
		kind := []signaling.Type{signaling.Answer, signaling.Ringing}[i%2]
		m.send(h, m.identities[2+i], signaling.Message{Type: kind, Call: signaling.NewCallID(), Description: &d})
	}
}

// actCancel sends messages of calls that Mallory knows of, in any identity of its own.
func actCancel(m *mallory, h, friend *human, pick uint64) {
	m.a.mu.Lock()
	var known []signaling.CallID // of the messages that it could read, or has sent
	for _, x := range m.recorded {
		if x.mine || m.line(x.to.UAPublic) >= 0 {
			known = append(known, x.message.Call)
		}
	}
	m.a.mu.Unlock()
	if len(known) == 0 {
		return
	}
	id := known[int(pick>>8%64)%len(known)]
	kind := []signaling.Type{signaling.Cancel, signaling.Decline, signaling.Busy, signaling.Waiting}[pick%4]
	m.send(h, m.identities[pick>>4%4], signaling.Message{Type: kind, Call: id})
}

func actReplay(m *mallory, h, friend *human, pick uint64) {
	m.a.mu.Lock()
	recorded := m.recorded
	m.a.mu.Unlock()
	for i := range min(len(recorded), 1+int(pick%6)) {
		m.replay(h, recorded[(i+int(pick>>8%64))%len(recorded)])
	}
}

// actCards sends a changed card that mixes the fields of several cards.
func actCards(m *mallory, h, friend *human, pick uint64) {
	as := int(pick % 3)
	card, _ := m.mixed(h, friend, pick)
	card.Identity = m.identities[as].key
	m.send(h, m.identities[as], signaling.Message{Type: signaling.CardChanged, Call: signaling.NewCallID(), Card: &card, Time: time.Now().Add(claimed(pick >> 16))})
}

// actMove sends a succession of one of Mallory's identities, and calls as the successor.
func actMove(m *mallory, h, friend *human, pick uint64) {
	old, new := m.identities[pick%2], m.identities[10+pick>>4%10]
	s, err := signaling.Succeed(context.Background(), old, new.key)
	if err != nil {
		m.a.fail("mallory moves: %v", err)
		return
	}
	m.call(h, offering{as: new, card: m.card(1), succeeds: signaling.Chain{}.Append(s), at: claimed(pick >> 16), spoil: plainly})
}

// actBefriend makes a person add a card of Mallory's to the book.
func actBefriend(m *mallory, h, friend *human, pick uint64) {
	card, what := m.mixed(h, friend, pick)
	m.a.note(h.name, "keeps %s", what)
	if !card.Identity.IsZero() {
		h.makeContact(card)
	}
}

// actInvite makes a person call Mallory.
func actInvite(m *mallory, h, friend *human, pick uint64) {
	h.paste(m.card(int(pick%3)), "Mallory's card")
}

func actBlock(m *mallory, h, friend *human, pick uint64) {
	h.block(m.identities[h.i%2].key)
	m.call(h, offering{as: m.identities[h.i%2], card: m.card(int(h.i % 2)), spoil: plainly})
}

// actContactsOnly makes a person let only contacts ring from now on.
func actContactsOnly(m *mallory, h, friend *human, pick uint64) {
	m.a.mu.Lock()
	defer m.a.mu.Unlock()
	h.contactsOnly = true
}
