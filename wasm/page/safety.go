//go:build js && wasm

package page

import (
	"context"

	"pushcall/call"
	"pushcall/internal/speech"
	"pushcall/phonebook"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// safetyDialog shows the words that two people compare, and takes note of what
// they find.
type safetyDialog struct {
	button  js.Element // on the stage
	dialog  js.Element
	words   js.Element
	text    js.Element
	found   js.Element // what comparing has shown, before or now
	match   js.Element
	differ  js.Element
	shown   call.Call
	contact phonebook.Contact // whom the call is with, where it is one
}

// safetyEvents are what the person does.
type safetyEvents struct {
	open    func()
	compare func(match bool)
}

func newSafetyDialog(w *wiring, events safetyEvents) *safetyDialog {
	d := &safetyDialog{
		button: w.find("open-safety"),
		dialog: w.find("safety"),
		words:  w.find("safety-words"),
		text:   w.find("safety-text"),
		found:  w.find("safety-found"),
		match:  w.find("safety-match"),
		differ: w.find("safety-differ"),
	}
	w.on(d.button, "click", events.open)
	w.on(d.match, "click", func() { events.compare(true) })
	w.on(d.differ, "click", func() { events.compare(false) })
	w.on(w.find("safety-close"), "click", d.close)
	return d
}

// show follows the call, whether the dialog is open or not.
func (d *safetyDialog) show(c call.Call, contact phonebook.Contact) {
	d.shown, d.contact = c, contact
	d.button.SetHidden(!isTalking(c))
	if contact.Verified {
		d.button.Replace(icon("check"), js.NewElement("span", say("Verified")))
	} else {
		d.button.SetText(say("Safety words"))
	}
	if !isTalking(c) {
		d.close()
	}
	if d.dialog.Open() {
		d.showFound()
	}
}

func (d *safetyDialog) open(words []string, err error) {
	items := make([]js.Element, len(words))
	for i, word := range words {
		items[i] = js.NewElement("li", word)
	}
	d.words.Replace(items...)
	d.words.SetHidden(err != nil)
	if err != nil {
		d.text.SetText(say("There are no words at the moment: the connection is not there, or of a kind that cannot be compared."))
	} else {
		d.text.SetText(say("Read these words to each other. If both of you see the same, nobody sits between you."))
	}
	d.match.SetDisabled(err != nil)
	d.differ.SetDisabled(err != nil)
	d.showFound()
	if !d.dialog.Open() {
		d.dialog.ShowModal()
	}
}

// showFound says what is known of the friend.
func (d *safetyDialog) showFound() {
	d.found.SetAttribute("class", "small")
	switch {
	case d.contact.Verified:
		d.found.SetText(say("You have compared words with {name}. This holds for each call with the same mark.", "name", voice.NameOf(d.shown)))
	case !d.shown.Known:
		d.found.SetText(say("Save this friend as a contact, and what you find is remembered."))
	default:
		d.found.SetText(voice.SentenceOfCard(d.contact))
	}
}

// warn says what to do when the words differ.
func (d *safetyDialog) warn() {
	d.found.SetAttribute("class", "warning")
	d.found.SetText(say("Then somebody may sit between you and hear you. Hang up, and exchange your cards anew by another way."))
}

func (d *safetyDialog) isOpen() bool { return d.dialog.Open() }

func (d *safetyDialog) close() {
	if d.dialog.Open() {
		d.dialog.Close()
	}
}

// openSafety reads the words of the connection as it is now.
func (p *Page) openSafety() {
	p.beside(func(ctx context.Context) func() {
		words, err := p.dialer.SafetyWords(ctx)
		if err != nil {
			js.Log(err.Error())
		}
		return func() {
			if isTalking(p.current) {
				p.safety.open(words, err)
			}
		}
	})
}

// compared takes note of what two people have found.
func (p *Page) compared(match bool) {
	if !match {
		p.safety.warn()
	} else {
		p.safety.close()
	}
	if !p.current.Known {
		return
	}
	identity := p.current.Remote.Identity
	p.change(func(context.Context) error { return p.book.SetVerified(identity, match) })
}

// showSafety follows the call. After a connection was made anew, what is shown
// are its words.
func (p *Page) showSafety(c call.Call, before call.Call) {
	contact, _ := speech.FindContact(p.contacts, c.Remote.Identity)
	p.safety.show(c, contact)
	if p.safety.isOpen() && c.State == call.Connected && before.State == call.Reconnecting {
		p.openSafety()
	}
}

func (p *Page) isVerified(identity webpush.PublicKey) bool {
	contact, known := speech.FindContact(p.contacts, identity)
	return known && contact.Verified
}

// warningOf is what there is to say about a contact who has moved, and about
// somebody who calls themselves like another contact; or "".
func (p *Page) warningOf(c call.Call) string {
	if contact, _ := speech.FindContact(p.contacts, c.Remote.Identity); contact.Moved {
		return voice.SentenceOfMoved(contact)
	}
	if c.Known || c.Outgoing {
		return ""
	}
	if _, found := speech.FindNamesake(p.contacts, c.Remote.Identity, c.Remote.Name); found {
		return voice.SentenceOfNamesake(c.Remote.Name)
	}
	return ""
}
