package call

import "strings"

// Media is what a side of a call sends of voice and video, as it says itself.
type Media struct {
	Microphone bool // not while it is muted, or where there is none
	Camera     bool
	Screen     bool
}

// mediaNames are the words that Media has in-band.
var mediaNames = [...]struct {
	name string
	of   func(*Media) *bool
}{
	{"microphone", func(m *Media) *bool { return &m.Microphone }},
	{"camera", func(m *Media) *bool { return &m.Camera }},
	{"screen", func(m *Media) *bool { return &m.Screen }},
}

// words writes it as a list of words with spaces between.
func (m Media) words() string {
	var words []string
	for _, n := range mediaNames {
		if *n.of(&m) {
			words = append(words, n.name)
		}
	}
	return strings.Join(words, " ")
}

// mediaOf reads what words has written. A word that is new is left to those
// who know it.
func mediaOf(words string) Media {
	var m Media
	for word := range strings.FieldsSeq(words) {
		for _, n := range mediaNames {
			if n.name == word {
				*n.of(&m) = true
			}
		}
	}
	return m
}

// setMedia takes note of what this side sends from now on, and says so.
func (p *Phone) setMedia(m Media) {
	if p.media == m {
		return
	}
	p.media = m
	if s := p.session; s != nil && s.link != nil && s.link.open {
		s.sayMedia()
	}
}

// sayMedia tells the other side what this one sends, or would.
func (s *session) sayMedia() { s.send(signal{kind: signalMedia, media: s.phone.media}) }

// receiveMedia shows what the other side says that it sends.
func (s *session) receiveMedia(m Media) {
	if s.theirs != m {
		s.theirs = m
		s.show(s.state)
	}
}

// startMedia lets voice and video through a link that is open, once both people
// want the call. The caller's side makes the offer, always: Firefox and Chromium
// disagree about who is who when the callee's does and ICE restarts (observed).
func (s *session) startMedia() {
	l := s.link
	if l.media || !s.outgoing {
		return
	}
	l.media = true
	if err := l.peer.AddMedia(); err != nil {
		s.phone.config.OnDrop(err) // they can still write
	}
}
