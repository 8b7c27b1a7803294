package files

import (
	"maps"
	"slices"
	"time"
)

const (
	maxFiles = 100 // of each side, offered and not over
	maxPast  = 200 // of each side, over and remembered
)

// transfer is the state that both kinds of files share, outgoing and incoming.
type transfer struct {
	File
	pieces []Digest // of the pieces that were sent, or written
	meter  meter
	still  time.Duration // since anything of it arrived, while the path was there
	unseen bool          // it has changed since it was shown; the next look shows it
}

func (t *transfer) both() *transfer { return t }

// whole reports whether all pieces were sent, or written.
func (t *transfer) whole() bool { return t.reached() == t.Size }

// reached returns the offset at which the pieces end.
func (t *transfer) reached() int64 { return min(int64(len(t.pieces))*PieceSize, t.Size) }

// add adds the digest of the next piece. A piece that comes again, because a link
// was lost, is known already.
func (t *transfer) add(at int64, piece Digest) {
	if !t.whole() && at == t.reached() {
		t.pieces = append(t.pieces, piece)
	}
}

// end sets a final state.
func (t *transfer) end(state State, why Why) {
	t.State, t.Why, t.Rate, t.Left, t.Still, t.unseen = state, why, 0, 0, 0, false
	t.pieces = nil
	if state == Done {
		t.Moved = t.Size
	}
}

// table holds the files of one side by their numbers.
type table[T interface{ both() *transfer }] struct {
	byNumber map[int]T
	newest   int
}

// put adds a file, and forgets one that is over where there are too many.
func (t *table[T]) put(x T) {
	if t.byNumber == nil {
		t.byNumber = map[int]T{}
	}
	t.newest = x.both().Number
	t.byNumber[t.newest] = x
	if len(t.byNumber) <= maxPast+maxFiles {
		return
	}
	for _, x := range t.all() {
		if x.both().State.Over() {
			delete(t.byNumber, x.both().Number)
			return
		}
	}
}

// all returns the files in the order of their numbers.
func (t *table[T]) all() []T {
	var list []T
	for _, number := range slices.Sorted(maps.Keys(t.byNumber)) {
		list = append(list, t.byNumber[number])
	}
	return list
}

// transfers returns the shared state of all files, in the same order.
func (t *table[T]) transfers() []*transfer {
	var list []*transfer
	for _, x := range t.all() {
		list = append(list, x.both())
	}
	return list
}

// full reports whether maxFiles are not over.
func (t *table[T]) full() bool {
	open := 0
	for _, x := range t.byNumber {
		if !x.both().State.Over() {
			open++
		}
	}
	return open >= maxFiles
}
