// Package loop runs functions one after another on one goroutine, so that their state
// needs no lock, and owns the goroutines that work beside it.
//
// A phone has such a loop, and so have its negotiation and the page: callbacks
// of the browser, timers and finished work all post to it, and none of them
// touches state.
package loop

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Errors of Do.
var (
	ErrClosed   = errors.New("loop: closed")
	ErrPanicked = errors.New("loop: the function has panicked")
)

// A Loop is made by New and ended by Close.
type Loop struct {
	ctx    context.Context // ends when the loop is closed
	cancel context.CancelFunc
	failed func(error)

	mu     sync.Mutex
	queue  []func()
	closed bool
	wake   chan struct{} // holds one token while the queue may have something
	owned  sync.WaitGroup
}

// New starts a loop. A panic in a function that it runs does not end the
// program, which in a browser is the page: the loop calls failed with it, on the goroutine
// of the panic.
func New(failed func(error)) *Loop {
	l := &Loop{wake: make(chan struct{}, 1), failed: failed}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.owned.Go(l.run)
	return l
}

// Context ends when the loop is closed.
func (l *Loop) Context() context.Context { return l.ctx }

// Post adds f to the functions that the loop will run, and never blocks. No posted function
// begins to run after Close.
func (l *Loop) Post(f func()) {
	l.mu.Lock()
	l.queue = append(l.queue, f)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Do posts f and waits until it has run. It returns the error of ctx if that ends first,
// in which case f may still run; ErrClosed if the loop is closed first, in which case f
// may be running; and ErrPanicked if f panics, once failed was told of it. It must not be
// called by a function that the loop runs.
func (l *Loop) Do(ctx context.Context, f func()) error {
	done := make(chan error, 1)
	l.Post(func() {
		err := ErrPanicked
		l.guard(func() { f(); err = nil })
		done <- err
	})
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-l.ctx.Done():
	}
	select {
	case err := <-done: // f was the last to run
		return err
	default:
		return ErrClosed
	}
}

// Hold posts a function that blocks the loop until ctx ends, for d at most: functions that
// are posted after it wait.
func (l *Loop) Hold(ctx context.Context, d time.Duration) {
	l.Post(func() {
		patience := time.NewTimer(d)
		defer patience.Stop()
		select {
		case <-ctx.Done():
		case <-patience.C:
		case <-l.ctx.Done():
		}
	})
}

func (l *Loop) run() {
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

// Beside runs f on a goroutine that Close waits for, then posts the function that f
// returns, unless it is nil.
func (l *Loop) Beside(f func() (then func())) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.owned.Go(func() {
		l.guard(func() {
			if then := f(); then != nil {
				l.Post(then)
			}
		})
	})
}

func (l *Loop) guard(f func()) {
	defer func() {
		if r := recover(); r != nil {
			l.failed(fmt.Errorf("internal error: %v", r))
		}
	}()
	f()
}

// Close ends the loop's context and waits for all its goroutines. It must not
// be called by a function that the loop runs.
func (l *Loop) Close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.cancel()
	l.owned.Wait()
}
