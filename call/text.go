package call

import (
	"strconv"
	"time"

	"pushcall/signaling"
)

// texts is one call's conversation. It belongs to the phone's loop. Browsers take
// what is sent over a path that is gone, and say nothing: so texts that may be lost
// with a link are sent again over the next.
//
// A sender limits itself to what the other side takes: textAhead at once and one more
// each textEvery, and textAhead under way. However long the path holds them up, the
// other side gets at most twice textAhead at once and one more each textEvery, which is
// no flood.
type texts struct {
	call    signaling.CallID
	open    func() bool                     // there is a link, and the other side takes texts over it
	send    func(signal)                    // over the link
	confirm func()                          // tells the other side which texts have come, once all that is posted has run
	after   func(d time.Duration, f func()) // the clock
	events  *Events

	sent    int      // the number of the newest of this side; above those of a page before this one, in the same call
	got     int      // the number of the newest of the other side
	pending []signal // of this side, not known to have arrived
	ahead   int      // so many of them were sent over the present link
	begun   int      // the number of the newest that was sent over any link
	pace    bucket   // of texts to send for the first time
	waits   bool     // for the pace
	flow    bucket   // of texts that may still come
}

func newTexts(call signaling.CallID, open func() bool, send func(signal), confirm func(), after func(time.Duration, func()), events *Events) *texts {
	return &texts{call: call, open: open, send: send, confirm: confirm, after: after, events: events, sent: int(time.Now().UnixMilli()),
		pace: bucket{size: textAhead, every: textEvery}, flow: bucket{size: textBurst, every: textEvery}}
}

// write sends a text; id is that of one that was lost in a call before, or "".
func (t *texts) write(text, id string) {
	t.sent++
	m := signal{kind: signalText, text: text, number: t.sent, id: id}
	t.pending = append(t.pending, m)
	t.events.OnText(t.shown(m, true))
	t.flush()
}

// shown returns the text of a signal as it is shown.
func (t *texts) shown(m signal, mine bool) Text {
	x := Text{Text: m.text, Mine: mine, Time: time.Now(), Number: m.number, ID: m.id, Again: m.id != ""}
	if !x.Again {
		x.ID = t.call.String() + "." + strconv.Itoa(m.number)
	}
	return x
}

// unlink notes that the next link has carried no text yet.
func (t *texts) unlink() { t.ahead = 0 }

// flush sends the pending texts, in their order, as far as the pace lets it.
func (t *texts) flush() {
	if !t.open() {
		return
	}
	for t.ahead < min(len(t.pending), textAhead) {
		m := t.pending[t.ahead]
		if m.number > t.begun && !t.pace.take(time.Now()) {
			t.awaitPace()
			return
		}
		t.begun = max(t.begun, m.number)
		t.ahead++
		t.send(m)
	}
}

// awaitPace flushes once one more text may be sent.
func (t *texts) awaitPace() {
	if t.waits {
		return
	}
	t.waits = true
	t.after(textEvery, func() {
		t.waits = false
		t.flush()
	})
}

// receive takes a text of the other side, unless it came over an earlier link. Its
// error is ErrFlood.
func (t *texts) receive(m signal) error {
	if m.number <= t.got {
		return nil
	}
	if !t.flow.take(time.Now()) {
		return ErrFlood
	}
	t.got = m.number
	t.events.OnText(t.shown(m, false))
	t.confirm()
	return nil
}

// arrived forgets the texts up to a number, which have come to the other side.
func (t *texts) arrived(number int) {
	n := 0
	for n < len(t.pending) && t.pending[n].number <= min(number, t.begun) {
		n++
	}
	if n == 0 {
		return
	}
	newest := t.pending[n-1].number
	t.pending, t.ahead = t.pending[n:], max(0, t.ahead-n)
	t.events.OnArrived(newest)
	t.flush()
}

// lose gives up the pending texts: the call is over, and nothing will tell whether
// they have arrived.
func (t *texts) lose() {
	if len(t.pending) > 0 {
		t.events.OnLost(t.pending[0].number)
		t.pending = nil
	}
}

// newTexts returns the conversation of the session. The caller's side sends no text
// over a link before the callee's accept: their page may be another now, which takes
// none before its person takes the call.
func (s *session) newTexts() *texts {
	open := func() bool { return s.inBand() && (!s.outgoing || s.link.taken) }
	return newTexts(s.id, open, s.send, s.confirmTexts, s.later, &s.phone.config.Events)
}

// confirmTexts says once for all texts that have come by now that they have: the call
// may end right after it.
func (s *session) confirmTexts() {
	if s.confirming {
		return
	}
	s.confirming = true
	s.on(func() {
		s.confirming = false
		if s.inBand() {
			s.sendAlive()
		}
	})
}

// loseTexts gives up the texts of a session that is over.
func (s *session) loseTexts() {
	if s.phone.parted == s {
		s.phone.parted = nil
	}
	s.texts.lose()
}

// sendText sends a text in the present call; id is that of one that was lost in a call
// before, or "".
func (p *Phone) sendText(text, id string) {
	s := p.session
	switch {
	case text == "":
	case len(text) > MaxText:
		p.config.OnDrop(ErrTextTooLong)
	case s != nil && s.talks():
		s.texts.write(text, id)
	case id == "":
		p.config.OnUnsent(text)
	}
}
