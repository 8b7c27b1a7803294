//go:build js && wasm

package page

import (
	"pushcall/app"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// speaker plays one tone at a time. Its zero value is ready.
type speaker struct{ stop func() }

// PlayTone plays a tone in place of the one before. It does not block.
func (p *Page) PlayTone(tone app.Tone) { p.loop.Post(func() { p.speaker.play(tone) }) }

func (s *speaker) play(tone app.Tone) {
	s.hush()
	if tone == app.Silence {
		return
	}
	stop, err := browser.PlayTone(tone)
	if err != nil {
		js.Log(err.Error()) // without a device for sound there may be no AudioContext
		return
	}
	s.stop = stop
}

// hush ends the tone that is heard.
func (s *speaker) hush() {
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
}
