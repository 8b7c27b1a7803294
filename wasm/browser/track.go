//go:build js && wasm

package browser

import "github.com/hack-pad/safejs"

// Track is a MediaStreamTrack that this browser captures. Whoever has it stops
// it.
type Track struct {
	value  safejs.Value
	stream Stream // with the track alone, once somebody has asked for it
	undo   func()
}

// SetEnabled says whether the track has what its device captures, or silence
// and darkness. The device stays open.
func (t *Track) SetEnabled(enabled bool) {
	if err := t.value.Set("enabled", enabled); err != nil {
		complain("enable a track", err)
	}
}

// OnEnded calls f when the track ends by itself: the device was unplugged, or
// the person ended it by what the browser shows for it.
func (t *Track) OnEnded(f func()) error {
	undo, err := listen(t.value, "ended", func(safejs.Value) { f() })
	if err == nil {
		t.undo = undo
	}
	return err
}

// Device returns the id of the device, where there is one. A nil Track has none.
func (t *Track) Device() string {
	if t == nil {
		return ""
	}
	settings, err := t.value.Call("getSettings")
	if err != nil {
		return ""
	}
	id, _ := stringOf(settings, "deviceId")
	return id
}

// Stop closes the device.
func (t *Track) Stop() {
	if t.undo != nil {
		t.undo()
		t.undo = nil
	}
	if _, err := t.value.Call("stop"); err != nil {
		complain("stop a track", err)
	}
}

// Stream is a MediaStream: what an element plays. The zero value is none.
type Stream struct{ value *safejs.Value }

// Stream returns a stream of the track alone, always the same. A nil Track has
// none.
func (t *Track) Stream() Stream {
	if t == nil {
		return Stream{}
	}
	if t.stream.None() {
		t.stream = streamOf(t.value)
	}
	return t.stream
}

func streamOf(track safejs.Value) Stream {
	class, err := get("MediaStream")
	if err == nil {
		var stream safejs.Value
		if stream, err = class.New([]any{track}); err == nil {
			return Stream{&stream}
		}
	}
	complain("make a stream", err)
	return Stream{}
}

// None tells whether there is nothing to play.
func (s Stream) None() bool { return s.value == nil }

// Play has an audio or video element play a stream, or nothing. Where the
// browser wants a press of the person's first, it stays silent until then.
func (e Element) Play(s Stream) {
	if s.None() {
		e.set("srcObject", safejs.Null())
		return
	}
	e.set("srcObject", *s.value)
	e.Resume()
}

// Resume goes on with what the element plays, if the browser lets it by now: a
// page that captures something may be heard, and one that was pressed.
func (e Element) Resume() {
	if !e.Silenced() {
		return
	}
	if playing, err := e.value.Call("play"); err == nil {
		ignore(playing) // it is refused, too, when something else is to be played meanwhile
	}
}

// Silenced tells whether the element has something to play and does not.
func (e Element) Silenced() bool {
	stream, err := e.value.Get("srcObject")
	return err == nil && !stream.IsNull() && isTrue(e.value, "paused")
}
