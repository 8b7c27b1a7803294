package call

import "strings"

// Media lists the kinds of media that a side of a call announces to send.
type Media struct {
	Microphone bool // false while it is muted or absent
	Camera     bool
	Screen     bool
}

// mediaNames has the in-band name of each field of Media.
var mediaNames = [...]struct {
	name string
	of   func(*Media) *bool
}{
	{"microphone", func(m *Media) *bool { return &m.Microphone }},
	{"camera", func(m *Media) *bool { return &m.Camera }},
	{"screen", func(m *Media) *bool { return &m.Screen }},
}

// names returns the in-band names of the media that are sent, separated by spaces.
func (m Media) names() string {
	var names []string
	for _, n := range mediaNames {
		if *n.of(&m) {
			names = append(names, n.name)
		}
	}
	return strings.Join(names, " ")
}

// parseMedia parses names that Media.names has written. It ignores names that it does not
// know, which a later version may send.
func parseMedia(names string) Media {
	var m Media
	for name := range strings.FieldsSeq(names) {
		for _, n := range mediaNames {
			if n.name == name {
				*n.of(&m) = true
			}
		}
	}
	return m
}

// setMedia records the media that this side sends from now on, and announces them to the
// other side.
func (p *Phone) setMedia(m Media) {
	if p.media == m {
		return
	}
	p.media = m
	if s := p.session; s != nil && s.link != nil && s.link.open {
		s.sendMedia()
	}
}

// sendMedia announces to the other side the media that this one sends, or would send once
// the call is answered.
func (s *session) sendMedia() { s.send(signal{kind: signalMedia, media: s.phone.media}) }

// receiveMedia shows the media that the other side announces.
func (s *session) receiveMedia(m Media) {
	if s.remoteMedia != m {
		s.remoteMedia = m
		s.show(s.state)
	}
}

// startMedia adds media to an open link, once both people want the call. Always the
// caller's side offers media: if the callee's did, Firefox and Chromium would disagree
// about the roles when ICE restarts (observed).
func (s *session) startMedia() {
	l := s.link
	if l.media || !s.outgoing {
		return
	}
	l.media = true
	if err := l.peer.AddMedia(); err != nil {
		s.phone.config.OnDrop(err) // texts still work
	}
}
