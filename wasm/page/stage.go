//go:build js && wasm

package page

import "pushcall/wasm/browser"

// stage plays what comes from the friend.
type stage struct {
	sound browser.Element // their voice
}

func newStage(w *wiring) *stage { return &stage{sound: w.find("sound")} }

// show plays what a peer receives. Silence is played, too, until there is more.
func (s *stage) show(received [browser.Sources]browser.Stream) {
	s.sound.Play(received[browser.Microphone])
}

// clear plays nothing any more.
func (s *stage) clear() { s.show([browser.Sources]browser.Stream{}) }
