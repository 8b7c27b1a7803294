//go:build js && wasm

package page

import (
	"pushcall/internal/loop"
	"pushcall/internal/speech"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// window is what shows of the page where only its tab does: the title and the
// icon; and where not even that does: the installed page's badge, and the call on the
// lock screen.
type window struct {
	loop    *loop.Loop
	title   js.Element
	icon    js.Element
	ringing js.Element // the icon while it rings

	word   string // of the status; "" at rest
	caller string // whose call rings here
	news   int    // calls and messages that the person does not know of
	friend string // the other side of the call; "" without one
	shown  string // the title, as the document has it
}

func newWindow(w *wiring) *window {
	return &window{loop: w.loop, shown: speech.Title("", "", 0), title: w.find("title"), icon: w.find("icon"), ringing: w.find("icon-ringing")}
}

func (w *window) setWord(word string) {
	w.word = word
	w.show()
}

func (w *window) setNews(news int) {
	w.news = news
	browser.ShowBadge(news) // even of 0: the service worker may have set it
	w.show()
}

// setFriend names the other side of the call, or "" after it.
func (w *window) setFriend(name string) {
	if name != w.friend {
		w.friend = name
		browser.ShowCall(name)
	}
}

// ring has the tab say who is calling, until caller is "".
func (w *window) ring(caller string) {
	if was, is := w.caller != "", caller != ""; is && !was {
		w.icon.RemoveAttribute("rel")
		w.ringing.SetAttribute("rel", "icon")
	} else if was && !is {
		w.ringing.RemoveAttribute("rel")
		w.icon.SetAttribute("rel", "icon")
	}
	w.caller = caller
	w.show()
}

// show has the title say it, once all is known that changes with it: to set one
// takes Chromium several milliseconds.
func (w *window) show() {
	w.loop.Post(func() {
		if t := speech.Title(w.caller, w.word, w.news); t != w.shown {
			w.shown = t
			w.title.SetText(t)
		}
	})
}
