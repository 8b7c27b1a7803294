//go:build js && wasm

package page

import (
	"context"

	"pushcall/app"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// devicesDialog lets the person choose devices, during a call, too.
type devicesDialog struct {
	dialog  js.Element
	ask     js.Element // where there is nothing to choose
	note    js.Element // in it: that there is not, or why
	allow   js.Element
	meter   *meterView
	choices [3]choice // the last is the speaker
	sending [app.Sources]app.Sending
	list    func() // asks which devices there are
	asking  bool   // the person, or the browser asks them
	speaker string // the id of what the friend is heard by; "" for the system's choice
}

// deviceEvents are what the person does there.
type deviceEvents struct {
	choose  func(source app.Source, id string)
	speaker func(id string)
	list    func() // it was opened, or devices have come or gone
	allow   func() // the page may be told of them
}

// choice is a list of devices of a kind.
type choice struct {
	kind browser.DeviceKind
	row  js.Element
	box  js.Element
}

func newDevicesDialog(w *wiring, events deviceEvents) *devicesDialog {
	d := &devicesDialog{
		dialog: w.find("devices"),
		ask:    w.find("devices-ask"),
		note:   w.find("devices-note"),
		allow:  w.find("devices-allow"),
		meter:  newMeterView(w, "devices-level"),
		list:   events.list,
	}
	for i, kind := range [...]browser.DeviceKind{browser.AudioInput, browser.VideoInput, browser.AudioOutput} {
		box := w.find("choose-" + string(kind))
		d.choices[i] = choice{kind, w.find(string(kind)), box}
		w.on(box, "change", func() {
			if kind == browser.AudioOutput {
				events.speaker(box.Value())
			} else {
				events.choose(app.Source(i), box.Value()) // they are in the order of the sources
			}
		})
	}
	w.on(d.allow, "click", func() {
		if !d.asking {
			events.allow()
		}
	})
	w.on(w.find("devices-close"), "click", d.close)
	w.on(d.dialog, "close", d.draw)
	return d
}

func (d *devicesDialog) open() {
	d.dialog.ShowModal()
	d.draw()
	d.list()
}

func (d *devicesDialog) close() { d.dialog.Close() }

// changed lists anew what there is, if anybody is looking.
func (d *devicesDialog) changed() {
	if d.dialog.Open() {
		d.list()
	}
}

// showSending follows what is in use: what may be used has a name from then on.
func (d *devicesDialog) showSending(sending [app.Sources]app.Sending) {
	d.sending = sending
	d.draw()
	d.changed()
}

func (d *devicesDialog) draw() {
	var voice js.Stream
	if d.dialog.Open() {
		voice = ownStream(d.sending[app.Microphone])
	}
	d.meter.show(voice)
}

// used are the ids of the devices in use, as far as the page knows.
func (d *devicesDialog) used() [3]string {
	return [...]string{d.sending[app.Microphone].Device, d.sending[app.Camera].Device, d.speaker}
}

// fill fills the lists, beside the page's loop.
func (d *devicesDialog) fill(ctx context.Context, used [3]string) (found [3]bool, err error) {
	for i, c := range d.choices {
		if c.kind == browser.AudioOutput && !browser.Can(browser.Speaks) {
			continue
		}
		if found[i], err = browser.OfferDevices(ctx, c.box, c.kind, used[i]); err != nil {
			return found, err
		}
	}
	return found, nil
}

// show shows the lists that there is something in.
func (d *devicesDialog) show(found [3]bool) {
	for i, c := range d.choices {
		c.row.SetHidden(!found[i])
	}
	d.ask.SetHidden(found != [3]bool{})
}

// setAsking says that the browser asks the person, or opens the devices.
func (d *devicesDialog) setAsking(asking bool) {
	d.asking = asking
	setBusy(d.allow, asking)
}

// refuse says that it allows none.
func (d *devicesDialog) refuse() {
	d.note.SetText(say("Your browser gives this page neither a microphone nor a camera. Allow them beside the page's address, then try again."))
}
