//go:build js && wasm

package page

import (
	"time"

	"pushcall/internal/loop"
	"pushcall/wasm/js"
)

// lookEvery is how often a watch looks: what was in sight twice in a row was
// seen.
const lookEvery = 2 * time.Second

// watch waits until the person has seen something, while there is something in
// it that they do not know of.
type watch struct {
	loop    *loop.Loop
	what    js.Element
	seen    func()
	timer   *time.Timer // to the next look; nil while there is nothing to see
	inSight bool        // at the last look
}

func newWatch(w *wiring, what js.Element, seen func()) *watch {
	return &watch{loop: w.loop, what: what, seen: seen}
}

// set says whether there is something to see.
func (w *watch) set(unseen bool) {
	if unseen == (w.timer != nil) {
		return
	}
	w.inSight = false
	if !unseen {
		w.timer.Stop()
		w.timer = nil
		return
	}
	w.timer = time.AfterFunc(lookEvery, func() { w.loop.Post(w.look) })
}

func (w *watch) look() {
	if w.timer == nil {
		return
	}
	inSight := w.what.InSight()
	if inSight && w.inSight {
		w.seen()
	}
	w.inSight = inSight
	if w.timer != nil {
		w.timer.Reset(lookEvery)
	}
}
