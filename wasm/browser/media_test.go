//go:build js && wasm

package browser

import (
	"errors"
	"testing"

	"pushcall/app"
	"pushcall/call"
	"pushcall/wasm/js"
)

// describe gives one peer's description to the other as it is.
func describe(t *testing.T, from, to *Peer) {
	t.Helper()
	if err := from.SetLocalDescription(t.Context()); err != nil {
		t.Fatal(err)
	}
	local, err := from.LocalDescription()
	if err != nil {
		t.Fatal(err)
	}
	if err := to.SetRemoteDescription(t.Context(), call.Description{Type: local.Type, SDP: local.SDP}); err != nil {
		t.Fatal(err)
	}
}

// directions are those of a peer's transceivers.
func directions(t *testing.T, p *Peer) (all []string) {
	t.Helper()
	list, err := p.value.Call("getTransceivers")
	if err != nil {
		t.Fatal(err)
	}
	n, err := list.Length()
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		transceiver, err := list.Index(i)
		if err != nil {
			t.Fatal(err)
		}
		direction, err := js.StringOf(transceiver, "currentDirection")
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, direction)
	}
	return all
}

// tone is a track of a sound that nobody hears.
func tone(t *testing.T) *js.Track {
	t.Helper()
	class, err := js.Get("AudioContext")
	if err != nil || class.IsUndefined() {
		t.Skip("there is no sound here")
	}
	audio, err := class.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeAudio(audio) })
	destination, err := audio.Call("createMediaStreamDestination")
	if err != nil {
		t.Fatal(err)
	}
	stream, err := destination.Get("stream")
	if err != nil {
		t.Fatal(err)
	}
	track, err := firstTrack(stream)
	if err != nil {
		t.Fatal(err)
	}
	return track
}

// sends returns the id of the track that a peer's transceiver sends, or "".
func sends(t *testing.T, p *Peer, source app.Source) string {
	t.Helper()
	sender, err := p.transceivers[source].Get("sender")
	if err != nil {
		t.Fatal(err)
	}
	track, err := sender.Get("track")
	if err != nil {
		t.Fatal(err)
	}
	if track.IsNull() {
		return ""
	}
	id, err := js.StringOf(track, "id")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// One exchange gives each side what it needs to send and to receive, whatever
// either sends; and what it sends goes on to the next peer.
func TestPeersMedia(t *testing.T) {
	caller, _ := record(t)
	defer caller.Close()
	callee, _ := record(t)
	defer callee.Close()
	received := 0
	callee.media.received = func(streams [app.Sources]js.Stream) {
		for source, s := range streams {
			if s.None() {
				t.Errorf("nothing can be received of source %d", source)
			}
		}
		received++
	}
	track := tone(t)
	id, err := js.StringOf(track.JSValue(), "id")
	if err != nil {
		t.Fatal(err)
	}
	callee.media.Send(app.Microphone, track)
	if err := caller.CreateChannel(); err != nil {
		t.Fatal(err)
	}
	describe(t, caller, callee)
	describe(t, callee, caller)
	if received > 0 {
		t.Error("media is received that nobody has offered")
	}
	if err := caller.AddMedia(); err != nil {
		t.Fatal(err)
	}
	describe(t, caller, callee)
	describe(t, callee, caller)
	for _, p := range []*Peer{caller, callee} {
		if got := directions(t, p); len(got) != 3 || got[0] != "sendrecv" || got[1] != "sendrecv" || got[2] != "sendrecv" {
			t.Errorf("the directions are %v", got)
		}
	}
	if received != 1 {
		t.Errorf("told of %d times what is received", received)
	}
	if got := sends(t, callee, app.Microphone); got != id {
		t.Errorf("sends %q, want %q", got, id)
	}
	callee.media.Send(app.Microphone, nil)

	// Whatever is offered besides is not taken.
	for range 3 {
		if _, err := caller.value.Call("addTransceiver", "video"); err != nil {
			t.Fatal(err)
		}
	}
	describe(t, caller, callee)
	describe(t, callee, caller)
	for _, direction := range directions(t, callee)[3:] {
		if direction != "inactive" {
			t.Errorf("what is offered besides is %s", direction)
		}
	}
	if received != 1 {
		t.Errorf("told of %d times what is received", received)
	}
	if got := sends(t, callee, app.Microphone); got != "" { // a track is replaced in its turn among the descriptions
		t.Errorf("still sends %q", got)
	}
	run(t, "media.js")
	if _, err := callee.media.Quality(t.Context()); err != nil {
		t.Error(err)
	}
	callee.Close()
	if _, err := callee.media.Quality(t.Context()); !errors.Is(err, ErrNoMedia) {
		t.Errorf("the quality of a closed peer is %v", err)
	}
}

// Where there are no devices that is an error, and nothing worse.
func TestCaptureNothing(t *testing.T) {
	for source := range app.Sources {
		if track, err := Capture(t.Context(), source, "no such device"); err == nil {
			track.Stop()
		} else if !errors.Is(err, app.ErrNoDevice) && !errors.Is(err, app.ErrDeviceDenied) && !errors.Is(err, app.ErrNoCapture) && !errors.Is(err, app.ErrDeviceBusy) {
			t.Errorf("source %d: %v", source, err)
		}
	}
	run(t, "media.js")
	for _, kind := range []DeviceKind{AudioInput, VideoInput, AudioOutput} {
		if any, err := OfferDevices(t.Context(), js.NewElement("select", ""), kind, "no such device"); any || err != nil {
			t.Errorf("kind %s: %v, %v", kind, any, err)
		}
	}
}
