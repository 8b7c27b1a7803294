package call

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pushcall/internal/loop"
	"pushcall/signaling"
	"pushcall/webpush"
)

// A world is where phones are tested: a push network that takes a while, and
// peers that follow the rules of W3C webrtc-pc for descriptions and connect
// when each has the other's. It runs in the virtual time of a synctest bubble.
type world struct {
	t     *testing.T
	mu    sync.Mutex
	lines map[webpush.PublicKey]*user // by p256dh
	peers map[string]*testPeer        // by ICE ufrag
	made  int                         // ufrags so far
	cut   bool                        // no path between any two peers: what is sent waits

	pushes []signaling.Type // in the order they were sent
}

const (
	pushTime = 20 * time.Millisecond // facts of a real push service: 7 to 20 ms
	pathTime = 50 * time.Millisecond // from both descriptions to an open channel
)

// user is a person with a phone.
type user struct {
	world  *world
	phone  *Phone
	card   signaling.Card
	signer webpush.Signer

	auto     bool                          // answers whatever rings
	early    bool                          // connects to contacts while it rings
	contacts map[webpush.PublicKey]Contact // whom this user knows

	mu      sync.Mutex
	calls   []Call
	texts   []Text
	missed  []Record
	tests   []signaling.CallID
	drops   []error
	fail    func(signaling.Message) error // of a push by this user; nil: it works
	gather  []Candidate                   // of this user's peers, in place of one host candidate and the end
	payload [][]byte                      // of every push to this user
	away    bool                          // pushes to this user are not delivered
}

func newWorld(t *testing.T) *world {
	return &world{t: t, lines: map[webpush.PublicKey]*user{}, peers: map[string]*testPeer{}}
}

// user adds a person; the phone is closed when the test ends.
func (w *world) user(name string) *user {
	u := &user{world: w, signer: newSigner(w.t), auto: true, early: true, contacts: map[webpush.PublicKey]Contact{}}
	subscription, err := webpush.NewSubscription("https://push.example.net/"+name, newSigner(w.t).Public().String(), "AAAAAAAAAAAAAAAAAAAAAA")
	if err != nil {
		w.t.Fatal(err)
	}
	u.card = signaling.Card{Subscription: subscription, Identity: u.signer.Public(), Name: name}
	w.lines[subscription.UAPublic] = u
	u.phone = New(u.config())
	w.t.Cleanup(u.phone.Close)
	return u
}

// config is that of a phone of this user.
func (u *user) config() Config {
	return Config{
		Identity: u.signer,
		Verify:   webpush.Verify,
		Card:     func() signaling.Card { return u.card },
		Contact:  u.contact,
		CardOf:   u.cardOf,
		Logged:   u.logged,
		Early:    func() bool { return u.early },
		NewPeer:  func(events PeerEvents) (Peer, error) { return u.world.newPeer(u, events), nil },
		Push:     u.push,
		Prepare: func(_ context.Context, to signaling.Card, payload []byte, options webpush.Options) (func(), error) {
			return func() { _ = u.push(context.Background(), to, payload, options) }, nil
		},
		OnCall:   u.onCall,
		OnText:   func(x Text) { u.note(func() { u.texts = append(u.texts, x) }) },
		OnMissed: func(r Record) { u.note(func() { u.missed = append(u.missed, r) }) },
		OnCard:   u.onCard,
		OnTest:   func(id signaling.CallID) { u.note(func() { u.tests = append(u.tests, id) }) },
		OnDrop:   func(err error) { u.note(func() { u.drops = append(u.drops, err) }) },
	}
}

func (u *user) contact(identity webpush.PublicKey) (Contact, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	c, known := u.contacts[identity]
	return c, known
}

func (u *user) cardOf(identity webpush.PublicKey) (signaling.Card, bool) {
	c, known := u.contact(identity)
	return c.Card, known
}

// knows makes friends contacts of this user, who have this user's card.
func (u *user) knows(friends ...*user) {
	u.note(func() {
		for _, f := range friends {
			u.contacts[f.card.Identity] = Contact{Card: f.card, Name: "my " + f.card.Name, Told: CardDigest(u.card), Heard: true}
		}
	})
}

// logged tells whether a call is in the user's list: it has ended here.
func (u *user) logged(id signaling.CallID) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, c := range u.calls {
		if c.ID == id && c.State == Ended {
			return true
		}
	}
	for _, r := range u.missed {
		if r.ID == id {
			return true
		}
	}
	return false
}

func (u *user) onCall(c Call) {
	u.note(func() { u.calls = append(u.calls, c) })
	if u.auto && c.State == Ringing && !c.Outgoing {
		u.phone.Answer(c.ID)
	}
}

func (u *user) onCard(m signaling.Message) {
	u.note(func() {
		c := u.contacts[m.From]
		c.Card, c.CardTime = *m.Card, m.Time
		u.contacts[m.From] = c
	})
}

func newSigner(t *testing.T) webpush.Signer {
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	return webpush.NewSigner(key)
}

func (u *user) note(f func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	f()
}

// push is the push network: it delivers after pushTime.
func (u *user) push(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) error {
	m, err := signaling.Open(ctx, payload, to.Subscription.UAPublic, webpush.Verify)
	if err != nil {
		u.world.t.Errorf("a phone pushed what cannot be opened: %v", err)
	}
	if options.Topic != topic(m, u.signer.Public(), to) || options.TTL != freshFor(m.Type) || options.Urgency != webpush.UrgencyHigh {
		u.world.t.Errorf("%s pushed with %+v", m.Type, options)
	}
	if u.fail != nil {
		if err := u.fail(m); err != nil {
			return err
		}
	}
	w := u.world
	w.mu.Lock()
	w.pushes = append(w.pushes, m.Type)
	receiver := w.lines[to.Subscription.UAPublic]
	w.mu.Unlock()
	receiver.note(func() {
		receiver.payload = append(receiver.payload, payload)
		if !receiver.away {
			time.AfterFunc(pushTime, func() { receiver.phone.Deliver(payload) })
		}
	})
	return nil
}

// last returns the call as the user sees it now.
func (u *user) last() Call {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.calls) == 0 {
		return Call{}
	}
	return u.calls[len(u.calls)-1]
}

// states returns the states the user has seen, in one line.
func (u *user) states() string {
	u.mu.Lock()
	defer u.mu.Unlock()
	var names []string
	for _, c := range u.calls {
		names = append(names, c.State.String())
	}
	return strings.Join(names, " ")
}

func (w *world) pushed() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Trim(fmt.Sprint(w.pushes), "[]")
}

// wait lets virtual time pass.
func wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// expect checks a user's state, and the reason where it has ended.
func (u *user) expect(state State, reason Reason) {
	u.world.t.Helper()
	if c := u.last(); c.State != state || c.Reason != reason {
		u.world.t.Errorf("%s is %v (%v, %v), want %v (%v); saw: %s", u.card.Name, c.State, c.Reason, c.Err, state, reason, u.states())
	}
}

// testPeer follows the offer/answer rules of an RTCPeerConnection.
type testPeer struct {
	world  *world
	user   *user
	events PeerEvents
	queue  *loop.Loop // events, in order, as a browser's task queue

	// the world's mutex guards these
	signaling     SignalingState
	ufrag         string // of the local description
	local, remote Description
	needed        bool // negotiation
	channel       bool
	opened        bool
	closed        bool
	dead          bool // its path is gone for good: what is sent is lost
	far           *testPeer
	waiting       []string // sent while the world is cut
}

var errState = errors.New("InvalidStateError")

func (w *world) newPeer(u *user, events PeerEvents) *testPeer {
	return &testPeer{world: w, user: u, events: events, signaling: Stable, queue: loop.New(func(err error) { w.t.Error(err) })}
}

// describe makes a description with new credentials; w.mu is held.
func (p *testPeer) describe(kind string) Description {
	w := p.world
	w.made++
	p.ufrag = fmt.Sprintf("uf%06d", w.made)
	w.peers[p.ufrag] = p
	d := signaling.Description{
		ICEUfrag: p.ufrag, ICEPwd: "passwordpasswordpassword",
		Candidates: []signaling.Candidate{{Type: signaling.Host, Protocol: signaling.UDP, Addr: netip.MustParseAddr("192.0.2.1"), Port: 9, Priority: 255}},
	}
	if kind == signalAnswer {
		d.Setup = signaling.Active
	}
	return Description{Type: kind, SDP: d.SDP()}
}

func (p *testPeer) CreateChannel() error {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	p.channel = true
	p.need()
	return nil
}

// need fires negotiationneeded, once the signaling state is stable. w.mu is held.
func (p *testPeer) need() {
	p.needed = true
	p.queue.Post(func() {
		p.world.mu.Lock()
		fire := p.needed && p.signaling == Stable
		p.world.mu.Unlock()
		if fire {
			p.events.NegotiationNeeded()
		}
	})
}

func (p *testPeer) SetLocalDescription(ctx context.Context) error {
	time.Sleep(time.Millisecond)
	w := p.world
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case p.closed:
		return errState
	case p.signaling == HaveRemoteOffer:
		p.local, p.signaling = p.describe(signalAnswer), Stable
	default:
		p.local, p.signaling, p.needed = p.describe(signalOffer), HaveLocalOffer, false
	}
	gathered := p.user.gather
	if gathered == nil {
		gathered = []Candidate{{"candidate:1 1 udp 1 192.0.2.1 9 typ host", "0"}, {}}
	}
	for _, c := range gathered {
		p.queue.Post(func() { p.events.Candidate(c) })
	}
	p.settle()
	return nil
}

func (p *testPeer) LocalDescription() (Description, error) {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	return p.local, nil
}

func (p *testPeer) SetRemoteDescription(ctx context.Context, remote Description) error {
	time.Sleep(time.Millisecond)
	if _, err := signaling.ParseSDP(remote.SDP); err != nil {
		return err
	}
	w := p.world
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case p.closed, remote.Type == signalAnswer && p.signaling != HaveLocalOffer:
		return errState
	case remote.Type == signalAnswer:
		p.signaling = Stable
	default:
		p.needed = p.needed || p.signaling == HaveLocalOffer // rolled back: needed again
		p.signaling = HaveRemoteOffer
	}
	p.remote = remote
	p.settle()
	return nil
}

// settle connects two peers that have each other's descriptions, and fires a
// negotiationneeded that waited for the stable state. w.mu is held.
func (p *testPeer) settle() {
	if p.signaling == Stable && p.needed {
		p.need()
	}
	d, err := signaling.ParseSDP(p.remote.SDP)
	if err != nil || p.signaling != Stable {
		return
	}
	far := p.world.peers[d.ICEUfrag]
	if far == nil || far.signaling != Stable || far.closed {
		return
	}
	back, err := signaling.ParseSDP(far.remote.SDP)
	if err != nil || back.ICEUfrag != p.ufrag {
		return
	}
	p.far, far.far = far, p
	time.AfterFunc(pathTime, func() { p.connect(far) })
}

func (p *testPeer) connect(far *testPeer) {
	w := p.world
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut || p.closed || far.closed || p.far != far || !p.channel && !far.channel {
		return
	}
	for _, x := range []*testPeer{p, far} {
		x.queue.Post(func() { x.events.ConnectionState(PeerConnected) })
		if !x.opened {
			x.opened = true
			x.queue.Post(x.events.ChannelOpen)
		}
	}
}

func (p *testPeer) SignalingState() SignalingState {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	return p.signaling
}

func (p *testPeer) AddICECandidate(context.Context, Candidate) error { return nil }

func (p *testPeer) RestartICE() error {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	p.need()
	return nil
}

func (p *testPeer) Send(text string) error {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	if !p.opened || p.closed || p.far.closed {
		return errState
	}
	switch {
	case p.dead || p.far.dead:
	case p.world.cut:
		p.waiting = append(p.waiting, text)
	default:
		p.deliver(text)
	}
	return nil
}

// deliver brings a message to the far side; w.mu is held.
func (p *testPeer) deliver(text string) {
	far := p.far
	far.queue.Post(func() { far.events.ChannelMessage(text) })
}

// heal brings the paths back, and what waited for them.
func (w *world) heal() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = false
	for _, p := range w.peers {
		if p.opened && !p.closed && !p.far.closed {
			for _, text := range p.waiting {
				p.deliver(text)
			}
		}
		p.waiting = nil
	}
}

// kill takes the path away from all links there are; new ones find another.
func (w *world) kill() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.peers {
		p.dead = true
	}
}

func (p *testPeer) Close() {
	w := p.world
	w.mu.Lock()
	p.closed = true
	far, opened := p.far, p.opened
	w.mu.Unlock()
	if far != nil && opened && !p.dead && !far.dead && !p.world.cut {
		far.queue.Post(func() {
			w.mu.Lock()
			tell := far.opened && !far.closed
			far.opened = false
			w.mu.Unlock()
			if tell {
				far.events.ChannelClosed()
			}
		})
	}
	go p.queue.Close() // it may be one of the queue's own events that closes the peer
}

// state makes every peer report a connection state.
func (w *world) state(state ConnectionState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.peers {
		if !p.closed {
			p.queue.Post(func() { p.events.ConnectionState(state) })
		}
	}
}
