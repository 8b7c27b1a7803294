package app

import (
	"context"
	"sync"
	"time"

	"pushcall/files"
	"pushcall/signaling"
)

// Folder is where received files are written.
type Folder interface {
	// OpenSink makes a file of a name and a size in octets. If ask, the person may
	// be asked for a place.
	OpenSink(ctx context.Context, name string, size int64, ask bool) (Sink, error)
	// ForgetReceived removes what earlier visits have left of received files, and
	// nothing that was saved.
	ForgetReceived(ctx context.Context) error
}

// Sink is a file that is being written.
type Sink interface {
	files.Sink
	// Saves tells whether the file is only the page's until Save.
	Saves() bool
	// Save puts the file among the person's downloads.
	Save(ctx context.Context) error
}

// Picture is a Source or a Sink that knows whether it is one.
type Picture interface {
	// Picture returns an address to show the file from, or "" where it is no
	// picture.
	Picture(ctx context.Context) string
}

// FileView shows files.
type FileView interface {
	// ShowFile shows a file of the call; saves says that it can be saved again.
	ShowFile(f files.File, saves bool)
	// ShowQueue shows how many more files wait to be offered.
	ShowQueue(n int)
	// ShowPicture shows a file that is a picture among the texts.
	ShowPicture(f files.File, url string)
}

// Files sends files, and saves those that have come in this call, or in the last
// one.
type Files struct {
	*common
	holding *holding

	mu    sync.Mutex
	call  signaling.CallID
	sinks map[int]Sink // by number

	saving turn // to save a file that no press has asked for
}

// saveEvery is the time between two downloads that no press has asked for: of
// more than ten in a second Chromium drops the rest without a word (observed).
const saveEvery = 125 * time.Millisecond

// begin makes room for the files of another call.
func (f *Files) begin(id signaling.CallID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.call != id {
		f.call = id
		clear(f.sinks)
	}
}

// sink returns the sink of a file that was accepted in this call, or nil.
func (f *Files) sink(number int) Sink {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sinks[number]
}

// SendFile offers a file to the friend.
func (f *Files) SendFile(from files.Source) { f.phone.SendFile(from) }

// AcceptFile takes a file that is offered here. Alone, the person may be asked
// where to save it.
func (f *Files) AcceptFile(ctx context.Context, file files.File, alone bool) error {
	sink, err := f.config.Folder.OpenSink(ctx, file.Name, file.Size, alone)
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.sinks[file.Number] = sink
	f.mu.Unlock()
	f.phone.AcceptFile(file.Number, sink)
	return nil
}

// CancelFile refuses, withdraws or gives up a file.
func (f *Files) CancelFile(mine bool, number int) { f.phone.CancelFile(mine, number) }

// SaveFile saves a file once more that has come.
func (f *Files) SaveFile(ctx context.Context, number int) error {
	if sink := f.sink(number); sink != nil && sink.Saves() {
		return sink.Save(ctx)
	}
	return nil
}

// onFile shows a file, and saves one that has come. It runs on the phone's loop.
func (f *Files) onFile(file files.File) {
	saves := false
	var sink Sink
	if !file.Mine && file.State == files.Done {
		sink = f.sink(file.Number)
	}
	if sink != nil {
		if saves = sink.Saves(); saves {
			f.holding.guard(true)
			f.storage.Beside(func() func() {
				defer f.holding.guard(false)
				f.logError(f.save(f.storage.Context(), sink))
				return nil
			})
		}
	}
	f.view.ShowFile(file, saves)
	switch {
	case sink != nil:
		f.showPicture(file, sink)
	case file.Mine && file.State == files.Offered: // so the person sees what will be sent
		f.showPicture(file, file.From)
	}
}

// showPicture shows a file among the texts, if it is a picture.
func (f *Files) showPicture(file files.File, from any) {
	picture, is := from.(Picture)
	if !is {
		return
	}
	f.storage.Beside(func() func() {
		if url := picture.Picture(f.storage.Context()); url != "" {
			f.view.ShowPicture(file, url)
		}
		return nil
	})
}

// save saves a file that has come, after those before it.
func (f *Files) save(ctx context.Context, sink Sink) error {
	if err := f.saving.take(ctx); err != nil {
		return err
	}
	defer f.saving.end()
	err := sink.Save(ctx)
	select {
	case <-time.After(saveEvery):
	case <-ctx.Done():
	}
	return err
}
