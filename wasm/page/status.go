//go:build js && wasm

package page

import "pushcall/wasm/js"

// status says how things are: the live region of the page, and what happened.
type status struct {
	text     js.Element
	cause    *causeView
	word     word
	sentence string
}

func newStatus(w *wiring, copy copyFunc) *status {
	return &status{text: w.find("status"), cause: newCauseView(w, "cause", copy)}
}

// show says it. What was said already is not said again, for those who listen.
func (s *status) show(now saying) {
	s.cause.show(now.cause)
	if now.word == s.word && now.sentence == s.sentence {
		return
	}
	s.word, s.sentence = now.word, now.sentence
	said := now.word.say()
	if now.sentence == "" {
		s.text.Replace(js.NewElement("strong", said))
	} else {
		s.text.Replace(js.NewElement("strong", said+" "), js.NewElement("span", now.sentence))
	}
}
