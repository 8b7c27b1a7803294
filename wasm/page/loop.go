//go:build js && wasm

package page

import (
	"context"
	"fmt"
	"sync"

	"pushcall/wasm/browser"
)

// A loop runs what is posted, one function after another, until its context
// ends. Posting never blocks, so that a callback of the browser's may post.
type loop struct {
	mu    sync.Mutex
	queue []func()
	wake  chan struct{} // holds one token while there may be something
}

func newLoop() *loop { return &loop{wake: make(chan struct{}, 1)} }

func (l *loop) post(f func()) {
	l.mu.Lock()
	l.queue = append(l.queue, f)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *loop) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
		}
		l.mu.Lock()
		batch := l.queue
		l.queue = nil
		l.mu.Unlock()
		for _, f := range batch {
			guard(f)
		}
	}
}

// guard keeps a panic from ending the program: the next press may work.
func guard(f func()) {
	defer func() {
		if r := recover(); r != nil {
			browser.Log(fmt.Sprintf("page: internal error: %v", r))
		}
	}()
	f()
}
