package call

import (
	"strconv"
	"time"

	"pushcall/webpush"
)

// texts is the conversation's state: texts that may be lost with a link are sent
// again over the next. Browsers take what is sent over a path that is gone, and
// say nothing.
//
// A sender keeps to what the other side takes: textAhead at once and one more
// each textEvery, and textAhead on their way. However long the path holds them
// up, the other side gets twice textAhead at once and one more each textEvery,
// at most, and that is no flood.
type texts struct {
	sent    int      // the number of the newest of this side; above those of a page before this one, in the same call
	got     int      // of the other side
	pending []signal // of this side, not known to have arrived
	ahead   int      // so many of them were sent over the link that there is
	begun   int      // the number of the newest that was sent over any
	pace    bucket   // of those to send for the first time
	waits   bool     // for the pace
	flow    bucket   // of those that may still come
	unsaid  bool     // that some have come
}

func newTexts() texts {
	return texts{sent: int(time.Now().UnixMilli()), pace: bucket{size: textAhead, every: textEvery}, flow: bucket{size: textBurst, every: textEvery}}
}

// sendText sends a text; id is that of one that was lost in a call before, or "".
func (p *Phone) sendText(text, id string) {
	s := p.session
	switch {
	case text == "":
		return
	case len(text) > MaxText:
		p.config.OnDrop(ErrTextTooLong)
		return
	case s == nil || !s.talks():
		if id == "" {
			p.config.OnUnsent(text)
		}
		return
	}
	s.texts.sent++
	m := signal{kind: signalText, text: text, number: s.texts.sent, id: id}
	s.texts.pending = append(s.texts.pending, m)
	p.config.OnText(s.text(m, true))
	p.sendTexts(s)
}

// sendAgain sends a text that was lost, if the call is with who it was meant for.
func (p *Phone) sendAgain(to webpush.PublicKey, t Text) {
	if s := p.session; s != nil && s.remote.Identity == to {
		p.sendText(t.Text, t.ID)
	}
}

// text is what a signal says.
func (s *session) text(m signal, mine bool) Text {
	t := Text{Text: m.text, Mine: mine, Time: time.Now(), Number: m.number, ID: m.id, Again: m.id != ""}
	if !t.Again {
		t.ID = s.id.String() + "." + strconv.Itoa(m.number)
	}
	return t
}

// sendTexts sends over the session's link, in their order, the texts that may be
// sent by now. The caller's side waits for the callee's accept: their page may be
// another now, which takes none before its person takes the call.
func (p *Phone) sendTexts(s *session) {
	t := &s.texts
	if !s.inBand() || s.outgoing && !s.link.taken {
		return
	}
	for t.ahead < min(len(t.pending), textAhead) {
		m := t.pending[t.ahead]
		if m.number > t.begun && !t.pace.take(time.Now()) {
			p.awaitPace(s)
			return
		}
		t.begun = max(t.begun, m.number)
		t.ahead++
		s.send(m)
	}
}

// awaitPace sends on once one more text may be sent.
func (p *Phone) awaitPace(s *session) {
	if s.texts.waits {
		return
	}
	s.texts.waits = true
	time.AfterFunc(textEvery, func() {
		s.on(func() {
			s.texts.waits = false
			p.sendTexts(s)
		})
	})
}

// receiveText takes a text, unless it came over the link before. It says so once
// for all that have come by now: the call may end right after it.
func (p *Phone) receiveText(s *session, m signal) {
	if m.number <= s.texts.got {
		return
	}
	if !s.texts.flow.take(time.Now()) {
		s.finish(Protocol, ErrFlood)
		return
	}
	s.texts.got = m.number
	p.config.OnText(s.text(m, false))
	if !s.texts.unsaid {
		s.texts.unsaid = true
		s.on(func() {
			s.texts.unsaid = false
			if s.inBand() {
				s.sendAlive()
			}
		})
	}
}

// textsArrived forgets what the other side has.
func (p *Phone) textsArrived(s *session, number int) {
	t := &s.texts
	arrived := 0
	for arrived < len(t.pending) && t.pending[arrived].number <= min(number, t.begun) {
		arrived++
	}
	if arrived == 0 {
		return
	}
	newest := t.pending[arrived-1].number
	t.pending, t.ahead = t.pending[arrived:], max(0, t.ahead-arrived)
	p.config.OnArrived(newest)
	p.sendTexts(s)
}

// loseTexts tells that the texts that may not have arrived are lost: the session
// is over, and nobody can say any more that they have.
func (p *Phone) loseTexts(s *session) {
	if p.parted == s {
		p.parted = nil
	}
	if t := &s.texts; len(t.pending) > 0 {
		p.config.OnLost(t.pending[0].number)
		t.pending = nil
	}
}
