//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"time"

	"github.com/hack-pad/safejs"

	"pushcall/wasm/js"
)

// ErrNoMedia is returned where no peer carries media.
var ErrNoMedia = errors.New("browser: no media at the moment")

// Quality is how well a call goes, at one moment. What browsers do not tell is
// zero.
type Quality struct {
	Relayed   bool          // by a TURN server
	Known     bool          // whether it is is known
	RoundTrip time.Duration // below zero: not known
	Received  int           // packets of voice and video, since the link began
	Lost      int           // of those that were sent here
	Width     int           // of the newest picture
	Height    int
}

// Quality asks the peer that carries media: see web/media.js.
func (m *Media) Quality(ctx context.Context) (Quality, error) {
	m.mu.Lock()
	peer := m.peer
	m.mu.Unlock()
	if peer == nil {
		return Quality{}, ErrNoMedia
	}
	promise, err := callMedia("quality", peer.value)
	if err != nil {
		return Quality{}, js.Failure("ask how the call goes", err)
	}
	q, err := js.Await(ctx, promise)
	if err != nil {
		return Quality{}, js.Failure("ask how the call goes", err)
	}
	return Quality{
		Relayed:   js.IsTrue(q, "relayed"),
		Known:     js.IsTrue(q, "known"),
		RoundTrip: time.Duration(number(q, "roundTrip") * float64(time.Second)),
		Received:  int(number(q, "received")),
		Lost:      int(number(q, "lost")),
		Width:     int(number(q, "width")),
		Height:    int(number(q, "height")),
	}, nil
}

// number reads a property that is one, or else zero.
func number(object safejs.Value, property string) float64 {
	n, _ := js.FloatOf(object, property)
	return n
}
