//go:build js && wasm

package page

import (
	"context"

	"pushcall/app"
	"pushcall/call"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// stage shows and plays what comes from the friend, and in a corner what goes
// to them.
type stage struct {
	whole   js.Element
	sound   *player    // the friend's voice
	hear    js.Element // while the browser plays it only after a press
	theatre js.Element // all pictures
	picture *player    // the friend's screen, or else their camera
	tile    *player    // their camera, while they share a screen
	own     *player    // this side's camera, or else the screen
	speaker string     // the id of what the voice comes out of; "" for the system's choice
	float   js.Element // puts the picture into a window of its own
	fill    js.Element

	received [app.Sources]js.Stream
	sending  [app.Sources]app.Sending
	call     call.Call
}

// player is an element that plays a stream.
type player struct {
	js.Element
	stream js.Stream
}

func newStage(w *wiring) *stage {
	s := &stage{
		whole:   w.find("stage"),
		sound:   newPlayer(w, "sound"),
		hear:    w.find("hear"),
		theatre: w.find("theatre"),
		picture: newPlayer(w, "picture"),
		tile:    newPlayer(w, "tile"),
		own:     newPlayer(w, "own-tile"),
		float:   w.find("float"),
		fill:    w.find("fill"),
	}
	w.on(s.float, "click", func() { browser.Float(s.picture.Element) })
	w.on(s.fill, "click", func() { browser.Fill(s.whole) })
	w.on(s.whole, "click", s.sound.Resume)      // hear is in it
	w.on(s.hear, "click", w.find("name").Focus) // for hear goes
	w.on(s.sound.Element, "playing", s.showSilenced)
	w.on(s.whole, "fullscreenchange", s.showFilling)
	return s
}

// showReceived plays what a link receives.
func (s *stage) showReceived(received [app.Sources]js.Stream) {
	s.received = received
	s.draw()
}

// showSending shows the person to themselves.
func (s *stage) showSending(sending [app.Sources]app.Sending) {
	s.sending = sending
	s.draw()
	s.sound.Resume()
}

// showSilenced offers to play the friend's voice, which some browsers do only after a
// press.
func (s *stage) showSilenced() { s.hear.SetHidden(!isTalking(s.call) || !s.sound.Silenced()) }

// showCall follows what the friend says that they send: what they do not send
// any more would stand still.
func (s *stage) showCall(c call.Call) {
	s.call = c
	if !isTaken(c) {
		s.received = [app.Sources]js.Stream{}
		browser.Unfill()
	}
	s.draw()
}

// pictured tells whether there is a picture of the friend's.
func (s *stage) pictured() bool {
	return isTalking(s.call) && (s.call.Theirs.Camera || s.call.Theirs.Screen)
}

// lit tells whether there is any picture.
func (s *stage) lit() bool {
	return isTaken(s.call) && (s.pictured() || s.sending[app.Camera].On || s.sending[app.Screen].On)
}

func (s *stage) draw() {
	var picture, tile, own js.Stream
	if s.pictured() {
		picture = s.received[app.Camera]
		if s.call.Theirs.Screen {
			picture = s.received[app.Screen]
		}
		if s.call.Theirs.Screen && s.call.Theirs.Camera {
			tile = s.received[app.Camera]
		}
	}
	if s.call.Theirs.Screen {
		s.picture.SetAttribute("class", "whole")
	} else {
		s.picture.SetAttribute("class", "")
	}
	class := "tile"
	if s.lit() {
		own = ownStream(s.sending[app.Camera])
		if own.None() {
			own = ownStream(s.sending[app.Screen])
		} else {
			class = "tile mirror"
		}
	}
	s.own.SetAttribute("class", class)
	s.theatre.SetHidden(!s.lit())
	s.sound.play(s.received[app.Microphone])
	s.picture.play(picture)
	s.tile.play(tile)
	s.own.play(own)
	s.float.SetHidden(picture.None() || !browser.Can(browser.Floats))
	s.showSilenced()
	s.fill.SetHidden(!s.lit() || !browser.Can(browser.Fills))
}

func newPlayer(w *wiring, id string) *player { return &player{Element: w.find(id)} }

// play plays a stream from now on, or nothing.
func (p *player) play(stream js.Stream) {
	if p.stream == stream {
		return
	}
	p.stream = stream
	p.SetHidden(stream.None())
	p.Play(stream)
}

func (s *stage) showFilling() { setPressed(s.fill, js.Filling()) }

// setSpeaker has the friend's voice come out of a device.
func (s *stage) setSpeaker(ctx context.Context, id string) error {
	return s.sound.SetSpeaker(ctx, id)
}
