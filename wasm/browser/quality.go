//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"time"

	"github.com/hack-pad/safejs"
)

// ErrNoMedia is returned where no peer carries media.
var ErrNoMedia = errors.New("browser: no media at the moment")

// Quality is how well a call goes, at one moment. What browsers do not tell is
// zero.
type Quality struct {
	Relayed   bool          // by a TURN server
	Known     bool          // whether it is is known
	RoundTrip time.Duration // zero: not known
	Received  int           // packets of voice and video, since the link began
	Lost      int           // of those that were sent here
	Width     int           // of the newest picture
	Height    int
}

// Quality asks the peer that carries media.
func (m *Media) Quality(ctx context.Context) (Quality, error) {
	m.mu.Lock()
	peer := m.peer
	m.mu.Unlock()
	if peer == nil {
		return Quality{}, ErrNoMedia
	}
	report, err := awaitCall(ctx, peer.value, "getStats")
	if err != nil {
		return Quality{}, failure("ask how the call goes", err)
	}
	all, err := statsOf(report)
	if err != nil {
		return Quality{}, failure("ask how the call goes", err)
	}
	return all.quality(), nil
}

// stats are the dictionaries of an RTCStatsReport that a Quality is made of
// (Identifiers for WebRTC's Statistics API, Section 5).
type stats struct {
	byID  map[string]safejs.Value
	pairs []safejs.Value // candidate-pair
	in    []safejs.Value // inbound-rtp
	far   []safejs.Value // remote-inbound-rtp
	route string         // the id of the pair in use, as the transport tells
}

func statsOf(report safejs.Value) (*stats, error) {
	values, err := report.Call("values")
	if err != nil {
		return nil, err
	}
	class, err := get("Array")
	if err != nil {
		return nil, err
	}
	list, err := class.Call("from", values)
	if err != nil {
		return nil, err
	}
	n, err := list.Length()
	if err != nil {
		return nil, err
	}
	all := &stats{byID: map[string]safejs.Value{}}
	for i := range n {
		value, err := list.Index(i)
		if err != nil {
			return nil, err
		}
		all.add(value)
	}
	return all, nil
}

func (all *stats) add(value safejs.Value) {
	kind, _ := stringOf(value, "type")
	switch kind {
	case "candidate-pair":
		all.pairs = append(all.pairs, value)
	case "inbound-rtp":
		all.in = append(all.in, value)
	case "remote-inbound-rtp":
		all.far = append(all.far, value)
	case "transport":
		all.route, _ = stringOf(value, "selectedCandidatePairId")
	case "local-candidate", "remote-candidate":
	default:
		return
	}
	if id, err := stringOf(value, "id"); err == nil {
		all.byID[id] = value
	}
}

func (all *stats) quality() Quality {
	var q Quality
	if pair, found := all.pair(); found {
		q.Known = true
		q.Relayed = all.isRelay(pair, "localCandidateId") || all.isRelay(pair, "remoteCandidateId")
		q.RoundTrip = seconds(pair, "currentRoundTripTime")
	}
	for _, x := range all.far { // Firefox tells it only here
		if q.RoundTrip == 0 {
			q.RoundTrip = seconds(x, "roundTripTime")
		}
	}
	for _, x := range all.in {
		q.Received += count(x, "packetsReceived")
		q.Lost += max(count(x, "packetsLost"), 0) // duplicates count against it (RFC 3550, Section 6.4.1)
		if width := count(x, "frameWidth"); width > 0 {
			q.Width, q.Height = width, count(x, "frameHeight")
		}
	}
	return q
}

// pair returns the candidate pair in use. Firefox marks it, others name it.
func (all *stats) pair() (safejs.Value, bool) {
	if pair, found := all.byID[all.route]; found {
		return pair, true
	}
	for _, pair := range all.pairs {
		if isTrue(pair, "selected") {
			return pair, true
		}
	}
	return safejs.Value{}, false
}

func (all *stats) isRelay(pair safejs.Value, end string) bool {
	id, err := stringOf(pair, end)
	if err != nil {
		return false
	}
	candidate, found := all.byID[id]
	if !found {
		return false
	}
	kind, _ := stringOf(candidate, "candidateType")
	return kind == "relay"
}

func seconds(object safejs.Value, property string) time.Duration {
	value, err := object.Get(property)
	if err != nil || value.Type() != safejs.TypeNumber {
		return 0
	}
	s, _ := value.Float()
	return time.Duration(s * float64(time.Second))
}

func count(object safejs.Value, property string) int {
	value, err := object.Get(property)
	if err != nil || value.Type() != safejs.TypeNumber {
		return 0
	}
	n, _ := value.Int()
	return n
}
