//go:build js && wasm

package page

import (
	"strconv"
	"time"

	"pushcall/app"
	"pushcall/call"
	"pushcall/internal/speech"
	"pushcall/wasm/js"
)

// maxBubbles is how many texts and days a thread shows, the newest. A friend may
// write without end.
const maxBubbles = 300

// thread is a list of texts, each in a bubble on its writer's side, and of the
// days that they are of.
type thread struct {
	list    js.Element
	items   []js.Element
	written []*written // the texts among the items
	added   int        // items that there ever were
	before  *thread    // with earlier texts; nil if there is none
	menu    *textMenu
	live    bool              // it is with whom the call is
	waiting map[int]bubble    // mine that may still arrive, by number
	lost    map[string]bubble // mine that will not, by ID
	came    int               // the greatest number of those that have
	day     string            // of the last one
}

// bubble is the item of a text of this side, and where in it is said what became
// of it.
type bubble struct {
	text       call.Text
	item, mark js.Element
	to         *written // of a reaction, that it is shown at, while its item is shown nowhere; or nil
}

// newThread makes the view of a list; again sends a text again that was lost.
func newThread(w *wiring, list string, menu *textMenu, again func(call.Text)) *thread {
	t := &thread{list: w.find(list), menu: menu, waiting: map[int]bubble{}, lost: map[string]bubble{}}
	w.listen(t.list, "click", func(e js.Event) func() {
		id := e.TargetValue()
		if id == "" {
			return nil
		}
		return func() {
			if b, found := t.lost[id]; found {
				b.mark.SetText(say("Will be sent in your next call"))
				b.mark.SetAttribute("tabindex", "-1")
				b.mark.Focus() // which the button has lost
				again(b.text)
				return
			}
			t.press(id)
		}
	})
	return t
}

// show puts texts in place of all that is there, and before each its day where
// that is another than that of the text before. Today begins without it. Those of
// this side from before since that have not arrived are lost.
func (t *thread) show(texts []call.Text, since time.Time) {
	t.clear()
	now := time.Now()
	t.day = voice.Day(now, now)
	for _, text := range texts[max(0, len(texts)-maxBubbles):] {
		b := t.add(text, now)
		if text.Mine && !text.Arrived && text.ID != "" && text.Time.Before(since) {
			t.lose(b)
		}
	}
}

func (t *thread) clear() {
	t.list.Replace()
	for _, w := range t.written {
		t.menu.leave(w)
	}
	t.written = nil
	t.items, t.came, t.day = nil, 0, ""
	clear(t.waiting)
	clear(t.lost)
}

func (t *thread) add(text call.Text, now time.Time) bubble {
	if d := voice.Day(text.Time, now); d != t.day {
		if t.day != "" {
			t.append(newDay(d))
		}
		t.day = d
	}
	b := bubble{text: text, item: newBubble(text)}
	if emoji, is := app.IsReaction(text.Text); is {
		if to := t.find(func(w *written) bool { return w.text.Mine != text.Mine && app.Quotes(text.Text, w.text.Text) }); to != nil {
			to.react(text.Mine, emoji)
			b.to = to
		}
	}
	if text.Mine {
		b.mark = part("span", "arrived")
		if text.Arrived || text.Number > 0 && text.Number <= t.came {
			drawArrived(b.mark)
		} else if text.Number > 0 {
			t.waiting[text.Number] = b
		}
	}
	t.place(b)
	return b
}

// place shows the item of a text, unless the text is a reaction.
func (t *thread) place(b bubble) {
	if b.to != nil {
		return
	}
	w := &written{text: b.text, item: b.item, number: t.added}
	w.addFold()
	if b.text.Mine {
		b.item.Append(b.mark)
	}
	w.addMore()
	t.written = append(t.written, w)
	t.append(b.item)
}

// find returns the last text for which is returns true, or nil.
func (t *thread) find(is func(*written) bool) *written {
	for i := len(t.written) - 1; i >= 0; i-- {
		if is(t.written[i]) {
			return t.written[i]
		}
	}
	if t.before != nil {
		return t.before.find(is)
	}
	return nil
}

// press does what a button at a text is for.
func (t *thread) press(id string) {
	n, err := strconv.Atoi(id[1:])
	if err != nil {
		return
	}
	for _, w := range t.written {
		switch {
		case w.number != n:
		case id[0] == pressMenu:
			t.menu.turn(w, t.live)
		case id[0] == pressFold:
			w.unfold()
		}
	}
}

func (t *thread) append(item js.Element) {
	t.list.Append(item)
	t.added++
	for len(t.written) > 0 && t.written[0].number < t.added-maxBubbles {
		t.written = t.written[1:]
	}
	t.items = append(t.items, item)
	if len(t.items) > maxBubbles {
		t.items[0].Remove()
		t.items = t.items[1:]
	}
}

// arrived marks this side's texts up to a number.
func (t *thread) arrived(number int) {
	t.came = max(t.came, number)
	for n, b := range t.waiting {
		if n <= number {
			drawArrived(b.mark)
			delete(t.waiting, n)
		}
	}
}

// loseWaiting says that the texts of this side that may still have arrived are lost.
func (t *thread) loseWaiting() {
	for _, b := range t.waiting {
		t.lose(b)
	}
	clear(t.waiting)
}

// lose says that a text is lost.
func (t *thread) lose(b bubble) {
	if b.to != nil {
		b.to.retract(b.text.Text)
		b.to = nil
		t.place(b)
	}
	t.lost[b.text.ID] = b
	again := js.NewElement("button", say("Send again"))
	again.SetAttribute("type", "button")
	again.SetAttribute("value", b.text.ID)
	b.mark.Replace(part("span", "lost", js.NewElement("span", say("Not delivered"))), again)
}

// drop takes a text away that was lost, and is sent again.
func (t *thread) drop(id string) {
	if b, found := t.lost[id]; found {
		b.item.Remove()
		delete(t.lost, id)
	}
}

func newDay(day string) js.Element {
	item := js.NewElement("li", day)
	item.SetAttribute("class", "day")
	return item
}

// newBubble makes the item of a text: who wrote it, what, and at which time.
func newBubble(text call.Text) js.Element {
	who := say("Friend:")
	if text.Mine {
		who = say("You:")
	}
	said := js.NewElement("span", who+" ")
	said.SetAttribute("class", "unseen")
	words := wordsOf(text.Text)
	when := js.NewElement("time", voice.FormatTime(text.Time.Local(), speech.TimeOfDay))
	when.SetAttribute("datetime", text.Time.UTC().Format(time.RFC3339))
	item := js.NewElement("li", "")
	item.SetAttribute("class", side(text.Mine))
	item.Append(said, words, js.NewElement("span", " "), when)
	return item
}

// side is the class of what one of the two has sent.
func side(mine bool) string {
	if mine {
		return "mine"
	}
	return "theirs"
}

func drawArrived(mark js.Element) {
	word := js.NewElement("span", say("Delivered"))
	word.SetAttribute("class", "unseen")
	mark.Replace(icon("check"), word)
}
