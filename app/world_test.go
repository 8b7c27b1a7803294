package app

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pushcall/call"
	"pushcall/internal/config"
	"pushcall/signaling"
	"pushcall/webpush"
)

// A world is where whole applications are tested: people with a browser each, whose
// tabs share a store and a lock; a push network that takes a while; and peers in
// memory. It runs in the virtual time of a synctest bubble.
//
//	world ─── person ─┬─ store, subscription, lock     of the browser
//	                  └─ tab ─┬─ App
//	                          └─ view, devices, …      of the page
//
// What tests put in place (store.full, person.denied, …) they set while all is at
// rest, or under world.mu.
type world struct {
	t  testing.TB
	mu sync.Mutex // guards all of the world, but what its parts say they guard themselves

	people []*person
	lines  map[webpush.PublicKey]*person // by p256dh of their subscription
	peers  map[string]*testPeer          // by ICE ufrag
	made   int                           // ufrags and certificates so far
	pushes []signaling.Type              // in the order they were sent
	carry  func(push) error              // the push network; deliver, or what a test puts in its place

	signer func(webpush.ApplicationServerKey) webpush.Signer // of a key
	verify webpush.VerifyFunc                                // checks what signers sign
	shows  func(t *tab, what any)                            // is told of what a tab shows: a call.Call, a call.Text, …
}

// push is a push message on its way.
type push struct {
	from     *tab
	to       *person
	message  signaling.Message
	payload  []byte
	receiver webpush.PublicKey
}

const (
	pushTime  = 20 * time.Millisecond // facts of a real push service: 7 to 20 ms
	pathTime  = 50 * time.Millisecond // from both descriptions to an open channel
	storeTime = time.Millisecond      // of each operation of a store
)

func newWorld(t testing.TB) *world {
	w := &world{t: t, lines: map[webpush.PublicKey]*person{}, peers: map[string]*testPeer{},
		signer: webpush.NewSigner, verify: webpush.Verify, shows: func(*tab, any) {}}
	w.carry = w.deliver
	return w
}

// run runs a test in a world of its own, and ends all that is in it.
func run(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() {
			for _, p := range w.people {
				for len(p.tabs) > 0 {
					p.tabs[0].crash()
				}
			}
		}()
		f(t, w)
	})
}

// change changes something in the world while people are at work.
func (w *world) change(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

// pushed returns the types of all messages that were pushed, in one line.
func (w *world) pushed() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return fmt.Sprint(w.pushes)
}

// looked has what a test reads of a view happen before what is shown once time has
// passed: nobody runs between two waits of a test, but the race detector cannot know that.
var looked atomic.Int64

// wait lets virtual time pass.
func wait(d time.Duration) {
	looked.Add(1)
	time.Sleep(d)
	synctest.Wait()
}

// A person has one browser.
type person struct {
	world  *world
	name   string
	store  *store
	tabs   []*tab // the oldest first
	lock   lineLock
	saving storeLock

	// The browser, guarded by world.mu.
	subscription webpush.Subscription // of the push service; zero for none
	key          webpush.PublicKey    // that it was made for
	made         int                  // subscriptions so far
	permission   error                // why the page may not notify; the decision of the person, once asked, is answers
	answers      error                // what the person decides when the browser asks
	subscribing  error                // why the push service gives no subscription
	language     string               // that the person chose
	reloads      int                  // of tabs, by the application
	missed       []string             // names in notifications of missed calls
	closed       []string             // notifications of calls that were closed
	persists     bool                 // the browser grants persistent storage when asked
	persisted    bool                 // and has
	asks         int                  // how often it was asked
	network      network
	installing   Installing // how that goes
	agrees       bool       // to install, when asked
}

var errUndecided = fmt.Errorf("test: the person has not decided")

// person adds somebody whose browser is new.
func (w *world) person(name string) *person {
	p := &person{world: w, name: name, permission: errUndecided}
	p.store = newStore(p)
	w.change(func() { w.people = append(w.people, p) })
	return p
}

// friends adds two people who are in each other's contacts, and who have a tab each.
func (w *world) friends(a, b string) (*tab, *tab) {
	x, y := w.person(a).open(), w.person(b).open()
	x.ready()
	y.ready()
	x.knows(y)
	y.knows(x)
	wait(time.Second)
	return x, y
}

// open opens a tab, and waits until all is at rest.
func (p *person) open() *tab {
	p.world.t.Helper()
	t, err := p.start()
	if err != nil {
		p.world.t.Fatal(err)
	}
	wait(100 * time.Millisecond)
	return t
}

// testHost is the set-up of the deployment.
var testHost = sync.OnceValues(func() (*config.Config, error) {
	return config.Parse([]byte(`{"iceServers": [{"urls": ["stun:stun.example"]}], "relays": ["relay"]}`), &url.URL{Scheme: "https", Host: "pushcall.example", Path: "/"})
})

// start opens a tab.
func (p *person) start() (*tab, error) {
	t := &tab{person: p, visible: true, done: make(chan struct{}), devices: map[Source]*device{}}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	t.view = &view{tab: t, files: map[fileKey]shownFile{}}
	host, err := testHost()
	if err != nil {
		return nil, err
	}
	handle := &handle{store: p.store, tab: t}
	t.App, err = New(t.ctx, Config{
		Host: host, Identity: p.store.signer(), Verify: p.world.verify,
		Store: handle, Sender: t, Push: t, Lock: t, Peers: t, Devices: t, Folder: t, Handset: t, Storage: t, Notifier: t, Vault: t, Language: t, Network: t, Install: t,
		Log: t.logged,
	})
	if err != nil {
		return nil, err
	}
	p.world.change(func() { p.tabs = append(p.tabs, t) })
	go func() {
		defer close(t.done)
		t.ran = t.Run(t.ctx, t.view)
	}()
	return t, nil
}

// A tab has the application and a view of it.
type tab struct {
	*App
	*person
	view *view

	ctx    context.Context
	cancel context.CancelFunc
	done   chan struct{}
	ran    error // why Run has returned

	// guarded by world.mu
	dead        bool // nothing that it does has an effect
	visible     bool
	seen        chan struct{} // closed when it is visible
	logs        []error
	devices     map[Source]*device
	sends       [Sources]*testTrack // what is sent
	connected   Connected           // what the browser names
	sinks       []*testSink
	relays      []*url.URL
	gathers     func(ctx context.Context, events GatherEvents) error
	armed       map[int]func() // what the browser pushes once the page goes away
	arms        int
	handset     []string // what the device was told, in order
	asksToLeave bool
	disk        chan struct{} // nil, or what a download waits for
}

func (t *tab) logged(err error) {
	t.world.change(func() { t.logs = append(t.logs, err) })
	t.world.shows(t, err)
}

// crash ends a tab at once: it says goodbye to nobody.
func (t *tab) crash() {
	w := t.world
	w.mu.Lock()
	t.dead = true
	t.tabs = slices.DeleteFunc(t.tabs, func(x *tab) bool { return x == t })
	for _, p := range w.peers {
		p.dead = p.dead || p.tab == t
	}
	w.mu.Unlock()
	t.lock.release(t)
	t.saving.release(t)
	t.cancel()
	<-t.done
	t.Close()
}

// close does what a browser does when the person closes a tab.
func (t *tab) close() {
	t.Leave()
	synctest.Wait()
	t.crash()
}

// ready has the line ring, as the person does who asks for a card.
func (t *tab) ready() {
	t.world.t.Helper()
	if err := t.Line.Subscribe(t.ctx); err != nil {
		t.world.t.Fatal(err)
	}
	wait(100 * time.Millisecond)
}

// knows makes the person of another tab a contact, who has this tab's card.
func (t *tab) knows(friend *tab) {
	t.world.t.Helper()
	if err := t.Contacts.AddContact(friend.Line.Card(), "my "+friend.name); err != nil {
		t.world.t.Fatal(err)
	}
	t.book.Update(friend.Line.Card().Identity, func(c *contact) { c.Told, c.Heard = call.CardDigest(t.Line.Card()), true })
	wait(10 * time.Millisecond)
}

// identity is who the person of the tab is.
func (t *tab) identity() webpush.PublicKey { return t.Line.Card().Identity }

// dial calls the person of another tab.
func (t *tab) dial(friend *tab) {
	t.world.t.Helper()
	if err := t.Calls.CallContact(t.ctx, friend.identity(), false); err != nil {
		t.world.t.Fatal(err)
	}
	wait(time.Second)
}

// answer takes the call that rings in the tab.
func (t *tab) answer() {
	t.Calls.Answer(t.view.last().ID)
	wait(time.Second)
}

// talk has one tab call the other, which answers.
func (t *tab) talk(friend *tab) {
	t.world.t.Helper()
	t.dial(friend)
	friend.expect(call.Ringing)
	friend.answer()
	t.expect(call.Connected)
	friend.expect(call.Connected)
}

// expect checks what state the tab shows.
func (t *tab) expect(state call.State) {
	t.world.t.Helper()
	if c := t.view.last(); c.State != state {
		t.world.t.Errorf("%s sees %v (%v, %v), not %v; log: %v", t.name, c.State, c.Reason, c.Err, state, t.logs)
	}
}

// deliver is a push network that delivers after pushTime.
func (w *world) deliver(m push) error {
	time.AfterFunc(pushTime, func() { m.to.receive(m.payload, m.receiver) })
	return nil
}

// receive does what the service worker does with a push message: it puts it into the
// inbox, and hands it to the tabs there are, alone if there is no room for it.
func (p *person) receive(payload []byte, receiver webpush.PublicKey) {
	p.world.mu.Lock()
	gone := p.subscription.UAPublic != receiver
	p.world.mu.Unlock()
	if gone {
		return
	}
	p.tell(Arrival{Key: p.store.arrive(Arrival{Payload: string(payload)}), Payload: string(payload)}, receiver)
}

// click does what the service worker does when the person presses a button of a
// call's notification.
func (p *person) click(what string, id signaling.CallID) {
	p.store.arrive(Arrival{Click: what, Call: id.String()})
	p.tell(Arrival{}, webpush.PublicKey{})
}

func (p *person) tell(x Arrival, receiver webpush.PublicKey) {
	p.world.mu.Lock()
	tabs := slices.Clone(p.tabs)
	p.world.mu.Unlock()
	for _, t := range tabs {
		t.Deliver(x, receiver)
	}
}

// lineLock is the Web Lock of the tab that has the line.
type lineLock struct {
	mu      sync.Mutex
	holder  *tab
	lost    chan struct{} // the holder's
	changed chan struct{} // closed when it is free
}

// AwaitLine implements LineLock.
func (t *tab) AwaitLine(ctx context.Context, steal bool, waiting func()) (<-chan struct{}, error) {
	l := &t.lock
	for first := true; ; first = false {
		l.mu.Lock()
		if steal && l.holder != nil {
			close(l.lost)
			close(l.changed) // who waits now waits for another to free it
			l.holder = nil
		}
		if l.holder == nil && ctx.Err() == nil {
			l.holder, l.lost, l.changed = t, make(chan struct{}), make(chan struct{})
			defer l.mu.Unlock()
			return l.lost, nil
		}
		changed := l.changed
		l.mu.Unlock()
		if first {
			waiting()
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// storeLock is the Web Lock of the tab that saves what it changed while it had the line.
type storeLock struct {
	mu    sync.Mutex
	queue []*storeHolder // the first has it
}

type storeHolder struct {
	tab     *tab
	granted chan struct{}
}

// HoldStore implements LineLock.
func (t *tab) HoldStore(ctx context.Context, saved <-chan struct{}) error {
	l, mine := &t.saving, &storeHolder{t, make(chan struct{})}
	l.change(func() { l.queue = append(l.queue, mine) })
	leave := func() {
		l.change(func() { l.queue = slices.DeleteFunc(l.queue, func(x *storeHolder) bool { return x == mine }) })
	}
	select {
	case <-mine.granted:
	case <-ctx.Done():
		leave()
		return ctx.Err()
	}
	go func() {
		<-saved
		leave()
	}()
	return nil
}

// release frees the store of a tab that is gone.
func (l *storeLock) release(t *tab) {
	l.change(func() { l.queue = slices.DeleteFunc(l.queue, func(x *storeHolder) bool { return x.tab == t }) })
}

// change changes the queue, and gives the lock to who is its first then.
func (l *storeLock) change(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
	if len(l.queue) == 0 {
		return
	}
	select {
	case <-l.queue[0].granted:
	default:
		close(l.queue[0].granted)
	}
}

// release frees the line of a tab that is gone.
func (l *lineLock) release(t *tab) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.holder == t {
		l.holder = nil
		close(l.changed)
	}
}
