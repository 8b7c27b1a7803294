//go:build js && wasm

package page

import (
	"strings"
	"time"

	"pushcall/call"
	"pushcall/wasm/browser"
	"pushcall/webpush"
)

// messages is the conversation of one call, beneath what was written to the
// same friend before.
type messages struct {
	view    browser.Element
	scroll  browser.Element
	earlier *thread
	list    *thread
	box     browser.Element
	clear   browser.Element   // puts a conversation away that is over
	with    webpush.PublicKey // whose it is
	form    browser.Element
	unread  *watch
	talking bool
	any     bool // there is something to read, of this call
	files   bool // there are files among it
	events  messageEvents
}

// messageEvents are what the person does in a conversation.
type messageEvents struct {
	send    func(text string)
	cleared func()
	seen    func() // all that there is
}

func newMessages(w *wiring, events messageEvents) *messages {
	m := &messages{
		view:    w.find("conversation"),
		scroll:  w.find("thread"),
		earlier: newThread(w, "earlier"),
		list:    newThread(w, "messages"),
		box:     w.find("message"),
		clear:   w.find("messages-clear"),
		form:    w.find("composer"),
		events:  events,
	}
	m.unread = newWatch(w, m.scroll, events.seen)
	w.onSubmit(m.form, m.submit)
	w.on(m.clear, "click", events.cleared)
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

// reset makes room for the conversation with somebody. What was typed and not
// sent was meant for the last one.
func (m *messages) reset(with webpush.PublicKey) {
	m.with, m.any = with, false
	m.earlier.clear()
	m.list.clear()
	m.unread.set(false)
	m.box.SetValue("")
}

func (m *messages) focus() { m.box.Focus() }

// left tells whether a conversation is over and still there to read.
func (m *messages) left() bool { return (m.any || m.files) && !m.talking }

// showEarlier shows what was written in the calls before.
func (m *messages) showEarlier(texts []call.Text) {
	m.earlier.show(texts, time.Now())
	if len(m.list.items) == 0 {
		m.list.day = m.earlier.day // so that today begins where it does
	}
	m.scroll.ScrollToEnd()
}

// add shows texts. Whoever reads what came before is not taken away from it.
func (m *messages) add(texts []call.Text) {
	follow, theirs := m.scroll.AtEnd(), false
	m.any = true
	now := time.Now()
	for _, t := range texts[max(0, len(texts)-maxBubbles):] {
		m.list.add(t, now)
		follow = follow || t.Mine
		theirs = theirs || !t.Mine
	}
	if follow {
		m.scroll.ScrollToEnd()
	}
	if theirs && m.scroll.InSight() {
		m.events.seen()
	}
}

// setUnread says how many texts the person has not seen.
func (m *messages) setUnread(n int) { m.unread.set(n > 0) }

// submit sends what was typed; while the call reconnects, as soon as it has.
func (m *messages) submit() {
	text := strings.TrimSpace(m.box.Value())
	if text == "" || !m.talking {
		return
	}
	m.events.send(text)
	m.box.SetValue("")
	m.box.Focus()
}
