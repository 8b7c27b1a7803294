package app

import (
	"context"
	"time"

	"pushcall/call"
	"pushcall/internal/config"
	"pushcall/internal/loop"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

// Config is what an App needs from where it runs. All fields are required.
type Config struct {
	Host     *config.Config     // the set-up of this deployment
	Identity webpush.Signer     // signs this browser's messages
	Verify   webpush.VerifyFunc // checks those of others
	Store    Store
	Sender   Sender
	Push     PushManager
	Lock     LineLock
	Peers    Peers
	Devices  Devices
	Folder   Folder
	Handset  Handset
	Storage  StorageManager
	Notifier Notifier
	Vault    Vault
	Language Language
	Network  Network
	Install  Installer
	Log      func(error) // for people who look for causes
}

// Store keeps what must outlive the page. All tabs share it.
type Store interface {
	SettingsStore
	InboxStore
	BookStore
	TextStore
	MoveStore
}

// App is the application in one tab. Its methods and those of its parts may be
// called from any goroutine, once Run was called. Those that take a context may
// block, for permission prompts and the network; the others return at once.
type App struct {
	Line          *Line
	Announcer     *Announcer
	Calls         *Calls
	Contacts      *Contacts
	Conversations *Conversations
	Studio        *Studio
	Files         *Files
	Preferences   *Preferences
	Servers       *Servers
	Archiver      *Archiver
	LineTest      *LineTest
	Persistence   *Persistence
	Reachability  *Reachability
	Installation  *Installation
	Sharing       *Sharing

	*common
	inbox         *inbox
	notifications *notifications
	holding       *holding
	returning     *returning
	waiting       *notifications // of the call that waits
	tones         *tones
	last          call.Call     // as onCall was told; the phone's loop owns it
	taking        chan struct{} // one token: the person wants the line in this tab
}

// common is what the parts of an App share.
type common struct {
	config      Config
	view        View       // from Run on
	storage     *loop.Loop // writes to the store, in the order things happened
	here        bool       // this tab has the line; of the storage loop
	phone       *call.Phone
	line        *Line
	book        *phonebook.Book
	preferences *Preferences
}

// New makes the application of a tab, which waits for Run. It reads the settings
// that the visit before has saved, and makes the line's key at the first visit.
func New(ctx context.Context, config Config) (*App, error) {
	c := &common{config: config}
	saved, unreadable := config.Store.Strings(ctx)
	c.logError(unreadable)
	var err error
	if c.line, err = openLine(ctx, c, saved); err != nil {
		return nil, err
	}
	c.storage = loop.New(config.Log)
	c.preferences = &Preferences{common: c}
	if unreadable == nil {
		c.preferences.load(saved)
	} else {
		c.preferences.guard()
	}
	a := &App{common: c, Line: c.line, Preferences: c.preferences, taking: make(chan struct{}, 1)}
	a.Servers = &Servers{common: c}
	c.logError(a.Servers.load(saved))
	a.Reachability = newReachability(c, a.Servers)
	a.Servers.changed = a.Reachability.trust
	a.Conversations = newConversations(c)
	a.Contacts = &Contacts{common: c, conversations: a.Conversations}
	c.book = phonebook.NewBook(a.Contacts.save, a.Contacts.delete, a.Contacts.saveCall)
	a.Studio = &Studio{common: c, loop: loop.New(config.Log)}
	a.Studio.load(saved)
	a.holding = &holding{common: c}
	a.Files = &Files{common: c, holding: a.holding, sinks: map[int]Sink{}, saving: newTurn()}
	a.Installation = &Installation{common: c}
	a.LineTest = &LineTest{common: c, returned: make(chan signaling.CallID, 1)}
	a.Announcer = &Announcer{common: c, telling: newTurn()}
	a.Calls = &Calls{common: c, contacts: a.Contacts, studio: a.Studio}
	a.Persistence = &Persistence{common: c}
	a.Contacts.persistence = a.Persistence
	a.Sharing = &Sharing{common: c, calls: a.Calls, files: a.Files}
	a.Archiver = &Archiver{c, a.Persistence}
	a.inbox = newInbox(c)
	a.notifications, a.waiting = &notifications{common: c}, &notifications{common: c}
	a.returning = &returning{common: c}
	a.tones = &tones{common: c}
	c.phone, err = call.New(a.phoneConfig())
	return a, err
}

// Close ends the call, and waits for everything the application has started, once
// Run has returned.
func (a *App) Close() {
	a.phone.Close()
	a.Studio.loop.Close()
	a.storage.Close()
}

// Leave ends the call because the page goes away: see call.Phone. A page that comes back
// soon offers to return to it.
func (a *App) Leave() {
	a.returning.left.Store(true)
	a.phone.Leave()
}

// phoneConfig joins the phone to the parts that it asks, and to those that it tells.
func (a *App) phoneConfig() call.Config {
	return call.Config{
		Identity:  a.config.Identity,
		Verify:    a.config.Verify,
		Card:      a.Line.Card,
		NewPeer:   a.Servers.newPeer,
		Farthest:  a.Servers.farthest,
		Directory: call.Directory{Contact: a.book.ForPhone, CardOf: a.book.CardOf, Logged: a.book.Logged},
		Sender:    call.Sender{Push: a.Reachability.push, Prepare: a.config.Sender.Prepare, Ready: a.Line.Subscribe},
		Policy: call.Policy{
			Early:        func() bool { return a.Preferences.Settings().Early },
			ContactsOnly: func() bool { return a.Preferences.Settings().ContactsOnly },
		},
		Events: call.Events{
			OnHurry:   a.onHurry,
			OnCall:    a.onCall,
			OnWaiting: a.onWaiting,
			OnText:    func(t call.Text) { a.Conversations.onText(a.Contacts.remote.Load().Identity, t) },
			OnFile:    a.Files.onFile,
			OnQueue:   func(n int) { a.view.ShowQueue(n) },
			OnMissed:  a.onMissed,
			OnMoved:   a.Contacts.onMoved,
			OnCard:    a.book.NewCard,
			OnTest:    a.LineTest.onTest,
			OnDrop:    a.inbox.drop,
			OnArrived: a.Conversations.onArrived,
			OnUnsent:  func(text string) { a.view.ShowUnsent(text) },
			OnLost:    func(int) { a.view.ShowLost() },
		},
	}
}

// hurryTime is how long the view, and the devices of a call that begins, may wait
// while the phone is in a hurry: a person takes what they get by then for what they
// get at once.
const hurryTime = 100 * time.Millisecond

// onHurry keeps the browser's main thread free, which lays out and paints on the
// thread that a peer connection is waited for on. It does neither for a page that
// nobody sees.
func (a *App) onHurry(ctx context.Context) {
	if a.config.Notifier.Visible() {
		a.view.Hold(ctx, hurryTime)
	}
}

// onCall tells every part where the call is, in the order that their effects are
// seen. It runs on the phone's loop.
func (a *App) onCall(c call.Call) {
	switch {
	case c.State == call.Ringing && !c.Outgoing:
		a.inbox.ringing.Store(&c.ID)
	case c.State != call.Idle: // which leaves a call to ring in the tab that has the line next
		a.inbox.ringing.Store(nil)
	}
	if id := a.inbox.waiting.Load(); id != nil && *id == c.ID {
		a.inbox.waiting.Store(nil)
	}
	if c.State == call.Connected {
		a.Files.begin(c.ID)
	}
	if c.State != call.Idle {
		a.Contacts.follow(c, a.Line.Card())
	}
	switch {
	case c.State == call.Ended || c.State == call.Idle:
		a.Studio.end()
	case takes(a.last, c):
		a.Studio.prepare()
	}
	a.last = c
	a.holding.follow(c)
	a.returning.follow(c)
	a.view.ShowCall(c)
	a.tones.follow(c)
	if c.State == call.Connected {
		a.Conversations.begin(c.ID, c.Remote.Identity)
	}
	a.Persistence.follow(c)
	a.Contacts.show()
	a.notifications.follow(c)
	a.Installation.follow(c)
	a.Sharing.follow(c)
	a.inbox.poll() // the offer of a call that does not ring any more can be deleted
}

// onMissed lists a call that did not ring here.
func (a *App) onMissed(m call.Missed) {
	a.Contacts.missed(m)
	a.inbox.poll()
}

// Deliver takes what the service worker has put into the inbox, or could not; a
// push message together with the p256dh that it came for. It does not block.
func (a *App) Deliver(x Arrival, receiver webpush.PublicKey) { a.inbox.deliver(x, receiver) }

// logError logs why something could not be done or saved, unless err is nil: a full
// disk keeps no call away.
func (c *common) logError(err error) {
	if err != nil {
		c.config.Log(err)
	}
}
