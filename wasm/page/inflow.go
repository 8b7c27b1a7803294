//go:build js && wasm

package page

import (
	"sync"
	"time"

	"pushcall/call"
	"pushcall/internal/loop"
)

// drawEvery is how often texts are drawn that come one after the other.
const drawEvery = 200 * time.Millisecond

// inflow gathers texts until they are drawn: the first at once, and what comes
// right after it together. A friend may send more than a page can draw, and of
// that only the newest are.
type inflow struct {
	loop *loop.Loop
	draw func([]call.Text)

	mu    sync.Mutex
	texts []call.Text
	due   bool // they will be drawn
	last  time.Time
}

// add takes a text. It does not block.
func (f *inflow) add(t call.Text) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.texts = append(f.texts, t)
	if len(f.texts) > 2*maxBubbles {
		f.texts = append([]call.Text(nil), f.texts[maxBubbles:]...)
	}
	if f.due {
		return
	}
	f.due = true
	if wait := drawEvery - time.Since(f.last); wait > 0 {
		time.AfterFunc(wait, func() { f.loop.Post(f.flush) })
	} else {
		f.loop.Post(f.flush)
	}
}

func (f *inflow) flush() {
	f.mu.Lock()
	texts := f.texts
	f.texts, f.due = nil, false
	f.mu.Unlock()
	f.draw(texts)
	f.mu.Lock()
	f.last = time.Now()
	f.mu.Unlock()
}
