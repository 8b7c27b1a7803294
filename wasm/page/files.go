//go:build js && wasm

package page

import (
	"slices"

	"pushcall/call"
	"pushcall/wasm/browser"
)

// maxRows is how many files the list shows; the oldest that are over give way.
const maxRows = 100

// filesView is the files of one call: what is sent, and what comes.
type filesView struct {
	section browser.Element
	said    browser.Element // for those who do not see the list
	send    browser.Element
	input   browser.Element
	drop    browser.Element // lies over the page while files are dragged over it
	rows    *rows[fileKey, *fileRow]
	events  fileEvents
	talking bool
	waiting bool // for the path to come back
}

// fileEvents are what the person does with files.
type fileEvents struct {
	send   func(files []browser.File)
	accept func(f call.File)
	cancel func(f call.File)
	save   func(f call.File)
}

// fileKey tells one file of a call from another.
type fileKey struct {
	mine   bool
	number int
}

func newFilesView(w *wiring, events fileEvents) *filesView {
	v := &filesView{
		section: w.find("files-section"),
		said:    w.find("files-said"),
		send:    w.find("send-file"),
		input:   w.find("files-input"),
		drop:    w.find("files-drop"),
		events:  events,
	}
	v.rows = newRows(w, "files", func(r *row, _ fileKey) *fileRow { return newFileRow(r, events, v.send.Focus) })
	w.on(v.send, "click", v.input.Click)
	w.listen(v.input, "change", func(browser.Event) func() {
		files := v.input.Files()
		return func() { v.offer(files, false) }
	})
	v.listenToPage(w)
	return v
}

// listenToPage takes what is dropped on the page or pasted into it. A file that
// is dropped when nobody can have it must not take the page's place.
func (v *filesView) listenToPage(w *wiring) {
	page := w.find("page")
	over := func(e browser.Event) func() {
		if !e.HasFiles() {
			return nil
		}
		e.PreventDefault()
		return func() { v.showDrop(true) }
	}
	w.listen(page, "dragenter", over)
	w.listen(page, "dragover", over)
	w.listen(page, "dragleave", func(e browser.Event) func() {
		if !e.LeavesPage() {
			return nil
		}
		return func() { v.showDrop(false) }
	})
	w.listen(page, "drop", func(e browser.Event) func() {
		if !e.HasFiles() {
			return nil
		}
		e.PreventDefault()
		files, folders := e.Files()
		return func() {
			v.showDrop(false)
			v.offer(files, folders)
		}
	})
	w.listen(page, "paste", func(e browser.Event) func() {
		if !e.HasFiles() {
			return nil
		}
		files, folders := e.Files()
		if len(files) == 0 {
			return nil
		}
		e.PreventDefault() // a picture's name beside it is not meant
		return func() { v.offer(files, folders) }
	})
}

func (v *filesView) showDrop(over bool) { v.drop.SetHidden(!over || !v.talking) }

func (v *filesView) offer(files []browser.File, folders bool) {
	if !v.talking {
		return
	}
	if folders {
		v.tell(say("A folder cannot be sent. Send the files in it."))
	}
	v.events.send(files)
}

// setTalking lets files be sent while there is somebody to send them to. open
// says that they move now.
func (v *filesView) setTalking(talking, open bool) {
	v.talking, v.waiting = talking, talking && !open
	v.send.SetHidden(!talking)
	if !talking {
		v.drop.SetHidden(true)
	}
}

// reset makes room for the files of another call.
func (v *filesView) reset() {
	v.rows.show(nil)
	v.section.SetHidden(true)
	v.said.SetText("")
}

// any tells whether there are files to see.
func (v *filesView) any() bool { return len(v.rows.order) > 0 }

// show shows a file as it is now, the newest first. saves says that it can be
// saved again.
func (v *filesView) show(f call.File, saves bool) {
	key := fileKey{f.Mine, f.Number}
	r := v.rows.views[key]
	if r == nil {
		v.rows.show(append([]fileKey{key}, v.crop()...))
		v.section.SetHidden(false)
		r = v.rows.views[key]
	}
	if !r.drawn || r.file.State != f.State {
		v.tell(tellFile(f))
	}
	r.show(f, saves, v.waiting)
}

// crop returns the keys of the list, without the oldest where there are many.
func (v *filesView) crop() []fileKey {
	keys := slices.Clone(v.rows.order)
	if len(keys) < maxRows {
		return keys
	}
	for i := len(keys) - 1; i >= 0; i-- {
		if v.rows.views[keys[i]].over() {
			return slices.Delete(keys, i, i+1)
		}
	}
	return keys
}

func (v *filesView) tell(sentence string) {
	if sentence != "" {
		v.said.SetText(sentence)
	}
}

// row returns the row of a file, or nil.
func (v *filesView) row(f call.File) *fileRow { return v.rows.views[fileKey{f.Mine, f.Number}] }
