//go:build js && wasm

package js

import (
	"errors"
	"testing"
	"time"

	"github.com/hack-pad/safejs"
)

// add puts an element into the document for the time of a test.
func add(t *testing.T, tag string) Element {
	t.Helper()
	body, err := Get("document", "body")
	if err != nil || body.IsUndefined() {
		t.Skip("there is no document here")
	}
	e := NewElement(tag, "")
	e.SetAttribute("id", t.Name())
	(Element{body}).Append(e)
	t.Cleanup(func() { e.call("remove") })
	return e
}

func property(t *testing.T, e Element, name string) string {
	t.Helper()
	value, err := e.value.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := value.String() // "<number: 1>" for another type
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestFindElement(t *testing.T) {
	made := add(t, "p")
	found, err := FindElement(t.Name())
	if err != nil || !found.value.Equal(made.value) {
		t.Errorf("found something else; error %v", err)
	}
	if _, err := FindElement("nowhere"); !errors.Is(err, ErrNoElement) {
		t.Errorf("error %v", err)
	}
}

func TestTextStaysText(t *testing.T) {
	const text = `<img src="x" onerror="alert(1)"> & more`
	e := add(t, "p")
	e.SetText(text)
	e.Append(NewElement("b", text))
	if got := property(t, e, "textContent"); got != text+text {
		t.Errorf("text %q", got)
	}
	if got, err := e.value.Call("querySelector", "img"); err != nil || !got.IsNull() {
		t.Errorf("there is an image; error %v", err)
	}
	e.Replace(NewElement("i", "one"), NewElement("i", "two"))
	if got := property(t, e, "innerHTML"); got != "<i>one</i><i>two</i>" {
		t.Errorf("children %q", got)
	}
}

func TestSVGElement(t *testing.T) {
	if got := property(t, NewSVGElement("path"), "namespaceURI"); got != "http://www.w3.org/2000/svg" {
		t.Errorf("namespace %q", got)
	}
}

func TestDialog(t *testing.T) {
	e := add(t, "dialog")
	e.ShowModal()
	if !e.Open() {
		t.Error("not open")
	}
	e.Close()
	if e.Open() {
		t.Error("still open")
	}
}

func TestSelect(t *testing.T) {
	box, paragraph := add(t, "textarea"), add(t, "p")
	box.SetValue("typed")
	if box.Value() != "typed" {
		t.Errorf("value %q", box.Value())
	}
	box.Focus()
	box.Select()
	if got := property(t, box, "selectionEnd"); got != "<number: 5>" {
		t.Errorf("selected until %s", got)
	}
	paragraph.SetText("shown")
	paragraph.Select()
	selection, err := safejs.Global().Call("getSelection")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := selection.Call("toString"); err != nil || mustString(got) != "shown" {
		t.Errorf("selected %q; error %v", mustString(got), err)
	}
}

func mustString(v safejs.Value) string {
	text, err := v.String()
	if err != nil {
		return err.Error()
	}
	return text
}

func TestListen(t *testing.T) {
	e := add(t, "textarea")
	type pressed struct {
		key   string
		shift bool
	}
	keys := make(chan pressed, 3)
	undo, err := e.Listen("keydown", func(event Event) {
		keys <- pressed{event.Key(), event.Shift()}
		event.PreventDefault()
	})
	if err != nil {
		t.Fatal(err)
	}
	press := func(init map[string]any) (untouched bool) {
		init["cancelable"] = true
		constructor, err := Get("KeyboardEvent")
		if err != nil {
			t.Fatal(err)
		}
		event, err := constructor.New("keydown", init)
		if err != nil {
			t.Fatal(err)
		}
		result, err := e.value.Call("dispatchEvent", event)
		if err != nil {
			t.Fatal(err)
		}
		untouched, _ = result.Bool()
		return untouched
	}
	for _, test := range []struct {
		init map[string]any
		want pressed
	}{
		{map[string]any{"key": "Enter"}, pressed{"Enter", false}},
		{map[string]any{"key": "Enter", "shiftKey": true}, pressed{"Enter", true}},
		{map[string]any{"key": "Enter", "isComposing": true}, pressed{"", false}},
	} {
		if press(test.init) {
			t.Error("the default was not prevented")
		}
		select {
		case got := <-keys:
			if got != test.want {
				t.Errorf("pressed %v, want %v", got, test.want)
			}
		case <-time.After(5 * time.Second):
			t.Fatal("no event")
		}
	}
	undo()
	if !press(map[string]any{"key": "a"}) || len(keys) != 0 {
		t.Error("heard after undo")
	}
}

// What a page is told to do must not end it, even when it makes no sense.
func TestNonsenseIsLogged(t *testing.T) {
	e := add(t, "p")
	e.ShowModal()
	e.SetAttribute("", "")
	(Element{}).SetText("nowhere")
	(Element{}).ScrollIntoView()
	if (Element{}).Open() || (Element{}).Value() != "" {
		t.Error("there is nothing")
	}
}

func TestShows(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, " \n\t": false, "\u00a0\u3000": false, "\u200b\u200d\ufe0f\ufeff": false, "\u3164\u2800": false, "\x00\x07": false, "\u202e\u00ad": false,
		" a ": true, "\u0301": true, "\ufffd": true, "\ue000": true, "\u0600": true, "\u200b🫩": true, "\uffff": true,
	} {
		if Shows(text) != want {
			t.Errorf("Shows(%+q) = %v", text, !want)
		}
	}
}
