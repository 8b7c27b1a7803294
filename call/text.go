package call

import (
	"strconv"
	"time"

	"pushcall/signaling"
)

// texts sends and receives the texts of one call. The phone's loop owns it. Browsers accept
// messages for a path that is gone without an error. So unconfirmed texts are sent again
// over the next link.
//
// A sender limits itself to what the other side accepts: a burst of textWindow, one more
// each textEvery, and textWindow unconfirmed. However long the path delays them, at most
// twice textWindow arrive at once and one more each textEvery, which is no flood.
type texts struct {
	call    signaling.CallID
	open    func() bool                     // reports whether the other side accepts texts over the present link
	send    func(signal)                    // sends over the link
	confirm func()                          // confirms all texts that have arrived, once all posted functions have run
	after   func(d time.Duration, f func()) // posts f after d
	events  *Events

	sent          int      // number of this side's newest text; begins above those that an earlier page gave in the same call
	got           int      // number of the other side's newest text
	pending       []signal // this side's unconfirmed texts
	inFlight      int      // how many of pending were sent over the present link
	newestSent    int      // number of the newest text that was sent over any link
	pace          bucket   // for texts to send for the first time
	paceScheduled bool     // awaitPace has scheduled a flush
	flow          bucket   // for texts of the other side
}

func newTexts(call signaling.CallID, open func() bool, send func(signal), confirm func(), after func(time.Duration, func()), events *Events) *texts {
	return &texts{call: call, open: open, send: send, confirm: confirm, after: after, events: events, sent: int(time.Now().UnixMilli()),
		pace: bucket{size: textWindow, every: textEvery}, flow: bucket{size: textBurst, every: textEvery}}
}

// write shows and sends a text. id is the ID of a text that was lost in an earlier call, or
// "".
func (t *texts) write(text, id string) {
	t.sent++
	m := signal{kind: signalText, text: text, number: t.sent, id: id}
	t.pending = append(t.pending, m)
	t.events.OnText(t.shown(m, true))
	t.flush()
}

// shown returns the Text of a signal.
func (t *texts) shown(m signal, mine bool) Text {
	x := Text{Text: m.text, Mine: mine, Time: time.Now(), Number: m.number, ID: m.id, Again: m.id != ""}
	if !x.Again {
		x.ID = t.call.String() + "." + strconv.Itoa(m.number)
	}
	return x
}

// linkClosed resets the count of texts over the link.
func (t *texts) linkClosed() { t.inFlight = 0 }

// flush sends the pending texts in their order, within textWindow and the pace.
func (t *texts) flush() {
	if !t.open() {
		return
	}
	for t.inFlight < min(len(t.pending), textWindow) {
		m := t.pending[t.inFlight]
		if m.number > t.newestSent && !t.pace.take(time.Now()) {
			t.awaitPace()
			return
		}
		t.newestSent = max(t.newestSent, m.number)
		t.inFlight++
		t.send(m)
	}
}

// awaitPace calls flush after textEvery.
func (t *texts) awaitPace() {
	if t.paceScheduled {
		return
	}
	t.paceScheduled = true
	t.after(textEvery, func() {
		t.paceScheduled = false
		t.flush()
	})
}

// receive handles a text of the other side. It ignores a text that has arrived before, over
// an earlier link. Its error is ErrFlood.
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

// arrived removes the texts up to a number from pending, since the other side has confirmed
// them.
func (t *texts) arrived(number int) {
	n := 0
	for n < len(t.pending) && t.pending[n].number <= min(number, t.newestSent) {
		n++
	}
	if n == 0 {
		return
	}
	newest := t.pending[n-1].number
	t.pending, t.inFlight = t.pending[n:], max(0, t.inFlight-n)
	t.events.OnArrived(newest)
	t.flush()
}

// lose reports the pending texts as lost: the call is over, so no confirmation can arrive.
func (t *texts) lose() {
	if len(t.pending) > 0 {
		t.events.OnLost(t.pending[0].number)
		t.pending = nil
	}
}

// newTexts returns the texts of the session. The caller's side sends no text over a link
// before the callee's accept: the callee's page may have been reloaded, and drops texts
// until its person has answered.
func (s *session) newTexts() *texts {
	open := func() bool { return s.inBand() && (!s.outgoing || s.link.acceptReceived) }
	return newTexts(s.id, open, s.send, s.confirmTexts, s.later, &s.phone.config.Events)
}

// confirmTexts sends one confirmation for all texts that have arrived by the time it is
// sent, without waiting for the next ping, since the call may end before that.
func (s *session) confirmTexts() {
	if s.confirming {
		return
	}
	s.confirming = true
	s.post(func() {
		s.confirming = false
		if s.inBand() {
			s.sendAlive()
		}
	})
}

// loseTexts reports the pending texts of a session that is over as lost.
func (s *session) loseTexts() {
	if s.phone.byeSession == s {
		s.phone.byeSession = nil
	}
	s.texts.lose()
}

// sendText sends a text in the present call. id is the ID of a text that was lost in an
// earlier call, or "".
func (p *Phone) sendText(text, id string) {
	s := p.session
	switch {
	case text == "":
	case len(text) > MaxText:
		p.config.OnDrop(ErrTextTooLong)
	case s != nil && s.talking():
		s.texts.write(text, id)
	case id == "":
		p.config.OnUnsent(text)
	}
}
