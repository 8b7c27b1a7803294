//go:build js && wasm

package page

import (
	"context"

	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// scanDialog shows what the camera sees, until there is a friend's code.
type scanDialog struct {
	dialog js.Element
	video  js.Element
	note   js.Element
}

func newScanDialog(w *wiring, open, closed func()) *scanDialog {
	d := &scanDialog{dialog: w.find("scan"), video: w.find("scan-video"), note: w.find("scan-note")}
	button := w.find("dial-scan")
	button.SetHidden(!browser.CanScan())
	w.on(button, "click", open)
	w.on(w.find("scan-close"), "click", d.close)
	w.on(d.dialog, "close", closed) // by the escape key too
	return d
}

func (d *scanDialog) open() {
	d.video.SetHidden(false)
	d.note.SetText(say("Point the camera at your friend's code."))
	if !d.dialog.Open() {
		d.dialog.ShowModal()
	}
}

func (d *scanDialog) close() {
	if d.dialog.Open() {
		d.dialog.Close()
	}
}

// refuse says that there is no camera.
func (d *scanDialog) refuse() {
	d.video.SetHidden(true)
	d.note.SetText(say("No camera can be used here. Allow it in your browser, or paste your friend's link instead."))
}

// scanFriend looks for a friend's code with the camera.
func (p *Page) scanFriend() {
	if inCall(p.current) || p.scanning != nil {
		return
	}
	p.dial.close()
	p.scan.open()
	a := &action{}
	p.scanning = a
	a.cancel = p.beside(func(ctx context.Context) func() {
		text, err := browser.Scan(ctx, p.scan.video)
		return func() {
			if p.scanning != a { // the dialog was closed
				return
			}
			p.scanning = nil
			if err != nil {
				js.Log(err.Error())
				p.scan.refuse()
				return
			}
			p.scan.close()
			p.showLink(text)
		}
	})
}

// scanClosed gives the camera back.
func (p *Page) scanClosed() {
	if p.scanning != nil {
		p.scanning.cancel()
		p.scanning = nil
	}
}
