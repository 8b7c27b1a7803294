//go:build js && wasm

package js

import (
	"context"
	"errors"

	"github.com/hack-pad/safejs"
)

// Track is a MediaStreamTrack that this browser captures. Its owner stops it.
type Track struct {
	value  safejs.Value
	stream Stream // with the track alone; made by the first call of Stream
	undo   []func()
}

// NewTrack returns the Track of a MediaStreamTrack.
func NewTrack(value safejs.Value) *Track { return &Track{value: value} }

// JSValue returns the MediaStreamTrack.
func (t *Track) JSValue() safejs.Value { return t.value }

// SetEnabled makes the track carry what its device captures, or else silence or
// black pictures. The device stays open.
func (t *Track) SetEnabled(enabled bool) {
	if err := t.value.Set("enabled", enabled); err != nil {
		LogFailure("enable a track", err)
	}
}

// OnEnded calls f when the track ends without Stop: the device was unplugged, or
// the person ended the capture in the browser's own interface. It calls f at once if
// the track has ended, for which there is no event any more.
func (t *Track) OnEnded(f func()) error {
	if state, err := StringOf(t.value, "readyState"); err == nil && state == "ended" {
		f()
		return nil
	}
	return t.handle("ended", f)
}

// OnMuted calls f when the browser mutes the track because its source gives nothing at
// the moment, and when it unmutes it (Media Capture and Streams, Section 4.3.1). It calls
// f at once if the track is muted.
func (t *Track) OnMuted(f func(muted bool)) error {
	if IsTrue(t.value, "muted") {
		f(true)
	}
	return errors.Join(t.handle("mute", func() { f(true) }), t.handle("unmute", func() { f(false) }))
}

// handle calls f for each event until Stop. It sets the track's handler: Firefox gives a
// track's listeners no event that a script dispatches (observed with version 153).
func (t *Track) handle(event string, f func()) error {
	callback, err := NewCallback(func([]safejs.Value) any { Guard(f); return nil })
	if err != nil {
		return Failure("listen for "+event, err)
	}
	t.undo = append(t.undo, func() {
		_ = t.value.Set("on"+event, safejs.Null())
		callback.Release()
	})
	return t.value.Set("on"+event, callback.Value())
}

// Device returns the device's id, or "" if the track is nil or has no device.
func (t *Track) Device() string {
	if t == nil {
		return ""
	}
	settings, err := t.value.Call("getSettings")
	if err != nil {
		return ""
	}
	id, _ := StringOf(settings, "deviceId")
	return id
}

// Stop closes the device.
func (t *Track) Stop() {
	for _, undo := range t.undo {
		undo()
	}
	t.undo = nil
	if _, err := t.value.Call("stop"); err != nil {
		LogFailure("stop a track", err)
	}
}

// Stream is a MediaStream, which an audio or video element can play. The zero value
// is no stream.
type Stream struct{ value *safejs.Value }

// JSValue returns the MediaStream. It panics if there is none: see None.
func (s Stream) JSValue() safejs.Value { return *s.value }

// Stream returns a stream of the track alone, always the same one, or no stream if
// the track is nil.
func (t *Track) Stream() Stream {
	if t == nil {
		return Stream{}
	}
	if t.stream.None() {
		t.stream = NewStream(t.value)
	}
	return t.stream
}

// NewStream returns a stream of one MediaStreamTrack.
func NewStream(track safejs.Value) Stream {
	class, err := Get("MediaStream")
	if err == nil {
		var stream safejs.Value
		if stream, err = class.New([]any{track}); err == nil {
			return Stream{&stream}
		}
	}
	LogFailure("make a stream", err)
	return Stream{}
}

// None reports whether there is no stream.
func (s Stream) None() bool { return s.value == nil }

// Play makes an audio or video element play a stream, or nothing. Where the browser
// requires a press first (HTML, Section 6.4), the element is silent until [Element.Resume].
func (e Element) Play(s Stream) {
	if s.None() {
		e.set("srcObject", safejs.Null())
		return
	}
	e.set("srcObject", *s.value)
	e.Resume()
}

// Resume plays the element's stream if it does not play yet and the browser allows
// it now: it does once the page captures something or the person has pressed it.
func (e Element) Resume() {
	if !e.Silenced() {
		return
	}
	if playing, err := e.value.Call("play"); err == nil {
		Ignore(playing) // the browser also rejects it when another stream takes this one's place
	}
}

// Silenced reports whether the element has a stream and does not play it.
func (e Element) Silenced() bool {
	stream, err := e.value.Get("srcObject")
	return err == nil && !stream.IsNull() && IsTrue(e.value, "paused")
}

// SetSpeaker makes the element play its sound on the device with an id; "" is the
// system's choice (Audio Output Devices API, setSinkId).
func (e Element) SetSpeaker(ctx context.Context, id string) error {
	if _, err := AwaitCall(ctx, e.value, "setSinkId", id); err != nil {
		return Failure("choose a speaker", err)
	}
	return nil
}
