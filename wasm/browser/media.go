//go:build js && wasm

package browser

import (
	"sync"

	"github.com/hack-pad/safejs"

	"pushcall/app"
	"pushcall/wasm/js"
)

// Media is what a call has of voice and video in this browser. It stands beside
// the call's peers: a peer that takes another's place sends the same tracks.
//
// A peer has one transceiver for each app.Source, in their order, made once and for
// both directions. What is sent changes by replaceTrack, which needs no
// descriptions, so both sides can add and drop what they like at the same time;
// and no transceiver is ever rolled back, whose track Chromium would leave
// muted (webrtc-pc#3081).
type Media struct {
	received func([app.Sources]js.Stream)

	mu     sync.Mutex // never held over what waits
	tracks [app.Sources]*js.Track
	peer   *Peer // the newest that carries media
}

// NewMedia makes Media that sends nothing. received is told of what a peer
// receives, once for each peer; a source that the other side does not send is a
// stream with nothing in it yet. It must not block.
func NewMedia(received func([app.Sources]js.Stream)) *Media { return &Media{received: received} }

// Send sends a track in place of what was sent of its source; nil sends
// nothing. The track stays its owner's.
func (m *Media) Send(source app.Source, track *js.Track) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tracks[source] = track
	if m.peer != nil {
		m.replace(source)
	}
}

// replace has the peer send what there is of a source; m.mu is held.
func (m *Media) replace(source app.Source) {
	value := safejs.Null()
	if t := m.tracks[source]; t != nil {
		value = t.JSValue()
	}
	sender, err := m.peer.transceivers[source].Get("sender")
	if err == nil {
		var replaced safejs.Value
		if replaced, err = sender.Call("replaceTrack", value); err == nil {
			js.Ignore(replaced) // it is refused when the peer is closed meanwhile
		}
	}
	if err != nil {
		js.LogFailure("send a track", err)
	}
}

// attach has a peer send what there is to send.
func (m *Media) attach(p *Peer) error {
	var streams [app.Sources]js.Stream
	for i, transceiver := range p.transceivers {
		receiver, err := transceiver.Get("receiver")
		if err != nil {
			return js.Failure("find a receiver", err)
		}
		track, err := receiver.Get("track")
		if err != nil {
			return js.Failure("find a received track", err)
		}
		streams[i] = js.NewStream(track)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.peer = p
	for source := range app.Sources {
		m.replace(source)
	}
	m.received(streams)
	return nil
}

// detach lets go of a peer that is closed.
func (m *Media) detach(p *Peer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.peer == p {
		m.peer = nil
	}
}

// AddMedia adds a transceiver for each source, for an offer.
func (p *Peer) AddMedia() error {
	for source := range app.Sources {
		transceiver, err := p.value.Call("addTransceiver", kindOf(source))
		if err != nil {
			return js.Failure("add a transceiver", err)
		}
		p.transceivers[source] = transceiver
	}
	p.carries = true
	return p.media.attach(p)
}

// takeMedia makes those transceivers the peer's own, for both directions, that
// the other side has offered, as soon as it has. Whatever it offers besides is
// not taken.
func (p *Peer) takeMedia() error {
	all, err := p.value.Call("getTransceivers")
	if err != nil {
		return js.Failure("look for what is offered", err)
	}
	n, err := all.Length()
	if err != nil || n < int(app.Sources) {
		return err
	}
	for i := range n {
		transceiver, err := all.Index(i)
		if err != nil {
			return js.Failure("look for what is offered", err)
		}
		direction := "inactive"
		if i < int(app.Sources) {
			direction = "sendrecv"
			p.transceivers[i] = transceiver
		}
		if err := transceiver.Set("direction", direction); err != nil {
			return js.Failure("take what is offered", err)
		}
	}
	if p.carries {
		return nil
	}
	p.carries = true
	return p.media.attach(p)
}
