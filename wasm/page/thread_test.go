//go:build js && wasm

package page

import (
	"strings"
	"testing"
	"time"

	"pushcall/app"
	"pushcall/call"
	"pushcall/internal/loop"
	"pushcall/wasm/js"
)

// addList puts an empty list into the test's document.
func addList(t *testing.T, id string) js.Element {
	t.Helper()
	list := js.NewElement("ul", "")
	list.SetAttribute("id", id)
	document, err := js.Get("document")
	if err != nil {
		t.Fatal(err)
	}
	body, err := document.Get("body")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := body.Call("append", list.JSValue()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(list.Remove)
	return list
}

// A reaction that is lost is shown as a text that is lost, and no longer as a reaction.
func TestLostReaction(t *testing.T) {
	l := loop.New(func(err error) { t.Error(err) })
	defer l.Close()
	list := addList(t, "thread")
	v := newThread(&wiring{loop: l}, "thread", nil, func(call.Text) {})
	now := time.Now()
	v.add(call.Text{Text: "hello", Time: now}, now)
	quote := app.Quote("hello")
	for _, step := range []struct {
		do   func()
		want string // reactions
	}{
		{func() { v.add(call.Text{Text: quote + app.Emojis[0], ID: "a", Mine: true, Number: 1, Time: now}, now) }, app.Emojis[0]},
		{v.loseWaiting, ""},
		{func() { v.add(call.Text{Text: quote + app.Emojis[0], ID: "a", Mine: true, Number: 2, Time: now}, now) }, app.Emojis[0]},
		{func() { v.add(call.Text{Text: quote + app.Emojis[1], ID: "b", Mine: true, Number: 3, Time: now}, now) }, app.Emojis[1]},
		{func() { v.lose(v.waiting[2]) }, app.Emojis[1]}, // of which the other took the place
	} {
		step.do()
		chips, err := list.JSValue().Call("querySelector", ".chips")
		if err != nil {
			t.Fatal(err)
		}
		if got := textOf(t, chips); !strings.HasSuffix(got, step.want) || step.want == "" && got != "" {
			t.Errorf("the reactions are %q, want %q", got, step.want)
		}
	}
	if got := strings.Count(textOf(t, list.JSValue()), "Not delivered"); got != 2 {
		t.Errorf("%d texts are not delivered", got)
	}
}
