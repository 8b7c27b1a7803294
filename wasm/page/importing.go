//go:build js && wasm

package page

import (
	"context"

	"pushcall/app"
	"pushcall/internal/speech"
	"pushcall/phonebook"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// importDialog says what is in a file, and whose it is, before it is taken in.
// What the file says of its owner is a claim; the identity that wrote it is not.
type importDialog struct {
	dialog  js.Element
	mark    js.Element
	whose   js.Element
	warning js.Element
	content js.Element
	text    js.Element
	refusal js.Element
	cancel  js.Element
	button  js.Element
	archive phonebook.Archive
	busy    bool
}

func newImportDialog(w *wiring, take, closed func()) *importDialog {
	d := &importDialog{
		dialog:  w.find("import"),
		mark:    w.find("import-mark"),
		whose:   w.find("import-whose"),
		warning: w.find("import-warning"),
		content: w.find("import-content"),
		text:    w.find("import-text"),
		refusal: w.find("import-error"),
		cancel:  w.find("import-cancel"),
		button:  w.find("import-take"),
	}
	w.on(d.button, "click", func() {
		if !d.busy && d.dialog.Open() {
			take()
		}
	})
	w.on(d.cancel, "click", d.close)
	w.on(d.dialog, "close", closed) // by the escape key too
	return d
}

// opened is what there is to show of a file.
type opened struct {
	archive  phonebook.Archive
	origin   app.Origin
	contact  phonebook.Contact // who wrote it, where they are known
	known    bool
	namesake bool // a contact has the name that is claimed
}

func (d *importDialog) open(o opened) {
	d.archive = o.archive
	drawMark(d.mark, o.archive.Succession.Old)
	words := wordsOfArchive(o)
	d.whose.SetText(words.whose)
	d.warning.SetText(words.warning)
	d.warning.SetHidden(words.warning == "")
	d.content.SetText(words.content)
	d.text.SetText(words.then)
	d.refusal.SetText("")
	if !d.dialog.Open() {
		d.dialog.ShowModal()
	}
	d.cancel.Focus()
}

func (d *importDialog) close() {
	if d.dialog.Open() {
		d.dialog.Close()
	}
}

func (d *importDialog) setBusy(busy bool) {
	d.busy = busy
	setBusy(d.button, busy)
}

// archiveWords are what there is to say about a file, and what becomes of it.
type archiveWords struct {
	whose, warning, content, then string
}

func wordsOfArchive(o opened) archiveWords {
	name := o.archive.Name
	words := archiveWords{
		content: say("It has {contacts} and {calls} in it.",
			"contacts", sayMany(len(o.archive.Contacts), "{n} contact", "{n} contacts"),
			"calls", sayMany(len(o.archive.Records), "{n} call", "{n} calls")),
		then: say("Friends will know you by a new mark: your contacts here and those in the file are told that you have moved. The browser that wrote the file becomes a stranger to them. Import only a file that you wrote yourself."),
	}
	switch {
	case o.origin != app.OriginElsewhere:
		words.whose = say("This browser wrote the file.")
		if o.origin == app.OriginBefore {
			words.whose = say("The file was imported here before.")
		}
		words.then = say("What is missing here is added. Friends know you by the same mark as before.")
	case o.known:
		name = voice.NameOfContact(o.contact)
		words.whose = say("The browser that wrote the file is {name} in your contacts.", "name", name)
		words.warning = say("Import it only if you are {name}: you take their place with their friends.", "name", name)
	case name != "":
		words.whose = say("The file says that it is from “{name}”. The figure is the mark of the browser that wrote it.", "name", name)
		if o.namesake {
			words.warning = voice.SentenceOfNamesake(name)
		}
	default:
		words.whose = say("The file does not say who it is from. The figure is the mark of the browser that wrote it.")
	}
	return words
}

// importFile opens a file, and asks whether to take in what it has in it.
func (p *Page) importFile(passphrase string, file browser.File) {
	p.beside(func(ctx context.Context) func() {
		octets, err := file.Bytes(ctx)
		var archive phonebook.Archive
		var origin app.Origin
		if err == nil {
			archive, origin, err = p.archiver.OpenArchive(ctx, passphrase, octets)
		}
		if err != nil {
			js.Log(err.Error())
		}
		return func() {
			p.moving.readBack(err)
			if err == nil && p.settings.dialog.Open() {
				p.askImport(archive, origin)
			}
		}
	})
}

func (p *Page) askImport(archive phonebook.Archive, origin app.Origin) {
	o := opened{archive: archive, origin: origin}
	o.contact, o.known = speech.FindContact(p.contacts, archive.Succession.Old)
	_, o.namesake = speech.FindNamesake(p.contacts, archive.Succession.Old, archive.Name)
	p.importing.open(o)
}

// takeArchive takes in the file that the person was asked about. Then the page is
// loaded anew.
func (p *Page) takeArchive() {
	archive := p.importing.archive
	a := &action{}
	p.merging = a
	p.importing.setBusy(true)
	a.cancel = p.beside(func(ctx context.Context) func() {
		err := p.archiver.Import(ctx, archive)
		if err != nil {
			js.Log(err.Error())
		}
		return func() {
			if p.merging != a { // the dialog was closed
				return
			}
			p.merging = nil
			p.importing.setBusy(false)
			if err != nil {
				p.importing.refusal.SetText(voice.SayRefused(err).Sentence)
			}
		}
	})
}

// importClosed forgets the file, and gives up what the dialog has asked for.
func (p *Page) importClosed() {
	p.importing.archive = phonebook.Archive{}
	if p.merging != nil {
		p.merging.cancel()
		p.merging = nil
		p.importing.setBusy(false)
	}
}
