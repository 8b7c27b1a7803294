//go:build js && wasm

package page

import (
	"pushcall/internal/speech"
	"pushcall/wasm/js"
)

// status says how things are: the live region of the page, and what happened.
type status struct {
	text     js.Element
	cause    *causeView
	word     speech.Word
	sentence string
}

func newStatus(w *wiring, copy copyFunc) *status {
	return &status{text: w.find("status"), cause: newCauseView(w, "cause", copy)}
}

// show says it. What was said already is not said again, for those who listen.
func (s *status) show(now speech.Saying) {
	s.cause.show(now.Cause)
	if now.Word == s.word && now.Sentence == s.sentence {
		return
	}
	s.word, s.sentence = now.Word, now.Sentence
	said := voice.SayWord(now.Word)
	if now.Sentence == "" {
		s.text.Replace(js.NewElement("strong", said))
	} else {
		s.text.Replace(js.NewElement("strong", said+" "), js.NewElement("span", now.Sentence))
	}
}
