package files

import (
	"maps"
	"slices"
	"sort"
	"time"
)

const (
	maxFiles = 100 // of each side that are not over
	maxPast  = 200 // of each side that are over and remembered
)

// transfer is the state that outgoing and incoming files share.
type transfer struct {
	File
	pieces  []Digest // of the pieces that were sent, or written
	meter   meter
	idle    time.Duration // since the last progress, without the time without a path
	changed bool          // since it was shown; the next showProgress shows it
}

func (t *transfer) shared() *transfer { return t }

// complete reports whether all pieces were sent, or written.
func (t *transfer) complete() bool { return t.piecesEnd() == t.Size }

// piecesEnd returns the offset at which the last known piece ends.
func (t *transfer) piecesEnd() int64 { return min(int64(len(t.pieces))*PieceSize, t.Size) }

// add appends the digest of the next piece. It ignores a known piece, which is sent or
// written again after the loss of a link.
func (t *transfer) add(at int64, piece Digest) {
	if !t.complete() && at == t.piecesEnd() {
		t.pieces = append(t.pieces, piece)
	}
}

// end sets a final state.
func (t *transfer) end(state State, why Why) {
	t.State, t.Why, t.Rate, t.Left, t.Still, t.changed = state, why, 0, 0, 0, false
	t.pieces = nil
	if state == Done {
		t.Moved = t.Size
	}
}

// table holds the files of one side by their numbers.
type table[T interface{ shared() *transfer }] struct {
	byNumber map[int]T
	newest   int
}

// put adds a file. If there are more than maxPast and maxFiles then, it forgets the
// oldest that is over.
func (t *table[T]) put(x T) {
	if t.byNumber == nil {
		t.byNumber = map[int]T{}
	}
	t.newest = x.shared().Number
	t.byNumber[t.newest] = x
	if len(t.byNumber) <= maxPast+maxFiles {
		return
	}
	for _, x := range t.all() {
		if x.shared().State.Over() {
			delete(t.byNumber, x.shared().Number)
			return
		}
	}
}

// all returns the files in the order of their numbers.
func (t *table[T]) all() []T {
	list := slices.Collect(maps.Values(t.byNumber))
	sort.Slice(list, func(i, j int) bool { return list[i].shared().Number < list[j].shared().Number })
	return list
}

// transfers returns the shared state of all files, in the order of their numbers.
func (t *table[T]) transfers() []*transfer {
	var list []*transfer
	for _, x := range t.all() {
		list = append(list, x.shared())
	}
	return list
}

// full reports whether maxFiles files are not over.
func (t *table[T]) full() bool {
	open := 0
	for _, x := range t.byNumber {
		if !x.shared().State.Over() {
			open++
		}
	}
	return open >= maxFiles
}
