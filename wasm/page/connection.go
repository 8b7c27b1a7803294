//go:build js && wasm

package page

import (
	"errors"

	"pushcall/internal/config"
	"pushcall/wasm/js"
)

// connectionView takes servers and a relay of the person's own. What cannot be
// used stays in its box, with a sentence that says why.
type connectionView struct {
	details js.Element
	boxes   [4]ownBox // servers, user name, password, relay
	saved   js.Element
	kept    config.Own
	refused bool // what is in the boxes
	save    func(config.Own)
}

// ownBox is the box of a field.
type ownBox struct {
	field        string // as in a config.FieldError
	box, refusal js.Element
}

func newConnectionView(w *wiring, save func(config.Own)) *connectionView {
	v := &connectionView{details: w.find("own"), saved: w.find("own-saved"), save: save}
	for i, field := range [...]string{config.OwnServers, config.OwnUsername, config.OwnCredential, config.OwnRelay} {
		v.boxes[i] = ownBox{field, w.find("own-" + field), w.find("own-" + field + "-error")}
	}
	w.onSubmit(w.find("own-form"), func() { save(v.own()) })
	return v
}

// open shows what is kept, unless there is something that was refused, and what
// the page has.
func (v *connectionView) open(own, host config.Own) {
	v.boxes[0].box.SetAttribute("placeholder", host.Servers)
	v.boxes[3].box.SetAttribute("placeholder", host.Relay)
	v.kept = own
	v.saved.SetText("")
	if v.refused {
		return
	}
	v.boxes[0].box.SetValue(own.Servers)
	v.boxes[1].box.SetValue(own.Username)
	v.boxes[2].box.SetValue(own.Credential)
	v.boxes[3].box.SetValue(own.Relay)
	v.accept()
	if own == (config.Own{}) {
		v.details.RemoveAttribute("open")
	} else {
		v.details.SetAttribute("open", "")
	}
}

// own is what is in the boxes.
func (v *connectionView) own() config.Own {
	return config.Own{
		Servers:    v.boxes[0].box.Value(),
		Username:   v.boxes[1].box.Value(),
		Credential: v.boxes[2].box.Value(),
		Relay:      v.boxes[3].box.Value(),
	}
}

// close keeps what was written and not saved.
func (v *connectionView) close() {
	if own := v.own(); own != v.kept {
		v.save(own)
	}
}

// done tells what became of what was to be kept.
func (v *connectionView) done(own config.Own, err error) {
	switch {
	case v.refuse(err):
	case err != nil:
		js.Log(err.Error())
		v.saved.SetText(voice.CouldNotSave())
	default:
		v.kept = own
		v.saved.SetText(say("Saved. It counts from the next call on."))
	}
}

// refuse says what is wrong with what is in a box, if that is what err is about.
func (v *connectionView) refuse(err error) bool {
	v.accept()
	var wrong *config.FieldError
	if !errors.As(err, &wrong) {
		return false
	}
	v.refused = true
	v.saved.SetText("")
	v.details.SetAttribute("open", "")
	for _, b := range v.boxes {
		if b.field == wrong.Field {
			refuse(b.box, b.refusal, sentenceOfOwn(wrong))
		}
	}
	return true
}

func (v *connectionView) accept() {
	v.refused = false
	for _, b := range v.boxes {
		refuse(b.box, b.refusal, "")
	}
}

// sentenceOfOwn says what a field has to be like.
func sentenceOfOwn(wrong *config.FieldError) string {
	switch wrong.Field {
	case config.OwnServers:
		return say("Each line has to be the address of one server: stun:HOST:PORT or turn:HOST:PORT.")
	case config.OwnUsername:
		return say("A TURN server asks for a user name.")
	case config.OwnCredential:
		return say("A TURN server asks for a password.")
	default:
		return say("The address of a relay begins with https://.")
	}
}
