//go:build js && wasm

package page

import (
	"strconv"
	"strings"

	"pushcall/app"
	"pushcall/call"
	"pushcall/wasm/js"
)

// The first character of the value of a button at a text says what it is for. The number
// of the text follows.
const (
	pressMenu = 'm'
	pressFold = 'f'
)

// maxQuoted is how many lines of a quote are elements of their own: a friend may write
// thousands. The rest is one.
const maxQuoted = 20

// written is a text that a thread shows.
type written struct {
	text   call.Text
	item   js.Element
	number int // of its item in the thread

	more   js.Element // opens the menu
	fold   js.Element
	chips  js.Element // reactions
	emojis [2]string  // of the friend, and of this side
}

// addFold folds a long text.
func (w *written) addFold() {
	if !app.Folds(w.text.Text) {
		return
	}
	w.fold = newPress(say("Show all"), pressFold, w.number)
	w.fold.SetAttribute("class", "fold")
	w.item.Append(w.fold)
	w.setClass("long")
}

// addMore adds the button that opens the menu, and room for reactions.
func (w *written) addMore() {
	w.chips = part("span", "chips")
	w.more = newPress("", pressMenu, w.number)
	w.more.SetAttribute("class", "dots")
	w.more.SetAttribute("aria-label", say("More"))
	w.more.Append(icon("more"))
	w.item.Append(w.chips, w.more)
}

// newPress makes a button whose value says what it is for.
func newPress(name string, press byte, number int) js.Element {
	b := js.NewElement("button", name)
	b.SetAttribute("type", "button")
	b.SetAttribute("value", string(press)+strconv.Itoa(number))
	return b
}

func (w *written) setClass(more string) { w.item.SetAttribute("class", side(w.text.Mine)+" "+more) }

func (w *written) unfold() {
	w.setClass("")
	w.fold.Remove()
	w.more.Focus()
}

// react shows one reaction of each side, the newest.
func (w *written) react(mine bool, emoji string) {
	if mine {
		w.emojis[1] = emoji
	} else {
		w.emojis[0] = emoji
	}
	w.chips.Replace()
	for i, who := range []string{say("Friend:"), say("You:")} {
		if w.emojis[i] != "" {
			w.chips.Append(part("span", "unseen", js.NewElement("span", who+" ")), js.NewElement("span", w.emojis[i]))
		}
	}
}

// retract takes away a reaction of this side that is lost, unless there is a newer one.
func (w *written) retract(text string) {
	if emoji, _ := app.IsReaction(text); emoji == w.emojis[1] {
		w.react(true, "")
	}
}

// wordsOf makes an element of what somebody wrote; its text is the same, with the marks of
// a quote, which are not shown.
func wordsOf(text string) js.Element {
	quote, rest := app.SplitQuote(text)
	words := part("span", "said")
	words.SetAttribute("dir", "auto")
	if quote != "" {
		quoted := part("span", "quote")
		quoted.SetAttribute("role", "blockquote")
		for _, line := range strings.SplitAfterN(quote, "\n", maxQuoted) {
			if line == "" { // after the last
				break
			}
			mark, line := app.Unquote(line)
			quoted.Append(part("span", "quote-mark", js.NewElement("span", mark)), js.NewElement("span", line))
		}
		words.Append(quoted)
	}
	words.Append(linked(rest)...)
	return words
}
