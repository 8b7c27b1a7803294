//go:build js && wasm

package main

import (
	"context"
	"sync"
	"time"

	"pushcall/files"
	"pushcall/signaling"
	"pushcall/wasm/browser"
)

// received is the files that have come in this call, or in the last one.
type received struct {
	mu    sync.Mutex
	call  signaling.CallID
	sinks map[int]*browser.Sink // by number; of a file that is over, only where it can be saved

	saving sync.Mutex // of one that is saved unasked
}

// saveEvery is the time between two downloads that no press has asked for: of
// more than ten in a second Chromium drops the rest without a word (observed).
const saveEvery = 125 * time.Millisecond

func (r *received) put(number int, sink *browser.Sink) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sinks == nil {
		r.sinks = map[int]*browser.Sink{}
	}
	r.sinks[number] = sink
}

func (r *received) find(number int) *browser.Sink {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sinks[number]
}

// begin makes room for the files of another call.
func (r *received) begin(id signaling.CallID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.call != id {
		r.call = id
		clear(r.sinks)
	}
}

// SendFiles offers files to the friend.
func (a *app) SendFiles(files []browser.File) {
	for _, f := range files {
		a.phone.SendFile(f)
	}
}

// AcceptFile has a file sent that is offered here. Alone, the person may be asked
// where to keep it.
func (a *app) AcceptFile(ctx context.Context, f files.File, alone bool) error {
	sink, err := browser.OpenSink(ctx, f.Name, f.Size, alone)
	if err != nil {
		return err
	}
	a.received.put(f.Number, sink)
	a.phone.AcceptFile(f.Number, sink)
	return nil
}

// CancelFile refuses, withdraws or gives up a file.
func (a *app) CancelFile(mine bool, number int) { a.phone.CancelFile(mine, number) }

// SaveFile puts a file that has come among the person's downloads.
func (a *app) SaveFile(ctx context.Context, number int) error {
	sink := a.received.find(number)
	if sink == nil || !sink.Saves() {
		return nil
	}
	return sink.Save(ctx)
}

// onFile shows a file, and saves one that has come. It runs on the phone's loop.
func (a *app) onFile(f files.File) {
	saves := false
	if f.State == files.Done && f.Mine {
		a.showPicture(f, f.From.(browser.File))
	}
	if f.State == files.Done && !f.Mine {
		sink := a.received.find(f.Number)
		saves = sink != nil && sink.Saves()
		if sink != nil {
			a.showPicture(f, sink)
		}
		if saves {
			a.desk.Beside(func() func() {
				a.kept(a.received.save(a.desk.Context(), sink))
				return nil
			})
		}
	}
	a.view.ShowFile(f, saves)
}

// showPicture shows a picture among the texts, if a file is one.
func (a *app) showPicture(f files.File, file interface{ Picture(context.Context) string }) {
	a.desk.Beside(func() func() {
		if url := file.Picture(a.desk.Context()); url != "" {
			a.view.ShowPicture(f, url)
		}
		return nil
	})
}

// save saves a file that has come, after those before it.
func (r *received) save(ctx context.Context, sink *browser.Sink) error {
	r.saving.Lock()
	defer r.saving.Unlock()
	err := sink.Save(ctx)
	select {
	case <-time.After(saveEvery):
	case <-ctx.Done():
	}
	return err
}
