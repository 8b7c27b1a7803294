//go:build js && wasm

package js

import (
	"errors"
	"fmt"

	"github.com/hack-pad/safejs"
)

// ErrNoElement is returned when the document has no element with an id: the markup
// and the program are not of the same version.
var ErrNoElement = errors.New("browser: no such element")

// Element is an element of the page's document. Its methods return no errors, but
// log them: they fail only where markup and program disagree, which no caller could
// mend.
type Element struct{ value safejs.Value }

// JSValue returns the element for JavaScript.
func (e Element) JSValue() safejs.Value { return e.value }

// FindElement returns the element with an id.
func FindElement(id string) (Element, error) {
	document, err := Get("document")
	if err != nil {
		return Element{}, Failure("find an element", err)
	}
	found, err := document.Call("getElementById", id)
	if err != nil {
		return Element{}, Failure("find an element", err)
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
	document, err := Get("document")
	if err != nil {
		LogFailure(method, err)
		return Element{}
	}
	value, err := document.Call(method, args...)
	if err != nil {
		LogFailure(method, err)
	}
	return Element{value}
}

// SetText replaces the element's content with a text. Markup in it stays text.
func (e Element) SetText(text string) { e.set("textContent", text) }

// Value returns the text in a text box.
func (e Element) Value() string {
	text, err := StringOf(e.value, "value")
	if err != nil {
		LogFailure("value", err)
	}
	return text
}

// Length returns the length of the text in a text box, in UTF-16 code units.
func (e Element) Length() int {
	n, err := FloatOf(e.value, "textLength")
	if err != nil {
		LogFailure("textLength", err)
	}
	return int(n)
}

// SetValue replaces the text in a text box.
func (e Element) SetValue(text string) { e.set("value", text) }

// Shows reports whether a text has a visible character: not only white space, control
// characters, default ignorable code points and blank Braille cells. It uses the
// browser's Unicode tables, which are newer than Go's and add nothing to the program.
func Shows(text string) bool {
	pattern, err := safejs.Global().Get("RegExp")
	if err == nil {
		pattern, err = pattern.New(`[^\s\p{Cc}\p{DI}\u2800\ufff9-\ufffb]`, "u")
	}
	if err != nil {
		LogFailure("RegExp", err)
		return true
	}
	found, err := pattern.Call("test", text)
	if err != nil {
		LogFailure("test", err)
		return true
	}
	shows, err := found.Bool()
	return err != nil || shows
}

// SetHidden hides the element, from assistive technology too, or shows it.
func (e Element) SetHidden(hidden bool) { e.set("hidden", hidden) }

// Hidden reports whether the element itself is hidden by SetHidden.
func (e Element) Hidden() bool { return IsTrue(e.value, "hidden") }

// SetDisabled disables a control, which then loses the focus, or enables it.
func (e Element) SetDisabled(disabled bool) { e.set("disabled", disabled) }

// SetAttribute sets an attribute.
func (e Element) SetAttribute(name, value string) { e.call("setAttribute", name, value) }

// RemoveAttribute removes an attribute.
func (e Element) RemoveAttribute(name string) { e.call("removeAttribute", name) }

// Append adds children after the present ones.
func (e Element) Append(children ...Element) { e.call("append", values(children)...) }

// Replace replaces all of the element's content with children.
func (e Element) Replace(children ...Element) { e.call("replaceChildren", values(children)...) }

// Focus moves the keyboard's focus to the element.
func (e Element) Focus() { e.call("focus") }

// Click presses the element.
func (e Element) Click() { e.call("click") }

// Select selects the text in a text box, or the text of any other element.
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
		LogFailure("select", err)
	}
}

// Remove removes the element from the document.
func (e Element) Remove() { e.call("remove") }

// AtEnd reports whether an element that scrolls is within 60 pixels of its end.
func (e Element) AtEnd() bool {
	var sizes [3]float64
	for i, name := range []string{"scrollHeight", "scrollTop", "clientHeight"} {
		var err error
		if sizes[i], err = FloatOf(e.value, name); err != nil {
			LogFailure(name, err)
			return true
		}
	}
	return sizes[0]-sizes[1]-sizes[2] < 60 // pixels: a line or two
}

// ScrollToEnd scrolls the element to its end.
func (e Element) ScrollToEnd() {
	height, err := e.value.Get("scrollHeight")
	if err != nil {
		LogFailure("scrollHeight", err)
		return
	}
	e.set("scrollTop", height)
}

// ScrollIntoView scrolls as little as it takes to show the element.
func (e Element) ScrollIntoView() { e.call("scrollIntoView", map[string]any{"block": "nearest"}) }

// Open reports whether a dialog or a details element is open.
func (e Element) Open() bool { return IsTrue(e.value, "open") }

// ShowModal opens a dialog that blocks the rest of the page.
func (e Element) ShowModal() { e.call("showModal") }

// Close closes a dialog.
func (e Element) Close() { e.call("close") }

// Listen calls f for every event of a type until undo is called. f must not block.
func (e Element) Listen(event string, f func(Event)) (undo func(), err error) {
	return Listen(e.value, event, func(value safejs.Value) { f(Event{value}) })
}

func (e Element) set(property string, value any) {
	if err := e.value.Set(property, value); err != nil {
		LogFailure(property, err)
	}
}

func (e Element) call(method string, args ...any) {
	if _, err := e.value.Call(method, args...); err != nil {
		LogFailure(method, err)
	}
}

func values(elements []Element) []any {
	args := make([]any, len(elements))
	for i, e := range elements {
		args[i] = e.value
	}
	return args
}

// LogFailure writes an error and the action that failed to the console.
func LogFailure(action string, err error) { Log(Failure(action, err).Error()) }

// Event is an event at an Element. Its methods are for the callback that it is
// passed to: the browser clears some of it afterwards.
type Event struct{ value safejs.Value }

// JSValue returns the event for JavaScript.
func (e Event) JSValue() safejs.Value { return e.value }

// PreventDefault cancels the browser's own reaction to the event.
func (e Event) PreventDefault() {
	if _, err := e.value.Call("preventDefault"); err != nil {
		LogFailure("preventDefault", err)
	}
}

// Key returns the name of the key of a keyboard event (UI Events, key), or ""
// while it is part of composing a character.
func (e Event) Key() string {
	if IsTrue(e.value, "isComposing") {
		return ""
	}
	key, _ := StringOf(e.value, "key")
	return key
}

// Code returns the place of a key on the keyboard (UI Events, code).
func (e Event) Code() string {
	code, _ := StringOf(e.value, "code")
	return code
}

// Modified reports whether a key was pressed together with one that makes a command of
// the browser or system of it.
func (e Event) Modified() bool {
	return IsTrue(e.value, "ctrlKey") || IsTrue(e.value, "altKey") || IsTrue(e.value, "metaKey")
}

// Repeats reports whether the event comes from a key that is held.
func (e Event) Repeats() bool { return IsTrue(e.value, "repeat") }

// Within reports whether the event's target, or an element that it is in, matches a
// selector.
func (e Event) Within(selector string) bool {
	target, err := e.value.Get("target")
	if err != nil {
		return false
	}
	found, err := target.Call("closest", selector)
	return err == nil && !found.IsNull()
}

// TargetValue returns the value of the button that was pressed within the
// element, or "".
func (e Event) TargetValue() string {
	target, err := e.value.Get("target")
	if err != nil {
		return ""
	}
	value, _ := StringOf(target, "value")
	return value
}

// Shift reports whether the shift key was held.
func (e Event) Shift() bool { return IsTrue(e.value, "shiftKey") }

// LeavesPage reports whether a drag leaves the page, and not only one of its elements.
func (e Event) LeavesPage() bool {
	to, err := e.value.Get("relatedTarget")
	return err == nil && to.IsNull()
}

// IsTrue reports whether a property is truthy; one that cannot be read is not.
func IsTrue(object safejs.Value, property string) bool {
	value, err := object.Get(property)
	if err != nil {
		return false
	}
	is, err := value.Truthy()
	return err == nil && is
}
