package call

import (
	"time"
)

// texts is the conversation's state: what was sent and may be lost with a link
// is sent again over the next. Browsers take what is sent over a path that is
// gone, and say nothing.
type texts struct {
	sent    int      // the number of the newest of this side; the first is 1
	got     int      // of the other side
	pending []signal // sent, and not known to have arrived
	flow    bucket   // of what may still come
}

func (p *Phone) sendText(text string) {
	s := p.session
	if s == nil || !s.talks() || text == "" {
		return
	}
	if len(text) > MaxText {
		p.config.OnDrop(ErrTextTooLong)
		return
	}
	s.texts.sent++
	m := signal{kind: signalText, text: text, number: s.texts.sent}
	s.texts.pending = append(s.texts.pending, m)
	if s.link != nil && s.link.open {
		s.send(m)
	}
	p.config.OnText(Text{Text: text, Mine: true, Time: time.Now(), Number: m.number})
}

// receiveText takes a text, unless it came over the link before.
func (p *Phone) receiveText(s *session, m signal) {
	if m.number <= s.texts.got {
		return
	}
	if !s.texts.flow.take(time.Now()) {
		p.finish(s, Protocol, errFlood)
		return
	}
	s.texts.got = m.number
	p.config.OnText(Text{Text: m.text, Time: time.Now(), Number: m.number})
}

// textsArrived forgets what the other side has.
func (p *Phone) textsArrived(s *session, number int) {
	t := &s.texts
	before := len(t.pending)
	for len(t.pending) > 0 && t.pending[0].number <= number {
		t.pending = t.pending[1:]
	}
	if len(t.pending) < before {
		p.config.OnArrived(min(number, t.sent))
	}
}

// sendPending sends again, over a new link, what may not have arrived.
func (s *session) sendPending() {
	for _, m := range s.texts.pending {
		s.send(m)
	}
}
