//go:build js && wasm

package browser

import (
	"errors"
	"fmt"

	"github.com/hack-pad/safejs"
)

// ErrNoElement is returned when the document has no element with an id: its
// markup and this program are not of the same version.
var ErrNoElement = errors.New("browser: no such element")

// Element is an element of the page's document. Its methods report no errors:
// they fail only where markup and program disagree, which no caller could
// mend. The console has what went wrong.
type Element struct{ value safejs.Value }

// FindElement returns the element with an id.
func FindElement(id string) (Element, error) {
	document, err := get("document")
	if err != nil {
		return Element{}, failure("find an element", err)
	}
	found, err := document.Call("getElementById", id)
	if err != nil {
		return Element{}, failure("find an element", err)
	}
	if found.IsNull() {
		return Element{}, fmt.Errorf("%w: %s", ErrNoElement, id)
	}
	return Element{found}, nil
}

// NewElement makes an HTML element with a text in it.
func NewElement(tag, text string) Element {
	e := made("createElement", tag)
	if text != "" {
		e.SetText(text)
	}
	return e
}

// NewSVGElement makes an element of an SVG drawing.
func NewSVGElement(tag string) Element {
	return made("createElementNS", "http://www.w3.org/2000/svg", tag)
}

func made(method string, args ...any) Element {
	document, err := get("document")
	if err != nil {
		complain(method, err)
		return Element{}
	}
	value, err := document.Call(method, args...)
	if err != nil {
		complain(method, err)
	}
	return Element{value}
}

// SetText replaces what is in the element. Markup in it stays text, whoever
// wrote it.
func (e Element) SetText(text string) { e.set("textContent", text) }

// Value returns what is in a text box.
func (e Element) Value() string {
	text, err := stringOf(e.value, "value")
	if err != nil {
		complain("value", err)
	}
	return text
}

// Length returns the length of what is in a text box; UTF-16 code units.
func (e Element) Length() int {
	n, err := floatOf(e.value, "textLength")
	if err != nil {
		complain("textLength", err)
	}
	return int(n)
}

// SetValue replaces what is in a text box.
func (e Element) SetValue(text string) { e.set("value", text) }

// Shows tells whether a text shows anything: neither spaces, nor control
// characters, nor what Unicode says to ignore, nor a Braille cell without dots.
// The browser's tables are newer than Go's, and cost nothing.
func Shows(text string) bool {
	pattern, err := safejs.Global().Get("RegExp")
	if err == nil {
		pattern, err = pattern.New(`[^\s\p{Cc}\p{DI}\u2800\ufff9-\ufffb]`, "u")
	}
	if err != nil {
		complain("RegExp", err)
		return true
	}
	found, err := pattern.Call("test", text)
	if err != nil {
		complain("test", err)
		return true
	}
	shows, err := found.Bool()
	return err != nil || shows
}

// SetHidden takes the element out of the page, for everybody, or puts it back.
func (e Element) SetHidden(hidden bool) { e.set("hidden", hidden) }

// SetDisabled keeps a control from being used; it also loses the focus.
func (e Element) SetDisabled(disabled bool) { e.set("disabled", disabled) }

// SetAttribute sets an attribute.
func (e Element) SetAttribute(name, value string) { e.call("setAttribute", name, value) }

// RemoveAttribute removes an attribute.
func (e Element) RemoveAttribute(name string) { e.call("removeAttribute", name) }

// Append adds children, after those that are there.
func (e Element) Append(children ...Element) { e.call("append", values(children)...) }

// Replace puts children in place of all that is in the element.
func (e Element) Replace(children ...Element) { e.call("replaceChildren", values(children)...) }

// Focus moves the keyboard's focus to the element.
func (e Element) Focus() { e.call("focus") }

// Click presses the element.
func (e Element) Click() { e.call("click") }

// Select selects what is in a text box, or else the element's text.
func (e Element) Select() {
	if method, err := e.value.Get("select"); err == nil && method.Type() == safejs.TypeFunction {
		e.call("select")
		return
	}
	selection, err := safejs.Global().Call("getSelection")
	if err == nil {
		_, err = selection.Call("selectAllChildren", e.value)
	}
	if err != nil {
		complain("select", err)
	}
}

// Remove takes the element out of the document.
func (e Element) Remove() { e.call("remove") }

// AtEnd tells whether an element that scrolls shows its end, or nearly so.
func (e Element) AtEnd() bool {
	var sizes [3]float64
	for i, name := range []string{"scrollHeight", "scrollTop", "clientHeight"} {
		var err error
		if sizes[i], err = floatOf(e.value, name); err != nil {
			complain(name, err)
			return true
		}
	}
	return sizes[0]-sizes[1]-sizes[2] < 60 // pixels: a line or two
}

// ScrollToEnd shows the end of an element that scrolls.
func (e Element) ScrollToEnd() {
	height, err := e.value.Get("scrollHeight")
	if err != nil {
		complain("scrollHeight", err)
		return
	}
	e.set("scrollTop", height)
}

// ScrollIntoView scrolls as little as it takes to show the element.
func (e Element) ScrollIntoView() { e.call("scrollIntoView", map[string]any{"block": "nearest"}) }

// Open tells whether a dialog is shown, or details are.
func (e Element) Open() bool { return isTrue(e.value, "open") }

// ShowModal opens a dialog that the rest of the page waits for.
func (e Element) ShowModal() { e.call("showModal") }

// Close closes a dialog.
func (e Element) Close() { e.call("close") }

// Listen calls f for every event of a type, until undone. It is a callback of
// the browser's: it copies what it needs and hands it on.
func (e Element) Listen(event string, f func(Event)) (undo func(), err error) {
	return listen(e.value, event, func(value safejs.Value) { f(Event{value}) })
}

func (e Element) set(property string, value any) {
	if err := e.value.Set(property, value); err != nil {
		complain(property, err)
	}
}

func (e Element) call(method string, args ...any) {
	if _, err := e.value.Call(method, args...); err != nil {
		complain(method, err)
	}
}

func values(elements []Element) []any {
	args := make([]any, len(elements))
	for i, e := range elements {
		args[i] = e.value
	}
	return args
}

func complain(action string, err error) { Log(failure(action, err).Error()) }

// Event is an event at an Element. It is to be read in the callback that it
// came with.
type Event struct{ value safejs.Value }

// PreventDefault keeps the browser from doing what it does by itself.
func (e Event) PreventDefault() {
	if _, err := e.value.Call("preventDefault"); err != nil {
		complain("preventDefault", err)
	}
}

// Key returns the name of the key of a keyboard event (UI Events, key), or ""
// while it is part of composing a character.
func (e Event) Key() string {
	if isTrue(e.value, "isComposing") {
		return ""
	}
	key, _ := stringOf(e.value, "key")
	return key
}

// TargetValue returns the value of the button that was pressed within the
// element, or "".
func (e Event) TargetValue() string {
	target, err := e.value.Get("target")
	if err != nil {
		return ""
	}
	value, _ := stringOf(target, "value")
	return value
}

// Shift tells whether the shift key was held.
func (e Event) Shift() bool { return isTrue(e.value, "shiftKey") }

// LeavesPage tells whether a drag goes from this page to elsewhere, rather than
// from one of its elements to another.
func (e Event) LeavesPage() bool {
	to, err := e.value.Get("relatedTarget")
	return err == nil && to.IsNull()
}

// isTrue reads a property that is true or false.
func isTrue(object safejs.Value, property string) bool {
	value, err := object.Get(property)
	if err != nil {
		return false
	}
	is, err := value.Truthy()
	return err == nil && is
}
