//go:build js && wasm

package page

import (
	"context"
	"errors"

	"pushcall/app"
	"pushcall/call"
	"pushcall/internal/speech"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/js"
)

// inviteDialog says whose link was opened, what this page is for, and offers to
// call. What the link says is a claim: whoever made it may have written any
// name into it.
type inviteDialog struct {
	dialog    js.Element
	mark      js.Element
	hint      js.Element // who will see the person's name
	heading   js.Element
	claim     js.Element
	warning   js.Element
	text      js.Element
	elsewhere js.Element
	refusal   js.Element
	call      js.Element
	save      js.Element
	busy      bool
	lack      string // why nobody can be called at all
	away      bool   // it makes way for a call, and is not decided
}

// inviteEvents are what the person does.
type inviteEvents struct {
	call, save, closed func()
}

// invitation is what there is to show.
type invitation struct {
	card      signaling.Card
	contact   phonebook.Contact // where they are known
	known     bool
	own       bool
	elsewhere bool // another tab has the line
	peopled   bool // the person has used the page before
	off       bool // calls are: all that can be done is to save them
	namesake  bool // a contact has the name that is claimed
	err       error
}

func newInviteDialog(w *wiring, events inviteEvents) *inviteDialog {
	d := &inviteDialog{
		dialog:    w.find("invite"),
		mark:      w.find("invite-mark"),
		hint:      w.find("invite-own-hint"),
		heading:   w.find("invite-heading"),
		claim:     w.find("invite-claim"),
		warning:   w.find("invite-warning"),
		text:      w.find("invite-text"),
		elsewhere: w.find("invite-elsewhere"),
		refusal:   w.find("invite-error"),
		call:      w.find("invite-call"),
		save:      w.find("invite-save"),
	}
	w.on(d.call, "click", func() {
		if !d.busy {
			events.call()
		}
	})
	w.on(d.save, "click", events.save)
	w.on(w.find("invite-close"), "click", d.close)
	w.on(d.dialog, "close", func() {
		if !d.away && !d.dialog.Open() {
			events.closed()
		}
	})
	return d
}

func (d *inviteDialog) open(i invitation) {
	drawMark(d.mark, i.card.Identity)
	heading, claim, text := wordsOfInvitation(i)
	showName(d.heading, heading, i.contact.Verified)
	d.claim.SetText(claim)
	d.claim.SetHidden(claim == "")
	d.text.SetText(text)
	d.hint.SetText(say("{name} will see it. You may leave it empty.", "name", heading))
	d.warning.SetText(voice.SentenceOfNamesake(i.card.Name))
	d.warning.SetHidden(!i.namesake)
	callable := i.err == nil && !i.own && !i.contact.Blocked
	d.mark.SetHidden(i.err != nil)
	d.elsewhere.SetHidden(!callable || !i.elsewhere)
	d.call.SetHidden(!callable)
	d.save.SetHidden(!callable || i.known || i.elsewhere || !i.peopled && !i.off || i.card.Identity.IsZero())
	d.lack = ""
	d.refuse("")
	d.setBusy(false)
	d.away = false
	if !d.dialog.Open() {
		d.dialog.ShowModal()
	}
	if callable {
		d.call.Focus()
	}
}

func (d *inviteDialog) close() {
	if d.dialog.Open() {
		d.dialog.Close()
	}
}

// makeWay puts the dialog away for a call, to be shown after it.
func (d *inviteDialog) makeWay() {
	d.away = d.away || d.dialog.Open()
	d.close()
}

// refuse says why nobody can be called, if the dialog is open.
func (d *inviteDialog) refuse(sentence string) { d.refusal.SetText(sentence) }

func (d *inviteDialog) setBusy(busy bool) {
	d.busy = busy
	setBusy(d.call, busy)
}

// setEnabled says whether they can be called now, and what there is to say to it.
func (d *inviteDialog) setEnabled(enabled bool, lack string) {
	d.call.SetDisabled(!enabled)
	if d.lack != lack {
		d.lack = lack
		d.refuse(lack)
	}
}

// wordsOfInvitation says who is to be called, what they claim, and what the
// page is.
func wordsOfInvitation(i invitation) (heading, claim, text string) {
	switch {
	case i.err != nil:
		return say("This link does not work"), "", voice.SentenceOfDial(i.err)
	case i.own:
		return say("This is your own link"), "", say("Send it to a friend: they open it and press Call.")
	case i.known && i.contact.Blocked:
		return voice.NameOfContact(i.contact), "", voice.SentenceOfBlocked(i.contact)
	case i.known:
		return voice.NameOfContact(i.contact), "", say("They are in your contacts. Press Call to talk to them.")
	}
	heading = i.card.Name
	if heading == "" {
		heading = voice.YourFriend()
	} else {
		claim = say("So says the link. The figure is their mark: you will know them by it.")
	}
	if i.peopled {
		return heading, claim, say("Press Call to talk to them, straight from browser to browser.")
	}
	return heading, claim, say("Pushcall is a phone in your browser: you talk straight to your friend, with no account and nothing to install.") + " " +
		say("When you press Call, your browser asks whether this page may notify you; that is how calls ring.")
}

// showLink takes a link that was opened here.
func (p *Page) showLink(link string) {
	card, err := signaling.ParseCard(link)
	if err != nil {
		p.invite.open(invitation{err: err})
		return
	}
	p.invitation = &card
	if !isTaken(p.current) {
		p.showInvitation()
	} else {
		p.invite.away = true
	}
}

// showInvitation shows whose link was opened, unless that is decided. Before it
// is known who the contacts are, it waits.
func (p *Page) showInvitation() {
	if p.invitation == nil || !p.settled {
		return
	}
	i := invitation{card: *p.invitation, own: p.line.IsOwn(*p.invitation), elsewhere: p.elsewhere.is}
	i.contact, i.known = speech.FindContact(p.contacts, i.card.Identity)
	i.peopled, i.off = len(p.contacts)+len(p.records) > 0, app.CallsOff(p.mute)
	if !i.known { // or the link's name says nothing
		_, i.namesake = speech.FindNamesake(p.contacts, i.card.Identity, i.card.Name)
	}
	p.askName()
	p.invite.open(i)
	p.setEnabled()
}

// callInvited calls whose link was opened, after this tab has the line.
func (p *Page) callInvited() {
	if p.elsewhere.is {
		p.taking = true
		p.invite.setBusy(true)
		p.useHere()
		return
	}
	card := *p.invitation
	_, known := speech.FindContact(p.contacts, card.Identity)
	p.ask(p.invite.setBusy, p.showInvitation, func(ctx context.Context) (func(), error) {
		if err := p.line.Prepare(ctx); err != nil {
			if ctx.Err() == nil && !known && !card.Identity.IsZero() { // or they would be lost
				_ = p.book.AddLinked(card, card.Name)
			}
			return nil, err
		}
		err := p.dialer.Dial(ctx, signaling.CardFragment+card.Short(), false)
		return func() {
			switch {
			case errors.Is(err, phonebook.ErrOtherAddress):
				p.askAddress(card, false)
			case errors.Is(err, call.ErrBlocked):
				p.invite.refuse(p.refusalOf(err, card.Identity))
			case err != nil:
				p.invite.open(invitation{err: err})
			default:
				p.invitation = nil
				p.invite.close()
			}
		}, nil
	})
}

// forgetInvitation takes the call that begins as the one the link was for, if
// it is with the same friend.
func (p *Page) forgetInvitation(remote signaling.Card) {
	if p.invitation != nil && speech.SameOwner(*p.invitation, remote) {
		p.invitation = nil
	}
}

// lineTaken goes on with the call that the line was taken for.
func (p *Page) lineTaken() {
	if p.taking && p.invitation != nil {
		p.callInvited()
	}
	p.taking = false
}

// saveInvited asks for a name for whose link was opened.
func (p *Page) saveInvited() {
	card := *p.invitation
	p.invite.close()
	p.adding, p.add, p.saved = &card, p.book.AddLinked, p.home.focusFriend
	p.save.open(say("Save contact"), card.Identity, card.Name)
}

// inviteClosed forgets the link: the person has seen it.
func (p *Page) inviteClosed() {
	if p.invitation != nil {
		p.invitation, p.taking = nil, false
		p.giveUp()
	}
}

// shareFunc is how this browser hands on a link, or nil.
func (p *Page) shareFunc() shareFunc {
	if !js.CanShare() {
		return nil
	}
	return p.share
}
