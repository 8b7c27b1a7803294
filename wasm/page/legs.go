//go:build js && wasm

package page

import "pushcall/wasm/js"

// legList shows the parts of a test, and how each went.
type legList struct {
	list  js.Element
	legs  []js.Element
	names []string
}

// How a leg looks.
const (
	legToCome = "to-come"
	legWaited = "waited"
	legDone   = "done"
	legFailed = "failed"
)

// begin shows all legs alike.
func (l *legList) begin(class, result string, names ...string) {
	l.names, l.legs = names, nil
	for i := range names {
		l.legs = append(l.legs, js.NewElement("li", ""))
		l.draw(i, class, result)
	}
	l.list.Replace(l.legs...)
	l.list.SetHidden(false)
}

func (l *legList) draw(i int, class, result string) {
	l.legs[i].SetAttribute("class", class)
	l.legs[i].Replace(part("span", "sign", icon(signOf(class))), js.NewElement("span", l.names[i]), js.NewElement("span", result))
}

func signOf(class string) string {
	switch class {
	case legDone:
		return "check"
	case legFailed:
		return "cross"
	default:
		return "dot"
	}
}
