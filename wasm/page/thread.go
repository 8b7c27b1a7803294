//go:build js && wasm

package page

import (
	"time"

	"pushcall/call"
	"pushcall/wasm/browser"
)

// maxBubbles is how many texts and days a thread shows, the newest. A friend may
// write without end.
const maxBubbles = 300

// thread is a list of texts, each in a bubble on its writer's side, and of the
// days that they are of.
type thread struct {
	list    browser.Element
	items   []browser.Element
	waiting map[int]browser.Element // mine that have not arrived: number → where that is said
	came    int                     // the greatest of those that have
	day     string                  // of the last one
}

func newThread(w *wiring, list string) *thread {
	return &thread{list: w.find(list), waiting: map[int]browser.Element{}}
}

// show puts texts in place of all that is there, and before each its day where
// that is another than that of the text before. Today begins without it.
func (t *thread) show(texts []call.Text, now time.Time) {
	t.clear()
	t.day = day(now, now)
	for _, text := range texts[max(0, len(texts)-maxBubbles):] {
		t.add(text, now)
	}
}

func (t *thread) clear() {
	t.list.Replace()
	t.items, t.came, t.day = nil, 0, ""
	clear(t.waiting)
}

func (t *thread) add(text call.Text, now time.Time) {
	if d := day(text.Time, now); d != t.day {
		if t.day != "" {
			t.append(newDay(d))
		}
		t.day = d
	}
	item := newBubble(text)
	if text.Mine {
		mark := part("span", "arrived")
		if text.Arrived || text.Number > 0 && text.Number <= t.came {
			drawArrived(mark)
		} else if text.Number > 0 {
			t.waiting[text.Number] = mark
		}
		item.Append(mark)
	}
	t.append(item)
}

func (t *thread) append(item browser.Element) {
	t.list.Append(item)
	t.items = append(t.items, item)
	if len(t.items) > maxBubbles {
		t.items[0].Remove()
		t.items = t.items[1:]
	}
}

// arrived marks this side's texts up to a number.
func (t *thread) arrived(number int) {
	t.came = max(t.came, number)
	for n, mark := range t.waiting {
		if n <= number {
			drawArrived(mark)
			delete(t.waiting, n)
		}
	}
}

func newDay(day string) browser.Element {
	item := browser.NewElement("li", day)
	item.SetAttribute("class", "day")
	return item
}

// newBubble makes the item of a text: who wrote it, what, and at which time.
func newBubble(text call.Text) browser.Element {
	class, who := "theirs", say("Friend:")
	if text.Mine {
		class, who = "mine", say("You:")
	}
	said := browser.NewElement("span", who+" ")
	said.SetAttribute("class", "unseen")
	words := part("span", "said", linked(text.Text)...)
	words.SetAttribute("dir", "auto")
	when := browser.NewElement("time", browser.FormatTime(text.Time.Local(), browser.TimeOfDay))
	when.SetAttribute("datetime", text.Time.UTC().Format(time.RFC3339))
	item := browser.NewElement("li", "")
	item.SetAttribute("class", class)
	item.Append(said, words, browser.NewElement("span", " "), when)
	return item
}

func drawArrived(mark browser.Element) {
	word := browser.NewElement("span", say("Delivered"))
	word.SetAttribute("class", "unseen")
	mark.Replace(icon("check"), word)
}
