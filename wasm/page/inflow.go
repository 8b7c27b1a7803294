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

	mu   sync.Mutex
	heap *heap // that takes what comes; nil when the next text begins one
	last time.Time
}

// heap is what is drawn together.
type heap struct{ texts []call.Text }

// add takes a text. It does not block.
func (f *inflow) add(t call.Text) {
	f.mu.Lock()
	defer f.mu.Unlock()
	h := f.heap
	if h == nil {
		h = &heap{}
		f.heap = h
		if wait := drawEvery - time.Since(f.last); wait > 0 {
			time.AfterFunc(wait, func() { f.post(h) })
		} else {
			f.post(h)
		}
	}
	h.texts = append(h.texts, t)
	if len(h.texts) > 2*maxBubbles {
		h.texts = append([]call.Text(nil), h.texts[maxBubbles:]...)
	}
}

// cut has what has come so far be drawn before all that is posted from now on.
// What comes after it is not drawn with it.
func (f *inflow) cut() {
	f.mu.Lock()
	h := f.heap
	f.heap = nil
	f.mu.Unlock()
	if h != nil {
		f.post(h)
	}
}

func (f *inflow) post(h *heap) { f.loop.Post(func() { f.flush(h) }) }

// flush draws a heap, unless that has been done.
func (f *inflow) flush(h *heap) {
	f.mu.Lock()
	texts := h.texts
	h.texts = nil
	if f.heap == h {
		f.heap = nil
	}
	f.mu.Unlock()
	if len(texts) == 0 {
		return
	}
	f.draw(texts)
	f.mu.Lock()
	f.last = time.Now()
	f.mu.Unlock()
}
