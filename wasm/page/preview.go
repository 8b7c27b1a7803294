//go:build js && wasm

package page

import (
	"pushcall/app"
	"pushcall/call"
	"pushcall/wasm/js"
)

// preview shows the person to themselves before they answer with video.
type preview struct {
	button  js.Element // turns the camera on, for the answer
	view    js.Element
	picture *player
	wish    js.Element // that the caller has the camera on
	meter   *meterView
	note    js.Element // why there is nothing to see

	ringing bool
	sending [app.Sources]app.Sending
	set     func(source app.Source, on bool)
}

func newPreview(w *wiring, set func(source app.Source, on bool)) *preview {
	v := &preview{
		button:  w.find("ring-camera"),
		view:    w.find("preview"),
		picture: newPlayer(w, "preview-picture"),
		wish:    w.find("ring-wish"),
		meter:   newMeterView(w, "preview-level"),
		note:    w.find("preview-note"),
		set:     set,
	}
	w.on(v.button, "click", v.turn)
	return v
}

func (v *preview) turn() {
	on := !v.sending[app.Camera].On
	v.set(app.Camera, on)
	v.set(app.Microphone, on)
}

// showCall follows the ring.
func (v *preview) showCall(c call.Call) {
	v.ringing = isRinging(c)
	v.wish.SetHidden(!v.ringing || !c.Theirs.Camera)
	v.draw()
}

// showSending shows what is captured.
func (v *preview) showSending(sending [app.Sources]app.Sending) {
	v.sending = sending
	v.draw()
}

func (v *preview) draw() {
	camera := v.sending[app.Camera]
	shown := v.ringing && camera.On
	setPressed(v.button, camera.On)
	setBusy(v.button, shown && camera.Asking)
	v.view.SetHidden(!shown)
	var picture, sound js.Stream
	if shown {
		picture, sound = ownStream(camera), ownStream(v.sending[app.Microphone])
	}
	v.note.SetText(voice.NoteOf(v.sending))
	v.meter.show(sound)
	v.picture.play(picture)
}
