//go:build js && wasm

package page

import (
	"pushcall/app"
	"pushcall/call"
	"pushcall/wasm/js"
)

// textEvents are what the person does with a text in a conversation. Without send and
// reply there is nobody to talk to.
type textEvents struct {
	copy  copyFunc
	send  func(text string)
	reply func(t call.Text)
}

// textMenu is the menu at one text of a thread.
type textMenu struct {
	events  textEvents
	talking bool // there is somebody to reply to
	menu    js.Element
	emojis  []js.Element
	reply   js.Element
	copied  js.Element
	of      *written // whose menu is open; nil: none is
}

// Numbers of actions: those below are of emojis.
const (
	actionReply = len(app.Emojis) + iota
	actionCopy
)

func newTextMenu(w *wiring, list js.Element, events textEvents) *textMenu {
	m := &textMenu{events: events, menu: part("div", "actions"), copied: js.NewElement("span", "")}
	m.menu.SetAttribute("role", "group")
	m.menu.SetAttribute("aria-label", say("Message"))
	m.copied.SetAttribute("aria-live", "polite")
	for i, emoji := range app.Emojis {
		m.emojis = append(m.emojis, m.button(emoji, i))
	}
	m.reply = m.button(say("Reply"), actionReply)
	m.button(say("Copy"), actionCopy)
	m.menu.Append(m.copied)
	w.listen(list, "keydown", func(e js.Event) func() {
		if e.Key() != "Escape" || m.of == nil {
			return nil
		}
		e.PreventDefault() // a dialog around it stays open
		return m.close
	})
	return m
}

func (m *textMenu) button(name string, action int) js.Element {
	b := newPress(name, pressAction, action)
	m.menu.Append(b)
	return b
}

// turn opens the menu at a text, or closes it there.
func (m *textMenu) turn(w *written) {
	before := m.of
	m.close()
	if before == w {
		return
	}
	m.of = w
	m.copied.SetText("")
	m.reply.SetHidden(!m.talking)
	for _, e := range m.emojis {
		e.SetHidden(!m.talking || w.text.Mine)
	}
	setExpanded(w.more, true)
	w.item.Append(m.menu)
	m.menu.ScrollIntoView()
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

// setTalking says whether there is somebody to reply to.
func (m *textMenu) setTalking(talking bool) {
	if m.talking != talking {
		m.talking = talking
		m.close()
	}
}

func (m *textMenu) press(action int) {
	if m.of == nil {
		return
	}
	t := m.of.text
	switch {
	case action == actionCopy:
		m.events.copy(t.Text, func(copied bool) {
			m.copied.SetText(say("Copied"))
			if !copied {
				m.copied.SetText(say("Your browser could not copy it."))
			}
		})
		return
	case !m.talking:
	case action == actionReply:
		m.close()
		m.events.reply(t)
		return
	case action >= 0 && action < len(app.Emojis):
		m.events.send(app.Quote(t.Text) + app.Emojis[action])
	}
	m.close()
}
