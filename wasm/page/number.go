//go:build js && wasm

package page

import "pushcall/wasm/browser"

// numberView gives this browser a new number, once it was confirmed.
type numberView struct {
	button  browser.Element
	confirm browser.Element
	yes     browser.Element
	result  browser.Element
	busy    bool
}

func newNumberView(w *wiring, change func()) *numberView {
	v := &numberView{
		button:  w.find("new-number"),
		confirm: w.find("number-confirm"),
		yes:     w.find("number-yes"),
		result:  w.find("number-result"),
	}
	no := w.find("number-no")
	w.on(v.button, "click", func() {
		v.result.SetText("")
		v.setAsking(true)
		no.Focus()
	})
	w.on(no, "click", func() {
		v.setAsking(false)
		v.button.Focus()
	})
	w.on(v.yes, "click", func() {
		if !v.busy {
			v.setBusy(true)
			change()
		}
	})
	return v
}

// clear takes back the question and the last result.
func (v *numberView) clear() {
	v.result.SetText("")
	v.setAsking(v.busy)
}

// done says what became of it.
func (v *numberView) done(told, failed int, err error) {
	v.setBusy(false)
	v.setAsking(false)
	v.button.Focus()
	if err != nil {
		v.result.SetText(say("You still have the old number.") + " " + sayRefused(err).sentence)
		return
	}
	v.result.SetText(sentenceOfNumber(told, failed))
}

func (v *numberView) setAsking(asking bool) {
	v.confirm.SetHidden(!asking)
	v.button.SetHidden(asking)
}

func (v *numberView) setBusy(busy bool) {
	v.busy = busy
	setBusy(v.yes, busy)
}

// sentenceOfNumber says who knows the new number.
func sentenceOfNumber(told, failed int) string {
	s := say("You have a new number.")
	if told == 0 && failed == 0 {
		return s + " " + say("Send your new card to your friends.")
	}
	if told > 0 {
		s += " " + sayMany(told, "{n} friend was told.", "{n} friends were told.")
	}
	if failed > 0 {
		s += " " + sayMany(failed, "{n} could not be told: send them your new card.", "{n} could not be told: send them your new card.")
	}
	return s
}
