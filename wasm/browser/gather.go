//go:build js && wasm

package browser

import (
	"context"
	"fmt"
	"strings"

	"github.com/hack-pad/safejs"
	"github.com/pion/webrtc/v3"
)

// CandidateType says how a candidate was found (W3C webrtc-pc, Section 4.8.1.1).
type CandidateType string

// The types that a browser gathers.
const (
	Host            CandidateType = "host"
	ServerReflexive CandidateType = "srflx"
	Relay           CandidateType = "relay"
)

// ServerError says why an ICE server was of no use (W3C webrtc-pc, Section
// 4.8.2). Firefox tells the code without a text.
type ServerError struct {
	URL  string
	Code int // of STUN (RFC 8489, Section 14.8), or 701: it was not reached
	Text string
}

func (e *ServerError) Error() string { return fmt.Sprintf("%s: %d %s", e.URL, e.Code, e.Text) }

// Refused tells whether it does not take the name or the password.
func (e *ServerError) Refused() bool { return e.Code == 401 || e.Code == 403 || e.Code == 441 }

// GatherEvents are what Gather reports, in callbacks: they must not block.
type GatherEvents struct {
	// Candidate tells of one that was found, and returns whether that will do.
	// The address is "" where the browser hides it behind a name.
	Candidate func(kind CandidateType, address string) (enough bool)
	Failed    func(*ServerError)
}

// Gather finds out how this browser can be reached, until it has all, or
// enough, or ctx ends.
func Gather(ctx context.Context, iceServers []webrtc.ICEServer, events GatherEvents) error {
	connection, err := webrtc.NewPeerConnection(webrtc.Configuration{ICEServers: iceServers})
	if err != nil {
		return failure("make a peer connection", err)
	}
	defer func() {
		if err := connection.Close(); err != nil {
			Log(err.Error())
		}
	}()
	value := safejs.Safe(connection.JSValue())
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
		undo, err := listen(value, event, f)
		if err != nil {
			return err
		}
		defer undo()
	}
	if _, err := value.Call("createDataChannel", channelLabel); err != nil { // or there were nothing to gather for
		return failure("create a data channel", err)
	}
	if _, err := awaitCall(ctx, value, "setLocalDescription"); err != nil {
		return failure("set the local description", err)
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// readCandidate hands on a candidate, and tells whether gathering is over.
func readCandidate(event safejs.Value, found func(CandidateType, string) bool) (over bool) {
	candidate, err := event.Get("candidate")
	if err != nil || candidate.IsNull() {
		return err == nil
	}
	kind, err := stringOf(candidate, "type")
	if err != nil { // the end of one generation
		return false
	}
	address, _ := stringOf(candidate, "address")
	if strings.HasSuffix(address, ".local") {
		address = ""
	}
	return found(CandidateType(kind), address)
}

func readServerError(event safejs.Value, failed func(*ServerError)) {
	e := new(ServerError)
	e.URL, _ = stringOf(event, "url")
	e.Text, _ = stringOf(event, "errorText")
	if code, err := event.Get("errorCode"); err == nil {
		e.Code, _ = code.Int()
	}
	failed(e)
}
