//go:build js && wasm

package browser

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/hack-pad/safejs"

	"pushcall/files"
	"pushcall/wasm/js"
)

const (
	filesLabel   = "pushcall files"
	filesID      = 16      // of the channel for files, on both sides; the other's is 0 or 1 (RFC 8832, Section 6)
	largeMessage = 1 << 18 // octets; no browser sends more at once
)

// fileChannel is the FileWorker of web/files-page.js or the FileChannel of
// web/files.js, which carries the octets.
type fileChannel struct {
	value  safejs.Value
	report js.Callback
	closed bool
}

var _ files.Channel = (*fileChannel)(nil)

// OpenFiles opens the channel for files.
func (p *Peer) OpenFiles(events files.Events) (files.Channel, error) {
	channel, err := p.value.Call("createDataChannel", filesLabel, map[string]any{"negotiated": true, "id": filesID})
	if err != nil {
		return nil, js.Failure("open the channel for files", err)
	}
	report, err := js.NewCallback(func(args []safejs.Value) any {
		js.Guard(func() { reportFile(events, args) })
		return nil
	})
	if err != nil {
		return nil, js.Failure("open the channel for files", err)
	}
	value, err := newCarrier(channel, p.maxMessage(), report.Value())
	if err != nil {
		report.Release()
		return nil, js.Failure("open the channel for files", err)
	}
	return &fileChannel{value: value, report: report}, nil
}

// newCarrier makes a FileWorker, or a FileChannel where the browser keeps data
// channels in the page.
func newCarrier(args ...any) (value safejs.Value, err error) {
	for _, name := range []string{"FileWorker", "FileChannel"} {
		var class safejs.Value
		if class, err = js.Get(name); err != nil || class.IsUndefined() {
			continue
		}
		if value, err = class.New(args...); err == nil {
			return value, nil
		}
	}
	return value, err
}

// maxMessage is how many octets may be in a message to the other peer.
func (p *Peer) maxMessage() int {
	transport, err := p.value.Get("sctp")
	if err == nil && !transport.IsNull() {
		if size, err := js.FloatOf(transport, "maxMessageSize"); err == nil && size > 0 && size < largeMessage {
			return int(size)
		}
	}
	return largeMessage
}

// reportFile hands on what files.js reports.
func reportFile(events files.Events, args []safejs.Value) {
	what, err := args[0].String()
	if err != nil {
		return
	}
	mine, _ := args[1].Bool()
	number, _ := args[2].Int()
	at, _ := args[3].Float()
	detail, _ := args[4].String()
	switch what {
	case "sent":
		events.Sent(number, int64(at), digestFrom(detail))
	case "came":
		events.Came(number, int64(at))
	case "kept":
		events.Kept(number, int64(at), digestFrom(detail))
	case "failed":
		events.Failed(mine, number, fileFailure(detail))
	}
}

func digestFrom(text string) (d files.Digest) {
	_, _ = hex.Decode(d[:], []byte(text))
	return d
}

// fileFailure makes an error of an exception that was put into words.
func fileFailure(text string) error {
	name, message, _ := strings.Cut(text, ": ")
	return roomless(fmt.Errorf("browser: files: %w", &js.Error{Name: name, Message: message}))
}

// roomless has an error that says that there is no room wrap files.ErrNoRoom.
func roomless(err error) error {
	if js.IsNamed(err, "QuotaExceededError") {
		return fmt.Errorf("%w: %w", files.ErrNoRoom, err)
	}
	return err
}

func (f *fileChannel) Send(number int, from files.Source, at, until int64) {
	f.call("send", number, from.(File).value, at, until)
}

func (f *fileChannel) Grant(number int, until int64) { f.call("grant", number, until) }

func (f *fileChannel) Take(number int, into files.Sink, at, size int64) {
	f.call("take", number, into.(*Sink).stream, at, size)
}

func (f *fileChannel) Stop(mine bool, number int) { f.call("stop", mine, number) }

func (f *fileChannel) Close() {
	if f.closed {
		return
	}
	f.closed = true
	f.call("close")
	f.report.Release()
}

func (f *fileChannel) call(method string, args ...any) {
	if _, err := f.value.Call(method, args...); err != nil {
		js.LogFailure("files: "+method, err)
	}
}
