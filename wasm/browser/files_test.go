//go:build js && wasm

package browser

import (
	"bytes"
	"context"
	"crypto/sha256"
	"os"
	"testing"

	"github.com/hack-pad/safejs"

	"pushcall/files"
	"pushcall/wasm/js"
)

// filesHeard turns what a file channel reports into channels.
type filesHeard struct {
	sent, kept chan files.Digest
	came       chan int64
	failed     chan error
}

func (h filesHeard) events() files.Events {
	return files.Events{
		Sent:   func(_ int, _ int64, piece files.Digest) { h.sent <- piece },
		Came:   func(_ int, to int64) { h.came <- to },
		Kept:   func(_ int, _ int64, piece files.Digest) { h.kept <- piece },
		Failed: func(_ bool, _ int, err error) { h.failed <- err },
	}
}

// run runs a script of the page's.
func run(t *testing.T, name string) {
	t.Helper()
	text, err := os.ReadFile("../../web/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := safejs.Global().Call("eval", "{"+string(text)+"}"); err != nil {
		t.Fatal(err)
	}
}

// talking returns two peers that are connected, and a file channel of each.
func talking(t *testing.T) (from, to files.Channel, sender, receiver filesHeard) {
	t.Helper()
	run(t, "files.js")
	caller, atCaller := record(t)
	callee, atCallee := record(t)
	t.Cleanup(caller.Close)
	t.Cleanup(callee.Close)
	if err := caller.CreateChannel(); err != nil {
		t.Fatal(err)
	}
	hand(t, caller, atCaller, callee)
	hand(t, callee, atCallee, caller)
	<-atCaller.opened
	<-atCallee.opened
	heard := func() filesHeard {
		return filesHeard{make(chan files.Digest, 99), make(chan files.Digest, 99), make(chan int64, 999), make(chan error, 9)}
	}
	sender, receiver = heard(), heard()
	var err error
	if from, err = caller.OpenFiles(sender.events()); err != nil {
		t.Fatal(err)
	}
	if to, err = callee.OpenFiles(receiver.events()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(from.Close)
	t.Cleanup(to.Close)
	return from, to, sender, receiver
}

// makeFile makes a file for the person who is not here to choose one.
func makeFile(t *testing.T, name string, octets []byte) File {
	t.Helper()
	array, err := js.NewUint8Array(octets)
	if err != nil {
		t.Fatal(err)
	}
	class, err := js.Get("File")
	if err != nil {
		t.Fatal(err)
	}
	value, err := class.New([]any{array}, name)
	if err != nil {
		t.Fatal(err)
	}
	file, err := newFile(value)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// noise is octets of which no two pieces are the same.
func noise(size int) []byte {
	octets := make([]byte, size)
	for i := range octets {
		octets[i] = byte(i ^ i>>7 ^ i>>15 ^ i>>20)
	}
	return octets
}

// contents reads what a sink has kept.
func contents(t *testing.T, s *Sink) []byte {
	t.Helper()
	file, err := js.AwaitCall(t.Context(), s.handle, "getFile")
	if err != nil {
		t.Fatal(err)
	}
	buffer, err := js.AwaitCall(t.Context(), file, "arrayBuffer")
	if err != nil {
		t.Fatal(err)
	}
	octets, err := js.BytesOf(buffer)
	if err != nil {
		t.Fatal(err)
	}
	return octets
}

func openSink(t *testing.T, size int64) *Sink {
	t.Helper()
	s, err := OpenSink(t.Context(), "a", size, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Abort)
	return s
}

// What is sent arrives, from the start or from a later piece on, no further
// than it may, and with the digests of its pieces on both sides.
func TestFileChannel(t *testing.T) {
	from, to, sender, receiver := talking(t)
	octets := noise(3*files.PieceSize + 5)
	file, sink := makeFile(t, "a", octets), openSink(t, int64(len(octets)))
	to.Take(1, sink, 0, file.Size())
	from.Send(1, file, 0, 2*files.PieceSize)
	for i := range 4 {
		if i == 2 {
			select {
			case <-receiver.kept:
				t.Fatal("more was sent than may be")
			default:
			}
			to.Take(1, sink, files.PieceSize, file.Size()) // as after a link was lost
			from.Send(1, file, files.PieceSize, file.Size())
			if got := <-receiver.kept; got != sha256.Sum256(octets[files.PieceSize:2*files.PieceSize]) {
				t.Fatal("piece 1 is another the second time")
			}
			<-sender.sent
		}
		want := files.Digest(sha256.Sum256(octets[i*files.PieceSize : min((i+1)*files.PieceSize, len(octets))]))
		if sent, kept := <-sender.sent, <-receiver.kept; sent != want || kept != want {
			t.Fatalf("piece %d has other digests", i)
		}
	}
	if err := sink.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, sink); !bytes.Equal(got, octets) {
		t.Errorf("%d octets arrived of %d, or others", len(got), len(octets))
	}
}

// What nobody waits for passes without a trace, and what follows is taken.
func TestFileChannelOutOfPlace(t *testing.T) {
	from, to, _, receiver := talking(t)
	octets := noise(files.PieceSize + 7)
	sink := openSink(t, int64(len(octets)))
	from.Send(2, makeFile(t, "nobody takes it", octets), 0, files.MaxSize)
	to.Take(1, sink, 0, int64(len(octets)))
	from.Send(1, makeFile(t, "longer than it was said to be", noise(3*files.PieceSize)), 0, files.MaxSize)
	<-receiver.kept
	from.Stop(true, 1)
	from.Send(1, makeFile(t, "a", octets), files.PieceSize, files.MaxSize)
	if got := <-receiver.kept; got != sha256.Sum256(octets[files.PieceSize:]) {
		t.Error("the second piece is not what was sent last")
	}
	select {
	case err := <-receiver.failed:
		t.Error(err)
	default:
	}
}

// A file that cannot be read, and a sink that takes no more, are told of.
func TestFileChannelFails(t *testing.T) {
	from, to, _, receiver := talking(t)
	octets := noise(files.PieceSize)
	sink := openSink(t, files.PieceSize)
	sink.Abort()
	to.Take(1, sink, 0, files.PieceSize)
	from.Send(1, makeFile(t, "a", octets), 0, files.MaxSize)
	if err := <-receiver.failed; err == nil {
		t.Error("what was not written is not told of")
	}
}

func TestSinkAbort(t *testing.T) {
	s := openSink(t, 1)
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Abort()
	s.Abort() // is no harm
	for {
		_, err := js.AwaitCall(t.Context(), s.folder, "getFileHandle", s.entry)
		if js.IsNamed(js.Thrown(err), "NotFoundError") {
			break
		}
	}
	if err := ForgetReceived(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := ForgetReceived(context.WithoutCancel(t.Context())); err != nil { // there is nothing any more
		t.Fatal(err)
	}
}
