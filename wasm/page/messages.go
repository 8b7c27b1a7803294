//go:build js && wasm

package page

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"pushcall/app"
	"pushcall/call"
	"pushcall/files"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// messages is the conversation of one call, beneath what was written to the
// same friend before.
type messages struct {
	view    js.Element
	scroll  js.Element
	earlier *thread
	list    *thread
	menu    *textMenu
	box     js.Element
	room    js.Element // for how much there is, where it gets scarce
	send    js.Element
	clear   js.Element                   // puts a conversation away that is over
	with    webpush.PublicKey            // whose it is
	drafts  map[webpush.PublicKey]string // to others
	form    js.Element
	unread  *watch
	talking bool
	any     bool // there is something to read, of this call
	files   bool // there are files among it
	draft   bool // something was typed as the call ended
	events  messageEvents
	places  map[fileKey]js.Element // where each file was offered, for its picture
}

// messageEvents are what the person does in a conversation.
type messageEvents struct {
	send    func(text string)
	copy    copyFunc
	again   func(with webpush.PublicKey, t call.Text)
	cleared func()
	seen    func() // all that there is
}

func newMessages(w *wiring, events messageEvents) *messages {
	m := &messages{
		view:   w.find("conversation"),
		scroll: w.find("thread"),
		box:    w.find("message"),
		room:   w.find("message-room"),
		send:   w.find("send"),
		drafts: map[webpush.PublicKey]string{},
		clear:  w.find("messages-clear"),
		form:   w.find("composer"),
		events: events,
		places: map[fileKey]js.Element{},
	}
	again := func(t call.Text) { events.again(m.with, t) }
	m.menu = newTextMenu(w, events.copy, events.send, m.reply)
	m.earlier, m.list = newThread(w, "earlier", m.menu, again), newThread(w, "messages", m.menu, again)
	m.list.before, m.earlier.live, m.list.live = m.earlier, true, true
	m.unread = newWatch(w, m.scroll, events.seen)
	w.listen(m.form, "submit", m.take)
	w.on(m.clear, "click", events.cleared)
	w.on(m.box, "input", m.showRoom)
	w.listen(m.box, "keydown", func(e js.Event) func() {
		if e.Key() != "Enter" || e.Shift() {
			return nil
		}
		return m.take(e) // in place of the line that it would begin
	})
	return m
}

// setTalking shows the conversation while there is somebody to talk to, and
// afterwards as long as there is something to read or files to save, or a draft.
func (m *messages) setTalking(talking, files bool) {
	started := talking && !m.talking
	m.talking, m.files, m.draft = talking, files, m.box.Length() > 0
	m.view.SetHidden(!talking && !m.left())
	m.form.SetHidden(!talking && !m.draft)
	m.showRoom()
	m.clear.SetHidden(talking)
	m.menu.setTalking(talking)
	if started && m.draft { // else the keys of the call have their shortcuts
		m.box.Focus()
	}
}

// reset makes room for the conversation with somebody. What was typed and not
// sent waits for the next with whom it was meant for.
func (m *messages) reset(with webpush.PublicKey) {
	m.drafts[m.with] = m.box.Value()
	m.with, m.any = with, false
	m.earlier.clear()
	m.list.clear()
	clear(m.places)
	m.unread.set(false)
	m.setDraft(m.drafts[with])
}

// setWith says whose the conversation is, once they have answered.
func (m *messages) setWith(with webpush.PublicKey) {
	if m.with != with && m.box.Length() == 0 {
		m.setDraft(m.drafts[with])
	}
	m.with = with
}

func (m *messages) setDraft(text string) {
	m.box.SetValue(text)
	m.showRoom()
}

// giveBack puts a text back that nobody was there for any more.
func (m *messages) giveBack(text string) {
	if m.box.Length() > 0 {
		text = m.box.Value() + "\n" + text
	}
	m.setDraft(text)
}

// showRoom says how much of a message's room is taken, where it gets scarce. A
// text box that cuts what is pasted would do so without a word.
func (m *messages) showRoom() {
	n, room := m.box.Length(), ""
	switch taken, most := strconv.Itoa(n), strconv.Itoa(call.MaxTextLength); {
	case n > call.MaxTextLength:
		room = say("{n} of {most} characters. Shorten it, or send it as a file.", "n", taken, "most", most)
	case n > call.MaxTextLength*9/10:
		room = say("{n} of {most} characters", "n", taken, "most", most)
	}
	m.room.SetText(room)
	m.send.SetDisabled(!m.talking || n > call.MaxTextLength)
}

// reply begins a text with a quote, before what is typed.
func (m *messages) reply(t call.Text) {
	m.setDraft(app.Quote(t.Text) + m.box.Value())
	m.box.Focus()
}

func (m *messages) focus() { m.box.Focus() }

// left tells whether a conversation is over and still there to read.
func (m *messages) left() bool { return (m.any || m.files || m.draft) && !m.talking }

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
		if t.Mine && t.Again {
			m.earlier.drop(t.ID)
			m.list.drop(t.ID)
		}
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

// pictures are the endings of names that may be those of pictures.
var pictures = []string{".jpg", ".jpeg", ".png", ".gif", ".webp"}

// maxPictures is how many files of a call are shown as pictures: each offer takes
// a place, whether it is accepted or not.
const maxPictures = 100

// place keeps the place of a file that is offered now, if it may be a picture.
func (m *messages) place(f files.File) {
	name := strings.ToLower(f.Name)
	if len(m.places) >= maxPictures || !slices.ContainsFunc(pictures, func(end string) bool { return strings.HasSuffix(name, end) }) {
		return
	}
	item := part("li", side(f.Mine)+" picture")
	item.SetHidden(true)
	m.list.append(item)
	m.places[fileKey{f.Mine, f.Number}] = item
}

// showPicture shows a file that is a picture where it was offered.
func (m *messages) showPicture(f files.File, url string) {
	item, known := m.places[fileKey{f.Mine, f.Number}]
	if !known {
		return
	}
	follow := m.scroll.AtEnd()
	image := js.NewElement("img", "")
	image.SetAttribute("src", url)
	image.SetAttribute("alt", f.Name)
	item.Replace(image)
	item.SetHidden(false)
	if follow {
		m.scroll.ScrollToEnd()
	}
}

// followFile shows a picture of this side as one that is not sent yet, and takes it away
// if it never will be.
func (m *messages) followFile(f files.File) {
	item, known := m.places[fileKey{f.Mine, f.Number}]
	if !known || !f.Mine {
		return
	}
	class := side(true) + " picture"
	switch {
	case !f.State.Over():
		class += " unsent"
	case f.State != files.Done:
		item.Remove()
	}
	item.SetAttribute("class", class)
}

// setUnread says how many texts the person has not seen.
func (m *messages) setUnread(n int) { m.unread.set(n > 0) }

// take takes out of the box what was typed by now: what is typed next belongs to
// the next text.
func (m *messages) take(e js.Event) func() {
	e.PreventDefault()
	text, fits := m.box.Value(), m.box.Length() <= call.MaxTextLength
	m.box.SetValue("")
	return func() { m.submit(text, fits) }
}

// submit sends what was typed, as it was, if it fits and shows anything; while the
// call reconnects, as soon as it has.
func (m *messages) submit(text string, fits bool) {
	if !m.talking || !fits || !js.Shows(text) {
		m.setDraft(text + m.box.Value())
		return
	}
	m.events.send(text)
	m.showRoom()
	m.box.Focus()
}
