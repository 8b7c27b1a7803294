//go:build js && wasm

package page

import (
	"strconv"

	"pushcall/files"
	"pushcall/wasm/js"
)

// manyFiles is how many files in a batch fold it by itself.
const manyFiles = 51

// batchView is one row for the files of one side that are offered while others of it are
// not over. It hides their own rows while it is folded.
type batchView struct {
	row    js.Element
	fold   js.Element
	bar    js.Element
	line   js.Element
	rows   *rows[fileKey, *fileRow]
	mine   bool
	first  int // number of its first file
	total  files.Total
	folded bool
}

func newBatchView(w *wiring, id string, mine bool, rows *rows[fileKey, *fileRow]) *batchView {
	v := &batchView{row: w.find(id), fold: w.find(id + "-fold"), bar: w.find(id + "-bar"), line: w.find(id + "-line"), rows: rows, mine: mine}
	w.on(v.fold, "click", func() { v.setFolded(!v.folded) })
	return v
}

// join adds a new file to the batch, or begins another with it.
func (v *batchView) join(f files.File) {
	switch v.count(); {
	case v.total.Over():
		v.setFolded(false)
		v.first = f.Number
	case v.total.Files+1 == manyFiles:
		v.folded = true
	}
}

func (v *batchView) setFolded(folded bool) {
	v.folded = folded
	v.hideRows()
}

// each calls do for each row of the batch.
func (v *batchView) each(do func(*fileRow)) {
	for _, key := range v.rows.order {
		if key.mine == v.mine && key.number >= v.first {
			do(v.rows.views[key])
		}
	}
}

func (v *batchView) hideRows() {
	v.each(func(r *fileRow) { r.setFolded(v.folded && v.total.Files > 1) })
	setExpanded(v.fold, !v.folded)
}

func (v *batchView) count() {
	v.total = files.Total{}
	v.each(func(r *fileRow) { v.total.Add(r.file) })
}

func (v *batchView) show(waiting bool) {
	v.count()
	several := v.total.Files > 1
	v.row.SetHidden(!several)
	v.hideRows()
	if !several {
		return
	}
	class := "file"
	if v.total.Over() {
		class = "file done"
	}
	v.row.SetAttribute("class", class)
	v.fold.SetText(sayMany(v.total.Files, "{n} file", "{n} files"))
	v.bar.SetHidden(v.total.Over() || v.total.Moved == 0)
	v.bar.SetAttribute("value", strconv.Itoa(permille(v.total.Moved, v.total.Size)))
	v.line.SetText(voice.LineOfTotal(v.total, v.mine, waiting))
}
