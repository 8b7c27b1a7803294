//go:build js && wasm

package browser

import (
	"context"
	"errors"

	"github.com/hack-pad/safejs"
	"github.com/pion/webrtc/v3"

	"pushcall/app"
	"pushcall/call"
	"pushcall/wasm/js"
)

// channelLabel names the data channel that carries signaling and text.
const channelLabel = "pushcall"

// Peer is pion's RTCPeerConnection as the call package wants it. pion makes
// and closes the connection; what its JS backend lacks goes through JSValue:
//
//   - setLocalDescription without an argument, as perfect negotiation wants it;
//   - promises that ctx can give up: those of a closed connection never settle;
//   - events in the order they happen: pion starts a goroutine for each;
//   - candidates with their sdpMid;
//   - the data channel: pion's hands each message to a goroutine of its own.
type Peer struct {
	connection *webrtc.PeerConnection
	value      safejs.Value // the RTCPeerConnection
	channel    safejs.Value // the RTCDataChannel, once there is one
	events     call.PeerEvents
	undo       []func()

	media        *Media
	transceivers [app.Sources]safejs.Value // RTCRtpTransceivers, once it carries media
	carries      bool
}

var _ call.Peer = (*Peer)(nil)

// NewPeer makes a peer connection that uses iceServers, reports to events and
// sends what media has. All that it carries goes one way through the network.
func NewPeer(iceServers []webrtc.ICEServer, media *Media, events call.PeerEvents) (*Peer, error) {
	connection, err := webrtc.NewPeerConnection(webrtc.Configuration{ICEServers: iceServers, BundlePolicy: webrtc.BundlePolicyMaxBundle})
	if err != nil {
		return nil, js.Failure("make a peer connection", err)
	}
	p := &Peer{connection: connection, value: safejs.Safe(connection.JSValue()), events: events, media: media}
	for event, f := range map[string]func(safejs.Value){
		"negotiationneeded":     func(safejs.Value) { events.NegotiationNeeded() },
		"icecandidate":          p.onCandidate,
		"connectionstatechange": p.onConnectionState,
		"datachannel":           p.onDataChannel,
	} {
		if err := p.listen(p.value, event, f); err != nil {
			p.Close()
			return nil, err
		}
	}
	return p, nil
}

func (p *Peer) listen(target safejs.Value, event string, f func(safejs.Value)) error {
	undo, err := js.Listen(target, event, f)
	if err == nil {
		p.undo = append(p.undo, undo)
	}
	return err
}

func (p *Peer) onCandidate(event safejs.Value) {
	candidate, err := event.Get("candidate")
	if err != nil {
		return
	}
	if candidate.IsNull() {
		p.events.Candidate(call.Candidate{})
		return
	}
	line, err := js.StringOf(candidate, "candidate")
	if err != nil || line == "" { // the end of one generation; null tells the end of all
		return
	}
	mid, _ := js.StringOf(candidate, "sdpMid")
	p.events.Candidate(call.Candidate{Candidate: line, SDPMid: mid})
}

func (p *Peer) onConnectionState(safejs.Value) {
	if state, err := js.StringOf(p.value, "connectionState"); err == nil {
		p.events.ConnectionState(call.ConnectionState(state))
	}
}

// onDataChannel takes the channel that the caller made, and only the first.
func (p *Peer) onDataChannel(event safejs.Value) {
	channel, err := event.Get("channel")
	if err != nil || !p.channel.IsUndefined() {
		return
	}
	if err := p.use(channel); err != nil {
		js.Log(err.Error())
		return
	}
	if state, err := js.StringOf(channel, "readyState"); err == nil && state == "open" {
		p.events.ChannelOpen()
	}
}

// use makes channel the peer's data channel.
func (p *Peer) use(channel safejs.Value) error {
	p.channel = channel
	if err := p.listen(channel, "open", func(safejs.Value) { p.events.ChannelOpen() }); err != nil {
		return err
	}
	if err := p.listen(channel, "close", func(safejs.Value) { p.events.ChannelClosed() }); err != nil {
		return err
	}
	return p.listen(channel, "message", func(event safejs.Value) {
		data, err := event.Get("data")
		if err != nil || data.Type() != safejs.TypeString { // signaling and text are strings
			p.events.ChannelMessage("") // which is none, and is counted
			return
		}
		if text, err := data.String(); err == nil {
			p.events.ChannelMessage(text)
		}
	})
}

// CreateChannel creates the data channel: ordered and reliable.
func (p *Peer) CreateChannel() error {
	channel, err := p.value.Call("createDataChannel", channelLabel)
	if err != nil {
		return js.Failure("create a data channel", err)
	}
	return p.use(channel)
}

// SetLocalDescription sets the offer or answer that the signaling state asks for.
func (p *Peer) SetLocalDescription(ctx context.Context) error {
	if _, err := js.AwaitCall(ctx, p.value, "setLocalDescription"); err != nil {
		return js.Failure("set the local description", err)
	}
	return nil
}

// LocalDescription has the candidates gathered so far.
func (p *Peer) LocalDescription() (call.Description, error) {
	local := p.connection.LocalDescription()
	if local == nil {
		return call.Description{}, errors.New("browser: no local description")
	}
	return call.Description{Type: local.Type.String(), SDP: local.SDP}, nil
}

// SetRemoteDescription rolls back a pending local offer if it must.
func (p *Peer) SetRemoteDescription(ctx context.Context, remote call.Description) error {
	description := map[string]any{"type": remote.Type, "sdp": remote.SDP}
	if _, err := js.AwaitCall(ctx, p.value, "setRemoteDescription", description); err != nil {
		return js.Failure("set the remote description", err)
	}
	if remote.Type == "offer" {
		return p.takeMedia()
	}
	return nil
}

// SignalingState returns the state of the offer/answer exchange.
func (p *Peer) SignalingState() call.SignalingState {
	return call.SignalingState(p.connection.SignalingState().String())
}

// AddICECandidate adds a candidate of the remote peer.
func (p *Peer) AddICECandidate(ctx context.Context, candidate call.Candidate) error {
	init := map[string]any{"candidate": candidate.Candidate, "sdpMid": candidate.SDPMid}
	if _, err := js.AwaitCall(ctx, p.value, "addIceCandidate", init); err != nil {
		return js.Failure("add a candidate", err)
	}
	return nil
}

// RestartICE asks for an offer with new credentials.
func (p *Peer) RestartICE() error {
	if _, err := p.value.Call("restartIce"); err != nil {
		return js.Failure("restart ICE", err)
	}
	return nil
}

// Send queues a message on the data channel.
func (p *Peer) Send(text string) error {
	if p.channel.IsUndefined() {
		return errors.New("browser: no data channel")
	}
	if _, err := p.channel.Call("send", text); err != nil {
		return js.Failure("send", err)
	}
	return nil
}

// Close frees everything. No event follows.
func (p *Peer) Close() {
	for _, undo := range p.undo {
		undo()
	}
	p.undo = nil
	p.media.detach(p)
	if err := p.connection.Close(); err != nil {
		js.Log(err.Error())
	}
}
