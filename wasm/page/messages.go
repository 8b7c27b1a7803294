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
	talking bool
	send    func(text string)
}

func newMessages(w *wiring, send func(text string)) *messages {
	m := &messages{
		view: w.find("conversation"),
		list: w.find("messages"),
		box:  w.find("message"),
		send: send,
	}
	w.onSubmit(w.find("composer"), m.submit)
	w.listen(m.box, "keydown", func(e browser.Event) func() {
		if e.Key() != "Enter" || e.Shift() {
			return nil
		}
		e.PreventDefault() // the line that it would begin
		return m.submit
	})
	return m
}

// setTalking shows the conversation while there is somebody to talk to.
func (m *messages) setTalking(talking bool) {
	m.view.SetHidden(!talking)
	if talking && !m.talking {
		m.box.Focus()
	}
	m.talking = talking
}

// clear makes room for another conversation. What was typed and not sent was
// meant for the last one.
func (m *messages) clear() {
	m.list.Replace()
	m.box.SetValue("")
}

func (m *messages) add(t call.Text) {
	class, who := "theirs", "Friend: "
	if t.Mine {
		class, who = "mine", "You: "
	}
	said := browser.NewElement("span", who)
	said.SetAttribute("class", "unseen")
	text := browser.NewElement("span", t.Text)
	text.SetAttribute("dir", "auto")
	item := browser.NewElement("li", "")
	item.SetAttribute("class", class)
	item.Append(said, text)
	m.list.Append(item)
	m.list.ScrollToEnd()
}

// submit sends what was typed; it appears in the list when it is on its way.
func (m *messages) submit() {
	text := strings.TrimSpace(m.box.Value())
	if text == "" {
		return
	}
	m.send(text)
	m.box.SetValue("")
	m.box.Focus()
}
