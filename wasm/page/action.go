//go:build js && wasm

package page

import (
	"context"
	"errors"
	"runtime"
	"time"

	"pushcall/app"
	"pushcall/internal/speech"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// patience is how long a button stays busy. A permission prompt may stay open,
// out of sight, for as long as the page does.
const patience = 10 * time.Second

// action is something the person asked for that is not done yet.
type action struct {
	cancel   context.CancelFunc
	setBusy  func(bool)
	patience *time.Timer
	slow     bool // its patience is over: it may be asked for anew
}

// phoneLine is this browser's line and its card.
type phoneLine interface {
	Prepare(ctx context.Context) error
	Subscribe(ctx context.Context) error
	Card() signaling.Card
	Wanted() bool
	IsOwn(card signaling.Card) bool
}

// dialer makes calls, after phoneLine.Prepare, and has the words that two people
// compare during one.
type dialer interface {
	Dial(ctx context.Context, text string, video bool) error
	DialElsewhere(ctx context.Context, card signaling.Card, video bool) error
	CallContact(ctx context.Context, identity webpush.PublicKey, video bool) error
	SafetyWords(ctx context.Context) ([]string, error)
}

// beside runs f beside the loop, then posts what it returns. Cancelling it is
// for f to notice.
func (p *Page) beside(f func(context.Context) (then func())) context.CancelFunc {
	ctx, cancel := context.WithCancel(p.loop.Context())
	p.loop.Beside(func() func() {
		defer cancel()
		return f(ctx)
	})
	return cancel
}

// callFriend gets ready for a call and opens the dialog that takes a card.
func (p *Page) callFriend() {
	p.ask(p.home.setFriendBusy, p.callFriend, func(ctx context.Context) (func(), error) {
		err := p.line.Prepare(ctx)
		if err != nil && !app.CallsOff(err) {
			return nil, err
		}
		return func() { // where calls are off, a friend can be saved
			p.askName()
			p.dial.open(err == nil)
		}, err
	})
}

// callContact calls somebody whose card is kept.
func (p *Page) callContact(c phonebook.Contact, setBusy func(bool)) { p.callKnown(c, false, setBusy) }

// videoContact is the same, with the camera.
func (p *Page) videoContact(c phonebook.Contact, setBusy func(bool)) { p.callKnown(c, true, setBusy) }

// callKnown gets ready for a call and calls.
func (p *Page) callKnown(c phonebook.Contact, video bool, setBusy func(bool)) {
	again := func() { p.callKnown(c, video, setBusy) }
	p.ask(setBusy, again, func(ctx context.Context) (func(), error) {
		if err := p.line.Prepare(ctx); err != nil {
			return nil, err
		}
		err := p.dialer.CallContact(ctx, c.Identity(), video)
		return func() {
			if err != nil {
				p.say(speech.Saying{State: speech.AtFailure, Word: speech.Unreachable, Sentence: p.refusalOf(err, c.Identity()), Cause: err})
			}
		}, nil
	})
}

// showCard gets the card, which may take a permission, and shows it.
func (p *Page) showCard() {
	p.ask(p.home.setCardBusy, p.showCard, func(ctx context.Context) (func(), error) {
		card, base, err := p.ownCard(ctx)
		if err != nil {
			return nil, err
		}
		return func() {
			p.guide.reach(stepCall)
			p.askName()
			p.card.open(card, base)
		}, nil
	})
}

// ownCard returns this browser's card, and the address of the page that a link with
// it leads to.
func (p *Page) ownCard(ctx context.Context) (card signaling.Card, base string, err error) {
	if err := p.line.Subscribe(ctx); err != nil {
		return signaling.Card{}, "", err
	}
	address, err := js.BaseURL()
	if err != nil {
		return signaling.Card{}, "", err
	}
	return p.line.Card(), address.Scheme + "://" + address.Host + address.Path, nil
}

// ask runs f, which is not for during a call, unless another such runs
// already; again is that action as a whole. An error is said before f's then, which
// may be nil.
func (p *Page) ask(setBusy func(bool), again func(), f func(context.Context) (then func(), err error)) {
	if inCall(p.current) || p.asking != nil && !p.asking.slow {
		return
	}
	p.giveUp()
	a := &action{setBusy: setBusy}
	p.asking = a
	a.patience = time.AfterFunc(patience, func() { p.loop.Post(func() { p.tire(a) }) })
	a.cancel = p.beside(func(ctx context.Context) func() {
		then, err := f(ctx)
		return func() {
			if p.asking != a { // it was given up
				return
			}
			p.giveUp()
			if err != nil {
				p.refused(err, again)
			} else {
				p.home.setAllowed()
				p.guide.allowed()
			}
			if then != nil {
				then()
			}
		}
	})
	runtime.Gosched() // in a page, which has one thread, it is done before this is drawn
	p.say(speech.Saying{State: speech.AtRest, Word: speech.Ready})
	p.home.hideHelp()
	setBusy(true)
}

// tire gives the button of a slow action back. The action goes on.
func (p *Page) tire(a *action) {
	if p.asking == a {
		a.slow = true
		a.setBusy(false)
		p.say(voice.StillWaiting())
	}
}

// giveUp ends what was asked, if anything was.
func (p *Page) giveUp() {
	if p.asking != nil {
		p.asking.patience.Stop()
		p.asking.cancel()
		p.asking.setBusy(false)
		p.asking = nil
	}
}

// refused says why the phone is not ready for calls, and what to do.
func (p *Page) refused(err error, again func()) {
	said := voice.SayRefused(err)
	if app.CallsOff(err) {
		p.mute = err
		p.setEnabled()
	}
	p.say(said)
	p.invite.refuse(said.Sentence)
	if p.dial.dialog.Open() {
		p.dial.refuse(said.Sentence)
	}
	if errors.Is(err, app.ErrPermissionDenied) {
		p.invite.makeWay()
		p.dial.close()
		p.home.showHelp(again)
		p.home.guide.ScrollIntoView()
	}
}

// share hands a link to another program, and tells whether that worked.
func (p *Page) share(link string, done func(shared bool)) {
	p.beside(func(ctx context.Context) func() {
		err := js.Share(ctx, shareTitle(), shareText(), link)
		if err != nil {
			js.Log(err.Error())
		}
		return func() { done(err == nil) }
	})
}

// draw draws a text as a QR code, and tells whether that worked: none holds
// a link that is too long.
func (p *Page) draw(drawing js.Element, text string, done func(drawn bool)) {
	p.beside(func(ctx context.Context) func() {
		err := browser.DrawCode(ctx, drawing, text)
		if err != nil {
			js.Log(err.Error())
		}
		return func() { done(err == nil) }
	})
}

// dialFriend calls the owner of the card in the dialog.
func (p *Page) dialFriend(text string) { p.dialCard(text, false) }

// videoFriend is the same, with the camera.
func (p *Page) videoFriend(text string) { p.dialCard(text, true) }

func (p *Page) dialCard(text string, video bool) {
	if p.dialed != nil {
		return
	}
	if !p.dial.prepared {
		p.prepareDial(text, video)
		return
	}
	card, _ := signaling.ParseCard(text) // Dial tells of what is none
	p.dial.setBusy(true)
	a := &action{}
	p.dialed = a
	a.cancel = p.beside(func(ctx context.Context) func() {
		err := p.dialer.Dial(ctx, text, video)
		return func() {
			if p.dialed != a { // the dialog was closed
				return
			}
			p.dialed = nil
			p.dial.setBusy(false)
			switch {
			case errors.Is(err, phonebook.ErrOtherAddress):
				p.askAddress(card, video)
			case err != nil:
				p.dial.refuse(p.refusalOf(err, card.Identity))
			default:
				p.dial.close()
			}
		}
	})
}

// prepareDial gets ready for a call, and calls, from a dialog that was opened
// before the program could do that. What is no card is refused first.
func (p *Page) prepareDial(text string, video bool) {
	if _, err := signaling.ParseCard(text); err != nil {
		p.dial.refuse(voice.SentenceOfDial(err))
		return
	}
	p.ask(p.dial.setBusy, p.callFriend, func(ctx context.Context) (func(), error) {
		return func() {
			p.dial.prepared = true
			p.dialCard(text, video)
		}, p.line.Prepare(ctx)
	})
}

// dialClosed gives up what the dialog has asked for.
func (p *Page) dialClosed() {
	if !p.dial.prepared {
		p.giveUp()
	}
	if p.dialed != nil {
		p.dialed.cancel()
		p.dialed = nil
		p.dial.setBusy(false)
	}
}

// copy puts a text on the clipboard, and tells whether that worked.
func (p *Page) copy(text string, done func(copied bool)) {
	p.beside(func(ctx context.Context) func() {
		err := js.CopyText(ctx, text)
		if err != nil {
			js.Log(err.Error())
		}
		return func() { done(err == nil) }
	})
}
