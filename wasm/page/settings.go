//go:build js && wasm

package page

import (
	"pushcall/app"
	"pushcall/signaling"
	"pushcall/wasm/js"
)

// settingsDialog shows what the person decides. Each change is kept at once.
type settingsDialog struct {
	dialog js.Element
	name   js.Element
	tone   js.Element
	keys   js.Element // the keyboard's shortcuts
	early  js.Element
	only   js.Element // contacts
	words  js.Element // the language
	note   js.Element // that a change was kept, or was not
	shown  app.Settings
	change func(app.Settings)
}

// settingsEvents are what the person does there.
type settingsEvents struct {
	change  func(app.Settings)
	devices func()
	closed  func()
}

func newSettingsDialog(w *wiring, events settingsEvents) *settingsDialog {
	d := &settingsDialog{
		dialog: w.find("settings"),
		name:   w.find("set-name"),
		tone:   w.find("set-tone"),
		keys:   w.find("set-keys"),
		early:  w.find("set-early"),
		only:   w.find("set-only"),
		words:  w.find("set-language"),
		note:   w.find("set-note"),
		change: events.change,
	}
	w.on(d.name, "change", d.rename)
	w.on(d.tone, "click", func() { d.turn(&d.shown.RingTone) })
	w.on(d.keys, "click", func() { d.turn(&d.shown.NoKeys) })
	w.on(d.early, "click", func() { d.turn(&d.shown.Early) })
	w.on(d.only, "click", func() { d.turn(&d.shown.ContactsOnly) })
	w.on(d.words, "change", func() {
		d.shown.Language = d.words.Value()
		d.change(d.shown)
	})
	w.on(w.find("set-devices"), "click", events.devices)
	w.onSubmit(w.find("set-form"), d.rename) // by the enter key
	w.on(w.find("set-close"), "click", d.close)
	w.on(d.dialog, "close", func() {
		d.rename() // the escape key may come before the change is told
		events.closed()
	})
	return d
}

func (d *settingsDialog) open(s app.Settings) {
	d.show(s)
	d.name.SetValue(s.Name)
	d.note.SetText("")
	if !d.dialog.Open() {
		d.dialog.ShowModal()
	}
}

func (d *settingsDialog) close() {
	if d.dialog.Open() {
		d.dialog.Close()
	}
}

func (d *settingsDialog) show(s app.Settings) {
	d.shown = s
	setOn(d.tone, s.RingTone)
	setOn(d.keys, !s.NoKeys)
	setOn(d.early, s.Early)
	setOn(d.only, s.ContactsOnly)
	d.words.SetValue(s.Language)
}

// kept tells what became of a change; s is what counts now.
func (d *settingsDialog) kept(s app.Settings, err error) {
	d.show(s)
	if err != nil {
		d.note.SetText(voice.CouldNotSave())
		return
	}
	d.note.SetText(say("Saved"))
}

func (d *settingsDialog) rename() {
	if name := signaling.CleanName(d.name.Value()); name != d.shown.Name {
		d.shown.Name = name
		d.change(d.shown)
	}
}

func (d *settingsDialog) turn(setting *bool) {
	*setting = !*setting
	d.show(d.shown)
	d.change(d.shown)
}

// setOn turns a switch (ARIA, switch role).
func setOn(control js.Element, on bool) {
	if on {
		control.SetAttribute("aria-checked", "true")
	} else {
		control.SetAttribute("aria-checked", "false")
	}
}
