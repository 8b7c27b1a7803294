//go:build js && wasm

package page

import "pushcall/wasm/browser"

// status says how things are: the one live region of the page, the window's
// title, and what happened.
type status struct {
	title  browser.Element
	text   browser.Element
	cause  browser.Element
	detail browser.Element
	copy   *copyButton

	word     string
	sentence string
}

func newStatus(w *wiring, copy copyFunc) *status {
	s := &status{
		title:  w.find("title"),
		text:   w.find("status"),
		cause:  w.find("cause"),
		detail: w.find("cause-text"),
	}
	s.copy = newCopyButton(w, w.find("cause-copy"), w.find("cause-copied"), s.detail, copy)
	return s
}

// show says it. What was said already is not said again, for those who listen.
func (s *status) show(now saying) {
	s.showCause(now.cause)
	if now.word == s.word && now.sentence == s.sentence {
		return
	}
	s.word, s.sentence = now.word, now.sentence
	if now.sentence == "" {
		s.text.Replace(browser.NewElement("strong", now.word))
	} else {
		s.text.Replace(browser.NewElement("strong", now.word+" "), browser.NewElement("span", now.sentence))
	}
	if now.state == atRest {
		s.title.SetText("Pushcall")
	} else {
		s.title.SetText(now.word + " · Pushcall")
	}
}

func (s *status) showCause(cause error) {
	s.cause.RemoveAttribute("open")
	s.cause.SetHidden(cause == nil)
	s.copy.reset("")
	if cause != nil {
		s.detail.SetText(cause.Error())
		s.copy.reset(cause.Error())
	}
}
