package call

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"pushcall/files"
	"pushcall/signaling"
	"pushcall/webpush"
)

// spoiled returns a description of a peer. At times it adds lines that do not belong there:
// then whole is the SDP to send in place of the description.
func spoiled(p *testPeer, pick uint64) (d signaling.Description, whole string, err error) {
	local, err := p.LocalDescription()
	if err != nil {
		return signaling.Description{}, "", err
	}
	if pick>>16%10 == 0 { // to deflate takes its time
		whole = spoil(local.SDP, pick)
	}
	d, err = signaling.Describe(local.SDP)
	return d, whole, err
}

// sealWhole replaces the description of a sealed message by any SDP, and signs the message
// again.
func sealWhole(payload []byte, sdp string, as cheapSigner, receiver webpush.PublicKey) []byte {
	b := bytes.NewBuffer([]byte{2 << 5}) // a description that is taken whole
	w, _ := flate.NewWriter(b, flate.BestSpeed)
	_, _ = io.WriteString(w, sdp)
	_ = w.Close()
	const before, after, signature = `"description":"`, `"`, `,"signature":"`
	at := bytes.Index(payload, []byte(before)) + len(before)
	end := at + bytes.Index(payload[at:], []byte(after))
	rest := payload[end:bytes.LastIndex(payload, []byte(signature))]
	unsigned := slices.Concat(payload[:at], []byte(base64.RawURLEncoding.EncodeToString(b.Bytes())), rest)
	sign, _ := as.Sign(context.Background(), slices.Concat([]byte("pushcall message 1\n"), receiver.Bytes(), unsigned))
	return slices.Concat(unsigned, []byte(signature+base64.RawURLEncoding.EncodeToString(sign)+`"}`))
}

// spoil adds to an SDP: fingerprints, sections, candidates.
func spoil(sdp string, pick uint64) string {
	junk := "a=fingerprint:sha-256 " + strings.Repeat("AB:", 31) + fmt.Sprintf("%02X\r\n", byte(pick>>8))
	switch pick % 6 {
	case 0:
		return sdp + junk
	case 1:
		return sdp + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\n" + junk
	case 2:
		return strings.Replace(sdp, "m=application", junk+"m=application", 1)
	case 3:
		var b strings.Builder
		b.WriteString(sdp)
		for i := range 120 {
			fmt.Fprintf(&b, "a=candidate:%d 1 tcp 2105458943 10.0.0.%d 22 typ host tcptype passive\r\n", i, i)
		}
		return b.String() + "a=mid:x\r\n"
	}
	return sdp
}

// malloryLink is a peer connection of Mallory's.
type malloryLink struct {
	m      *mallory
	with   *human
	peer   *testPeer
	n      uint64
	next   atomic.Pointer[testPeer] // where it wants its end to be, in place of peer
	secret secret                   // Mallory's, where it is the caller
	said   atomic.Uint64
	open   atomic.Bool
}

func (m *mallory) newLink(with *human, id signaling.CallID) *malloryLink {
	l := &malloryLink{m: m, with: with}
	l.peer = m.newPeer(PeerEvents{
		NegotiationNeeded: func() {},
		Candidate:         func(Candidate) {},
		ConnectionState:   func(ConnectionState) {},
		ChannelOpen:       l.channelOpen,
		ChannelMessage:    l.hear,
		ChannelClosed:     func() { l.open.Store(false) },
	})
	if l.peer == nil {
		return nil
	}
	l.n = l.peer.n
	m.a.mu.Lock()
	defer m.a.mu.Unlock()
	if before := m.links[id]; before != nil {
		before.peer.Close()
	}
	m.links[id] = l
	return l
}

// channelOpen makes Mallory send some in-band messages over the next seconds.
func (l *malloryLink) channelOpen() {
	a := l.m.a
	l.open.Store(true)
	if l.secret != (secret{}) && a.chance(0.9, 'X', l.n) {
		l.say(signal{kind: signalSecret, secret: l.secret}.format())
	}
	if a.chance(0.7, 'b', l.n) {
		for i := range 6 {
			time.AfterFunc(time.Duration(i+1)*1500*time.Millisecond, func() { l.say(signal{kind: signalPing, number: i}.format()) })
		}
	}
	many := 1 + a.draw('k', l.n)%3
	if l.m.theme == themeInBand {
		many += 3
	}
	for i := range many {
		time.AfterFunc(a.drawTime(0, 9*time.Second, 'i', l.n, i), func() { l.speak(a.draw('u', l.n, i)) })
	}
}

// moveEnd offers to go on with another peer, which has another certificate.
func (l *malloryLink) moveEnd() {
	next := l.m.newPeer(PeerEvents{ConnectionState: func(ConnectionState) {}, Candidate: func(Candidate) {},
		NegotiationNeeded: func() {}, ChannelOpen: l.with.inspectLater, ChannelMessage: func(string) {}, ChannelClosed: func() {}})
	if next == nil || next.CreateChannel() != nil || next.SetLocalDescription(context.Background()) != nil {
		return
	}
	l.next.Store(next)
	if local, err := next.LocalDescription(); err == nil {
		l.say(signal{kind: signalOffer, sdp: local.SDP}.format())
	}
}

// say sends a message in-band.
func (l *malloryLink) say(text string) {
	if l.open.Load() {
		_ = l.peer.Send(text)
	}
}

// hear answers the offers of a person's phone, at times with a spoiled SDP.
func (l *malloryLink) hear(text string) {
	x, err := parseSignal(text)
	if err != nil {
		return
	}
	if next := l.next.Load(); next != nil && x.kind == signalAnswer {
		_ = next.SetRemoteDescription(context.Background(), Description{signalAnswer, x.sdp})
		l.with.inspectLater()
		return
	}
	if x.kind != signalOffer {
		return
	}
	a, n := l.m.a, l.said.Add(1)
	if a.chance(0.8, 'h', l.n, n) {
		l.describe(signalAnswer, a.draw('H', l.n, n))
	}
}

func (l *malloryLink) describe(kind string, pick uint64) {
	local, err := l.peer.LocalDescription()
	if err != nil {
		return
	}
	sdp := spoil(local.SDP, pick)
	if pick>>40%15 == 0 {
		sdp += "a=x-" + strings.Repeat("long", maxDescriptionSize/4) + "\r\n"
	}
	l.say(signal{kind: kind, sdp: sdp}.format())
	l.with.inspectLater()
}

// speak sends one of Mallory's in-band messages.
func (l *malloryLink) speak(pick uint64) {
	a := l.m.a
	if !l.open.Load() {
		return
	}
	a.mu.Lock()
	a.did("Mallory speaks in-band")
	a.noteLocked("mallory", "speaks in-band to %s, %d", l.with.name, pick%20)
	a.mu.Unlock()
	switch pick % 20 {
	case 0, 1, 2:
		l.describe(signalOffer, pick>>8)
	case 3:
		l.moveEnd()
	case 4:
		l.describe(signalAnswer, pick>>8)
	case 5:
		l.say(signal{kind: signalAccept}.format())
	case 6:
		l.say(signal{kind: signalText, text: "hello", number: 1 + int(pick>>8%3)}.format())
	case 7:
		l.say(signal{kind: signalText, text: strings.Repeat("x", MaxText+1), number: 1}.format())
	case 8:
		l.say(signal{kind: signalPing, number: 1 << 40}.format())
	case 9:
		l.say(signal{kind: signalCandidate, candidate: Candidate{"candidate:1 1 tcp 1 192.168.0.1 22 typ host tcptype passive", "0"}}.format())
	case 10:
		l.say(signal{kind: signalCandidate, candidate: Candidate{"candidate:1 1 udp 1 192.0.2.1 9 typ host " + strings.Repeat("x", 1000), "0"}}.format())
	case 11:
		for i := range 100 {
			l.say(signal{kind: signalCandidate, candidate: Candidate{fmt.Sprintf("candidate:%d 1 tcp 1 192.168.0.%d 22 typ host tcptype passive", i, i), "0"}}.format())
		}
	case 12:
		for i := range 60 + int(pick>>8%4)*80 {
			l.say(signal{kind: signalMedia, media: Media{Camera: i%2 == 0}}.format())
		}
	case 13:
		l.say(signal{kind: signalBye}.format())
	case 14:
		l.say(signal{kind: signalDeaf}.format())
	case 15:
		for i := range 120 {
			l.say(signal{kind: "file", file: files.Signal{Kind: "file", Number: 1 + i, Name: "x", Size: 1}}.format())
		}
	case 16:
		l.say("\x00\xff" + strings.Repeat("[", 100))
	case 17:
		card, _ := l.m.mixed(l.with, l.with, pick>>8)
		l.say(signal{kind: signalCard, card: card, time: time.Now().Add(claimed(pick >> 32))}.format())
	case 18:
		if pick>>8%20 == 0 {
			for range signalBurst + 100 {
				l.say(`{"type":"ping"}`)
			}
		}
	default:
		l.say(`{"type":"take","file":1,"at":0}`)
	}
	l.with.inspectLater()
}

// inspectLater inspects the phone after the in-band messages have taken effect.
func (h *human) inspectLater() {
	time.AfterFunc(20*time.Millisecond, func() { h.phone.loop.Post(func() { h.inspectNow("after words in-band") }) })
}
