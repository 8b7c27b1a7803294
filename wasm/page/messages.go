//go:build js && wasm

package page

import (
	"strings"

	"pushcall/call"
	"pushcall/wasm/browser"
)

// messages is the conversation of one call.
type messages struct {
	view    browser.Element
	list    browser.Element
	box     browser.Element
	clear   browser.Element // puts a conversation away that is over
	form    browser.Element
	button  browser.Element
	talking bool
	any     bool // there is something to read
	files   bool // there are files among it
	send    func(text string)
}

func newMessages(w *wiring, send func(text string), cleared func()) *messages {
	m := &messages{
		view:   w.find("conversation"),
		list:   w.find("messages"),
		box:    w.find("message"),
		clear:  w.find("messages-clear"),
		form:   w.find("composer"),
		button: w.find("send"),
		send:   send,
	}
	w.onSubmit(m.form, m.submit)
	w.on(m.clear, "click", cleared)
	w.listen(m.box, "keydown", func(e browser.Event) func() {
		if e.Key() != "Enter" || e.Shift() {
			return nil
		}
		e.PreventDefault() // the line that it would begin
		return m.submit
	})
	return m
}

// setTalking shows the conversation while there is somebody to talk to, and
// afterwards as long as there is something to read or files to save.
func (m *messages) setTalking(talking, files bool) {
	started := talking && !m.talking
	m.talking, m.files = talking, files
	m.view.SetHidden(!talking && !m.any && !files)
	m.form.SetHidden(!talking)
	m.clear.SetHidden(talking)
	if started {
		m.box.Focus()
	}
}

// reset makes room for another conversation. What was typed and not sent was
// meant for the last one.
func (m *messages) reset() {
	m.any = false
	m.list.Replace()
	m.box.SetValue("")
}

func (m *messages) focus() { m.box.Focus() }

// left tells whether a conversation is over and still there to read.
func (m *messages) left() bool { return (m.any || m.files) && !m.talking }

func (m *messages) add(t call.Text) {
	class, who := "theirs", say("Friend:")
	if t.Mine {
		class, who = "mine", say("You:")
	}
	said := browser.NewElement("span", who+" ")
	said.SetAttribute("class", "unseen")
	text := browser.NewElement("span", t.Text)
	text.SetAttribute("dir", "auto")
	item := browser.NewElement("li", "")
	item.SetAttribute("class", class)
	item.Append(said, text)
	m.any = true
	m.list.Append(item)
	m.list.ScrollToEnd()
}

// submit sends what was typed; while the call reconnects, as soon as it has.
func (m *messages) submit() {
	text := strings.TrimSpace(m.box.Value())
	if text == "" || !m.talking {
		return
	}
	m.send(text)
	m.box.SetValue("")
	m.box.Focus()
}
