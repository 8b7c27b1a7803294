//go:build js && wasm

package page

import (
	"slices"
	"strconv"

	"pushcall/files"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// maxRows is how many files the list shows; the oldest that are over give way. As
// many as may be offered at once from both sides, and some to be saved.
const maxRows = 300

// filesView is the files of one call: what is sent, and what comes.
type filesView struct {
	section js.Element
	said    js.Element // for those who do not see the list
	send    js.Element
	input   js.Element
	drop    js.Element // lies over the page while files are dragged over it
	bar     js.Element // over the list, where there are many
	note    js.Element
	theirs  *batchView
	mine    *batchView
	all     js.Element // the buttons for all that are offered
	due     bool       // drawBar is posted
	queue   int        // of this side's files, that wait to be offered
	rows    *rows[fileKey, *fileRow]
	events  fileEvents
	talking bool
	waiting bool // for the path to come back
}

// fileEvents are what the person does with files.
type fileEvents struct {
	send   func(file files.Source)
	accept func(f files.File, alone bool)
	cancel func(f files.File)
	save   func(f files.File)
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
		bar:     w.find("files-bar"),
		note:    w.find("files-note"),
		all:     w.find("files-all"),
		events:  events,
	}
	v.rows = newRows(w, "files", func(r *row, _ fileKey) *fileRow { return newFileRow(r, events, v.send.Focus) })
	w.on(v.send, "click", v.input.Click)
	w.on(w.find("files-accept"), "click", func() {
		v.each(func(f files.File) { events.accept(f, false) })
		v.theirs.setFolded(true)
	})
	w.on(w.find("files-decline"), "click", func() { v.each(events.cancel) })
	w.listen(v.input, "change", func(js.Event) func() {
		files := browser.ChosenFiles(v.input)
		return func() { v.offer(files, false) }
	})
	v.theirs, v.mine = newBatchView(w, "files-theirs", false, v.rows), newBatchView(w, "files-mine", true, v.rows)
	v.listenToPage(w)
	return v
}

// listenToPage takes what is dropped on the page or pasted into it. A file that
// is dropped when nobody can have it must not take the page's place.
func (v *filesView) listenToPage(w *wiring) {
	page := w.find("page")
	over := func(e js.Event) func() {
		if !browser.HasFiles(e) {
			return nil
		}
		e.PreventDefault()
		return func() { v.showDrop(true) }
	}
	w.listen(page, "dragenter", over)
	w.listen(page, "dragover", over)
	w.listen(page, "dragleave", func(e js.Event) func() {
		if !e.LeavesPage() {
			return nil
		}
		return func() { v.showDrop(false) }
	})
	w.listen(page, "drop", func(e js.Event) func() {
		if !browser.HasFiles(e) {
			return nil
		}
		e.PreventDefault()
		files, folders := browser.DroppedFiles(e)
		return func() {
			v.showDrop(false)
			v.offer(files, folders)
		}
	})
	w.listen(page, "paste", func(e js.Event) func() {
		if !browser.HasFiles(e) {
			return nil
		}
		files, folders := browser.DroppedFiles(e)
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
	for _, file := range files {
		v.events.send(file)
	}
}

// setTalking lets files be sent while there is somebody to send them to. open
// says that they move now.
func (v *filesView) setTalking(talking, open bool) {
	v.talking, v.waiting = talking, talking && !open
	v.send.SetHidden(!talking)
	if !talking {
		v.drop.SetHidden(true)
	}
	v.showBar()
}

// each does something with each file that is offered here, the oldest first.
func (v *filesView) each(do func(f files.File)) {
	for _, key := range slices.Backward(v.rows.order) {
		if r := v.rows.views[key]; r.offered() {
			do(r.file)
		}
	}
}

// showQueue shows how many files wait to be offered.
func (v *filesView) showQueue(n int) {
	v.queue = n
	v.showBar()
}

// showBar shows what there is to say and to do about all files, once for all that have
// changed.
func (v *filesView) showBar() {
	if !v.due {
		v.due = true
		v.rows.wiring.loop.Post(v.drawBar)
	}
}

func (v *filesView) drawBar() {
	v.due = false
	offered, saved := 0, 0
	for _, r := range v.rows.views {
		if r.offered() {
			offered++
		} else if r.saves {
			saved++
		}
	}
	v.theirs.show(v.waiting)
	v.mine.show(v.waiting)
	note := ""
	switch {
	case v.queue > 0 && v.talking:
		note = say("{n} more will be offered as these are done.", "n", strconv.Itoa(v.queue))
	case v.queue > 0:
		note = say("Not offered: {n} more.", "n", strconv.Itoa(v.queue))
	case saved > 1 && browser.LimitsDownloads():
		note = say("Your browser may ask before it saves several files. Those that it does not save have Save.")
	}
	if offered < 2 && v.all.HasFocus() {
		v.send.Focus()
	}
	v.note.SetText(note)
	v.all.SetHidden(offered < 2)
	v.bar.SetHidden(note == "" && v.theirs.total.Files < 2 && v.mine.total.Files < 2)
}

// reset makes room for the files of another call.
func (v *filesView) reset() {
	v.rows.show(nil)
	v.queue = 0
	v.section.SetHidden(true)
	v.said.SetText("")
}

// any tells whether there are files to see.
func (v *filesView) any() bool { return len(v.rows.order) > 0 }

// show shows a file as it is now, the newest first. saves says that it can be
// saved again.
func (v *filesView) show(f files.File, saves bool) {
	key := fileKey{f.Mine, f.Number}
	batch := v.theirs
	if f.Mine {
		batch = v.mine
	}
	r := v.rows.views[key]
	if r == nil {
		batch.join(f)
		v.rows.show(append([]fileKey{key}, v.crop()...))
		v.section.SetHidden(false)
		r = v.rows.views[key]
	}
	if !r.drawn || r.file.State != f.State {
		v.tell(voice.TellFile(f))
	}
	r.show(f, saves, v.waiting)
	v.showBar()
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
func (v *filesView) row(f files.File) *fileRow { return v.rows.views[fileKey{f.Mine, f.Number}] }
