//go:build js && wasm

package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"pushcall/call"
	"pushcall/internal/config"
	"pushcall/internal/loop"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/wasm/page"
	"pushcall/webpush"
)

// app is what the page can ask for; it implements page.Phone.
type app struct {
	ctx      context.Context
	store    *browser.Store
	identity *browser.SigningKey
	line     *line
	telling  sync.Mutex // friends of this browser's card: the next time it is known who was told
	sender   *browser.Sender
	host     *config.Config // how this deployment is set up
	phone    *call.Phone
	media    *browser.Media
	studio   *studio
	book     *phonebook.Book
	view     *page.Page
	desk     *loop.Loop // keeps the book, and the notifications tidy

	conversation conversation // the desk's

	settings page.Settings
	own      config.Own                       // what the person has in place of the host's
	setup    atomic.Pointer[config.Config]    // the host's, with it
	remote   atomic.Pointer[signaling.Card]   // the other side of the call now, or of the last
	rings    atomic.Pointer[signaling.CallID] // what rings here, or did as this tab was left
	waiting  context.CancelFunc               // for the call's notification, of the phone's loop
	arrived  chan struct{}                    // one token stands for any number of messages
	pushed   chan browser.Arrival             // those of them that need not be read from the inbox
	taking   chan struct{}                    // one token: the person wants the line here
	tests    chan string                      // a test message that has come back
	received received                         // files of this call, or of the last one
}

var _ page.Phone = (*app)(nil)

// errNotContact is for a person whom the page shows and the book has not.
var errNotContact = errors.New("not a contact")

// Prepare makes sure that the answer to a call can reach this browser. Where it
// could a while ago, the phone makes sure while it makes its offer.
func (a *app) Prepare(ctx context.Context) error {
	if a.line.Rings() && browser.Permitted() {
		return nil
	}
	return a.line.Subscribe(ctx)
}

// Dial calls the owner of a pasted card.
func (a *app) Dial(ctx context.Context, text string, video bool) error {
	card, err := signaling.ParseCard(text)
	if err != nil {
		return err
	}
	if a.line.IsOwn(card) {
		return page.ErrOwnSubscription
	}
	if card, err = a.book.ToDial(card); err != nil {
		return err
	}
	if err := a.sender.CanPush(card); err != nil {
		return err
	}
	a.book.Add(card)
	a.showBook()
	return a.dial(ctx, card, video)
}

// DialElsewhere calls a contact at the address of a card that has another than
// the stored one. Only they can answer there, since the identity is theirs.
func (a *app) DialElsewhere(ctx context.Context, card signaling.Card, video bool) error {
	if _, err := a.book.ToDial(card); err != nil && !errors.Is(err, phonebook.ErrOtherAddress) {
		return err
	}
	if err := a.sender.CanPush(card); err != nil {
		return err
	}
	return a.dial(ctx, card, video)
}

// CallContact calls somebody whose card is kept. A stranger who answers becomes a
// contact, and not under the name that they claim.
func (a *app) CallContact(ctx context.Context, identity webpush.PublicKey, video bool) error {
	card, found := a.book.CardOf(identity)
	if !found {
		return errNotContact
	}
	if _, known := a.book.Contact(identity); !known {
		card.Name = ""
	}
	card, err := a.book.ToDial(card)
	if err != nil {
		return err
	}
	return a.dial(ctx, card, video)
}

func (a *app) dial(ctx context.Context, card signaling.Card, video bool) error {
	if err := ctx.Err(); err != nil { // the person thought better of it
		return err
	}
	a.studio.Hold(a.ctx, hurryTime)
	a.studio.Set(browser.Microphone, true)
	a.studio.Set(browser.Camera, video)
	a.phone.Dial(card)
	return nil
}

// AddContact keeps the owner of a card under a name.
func (a *app) AddContact(ctx context.Context, card signaling.Card, name string) error {
	a.book.Add(card)
	return a.SaveContact(ctx, card.Identity, name)
}

// Card returns what a friend needs in order to call, and where this page is.
func (a *app) Card(ctx context.Context) (card signaling.Card, base string, err error) {
	if err := a.line.Subscribe(ctx); err != nil {
		return signaling.Card{}, "", err
	}
	address, err := browser.BaseURL()
	if err != nil {
		return signaling.Card{}, "", err
	}
	return a.line.Card(), address.Scheme + "://" + address.Host + address.Path, nil
}

// IsOwn tells whether a card is this browser's own.
func (a *app) IsOwn(card signaling.Card) bool { return a.line.IsOwn(card) }

// takeLink shows the card of a link that this page was opened with.
func (a *app) takeLink() {
	link, found, err := browser.TakeFragment(signaling.CardFragment)
	a.kept(err)
	if found {
		a.view.ShowLink(link)
	}
}

// Answer takes a call, with the microphone, and the camera if it is on by now.
func (a *app) Answer(id signaling.CallID) {
	a.studio.Hold(a.ctx, hurryTime)
	a.studio.Set(browser.Microphone, true)
	a.phone.Answer(id)
}

func (a *app) Decline(id signaling.CallID) { a.phone.Decline(id) }
func (a *app) HangUp()                     { a.phone.HangUp() }
func (a *app) SendText(text string)        { a.phone.SendText(text) }

// SetSource has the microphone, the camera or a screen sent, or not.
func (a *app) SetSource(of browser.Source, on bool) { a.studio.Set(of, on) }

// ChooseDevice has a source captured by another device.
func (a *app) ChooseDevice(of browser.Source, id string) {
	a.studio.Choose(of, id)
	a.keepDevice(deviceSettings[of], id)
}

// KeepSpeaker keeps what the friend is heard by.
func (a *app) KeepSpeaker(id string) { a.keepDevice(settingSpeaker, id) }

func (a *app) keepDevice(name, id string) {
	a.desk.Post(func() { a.kept(a.store.SetString(a.desk.Context(), name, id)) })
}

// useDevices goes on with what the person chose on a visit before.
func (a *app) useDevices(kept map[string]string) {
	for of, name := range deviceSettings {
		a.studio.Choose(of, kept[name])
	}
	a.view.UseSpeaker(kept[settingSpeaker])
}

// Quality asks the browser how well the call goes.
func (a *app) Quality(ctx context.Context) (browser.Quality, error) { return a.media.Quality(ctx) }

// SaveContact makes a caller a contact, or gives a contact another name.
func (a *app) SaveContact(ctx context.Context, identity webpush.PublicKey, name string) error {
	return a.change(identity, func(c *phonebook.Contact) { c.Name = signaling.CleanName(name) })
}

// Block drops what somebody sends from now on, or takes that back.
func (a *app) Block(ctx context.Context, identity webpush.PublicKey, blocked bool) error {
	return a.change(identity, func(c *phonebook.Contact) { c.Blocked = blocked })
}

// DeleteContact forgets a contact, and what was written to them and by them.
func (a *app) DeleteContact(ctx context.Context, identity webpush.PublicKey) error {
	a.book.Delete(identity)
	a.showBook()
	return a.DeleteTexts(ctx, identity)
}

// SafetyWords are those of the call that is connected.
func (a *app) SafetyWords(ctx context.Context) ([]string, error) { return a.phone.SafetyWords(ctx) }

// SetVerified keeps that safety words were the same, or were not.
func (a *app) SetVerified(ctx context.Context, identity webpush.PublicKey, verified bool) error {
	return a.change(identity, func(c *phonebook.Contact) {
		c.Verified = verified
		c.Moved = c.Moved && !verified
	})
}

// Acknowledge takes note that the person knows of a contact's new identity.
func (a *app) Acknowledge(ctx context.Context, identity webpush.PublicKey) error {
	return a.change(identity, func(c *phonebook.Contact) { c.Moved = false })
}

// onMoved has a contact's entry follow to their new identity.
func (a *app) onMoved(from, to webpush.PublicKey) {
	a.book.Move(from, to)
	a.moveTexts(from, to)
	a.showBook()
}

// change changes a contact, and makes a caller one first.
func (a *app) change(identity webpush.PublicKey, f func(*phonebook.Contact)) error {
	if _, known := a.book.Contact(identity); !known {
		card, found := a.book.CardOf(identity)
		if remote := a.remote.Load(); !found && remote != nil && remote.Identity == identity {
			card, found = *remote, true
		}
		if !found {
			return errNotContact
		}
		a.book.Add(card)
	}
	a.book.Update(identity, f)
	a.keepUnkept(identity)
	a.showBook()
	return nil
}

// CallsSeen takes note that the person has looked at the list of calls.
func (a *app) CallsSeen() {
	a.book.Seen()
	a.showBook()
}

// Settings returns what the person has decided.
func (a *app) Settings() page.Settings { return a.settings }

// SetSettings keeps what the person has decided. Friends learn of a new name
// with the next call.
func (a *app) SetSettings(ctx context.Context, settings page.Settings) error {
	settings.Name = signaling.CleanName(settings.Name)
	a.settings = settings
	a.line.SetName(settings.Name)
	for {
		err := saveSettings(ctx, a.store, settings)
		if err != nil || settings == a.settings {
			return err
		}
		settings = a.settings // a later one was saved meanwhile, perhaps before this one
	}
}

// hurryTime is how long the page, and the devices of a call that begins, may wait
// while the phone is in a hurry: a person takes what they get by then for what they
// get at once.
const hurryTime = 100 * time.Millisecond

// onHurry keeps the browser's main thread free: it lays out and paints on the one
// that a peer connection is waited for on. Of a page that nobody sees it does not.
func (a *app) onHurry(ctx context.Context) {
	if browser.Visible() {
		a.view.Hold(ctx, hurryTime)
	}
}

// onCall shows where the call is, notes it in the book, and sees to its
// notification. It runs on the phone's loop.
func (a *app) onCall(c call.Call) {
	switch {
	case c.State == call.Ringing && !c.Outgoing:
		a.rings.Store(&c.ID)
	case c.State != call.Idle: // which leaves a call to ring in the tab that has the line next
		a.rings.Store(nil)
	}
	if c.State == call.Connected {
		a.received.begin(c.ID)
	}
	if c.State != call.Idle {
		a.remote.Store(&c.Remote)
		a.book.Follow(c, a.line.Card())
	}
	if c.State == call.Ended || c.State == call.Idle {
		a.studio.End()
	}
	a.view.ShowCall(c)
	if c.State == call.Connected {
		a.beginConversation(c)
	}
	a.showBook()
	a.tidyNotification(c)
	if c.State == call.Ended {
		browser.Debug(fmt.Sprintf("call ended: %v; %d callbacks", c.Reason, browser.LiveFuncs()))
	}
	a.look() // what is kept of a call that rings no more can go
}

// onMissed lists a call that did not ring here.
func (a *app) onMissed(m call.Missed) {
	a.book.Missed(m)
	a.showBook()
	a.look()
}

func (a *app) onDrop(err error) {
	browser.Log(fmt.Sprintf("dropped: %v", err))
	a.look()
}

// tidyNotification lets the page take the place of a call's notification: at
// once when the call has moved on, and of a ring when the person sees the page.
func (a *app) tidyNotification(c call.Call) {
	if a.waiting != nil {
		a.waiting()
	}
	ctx, cancel := context.WithCancel(a.ctx)
	a.waiting = cancel
	if c.Outgoing || c.State == call.Idle {
		return
	}
	a.desk.Beside(func() func() {
		if err := a.settleNotification(ctx, c); err != nil && ctx.Err() == nil {
			browser.Log(err.Error())
		}
		return nil
	})
}

func (a *app) settleNotification(ctx context.Context, c call.Call) error {
	if c.State == call.Ringing {
		if err := browser.AwaitVisible(ctx); err != nil {
			return err
		}
	}
	if c.Missed() && !browser.Visible() {
		return browser.Notify(ctx, c.ID.String(), missedTitle(c), "")
	}
	return browser.CloseNotification(ctx, c.ID.String())
}

// missedTitle says whose call was missed, as the service worker says it.
func missedTitle(c call.Call) string {
	if c.Known {
		return browser.Say("Missed call from {name}", "name", c.Name)
	}
	return browser.Say("Missed call from {name}", "name", browser.Say("an unknown caller"))
}

// showBook shows the contacts and the list of calls.
func (a *app) showBook() {
	a.view.ShowContacts(a.book.Contacts())
	a.view.ShowCalls(a.book.Records())
}

func (a *app) saveContact(c phonebook.Contact) {
	a.desk.Post(func() { a.kept(a.store.PutContact(a.desk.Context(), c)) })
}

func (a *app) deleteContact(identity webpush.PublicKey) {
	a.desk.Post(func() { a.kept(a.store.DeleteContact(a.desk.Context(), identity)) })
}

func (a *app) saveRecord(r phonebook.Record) {
	a.desk.Post(func() {
		a.kept(a.store.PutCall(a.desk.Context(), r))
		a.kept(a.store.ForgetCalls(a.desk.Context(), a.book.Listed))
	})
}

// kept logs why something could not be kept: a full disk keeps no call away.
func (a *app) kept(err error) {
	if err != nil {
		browser.Log(err.Error())
	}
}
