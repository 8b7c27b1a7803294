package loop

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(func(err error) { t.Error(err) })
		defer l.Close()
		var got []int
		for i := range 100 {
			l.Post(func() {
				got = append(got, i)
				if i == 0 {
					l.Post(func() { got = append(got, 100) })
				}
			})
		}
		synctest.Wait()
		for i, n := range got {
			if i != n {
				t.Fatalf("ran %v", got)
			}
		}
		if len(got) != 101 {
			t.Errorf("ran %d functions, want 101", len(got))
		}
	})
}

func TestBeside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(func(err error) { t.Error(err) })
		defer l.Close()
		done, slow := false, make(chan struct{})
		l.Beside(func() func() { <-slow; return func() { done = true } })
		l.Beside(func() func() { return nil })
		free := false
		l.Post(func() { free = true })
		synctest.Wait()
		if !free || done {
			t.Errorf("the loop is free: %v, the slow work is done: %v", free, done)
		}
		close(slow)
		synctest.Wait()
		if !done {
			t.Error("what the work returned did not run")
		}
	})
}

func TestPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var failures []error
		var l *Loop
		l = New(func(err error) { l.Post(func() { failures = append(failures, err) }) })
		defer l.Close()
		l.Post(func() { panic("one") })
		l.Beside(func() func() { panic(errors.New("two")) })
		synctest.Wait()
		if len(failures) != 2 {
			t.Fatalf("told of %v", failures)
		}
		for _, want := range []string{"internal error: one", "internal error: two"} {
			if failures[0].Error() != want && failures[1].Error() != want {
				t.Errorf("told of %v, not of %q", failures, want)
			}
		}
	})
}

func TestHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(func(err error) { t.Error(err) })
		defer l.Close()
		ran := func() bool {
			var ran atomic.Bool // it may run after the look at it
			l.Post(func() { ran.Store(true) })
			synctest.Wait()
			return ran.Load()
		}
		ctx, cancel := context.WithCancel(t.Context())
		l.Hold(ctx, time.Second)
		if ran() {
			t.Error("it ran while held")
		}
		cancel()
		if !ran() {
			t.Error("it did not run once the hold had ended")
		}
		l.Hold(t.Context(), time.Second)
		if ran() {
			t.Error("it ran while held again")
		}
		time.Sleep(time.Second)
		if !ran() {
			t.Error("it did not run in time")
		}
		l.Hold(t.Context(), time.Hour) // Close does not wait for it
	})
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(func(err error) { t.Error(err) })
		ended := false
		l.Beside(func() func() {
			<-l.Context().Done()
			time.Sleep(time.Minute)
			ended = true
			return func() { t.Error("ran after the loop was closed") }
		})
		synctest.Wait()
		l.Close()
		if !ended {
			t.Error("Close did not wait")
		}
		l.Post(func() { t.Error("ran after the loop was closed") })
		l.Beside(func() func() { t.Error("began after the loop was closed"); return nil })
		l.Close()
		synctest.Wait()
	})
}

func TestDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var failures []error
		l := New(func(err error) { failures = append(failures, err) })
		ran := 0
		f := func() { ran++ }
		l.Post(func() { time.Sleep(time.Second) })
		if err := l.Do(t.Context(), f); err != nil || ran != 1 {
			t.Errorf("ran %d times, %v", ran, err)
		}
		if err := l.Do(t.Context(), func() { panic("a bug") }); err != ErrPanicked || len(failures) != 1 {
			t.Errorf("a panic: %v, failures %v", err, failures)
		}

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		l.Post(func() { time.Sleep(time.Minute) })
		if err := l.Do(ctx, f); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a context that ends: %v", err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if ran != 2 {
			t.Errorf("what nobody waits for has not run")
		}

		l.Post(func() { time.Sleep(time.Second) })
		time.AfterFunc(time.Millisecond, l.Close)
		if err := l.Do(t.Context(), f); err != ErrClosed {
			t.Errorf("closed before its turn: %v", err)
		}
		if err := l.Do(t.Context(), f); err != ErrClosed || ran != 2 {
			t.Errorf("closed before: %v, ran %d times", err, ran)
		}
		l.Close()
	})
}
