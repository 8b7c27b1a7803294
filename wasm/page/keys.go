//go:build js && wasm

package page

import (
	"pushcall/app"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// keys has single keys press buttons, for a person who types nothing.
type keys struct {
	buttons [app.Commands]js.Element
	shown   [app.Commands]js.Element // what a command is about; hidden while the command does nothing
	dialog  js.Element               // shows them
	wanted  func() bool

	tabbed bool // the person moves the focus by the keyboard: the space bar presses what has it
	held   bool // the space bar, after it has muted
}

// newKeys listens to the page's body, and opens the dialog from the button help, too.
func newKeys(w *wiring, body, help js.Element, wanted func() bool) *keys {
	k := &keys{dialog: w.find("keys"), wanted: wanted}
	for command, id := range map[app.Command]string{
		app.MuteCommand: "mute", app.CameraCommand: "camera", app.ScreenCommand: "share-screen", app.MessagesCommand: "open-messages", app.FillCommand: "fill",
		app.FitCommand: "fit", app.SelfCommand: "own-hide",
	} {
		k.buttons[command] = w.find(id)
	}
	k.shown = k.buttons
	k.shown[app.FitCommand], k.shown[app.SelfCommand] = w.find("picture"), w.find("own-tile")
	w.listen(body, "keydown", k.press)
	w.listen(body, "keyup", func(e js.Event) func() {
		if k.held && e.Key() == " " {
			k.held = false
			e.PreventDefault() // Firefox presses the button that has the focus now
		}
		return nil
	})
	w.listen(body, "pointerdown", func(js.Event) func() {
		k.tabbed = false
		return nil
	})
	w.on(help, "click", k.show)
	w.on(w.find("keys-close"), "click", k.dialog.Close)
	return k
}

func (k *keys) show() { k.dialog.ShowModal() }

// press does what a key is for. The space bar presses a control that the person has moved
// the focus to; else it mutes, since the page, too, moves the focus.
func (k *keys) press(e js.Event) func() {
	key := e.Key()
	command := app.CommandOf(key, e.Code())
	k.tabbed = k.tabbed || command == app.FocusCommand
	switch {
	case command == app.NoCommand || command == app.FocusCommand || e.Modified() || e.Within("input, textarea, select, [contenteditable], dialog") || !k.wanted():
		return nil
	case key == " " && k.tabbed && e.Within("button, a, summary, [tabindex]"):
		return nil
	case command == app.LeaveCommand:
		return browser.Unfill
	case command == app.HelpCommand:
		return k.show
	}
	if k.shown[command].Hidden() {
		return nil
	}
	if key == " " {
		k.held = true
		e.PreventDefault()
	}
	if e.Repeats() {
		return nil
	}
	return k.buttons[command].Click
}
