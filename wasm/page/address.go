//go:build js && wasm

package page

import (
	"context"
	"errors"

	"pushcall/call"
	"pushcall/internal/speech"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// addressDialog asks which address is called, of a contact's card that has
// another than the stored one. Anybody can have made the card.
type addressDialog struct {
	dialog  js.Element
	mark    js.Element
	text    js.Element
	refusal js.Element
	kept    js.Element
	card    signaling.Card
	video   bool
	busy    bool
}

// addressEvents are what the person does.
type addressEvents struct {
	kept, other, closed func()
}

func newAddressDialog(w *wiring, events addressEvents) *addressDialog {
	d := &addressDialog{
		dialog:  w.find("address"),
		mark:    w.find("address-mark"),
		text:    w.find("address-text"),
		refusal: w.find("address-error"),
		kept:    w.find("address-kept"),
	}
	w.on(d.kept, "click", func() { d.choose(events.kept) })
	w.on(w.find("address-other"), "click", func() { d.choose(events.other) })
	w.on(w.find("address-cancel"), "click", d.close)
	w.on(d.dialog, "close", events.closed) // by the escape key too
	return d
}

func (d *addressDialog) open(contact phonebook.Contact, card signaling.Card, video bool) {
	d.card, d.video = card, video
	drawMark(d.mark, card.Identity)
	d.text.SetText(say("This card has another address than the one you keep for {name}. Either they have a new number, or somebody else made the card.", "name", voice.NameOfContact(contact)))
	d.refusal.SetText("")
	if !d.dialog.Open() {
		d.dialog.ShowModal()
	}
	d.kept.Focus()
}

func (d *addressDialog) close() {
	if d.dialog.Open() {
		d.dialog.Close()
	}
}

func (d *addressDialog) choose(then func()) {
	if !d.busy && d.dialog.Open() {
		then()
	}
}

func (d *addressDialog) setBusy(busy bool) {
	d.busy = busy
	setBusy(d.kept, busy)
}

// askAddress asks which address is called, in place of the dialog that the card
// is from.
func (p *Page) askAddress(card signaling.Card, video bool) {
	contact, _ := speech.FindContact(p.contacts, card.Identity)
	p.dial.close()
	p.invite.makeWay()
	p.address.open(contact, card, video)
}

// callKept calls the contact at the stored address.
func (p *Page) callKept() {
	identity, video := p.address.card.Identity, p.address.video
	p.callAt(func(ctx context.Context) error { return p.dialer.CallContact(ctx, identity, video) })
}

// callOther calls the contact at the address of the card.
func (p *Page) callOther() {
	card, video := p.address.card, p.address.video
	p.callAt(func(ctx context.Context) error { return p.dialer.DialElsewhere(ctx, card, video) })
}

func (p *Page) callAt(dial func(context.Context) error) {
	identity := p.address.card.Identity
	p.ask(p.address.setBusy, func() {}, func(ctx context.Context) (func(), error) {
		err := dial(ctx)
		return func() {
			if err != nil {
				p.address.refusal.SetText(p.refusalOf(err, identity))
				return
			}
			p.invitation = nil
			p.address.close()
		}, nil
	})
}

// addressClosed calls nobody. A link is kept whose dialog a call has closed.
func (p *Page) addressClosed() {
	if isTaken(p.current) || p.elsewhere.is || p.address.dialog.Open() {
		return
	}
	p.invitation = nil
	p.giveUp()
}

// refusalOf says why somebody is not called.
func (p *Page) refusalOf(err error, identity webpush.PublicKey) string {
	if errors.Is(err, call.ErrBlocked) {
		contact, _ := speech.FindContact(p.contacts, identity)
		return voice.SentenceOfBlocked(contact)
	}
	return voice.SentenceOfDial(err)
}
