//go:build js && wasm

package js

import "github.com/hack-pad/safejs"

// InSight reports whether the person can see the middle of the element: it is in
// the window, nothing covers it, and the page is visible.
func (e Element) InSight() bool {
	seen, err := e.inSight()
	if err != nil {
		LogFailure("look whether an element is in sight", err)
	}
	return seen
}

func (e Element) inSight() (bool, error) {
	document, err := Get("document")
	if err != nil {
		return false, err
	}
	if state, err := StringOf(document, "visibilityState"); err != nil || state != "visible" {
		return false, err
	}
	box, err := e.value.Call("getBoundingClientRect")
	if err != nil {
		return false, err
	}
	var sides [4]float64
	for i, name := range []string{"left", "right", "top", "bottom"} {
		if sides[i], err = FloatOf(box, name); err != nil {
			return false, err
		}
	}
	top, err := document.Call("elementFromPoint", (sides[0]+sides[1])/2, (sides[2]+sides[3])/2)
	if err != nil || top.IsNull() {
		return false, err
	}
	contains, err := e.value.Call("contains", top)
	if err != nil {
		return false, err
	}
	return contains.Bool()
}

// HasFocus reports whether the keyboard's focus is at the element, or at one
// within it.
func (e Element) HasFocus() bool {
	document, err := Get("document")
	if err == nil {
		var focused, contains safejs.Value
		if focused, err = document.Get("activeElement"); err == nil {
			if contains, err = e.value.Call("contains", focused); err == nil {
				has, _ := contains.Bool()
				return has
			}
		}
	}
	LogFailure("look where the focus is", err)
	return false
}

// FloatOf reads a property that is a number.
func FloatOf(object safejs.Value, property string) (float64, error) {
	value, err := object.Get(property)
	if err != nil {
		return 0, err
	}
	return value.Float()
}
