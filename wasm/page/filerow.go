//go:build js && wasm

package page

import (
	"strconv"

	"pushcall/files"
	"pushcall/wasm/js"
)

// fileRow is one of the files in the list.
type fileRow struct {
	item   js.Element
	sign   js.Element
	name   js.Element
	bar    js.Element
	line   js.Element
	error  js.Element
	accept js.Element
	save   js.Element
	cancel js.Element
	left   func() // takes the focus that no button here can keep

	file   files.File
	drawn  bool
	symbol string // of the sign
	busy   bool   // it is being accepted
	saves  bool   // it can be saved again
	folded bool   // it is not shown
}

func newFileRow(r *row, events fileEvents, left func()) *fileRow {
	v := &fileRow{
		item:  r.item,
		sign:  part("span", "sign"),
		name:  r.title(),
		bar:   js.NewElement("progress", ""),
		line:  part("span", "small"),
		error: part("span", "small error"),
		left:  left,
	}
	v.accept = r.button("strong start", say("Accept"), "", func() { events.accept(v.file, true) })
	v.save = r.button("plain", say("Save"), "", func() { events.save(v.file) })
	v.cancel = r.button("plain", say("Cancel"), "", func() { events.cancel(v.file) })
	v.bar.SetAttribute("aria-labelledby", r.id)
	v.bar.SetAttribute("max", "1000")
	r.item.Append(v.sign, part("div", "lines", v.name, v.bar, v.line, v.error), part("div", "keys", v.accept, v.save, v.cancel))
	return v
}

// offered tells whether the person is asked.
func (v *fileRow) offered() bool { return v.file.State == files.Offered && !v.file.Mine }

func (v *fileRow) over() bool { return v.file.State >= files.Done }

// show shows the file as it is now. saves says that it can be saved again,
// waiting that its path is lost.
func (v *fileRow) show(f files.File, saves, waiting bool) {
	if !v.drawn {
		v.drawn = true
		v.name.SetText(f.Name)
	}
	v.file, v.saves = f, saves && f.State == files.Done
	v.item.SetAttribute("class", fileClass(f))
	if symbol := fileSymbol(f); symbol != v.symbol {
		v.symbol = symbol
		v.sign.Replace(icon(symbol))
	}
	v.bar.SetHidden(f.State != files.Moving)
	v.bar.SetAttribute("value", strconv.Itoa(permille(f.Moved, f.Size)))
	v.line.SetText(voice.LineOfFile(f, waiting))
	if f.State != files.Offered {
		v.error.SetText("")
	}
	no := say("Cancel")
	if v.offered() {
		no = say("Decline")
	}
	v.cancel.SetText(no)
	v.showButtons(v.offered(), v.saves, !v.over())
}

// showButtons shows those that are of use. The focus of one that goes is passed on.
func (v *fileRow) showButtons(accept, save, cancel bool) {
	focused := v.item.HasFocus()
	v.accept.SetHidden(!accept)
	v.save.SetHidden(!save)
	v.cancel.SetHidden(!cancel)
	switch {
	case !focused:
	case v.accept.HasFocus() && !accept && cancel:
		v.cancel.Focus()
	case v.cancel.HasFocus() && !cancel && save:
		v.save.Focus()
	case !accept && !cancel && !save:
		v.left()
	}
}

func (v *fileRow) setBusy(busy bool) {
	v.busy = busy
	setBusy(v.accept, busy)
}

// setFolded hides the row, or shows it.
func (v *fileRow) setFolded(folded bool) {
	if v.folded != folded {
		v.folded = folded
		v.item.SetHidden(folded)
	}
}

// refuse says why the file cannot be taken, or saved.
func (v *fileRow) refuse(sentence string) { v.error.SetText(sentence) }

// permille tells how much of some octets has arrived.
func permille(moved, size int64) int {
	if size == 0 {
		return 0
	}
	return int(float64(moved) / float64(size) * 1000)
}

func fileClass(f files.File) string {
	switch {
	case f.State == files.Offered && !f.Mine:
		return "file offered"
	case f.State == files.Done:
		return "file done"
	case f.State >= files.Done:
		return "file failed"
	}
	return "file"
}

func fileSymbol(f files.File) string {
	switch {
	case f.State == files.Done:
		return "check"
	case f.State >= files.Done:
		return "cross"
	case f.Mine:
		return "up"
	}
	return "down"
}
