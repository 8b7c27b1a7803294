package call

import (
	"context"
	"fmt"
	"sync"
)

// A loop runs functions one after another on one goroutine of its own, and
// owns the goroutines that work beside it. Posting never blocks, so that a
// callback of the browser may post.
type loop struct {
	ctx    context.Context // ends when the loop is closed
	cancel context.CancelFunc
	failed func(error) // told of a panic; runs where it happened

	mu     sync.Mutex
	queue  []func()
	wake   chan struct{} // holds one token while the queue may have something
	owned  sync.WaitGroup
	closed bool
}

func newLoop(failed func(error)) *loop {
	l := &loop{wake: make(chan struct{}, 1), failed: failed}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.owned.Go(l.run)
	return l
}

// post adds f to what the loop will run. After close it does nothing.
func (l *loop) post(f func()) {
	l.mu.Lock()
	l.queue = append(l.queue, f)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *loop) run() {
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-l.wake:
		}
		l.mu.Lock()
		batch := l.queue
		l.queue = nil
		l.mu.Unlock()
		for _, f := range batch {
			if l.ctx.Err() != nil {
				return
			}
			l.guard(f)
		}
	}
}

// beside runs f on a goroutine that close waits for, then posts what it returns.
func (l *loop) beside(f func() (then func())) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.owned.Go(func() {
		l.guard(func() {
			if then := f(); then != nil {
				l.post(then)
			}
		})
	})
}

// guard keeps a panic from ending the program, which in a browser is the page.
func (l *loop) guard(f func()) {
	defer func() {
		if r := recover(); r != nil {
			l.failed(fmt.Errorf("call: internal error: %v", r))
		}
	}()
	f()
}

// close ends the loop's context and waits for all its goroutines.
func (l *loop) close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.cancel()
	l.owned.Wait()
}
