//go:build js && wasm

package page

import (
	"strconv"
	"time"

	"pushcall/app"
	"pushcall/wasm/js"
)

// lineTest shows the way of a push message from this browser to itself, leg by
// leg.
type lineTest struct {
	button js.Element
	legs   legList
	cause  *causeView
	next   int // the leg that is waited for; -1 when none is
}

func newLineTest(w *wiring, copy copyFunc, run func()) *lineTest {
	t := &lineTest{button: w.find("test-line"), legs: legList{list: w.find("legs")}, cause: newCauseView(w, "test-cause", copy), next: -1}
	w.on(t.button, "click", func() {
		if t.next < 0 {
			run()
		}
	})
	return t
}

// begin shows all legs, none of them gone yet.
func (t *lineTest) begin() {
	setBusy(t.button, true)
	t.cause.show(nil)
	t.legs.begin(legToCome, "", say("Permission"), say("Address"), say("Sent"), say("Came back to this browser")) // as LegName has them
	t.wait(0)
}

// report shows how a leg went.
func (t *lineTest) report(leg app.Leg) {
	i := int(leg.Name)
	if t.next < 0 || i >= len(t.legs.legs) {
		return // it was given up
	}
	if leg.Err != nil {
		t.fail(i, leg)
		return
	}
	t.legs.draw(i, legDone, resultOf(leg))
	t.wait(i + 1)
}

// done ends the test, with the error of a leg that was not reported.
func (t *lineTest) done(err error) {
	if t.next >= 0 && t.next < len(t.legs.legs) && err != nil {
		t.fail(t.next, app.Leg{Name: app.LegName(t.next), Err: err})
	}
	t.next = -1
	setBusy(t.button, false)
}

// clear forgets the last test.
func (t *lineTest) clear() {
	t.next = -1
	t.cause.show(nil)
	t.legs.list.SetHidden(true)
	setBusy(t.button, false)
}

func (t *lineTest) wait(i int) {
	t.next = i
	if i < len(t.legs.legs) {
		t.legs.draw(i, legWaited, say("Waiting…"))
	}
}

func (t *lineTest) fail(i int, leg app.Leg) {
	t.legs.draw(i, legFailed, voice.SentenceOfLeg(leg))
	t.cause.show(leg.Err)
	t.next = len(t.legs.legs)
}

// resultOf says how a leg went that went well.
func resultOf(leg app.Leg) string {
	switch leg.Name {
	case app.LegPermission:
		return say("Allowed")
	case app.LegSubscription:
		return say("Ready")
	default:
		return say("{n} ms", "n", strconv.Itoa(int(leg.Took/time.Millisecond)))
	}
}
