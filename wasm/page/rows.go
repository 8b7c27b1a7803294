//go:build js && wasm

package page

import (
	"slices"
	"strconv"
	"time"

	"pushcall/internal/loop"
	"pushcall/wasm/js"
)

// rows are the items of a list. An item stays the same element while others
// come, go and change, so that the keyboard's focus and an open menu stay, too.
type rows[K comparable, R any] struct {
	items
	order []K
	views map[K]R
}

// items are rows, whatever their keys and what they show: the program has this once.
type items struct {
	wiring *wiring
	name   string // the list's id
	list   js.Element
	fill   func(r *row, key any) // makes what a new item shows
	forget func(key any)         // of an item that is gone

	keys  []any
	shown map[any]*row
	count int // of all items that there ever were
}

// row is one item. Its listeners end with it.
type row struct {
	wiring
	item    js.Element
	id      string // no other element's
	buttons []js.Element
}

// newRows makes the rows of a list. fill makes what the item of a key shows.
func newRows[K comparable, R any](w *wiring, list string, fill func(r *row, key K) R) *rows[K, R] {
	l := &rows[K, R]{items: items{wiring: w, name: list, list: w.find(list), shown: map[any]*row{}}, views: map[K]R{}}
	l.fill = func(r *row, key any) { l.views[key.(K)] = fill(r, key.(K)) }
	l.forget = func(key any) { delete(l.views, key.(K)) }
	w.undo = append(w.undo, func() { l.show(nil) })
	return l
}

// show makes the list that of keys, in their order.
func (l *rows[K, R]) show(keys []K) {
	if !slices.Equal(keys, l.order) {
		l.arrange(keys, func(items []js.Element) { l.list.Replace(items...) })
	}
}

// arrange makes items of keys, in their order, and has place put them into the list.
func (l *rows[K, R]) arrange(keys []K, place func([]js.Element)) {
	all := make([]any, len(keys))
	for i, key := range keys {
		all[i] = key
	}
	l.order = slices.Clone(keys)
	l.items.arrange(all, place)
}

func (l *items) arrange(keys []any, place func([]js.Element)) {
	stays := make(map[any]bool, len(keys))
	for _, key := range keys {
		stays[key] = true
	}
	for _, key := range l.keys {
		if !stays[key] {
			l.shown[key].disconnect()
			delete(l.shown, key)
			l.forget(key)
		}
	}
	all := make([]js.Element, len(keys))
	for i, key := range keys {
		if l.shown[key] == nil {
			l.add(key)
		}
		all[i] = l.shown[key].item
	}
	l.keys = keys
	focused := l.focused()
	place(all)
	for _, button := range focused {
		button.Focus() // what moves within the document loses it
	}
}

// focused returns the button in the list that has the focus, if one has.
func (l *items) focused() []js.Element {
	if !l.list.HasFocus() {
		return nil
	}
	for _, r := range l.shown {
		if i := slices.IndexFunc(r.buttons, js.Element.HasFocus); i >= 0 {
			return r.buttons[i : i+1]
		}
	}
	return nil
}

func (l *items) add(key any) {
	l.count++
	r := &row{
		wiring: wiring{loop: l.wiring.loop},
		item:   js.NewElement("li", ""),
		id:     l.name + "-" + strconv.Itoa(l.count),
	}
	l.shown[key] = r
	l.fill(r, key)
}

// button makes a button of the row's. Its name is for those who do not see the
// symbol; whom it is about is told by the element with the row's id.
func (r *row) button(class, name, symbol string, press func()) js.Element {
	b := js.NewElement("button", "")
	if symbol == "" {
		b.SetText(name)
	} else {
		b.SetAttribute("aria-label", name)
		b.Append(icon(symbol))
	}
	b.SetAttribute("type", "button")
	b.SetAttribute("class", class)
	b.SetAttribute("aria-describedby", r.id)
	r.on(b, "click", press)
	r.buttons = append(r.buttons, b)
	return b
}

// title makes an element for the name of what the row is about. A long one shows
// its rest once it is pressed.
func (r *row) title() js.Element {
	e := part("bdi", "who")
	e.SetAttribute("id", r.id)
	e.SetAttribute("tabindex", "-1")
	return e
}

// batch is how many items of a list are drawn before the browser first gets to paint: more
// than a window shows.
const batch = 16

// batchPause is how long the browser has for it. A timer that is due before Go has
// nothing else to do runs without the browser having had its turn.
const batchPause = 30 * time.Millisecond

// batches draws a long list in batches, of which each doubles what is drawn.
type batches struct {
	loop  *loop.Loop
	drawn int // items
	round int // counts the calls of draw
}

// draw calls show for the items from 0 to total, again for those that are drawn, and for
// the first batch of others at once.
func (b *batches) draw(total int, show func(from, to int)) {
	b.round++
	b.step(0, total, show)
}

func (b *batches) step(from, total int, show func(from, to int)) {
	b.drawn = min(total, 2*b.drawn+batch)
	show(from, b.drawn)
	if round := b.round; b.drawn < total {
		time.AfterFunc(batchPause, func() {
			b.loop.Post(func() {
				if b.round == round {
					b.step(b.drawn, total, show)
				}
			})
		})
	}
}

// icon draws one of the symbols in index.html.
func icon(symbol string) js.Element {
	use := js.NewSVGElement("use")
	use.SetAttribute("href", "#"+symbol)
	svg := js.NewSVGElement("svg")
	svg.SetAttribute("class", "icon")
	svg.SetAttribute("aria-hidden", "true")
	svg.Append(use)
	return svg
}

// showName shows a name, with a sign beside it if it is a verified contact's.
func showName(e js.Element, name string, verified bool) {
	e.SetText(name)
	if verified {
		sign := icon("check")
		sign.SetAttribute("class", "icon sign-verified")
		sign.RemoveAttribute("aria-hidden")
		sign.SetAttribute("role", "img")
		sign.SetAttribute("aria-label", say("Verified"))
		e.Append(sign)
	}
}

// newMark makes an element for drawMark.
func newMark() js.Element {
	svg := js.NewSVGElement("svg")
	svg.SetAttribute("class", "mark")
	svg.SetAttribute("viewBox", "0 0 100 100")
	svg.SetAttribute("aria-hidden", "true")
	return svg
}

// part makes an element with a class, and others in it.
func part(tag, class string, children ...js.Element) js.Element {
	e := js.NewElement(tag, "")
	e.SetAttribute("class", class)
	e.Append(children...)
	return e
}
