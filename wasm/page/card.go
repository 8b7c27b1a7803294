//go:build js && wasm

package page

import (
	"net/url"

	"pushcall/signaling"
	"pushcall/wasm/js"
)

// cardDialog shows the person's own card, and hands it on.
type cardDialog struct {
	dialog  js.Element
	mark    js.Element
	code    js.Element // the QR code with what it is for
	drawing js.Element
	share   js.Element
	link    *copyButton
	mail    js.Element
	text    js.Element
	copy    *copyButton
	draw    drawFunc
	shown   string // the link
}

// shareFunc hands a link to another program and posts whether it could.
type shareFunc func(link string, done func(shared bool))

// drawFunc draws a text as a QR code and posts whether it could.
type drawFunc func(drawing js.Element, text string, done func(drawn bool))

// newCardDialog makes the dialog. share is nil where the browser shares
// nothing: then the link is copied.
func newCardDialog(w *wiring, copy copyFunc, share shareFunc, draw drawFunc) *cardDialog {
	d := &cardDialog{
		dialog:  w.find("card-dialog"),
		mark:    w.find("card-mark"),
		code:    w.find("card-code"),
		drawing: w.find("card-qr"),
		share:   w.find("card-share"),
		mail:    w.find("card-mail"),
		text:    w.find("card-text"),
		draw:    draw,
	}
	d.copy = newCopyButton(w, w.find("card-copy"), w.find("card-copied"), d.text, copy)
	d.link = newCopyButton(w, w.find("card-link"), w.find("card-shared"), d.text, copy)
	d.link.copied = say("Link copied. Paste it into a message to your friend.")
	w.on(d.share, "click", func() {
		if share == nil {
			d.link.press(copy)
			return
		}
		share(d.shown, func(shared bool) {
			if !shared {
				d.link.press(copy)
			}
		})
	})
	w.on(w.find("card-close"), "click", d.close)
	return d
}

func (d *cardDialog) open(card signaling.Card, base string) {
	drawMark(d.mark, card.Identity)
	text := string(card.JSON())
	d.shown = card.Link(base)
	d.text.SetText(text)
	d.text.SetValue(text)
	d.copy.reset(text)
	d.link.reset(d.shown)
	d.mail.SetAttribute("href", mailOf(d.shown))
	d.code.SetHidden(true)
	d.draw(d.drawing, d.shown, func(drawn bool) { d.code.SetHidden(!drawn) })
	if !d.dialog.Open() {
		d.dialog.ShowModal()
		d.share.Focus()
	}
}

// close puts the card away: a call has begun, or what it says may not hold any
// more.
func (d *cardDialog) close() {
	if d.dialog.Open() {
		d.dialog.Close()
	}
}

// What goes with a link to whoever gets it.
func shareTitle() string { return say("Call me") }
func shareText() string  { return say("Call me in your browser: open this link and press Call.") }

// mailOf is a mail that hands on a link (RFC 6068).
func mailOf(link string) string {
	return "mailto:?subject=" + url.PathEscape(shareTitle()) + "&body=" + url.PathEscape(shareText()+"\r\n\r\n"+link)
}
