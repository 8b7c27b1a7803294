package call

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pushcall/files"
	"pushcall/internal/filestest"
	"pushcall/internal/loop"
	"pushcall/signaling"
	"pushcall/webpush"
)

// A world has a push network with a delay, and peers that follow the rules of W3C webrtc-pc
// for descriptions and connect when each has the other's. It runs in the virtual time of a
// synctest bubble.
type world struct {
	t     testing.TB
	mu    sync.Mutex
	lines map[webpush.PublicKey]*user // by p256dh
	peers map[string]*testPeer        // by ICE ufrag
	made  int                         // ufrags so far
	cut   bool                        // no path between any two peers: what is sent waits
	late  []*testPeer                 // those that would have connected while there was no path

	pushes []signaling.Type // in the order they were sent

	// Hooks that a test may set; the zero values change nothing.
	verify webpush.VerifyFunc
	carry  func(push) error                                 // the push network
	apart  func(a, b *user) bool                            // whether there is no path between two users
	fault  func(p *testPeer, step string) error             // errors of a peer's methods
	pace   func(p *testPeer, d time.Duration) time.Duration // how long a step takes that usually takes d
	tell   func(p *testPeer, event string)                  // what peers report
}

// push is a push message on its way.
type push struct {
	ctx      context.Context
	from, to *user
	message  signaling.Message
	payload  []byte
	options  webpush.Options
}

const (
	pushTime  = 20 * time.Millisecond  // facts of a real push service: 7 to 20 ms
	tardiness = 100 * time.Millisecond // after a channel is open, until that is said, where it is late
	pathTime  = 50 * time.Millisecond  // from both descriptions to an open channel
)

// user is a person with a phone.
type user struct {
	world  *world
	phone  *Phone
	card   signaling.Card
	signer webpush.Signer

	auto         bool                          // answers whatever rings
	contactsOnly bool                          // nobody else rings
	early        bool                          // connects to contacts while it rings
	contacts     map[webpush.PublicKey]Contact // whom this user knows

	mu      sync.Mutex
	calls   []Call
	texts   []Text
	queue   int
	files   map[fileKey]files.File
	arrived int
	lost    []int // from which on
	unsent  []string
	missed  []Missed
	waits   []Call
	tests   []signaling.CallID
	drops   []error
	cards   int                           // so many contacts have changed theirs
	called  signaling.Card                // of a stranger who has called before
	fail    func(signaling.Message) error // of a push by this user; nil: it works
	gather  []Candidate                   // of this user's peers, in place of one host candidate and the end
	payload [][]byte                      // of every push to this user
	peers   uint64                        // made so far
	away    bool                          // pushes to this user are not delivered
	unready error                         // why they would not be
	hurries []context.Context             // that this user's phone was in
	tardy   bool                          // this user's channels are said to be open late, after messages
	armed   map[int]func()                // what the browser does once this user's page goes away
	arms    int                           // so many there were
	still   time.Time                     // until when this user's machine, or page, does not run
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, lines: map[webpush.PublicKey]*user{}, peers: map[string]*testPeer{}, verify: webpush.Verify}
	w.carry = w.deliver
	w.fault = func(*testPeer, string) error { return nil }
	w.pace = func(_ *testPeer, d time.Duration) time.Duration { return d }
	w.tell = func(*testPeer, string) {}
	w.apart = func(a, b *user) bool { return false }
	return w
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
	u.phone = newPhone(u.config())
	w.t.Cleanup(u.phone.Close)
	return u
}

// newPhone returns a phone of a config that is complete.
func newPhone(config Config) *Phone {
	phone, err := New(config)
	if err != nil {
		panic(err)
	}
	return phone
}

// config is that of a phone of this user.
func (u *user) config() Config {
	return Config{
		Identity:  u.signer,
		Verify:    u.world.verify,
		Card:      func() signaling.Card { return u.card },
		NewPeer:   u.newPeer,
		Farthest:  func() signaling.CandidateType { return signaling.ServerReflexive },
		Directory: Directory{Contact: u.contact, CardOf: u.cardOf, Logged: u.logged},
		Sender:    Sender{Push: u.push, Prepare: u.prepare, Ready: u.makeReady},
		Policy:    Policy{Early: func() bool { return u.early }, ContactsOnly: func() bool { return u.contactsOnly }},
		Events: Events{
			OnMoved: func(from, to webpush.PublicKey) {
				u.note(func() {
					c := u.contacts[from]
					delete(u.contacts, from)
					c.Card.Identity, c.CardTime = to, time.Time{}
					u.contacts[to] = c
				})
			},
			OnHurry:   func(ctx context.Context) { u.note(func() { u.hurries = append(u.hurries, ctx) }) },
			OnCall:    u.onCall,
			OnText:    func(x Text) { u.note(func() { u.texts = append(u.texts, x) }) },
			OnFile:    u.onFile,
			OnQueue:   func(n int) { u.note(func() { u.queue = n }) },
			OnMissed:  func(m Missed) { u.note(func() { u.missed = append(u.missed, m) }) },
			OnCard:    u.onCard,
			OnWaiting: func(c Call) { u.note(func() { u.waits = append(u.waits, c) }) },
			OnTest:    func(id signaling.CallID) { u.note(func() { u.tests = append(u.tests, id) }) },
			OnDrop:    func(err error) { u.note(func() { u.drops = append(u.drops, err) }) },

			OnArrived: func(number int) { u.note(func() { u.arrived = number }) },
			OnUnsent:  func(text string) { u.note(func() { u.unsent = append(u.unsent, text) }) },
			OnLost:    func(from int) { u.note(func() { u.lost = append(u.lost, from) }) },
		},
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
	if !known && identity == u.called.Identity {
		return u.called, true
	}
	return c.Card, known
}

// knows makes friends contacts of this user, who have this user's card.
func (u *user) knows(friends ...*user) {
	u.note(func() {
		for _, f := range friends {
			u.contacts[f.card.Identity] = Contact{Card: f.card, Name: "my " + f.card.Name, Told: CardDigest(u.card)}
		}
	})
}

// logged reports whether a call is in the user's list, because it has ended here.
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
		u.cards++
		c := u.contacts[m.From]
		c.Card, c.CardTime = *m.Card, m.Time
		u.contacts[m.From] = c
	})
}

// stall stops a user's page for d: its timers and the events for it wait. After that timers
// run first by lag, as in a browser. If the whole machine stands still, friends' peers may
// notice.
func (u *user) stall(d, lag time.Duration, notices func(*testPeer) bool) {
	w, until := u.world, time.Now().Add(d)
	u.note(func() { u.still = until })
	phone := u.phoneNow()
	phone.loop.Post(func() { time.Sleep(time.Until(until)) })
	late := func() { time.Sleep(time.Until(until.Add(lag))) }
	phone.opening.Post(late)
	w.mu.Lock()
	defer w.mu.Unlock()
	for ufrag, p := range w.peers {
		switch {
		case p.ufrag != ufrag || p.closed: // of a description before, or a peer
		case p.user == u:
			p.queue.Post(late)
		case p.opened && p.far != nil && p.far.user == u && notices(p):
			p.noticeStall(d)
		}
	}
}

// noticeStall reports the connection states that Chromium reports if the far side stands
// still for d: disconnected after 5 s, failed after 17 s, and connected again once the far
// side runs (observed). Firefox reports nothing for longer than the tests last.
func (p *testPeer) noticeStall(d time.Duration) {
	for _, step := range []struct {
		after time.Duration
		state ConnectionState
	}{{5 * time.Second, PeerDisconnected}, {17 * time.Second, PeerFailed}, {d, PeerConnected}} {
		if step.after <= d && d > 5*time.Second {
			time.AfterFunc(step.after, func() {
				p.world.mu.Lock()
				defer p.world.mu.Unlock()
				if !p.closed {
					p.queue.Post(func() { p.events.ConnectionState(step.state) })
				}
			})
		}
	}
}

// stillFor returns how long the user's page will not run.
func (u *user) stillFor() time.Duration {
	u.mu.Lock()
	defer u.mu.Unlock()
	return time.Until(u.still)
}

func newSigner(t testing.TB) webpush.Signer {
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

// push gives a message to the push network.
func (u *user) push(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) error {
	w := u.world
	time.Sleep(u.stillFor())
	m, err := signaling.Open(ctx, payload, to.Subscription.UAPublic, w.verify)
	if err != nil {
		w.t.Errorf("a phone pushed what cannot be opened: %v", err)
	}
	if options.Topic != topic(m, u.signer.Public(), to) || options.TTL != ttl(m.Type) || options.Urgency != webpush.UrgencyHigh {
		w.t.Errorf("%s pushed with %+v", m.Type, options)
	}
	w.mu.Lock()
	fail, carry, receiver := u.fail, w.carry, w.lines[to.Subscription.UAPublic]
	w.mu.Unlock()
	if fail != nil {
		if err := fail(m); err != nil {
			return err
		}
	}
	w.mu.Lock()
	w.pushes = append(w.pushes, m.Type)
	w.mu.Unlock()
	return carry(push{ctx, u, receiver, m, payload, options})
}

// makeReady is this user's Config.Ready. It returns the error that the test has set.
func (u *user) makeReady(ctx context.Context) error {
	u.mu.Lock()
	err := u.unready
	u.mu.Unlock()
	if err == errUnsure {
		<-ctx.Done()
		return ctx.Err()
	}
	return err
}

// errUnsure makes makeReady block until its context ends.
var errUnsure = errors.New("it is not known whether an answer could arrive")

// prepare is this user's Config.Prepare: the user's browser pushes a message when the page
// goes away.
func (u *user) prepare(_ context.Context, to signaling.Card, payload []byte, options webpush.Options) (func() func(), error) {
	return func() func() {
		var n int
		u.note(func() {
			if u.armed == nil {
				u.armed = map[int]func(){}
			}
			u.arms++
			n = u.arms
			u.armed[n] = func() { _ = u.push(context.WithValue(context.Background(), byBrowser{}, true), to, payload, options) }
		})
		return func() { u.note(func() { delete(u.armed, n) }) }
	}, nil
}

// byBrowser marks the context of a push that the browser makes without the page.
type byBrowser struct{}

// hide pushes the prepared messages, as a browser does when the user's page goes away.
func (u *user) hide() {
	u.note(func() {
		for _, push := range u.armed {
			go push()
		}
		u.armed = nil
	})
}

// deliver is a push network that delivers after pushTime.
func (w *world) deliver(m push) error {
	m.to.note(func() {
		m.to.payload = append(m.to.payload, m.payload)
		if !m.to.away {
			time.AfterFunc(pushTime, func() { m.to.phoneNow().Deliver(m.payload) })
		}
	})
	return nil
}

// phoneNow returns the user's present phone.
func (u *user) phoneNow() *Phone {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.phone
}

// change runs f with the world's mutex locked, while phones run.
func (w *world) change(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

// hurried returns the contexts of all OnHurry events, the oldest first.
func (u *user) hurried() []context.Context {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.hurries)
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
	n      uint64     // the how many-th of its user
	shows  string     // the fingerprint of its certificate, as descriptions write it

	// the world's mutex guards these
	signaling     SignalingState
	ufrag         string // of the local description
	local, remote Description
	needed        bool // negotiation
	media         bool // its offers have sections for media
	channel       bool
	opened        bool
	files         *filestest.Channel // nil before they are opened
	closed        bool
	dead          bool // its path is gone for good: what is sent is lost
	deaf          bool // the same for what is sent to it
	far           *testPeer
	waiting       []string      // sent while there was no path
	added         []Candidate   // of the far side
	paced         atomic.Uint64 // steps that took their time
}

var (
	errState       = errors.New("InvalidStateError")
	errDescription = errors.New("OperationError: no transport")
)

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
		ICEUfrag: p.ufrag, ICEPwd: "passwordpasswordpassword", Fingerprint: p.certificate(),
		Candidates: []signaling.Candidate{{Type: signaling.Host, Protocol: signaling.UDP, Addr: netip.MustParseAddr("192.0.2.1"), Port: 9, Priority: 255}},
	}
	if kind == signalAnswer {
		d.Setup = signaling.Active
	}
	p.shows = fingerprintLine(d.SDP())
	if kind == signalOffer && !p.media || kind == signalAnswer && !hasMedia(p.remote) {
		return Description{Type: kind, SDP: d.SDP()}
	}
	return Description{Type: kind, SDP: d.SDP() + mediaSections}
}

// mediaSections are short media sections in place of a browser's.
const mediaSections = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:2\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:3\r\n"

func hasMedia(d Description) bool { return strings.HasSuffix(d.SDP, mediaSections) }

// certificate is the fingerprint of the peer's own.
func (p *testPeer) certificate() [32]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%s %d", p.user.card.Name, p.n))
}

// fingerprintLine returns the first fingerprint attribute of an SDP, or "".
func fingerprintLine(sdp string) string {
	_, after, _ := strings.Cut(sdp, "\na=fingerprint:")
	line, _, _ := strings.Cut(after, "\r\n")
	return line
}

// admits reports whether the remote description has the fingerprint of the far side's
// certificate: DTLS accepts any of its fingerprints (RFC 8122, Section 5), in whatever
// section. w.mu is held.
func (p *testPeer) admits(far *testPeer) bool {
	return far.shows != "" && strings.Contains(p.remote.SDP, "\na=fingerprint:"+far.shows+"\r\n")
}

// flows reports whether voice and video go both ways; w.mu is held.
func (p *testPeer) flows() bool {
	return p.opened && !p.closed && p.signaling == Stable && hasMedia(p.local) && hasMedia(p.remote)
}

func (u *user) newPeer(events PeerEvents) (Peer, error) {
	p := u.world.newPeer(u, events)
	u.note(func() { u.peers++; p.n = u.peers })
	if err := u.world.fault(p, "NewPeer"); err != nil {
		p.queue.Close()
		return nil, err
	}
	return p, nil
}

func (p *testPeer) CreateChannel() error {
	if err := p.world.fault(p, "CreateChannel"); err != nil {
		return err
	}
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	p.channel = true
	p.need()
	return nil
}

func (p *testPeer) AddMedia() error {
	if err := p.world.fault(p, "AddMedia"); err != nil {
		return err
	}
	p.world.tell(p, "adds media")
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	p.media = true
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
	w := p.world
	time.Sleep(w.pace(p, time.Millisecond))
	time.Sleep(p.user.stillFor())
	if err := w.fault(p, "SetLocalDescription"); err != nil {
		return err
	}
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
	p.connectPair()
	return nil
}

func (p *testPeer) LocalDescription() (Description, error) {
	time.Sleep(p.user.stillFor())
	if err := p.world.fault(p, "LocalDescription"); err != nil {
		return Description{}, err
	}
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	return p.local, nil
}

func (p *testPeer) SetRemoteDescription(ctx context.Context, remote Description) error {
	w := p.world
	time.Sleep(w.pace(p, time.Millisecond))
	time.Sleep(p.user.stillFor())
	if err := w.fault(p, "SetRemoteDescription"); err != nil {
		return err
	}
	if ufrag(remote.SDP) == "" || fingerprintLine(remote.SDP) == "" {
		return errDescription
	}
	if remote.Type == signalOffer && hasMedia(remote) {
		w.tell(p, "takes media")
	}
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
		p.media = p.media || hasMedia(remote)
	}
	p.remote = remote
	p.connectPair()
	return nil
}

// connectPair connects two peers that have each other's descriptions and accept each
// other's certificate, and fires a negotiationneeded that waited for the stable state.
// w.mu is held.
func (p *testPeer) connectPair() {
	if p.signaling == Stable && p.needed {
		p.need()
	}
	if p.signaling != Stable {
		return
	}
	far := p.world.peers[ufrag(p.remote.SDP)]
	if far == nil || far.signaling != Stable || far.closed || ufrag(far.remote.SDP) != p.ufrag || !p.admits(far) || !far.admits(p) {
		return
	}
	p.far, far.far = far, p
	time.AfterFunc(p.world.pace(p, pathTime), func() { p.connect(far) })
}

// blocked reports whether messages of p do not arrive now; w.mu is held.
func (p *testPeer) blocked() bool {
	return p.world.cut || p.world.apart(p.user, p.far.user)
}

func (p *testPeer) connect(far *testPeer) {
	w := p.world
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case p.closed || far.closed || p.far != far || !p.channel && !far.channel || p.dead || far.dead:
		return
	case p.blocked():
		w.late = append(w.late, p)
		return
	}
	if d := max(p.user.stillFor(), far.user.stillFor()); d > 0 {
		time.AfterFunc(d+w.pace(p, pathTime), func() { p.connect(far) })
		return
	}
	for _, x := range []*testPeer{p, far} {
		x.queue.Post(func() { x.delay(); x.events.ConnectionState(PeerConnected) })
		if !x.opened {
			x.opened = true
			w.tell(x, "channel opens")
			if x.user.tardy {
				time.AfterFunc(tardiness, func() { x.queue.Post(x.events.ChannelOpen) })
				continue
			}
			x.queue.Post(x.events.ChannelOpen)
		}
	}
}

func (p *testPeer) SignalingState() SignalingState {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	return p.signaling
}

func (p *testPeer) AddICECandidate(_ context.Context, c Candidate) error {
	p.world.mu.Lock()
	p.added = append(p.added, c)
	p.world.mu.Unlock()
	return p.world.fault(p, "AddICECandidate")
}

func (p *testPeer) RestartICE() error {
	if err := p.world.fault(p, "RestartICE"); err != nil {
		return err
	}
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	p.need()
	return nil
}

func (p *testPeer) Send(text string) error {
	if err := p.world.fault(p, "Send"); err != nil {
		return err
	}
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	if !p.opened || p.closed || p.far.closed {
		return errState
	}
	switch {
	case p.dead || p.far.dead || p.far.deaf:
	case p.blocked():
		p.waiting = append(p.waiting, text)
	default:
		p.deliver(text)
	}
	return nil
}

// delay waits for the delay that the test has set for methods of a peer.
func (p *testPeer) delay() {
	if d := p.world.pace(p, 0); d > 0 {
		time.Sleep(d)
	}
}

// deliver brings a message to the far side; w.mu is held.
func (p *testPeer) deliver(text string) {
	far := p.far
	far.queue.Post(func() { far.delay(); far.events.ChannelMessage(text) })
}

// heal restores the paths, and delivers the messages that waited for them.
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
	late := w.late
	w.late = nil
	for _, p := range late {
		time.AfterFunc(w.pace(p, pathTime), func() { p.connect(p.far) })
	}
}

// kill removes the path of all present links; new links find another.
func (w *world) kill() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.peers {
		p.dead = true
	}
}

// killOf removes the path of one user's links.
func (w *world) killOf(u *user) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.peers {
		p.dead = p.dead || p.user == u
	}
}

// deafen removes the path to one user's links, and leaves the opposite direction.
func (w *world) deafen(u *user) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.peers {
		p.deaf = p.deaf || p.user == u
	}
}

func (p *testPeer) Close() {
	w := p.world
	w.mu.Lock()
	p.closed = true
	far, opened := p.far, p.opened
	told := far != nil && opened && !p.dead && !far.dead && !far.deaf && !p.blocked()
	w.mu.Unlock()
	if told {
		far.queue.Post(func() {
			far.delay()
			w.mu.Lock()
			tell := far.opened && !far.closed
			far.opened = false
			w.mu.Unlock()
			if tell {
				w.tell(far, "channel closed")
				far.events.ChannelClosed()
			}
		})
	}
	go p.queue.Close() // it may be one of the queue's own events that closes the peer
}

// closeChannels closes every data channel, as a browser does whose association has
// timed out.
func (w *world) closeChannels() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.peers {
		if p.opened && !p.closed {
			p.opened = false
			p.queue.Post(p.events.ChannelClosed)
		}
	}
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
