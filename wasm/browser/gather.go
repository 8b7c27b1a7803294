//go:build js && wasm

package browser

import (
	"context"
	"strings"

	"github.com/hack-pad/safejs"
	"github.com/pion/webrtc/v3"

	"pushcall/app"
	"pushcall/wasm/js"
)

// WarmUp has the browser load what peer connections need, which takes Firefox 20 to 40 ms
// before the first. It asks no server and tells nobody: nothing is gathered.
func WarmUp(ctx context.Context) error {
	value, end, err := newTrial(nil)
	if err != nil {
		return err
	}
	defer end()
	if _, err := js.AwaitCall(ctx, value, "createOffer"); err != nil {
		return js.Failure("make an offer", err)
	}
	return nil
}

// newTrial makes an RTCPeerConnection of no call, with a data channel, or there were
// nothing to gather for. It gathers once it has a description. end closes it.
func newTrial(iceServers []webrtc.ICEServer) (value safejs.Value, end func(), err error) {
	connection, err := webrtc.NewPeerConnection(webrtc.Configuration{ICEServers: iceServers})
	if err != nil {
		return value, nil, js.Failure("make a peer connection", err)
	}
	end = func() {
		if err := connection.Close(); err != nil {
			js.Log(err.Error())
		}
	}
	value = safejs.Safe(connection.JSValue())
	if _, err := value.Call("createDataChannel", channelLabel); err != nil {
		end()
		return value, nil, js.Failure("create a data channel", err)
	}
	return value, end, nil
}

// Gather finds out how this browser can be reached, until it has all, or
// enough, or ctx ends.
func Gather(ctx context.Context, iceServers []webrtc.ICEServer, events app.GatherEvents) error {
	value, end, err := newTrial(iceServers)
	if err != nil {
		return err
	}
	defer end()
	done := make(chan struct{}, 1)
	for event, f := range map[string]func(safejs.Value){
		"icecandidate": func(event safejs.Value) {
			if !readCandidate(event, events.Candidate) {
				return
			}
			select {
			case done <- struct{}{}:
			default: // it was enough before
			}
		},
		"icecandidateerror": func(event safejs.Value) { readServerError(event, events.Failed) },
	} {
		undo, err := js.Listen(value, event, f)
		if err != nil {
			return err
		}
		defer undo()
	}
	if _, err := js.AwaitCall(ctx, value, "setLocalDescription"); err != nil {
		return js.Failure("set the local description", err)
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// readCandidate hands on a candidate, and tells whether gathering is over.
func readCandidate(event safejs.Value, found func(app.CandidateType, string) bool) (over bool) {
	candidate, err := event.Get("candidate")
	if err != nil || candidate.IsNull() {
		return err == nil
	}
	kind, err := js.StringOf(candidate, "type")
	if err != nil { // the end of one generation
		return false
	}
	address, _ := js.StringOf(candidate, "address")
	if strings.HasSuffix(address, ".local") {
		address = ""
	}
	return found(app.CandidateType(kind), address)
}

func readServerError(event safejs.Value, failed func(*app.ServerError)) {
	e := new(app.ServerError)
	e.URL, _ = js.StringOf(event, "url")
	e.Text, _ = js.StringOf(event, "errorText")
	if code, err := event.Get("errorCode"); err == nil {
		e.Code, _ = code.Int()
	}
	failed(e)
}
