//go:build js && wasm

package page

import (
	"errors"

	"pushcall/app"
	"pushcall/wasm/js"
)

// wayTest shows by what ways others can reach this browser.
type wayTest struct {
	button  js.Element
	legs    legList
	cause   *causeView
	running bool
}

func newWayTest(w *wiring, copy copyFunc, run func()) *wayTest {
	t := &wayTest{button: w.find("test-ways"), legs: legList{list: w.find("ways")}, cause: newCauseView(w, "ways-cause", copy)}
	w.on(t.button, "click", func() {
		if !t.running {
			run()
		}
	})
	return t
}

// begin waits for all ways at once.
func (t *wayTest) begin() {
	t.running = true
	setBusy(t.button, true)
	t.cause.show(nil)
	t.legs.begin(legWaited, say("Waiting…"), say("In this network"), say("On the internet"), say("Through a server")) // as WayName has them
}

// report shows a way, or that there is none.
func (t *wayTest) report(way app.Way) {
	i := int(way.Name)
	switch {
	case !t.running || i >= len(t.legs.legs):
	case errors.Is(way.Err, app.ErrNoServer):
		t.legs.draw(i, legToCome, say("No server"))
	case way.Err != nil:
		t.legs.draw(i, legFailed, sentenceOfWay(way))
		t.explain(way.Err)
	case way.Address != "":
		t.legs.draw(i, legDone, way.Address)
	default:
		t.legs.draw(i, legDone, say("Found"))
	}
}

// explain shows what a server, or the browser, has said.
func (t *wayTest) explain(err error) {
	if !errors.Is(err, app.ErrNothingCame) {
		t.cause.show(err)
	}
}

// done ends the test; err is why none could be made.
func (t *wayTest) done(err error) {
	if err != nil {
		t.report(app.Way{Name: app.WayNetwork, Err: err})
		t.legs.draw(int(app.WayInternet), legToCome, "")
		t.legs.draw(int(app.WayTURN), legToCome, "")
	}
	t.running = false
	setBusy(t.button, false)
}

// clear forgets the last test.
func (t *wayTest) clear() {
	t.running = false
	t.cause.show(nil)
	t.legs.list.SetHidden(true)
	setBusy(t.button, false)
}

// sentenceOfWay says what to do where there is no way.
func sentenceOfWay(way app.Way) string {
	var server *app.ServerError
	switch {
	case errors.As(way.Err, &server) && server.Refused():
		return say("The server refuses the user name or the password.")
	case way.Name != app.WayNetwork:
		return say("No answer came. Check the server's address, or try from another network.")
	case errors.Is(way.Err, app.ErrNothingCame):
		return say("Your browser shows this page no network. Check your connection, and extensions that could block calls.")
	default:
		return say("Your browser takes no such servers. Check their addresses.")
	}
}
