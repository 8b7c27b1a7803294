//go:build js && wasm

package page

import (
	"pushcall/app"
	"pushcall/call"
	"pushcall/wasm/js"
)

// textMenu is the menu at one text, of all threads.
type textMenu struct {
	copy  copyFunc
	send  func(text string)
	reply func(t call.Text)

	menu    js.Element
	emojis  js.Element
	answer  js.Element
	copyIt  js.Element
	copied  js.Element
	of      *written // whose menu is open; nil: none is
	talking bool     // there is somebody to reply to
}

func newTextMenu(w *wiring, copy copyFunc, send func(string), reply func(call.Text)) *textMenu {
	m := &textMenu{
		copy:   copy,
		send:   send,
		reply:  reply,
		menu:   w.find("text-menu"),
		emojis: w.find("text-emojis"),
		answer: w.find("text-reply"),
		copyIt: w.find("text-copy"),
		copied: w.find("text-copied"),
	}
	w.listen(m.menu, "keydown", func(e js.Event) func() {
		if e.Key() != "Escape" {
			return nil
		}
		e.PreventDefault() // a dialog around it stays open
		return m.close
	})
	w.listen(m.emojis, "click", func(e js.Event) func() {
		emoji := e.TargetValue()
		if emoji == "" {
			return nil
		}
		return func() { m.do(func(t call.Text) { m.send(app.Quote(t.Text) + emoji) }) }
	})
	w.on(m.answer, "click", func() { m.do(m.reply) })
	w.on(m.copyIt, "click", func() {
		if m.of == nil {
			return
		}
		m.copy(m.of.text.Text, func(copied bool) {
			m.copied.SetText(say("Copied"))
			if !copied {
				m.copied.SetText(say("Your browser could not copy it."))
			}
		})
	})
	return m
}

// turn opens the menu at a text, or closes it there. live says that a reply would go to who
// the text is from.
func (m *textMenu) turn(w *written, live bool) {
	before := m.of
	m.close()
	if before == w {
		return
	}
	m.of = w
	m.copied.SetText("")
	m.answer.SetHidden(!live || !m.talking)
	m.emojis.SetHidden(!live || !m.talking || w.text.Mine)
	setExpanded(w.more, true)
	w.item.Append(m.menu)
	m.menu.ScrollIntoView()
	m.copyIt.Focus()
}

func (m *textMenu) close() {
	if m.of == nil {
		return
	}
	m.menu.Remove()
	setExpanded(m.of.more, false)
	m.of.more.Focus()
	m.of = nil
}

// leave forgets a text that goes away.
func (m *textMenu) leave(w *written) {
	if m.of == w {
		m.menu.Remove()
		m.of = nil
	}
}

// setTalking says whether there is somebody to reply to.
func (m *textMenu) setTalking(talking bool) {
	if m.talking != talking {
		m.talking = talking
		m.close()
	}
}

// do closes the menu and does something with its text, if there is somebody to talk to.
func (m *textMenu) do(f func(call.Text)) {
	if m.of != nil && m.talking {
		t := m.of.text
		m.close()
		f(t)
	}
}
