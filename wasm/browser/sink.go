//go:build js && wasm

package browser

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/hack-pad/safejs"

	"pushcall/files"
	"pushcall/wasm/js"
)

const (
	receivedFolder = "received" // in the origin private file system
	askAbove       = 64 << 20   // octets; a file above that is not to be written twice
)

// ErrNotChosen is returned when the person was asked where to keep a file and
// has not said.
var ErrNotChosen = errors.New("browser: no place was chosen")

// Sink is a file that is being written: one that the person has chosen (File
// System Access, showSaveFilePicker), or one in the origin private file system
// (File System Standard), of which Save makes a download. The browser keeps
// what is written apart until Close, so that there is never half a file.
type Sink struct {
	name   string
	folder safejs.Value // that it is in; undefined where the person has chosen one
	entry  string       // its name there
	handle safejs.Value // the FileSystemFileHandle
	stream safejs.Value // the FileSystemWritableFileStream
	url    string       // that it is saved from
}

var _ files.Sink = (*Sink)(nil)

// OpenSink makes a file of a name and a size. If ask, the person is asked for a
// place where the browser can do that and the file is large; the page has to be
// pressed for this just before. Any other goes where downloads go.
func OpenSink(ctx context.Context, name string, size int64, ask bool) (*Sink, error) {
	s := &Sink{name: name}
	var err error
	if asks, _ := js.Get("showSaveFilePicker"); ask && size > askAbove && !asks.IsUndefined() {
		err = s.choose(ctx)
	} else {
		err = s.make(ctx, size)
	}
	if err != nil {
		return nil, err
	}
	if s.stream, err = js.AwaitCall(ctx, s.handle, "createWritable"); err != nil {
		return nil, roomless(js.Failure("open a file", err))
	}
	return s, nil
}

func (s *Sink) choose(ctx context.Context) error {
	handle, err := js.AwaitCall(ctx, safejs.Global(), "showSaveFilePicker", map[string]any{"suggestedName": s.name})
	if err != nil {
		err = js.Failure("ask for a place", err)
		if js.IsNamed(err, "AbortError") {
			return fmt.Errorf("%w: %w", ErrNotChosen, err)
		}
		return err
	}
	s.handle = handle
	return nil
}

func (s *Sink) make(ctx context.Context, size int64) error {
	storage, err := js.Get("navigator", "storage")
	if err != nil {
		return js.Failure("make a file", err)
	}
	if err := checkRoom(ctx, storage, size); err != nil {
		return err
	}
	root, err := js.AwaitCall(ctx, storage, "getDirectory")
	if err != nil {
		return js.Failure("make a file", err)
	}
	create := map[string]any{"create": true}
	if s.folder, err = js.AwaitCall(ctx, root, "getDirectoryHandle", receivedFolder, create); err != nil {
		return roomless(js.Failure("make a file", err))
	}
	s.entry = rand.Text()
	if s.handle, err = js.AwaitCall(ctx, s.folder, "getFileHandle", s.entry, create); err != nil {
		return roomless(js.Failure("make a file", err))
	}
	return nil
}

// checkRoom tells early that there is no room for a file.
func checkRoom(ctx context.Context, storage safejs.Value, size int64) error {
	estimate, err := js.AwaitCall(ctx, storage, "estimate")
	if err != nil {
		return nil // it will be known in time
	}
	quota, err := js.FloatOf(estimate, "quota")
	if err != nil {
		return nil
	}
	usage, err := js.FloatOf(estimate, "usage")
	if err == nil && usage+float64(size) > quota {
		return fmt.Errorf("%w: %d octets, where the browser gives %.0f", files.ErrNoRoom, size, quota-usage)
	}
	return nil
}

// Close keeps what was written.
func (s *Sink) Close(ctx context.Context) error {
	if _, err := js.AwaitCall(ctx, s.stream, "close"); err != nil {
		return roomless(js.Failure("keep a file", err))
	}
	return nil
}

// Abort forgets what was written. One that was chosen and closed is the
// person's.
func (s *Sink) Abort() {
	if promise, err := s.stream.Call("abort"); err == nil {
		js.Ignore(promise)
	}
	if s.folder.IsUndefined() {
		return
	}
	if promise, err := s.folder.Call("removeEntry", s.entry); err == nil {
		js.Ignore(promise) // one that is still open is empty, and goes with ForgetReceived
	}
}

// Saves tells whether the file is only the page's until it is saved.
func (s *Sink) Saves() bool { return !s.folder.IsUndefined() }

// Save puts the file among the person's downloads. What is in it is never
// shown here: the browser saves it, whatever it is.
func (s *Sink) Save(ctx context.Context) error {
	if s.url == "" {
		if err := s.makeURL(ctx); err != nil {
			return js.Failure("save a file", err)
		}
	}
	link := js.NewElement("a", "")
	link.SetAttribute("href", s.url)
	link.SetAttribute("download", s.name)
	link.Click()
	return nil
}

// Picture returns an address to show what was written from, or "" where it is no
// picture.
func (s *Sink) Picture(ctx context.Context) string {
	file, err := js.AwaitCall(ctx, s.handle, "getFile")
	if err != nil {
		return ""
	}
	return pictureOf(ctx, file)
}

// Picture returns an address to show the file from, or "" where it is no picture.
func (f File) Picture(ctx context.Context) string { return pictureOf(ctx, f.value) }

func pictureOf(ctx context.Context, file safejs.Value) string {
	url, err := js.AwaitCall(ctx, safejs.Global(), "pictureOf", file)
	if err != nil {
		return ""
	}
	text, _ := url.String()
	return text
}

func (s *Sink) makeURL(ctx context.Context) error {
	file, err := js.AwaitCall(ctx, s.handle, "getFile")
	if err != nil {
		return err
	}
	class, err := js.Get("URL")
	if err != nil {
		return err
	}
	url, err := class.Call("createObjectURL", file)
	if err != nil {
		return err
	}
	s.url, err = url.String()
	return err
}

// LimitsDownloads tells whether the browser asks the person before it lets a page
// save several files that no press has asked for: Chromium does, which alone has
// the User-Agent Client Hints.
func LimitsDownloads() bool {
	hints, err := js.Get("navigator", "userAgentData")
	return err == nil && !hints.IsUndefined()
}

// ForgetReceived removes what earlier visits have left of received files. What
// was saved is not touched.
func ForgetReceived(ctx context.Context) error {
	storage, err := js.Get("navigator", "storage")
	if err != nil {
		return js.Failure("forget received files", err)
	}
	root, err := js.AwaitCall(ctx, storage, "getDirectory")
	if err != nil {
		return js.Failure("forget received files", err)
	}
	_, err = js.AwaitCall(ctx, root, "removeEntry", receivedFolder, map[string]any{"recursive": true})
	if err == nil || js.IsNamed(js.Thrown(err), "NotFoundError") {
		return nil
	}
	return js.Failure("forget received files", err)
}
