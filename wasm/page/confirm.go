//go:build js && wasm

package page

import "pushcall/wasm/js"

// confirm is a button for what cannot be undone, which asks first.
type confirm struct {
	button js.Element
	asking js.Element
	yes    js.Element
	result js.Element
	busy   bool
}

// newConfirm finds the button with an id, and its parts.
func newConfirm(w *wiring, id string, do func()) *confirm {
	c := &confirm{
		button: w.find(id),
		asking: w.find(id + "-confirm"),
		yes:    w.find(id + "-yes"),
		result: w.find(id + "-result"),
	}
	no := w.find(id + "-no")
	w.on(c.button, "click", func() {
		c.result.SetText("")
		c.ask(true)
		no.Focus()
	})
	w.on(no, "click", func() {
		c.ask(false)
		c.button.Focus()
	})
	w.on(c.yes, "click", func() {
		if !c.busy {
			c.busy = true
			setBusy(c.yes, true)
			do()
		}
	})
	return c
}

// reset takes back the last result, and the question unless it was answered and
// runs. There may be nothing to ask about.
func (c *confirm) reset(any bool) {
	c.result.SetText("")
	setBusy(c.yes, c.busy)
	c.ask(c.busy)
	c.button.SetHidden(c.busy || !any)
}

// done says what became of it.
func (c *confirm) done(result string) {
	c.busy = false
	c.reset(true)
	c.button.Focus()
	c.result.SetText(result)
}

func (c *confirm) ask(asking bool) {
	c.asking.SetHidden(!asking)
	c.button.SetHidden(asking)
}
