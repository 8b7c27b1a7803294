//go:build js && wasm

package page

import (
	"context"
	"errors"
	"unicode/utf8"

	"pushcall/app"
	"pushcall/phonebook"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// minPassphrase is ours; characters. Who has the file may try for years.
const minPassphrase = 12

// archiver writes and reads files of contacts, calls and messages.
type archiver interface {
	Export(ctx context.Context, passphrase string) ([]byte, error)
	OpenArchive(ctx context.Context, passphrase string, file []byte) (phonebook.Archive, app.Origin, error)
	Import(ctx context.Context, archive phonebook.Archive) error
}

// movingView writes contacts, calls and messages into a file, and reads them from one.
type movingView struct {
	passphrase js.Element
	refusal    js.Element
	export     js.Element
	read       js.Element
	input      js.Element
	result     js.Element
	busy       bool
	forget     func() // the file that was written last
}

func newMovingView(w *wiring, export func(passphrase string), read func(passphrase string, file browser.File)) *movingView {
	v := &movingView{
		passphrase: w.find("move-passphrase"),
		refusal:    w.find("move-error"),
		export:     w.find("move-export"),
		read:       w.find("move-import"),
		input:      w.find("move-file"),
		result:     w.find("move-result"),
		forget:     func() {},
	}
	w.on(v.passphrase, "input", func() { v.refuse("") })
	w.onSubmit(w.find("move-form"), func() {})
	w.on(v.export, "click", func() {
		if v.ready() {
			v.setBusy(v.export, true)
			export(v.passphrase.Value())
		}
	})
	w.listen(v.read, "click", func(js.Event) func() {
		return func() {
			if v.ready() {
				v.input.Click()
			}
		}
	})
	w.on(v.input, "change", func() {
		files := browser.ChosenFiles(v.input)
		if len(files) > 0 && v.ready() {
			v.setBusy(v.read, true)
			read(v.passphrase.Value(), files[0])
		}
	})
	return v
}

// ready tells whether there is a passphrase and nothing else goes on.
func (v *movingView) ready() bool {
	if v.busy {
		return false
	}
	v.result.SetText("")
	if utf8.RuneCountInString(v.passphrase.Value()) < minPassphrase {
		v.refuse(say("Write a passphrase of 12 characters at least; a few words do."))
		return false
	}
	return true
}

func (v *movingView) refuse(sentence string) { refuse(v.passphrase, v.refusal, sentence) }

func (v *movingView) setBusy(button js.Element, busy bool) {
	v.busy = busy
	setBusy(button, busy)
}

// written offers the file to the person.
func (v *movingView) written(octets []byte, err error) {
	v.setBusy(v.export, false)
	v.forget()
	v.forget = func() {}
	if err == nil {
		v.forget, err = js.Download("pushcall.contacts", octets)
	}
	if err != nil {
		v.forget = func() {}
		v.refuse(say("The file could not be written. Try again, or reload the page."))
		return
	}
	v.result.SetText(say("Keep the file and its passphrase apart. Whoever has both can take your place with your friends."))
}

// readBack tells why a file was not opened.
func (v *movingView) readBack(err error) {
	v.setBusy(v.read, false)
	switch {
	case err == nil:
	case errors.Is(err, browser.ErrPassphrase):
		v.refuse(say("This passphrase does not open the file."))
	case errors.Is(err, phonebook.ErrArchiveVersion):
		v.refuse(say("This file is of a newer Pushcall. Reload the page and try again."))
	case errors.Is(err, phonebook.ErrArchive):
		v.refuse(say("This is not a file that Pushcall has written, or it is damaged."))
	default:
		v.refuse(voice.SayRefused(err).Sentence)
	}
}

// focus goes to where a file begins.
func (v *movingView) focus() { v.passphrase.Focus() }

// clear forgets the passphrase, and the file.
func (v *movingView) clear() {
	v.passphrase.SetValue("")
	v.refuse("")
	v.result.SetText("")
	v.forget()
	v.forget = func() {}
}

// export writes contacts, calls and messages into a file.
func (p *Page) export(passphrase string) {
	p.beside(func(ctx context.Context) func() {
		octets, err := p.archiver.Export(ctx, passphrase)
		if err != nil {
			js.Log(err.Error())
		}
		return func() {
			p.moving.written(octets, err)
			p.showStored()
		}
	})
}
