package call

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"pushcall/internal/loop"
	"pushcall/signaling"
	"pushcall/webpush"
)

// ErrUndelivered is what a Config.Push wraps when a message did not reach the
// push service: no network, or no relay that works.
var ErrUndelivered = errors.New("call: the message did not reach the push service")

// Reasons to drop what a push brought, told to Config.OnDrop.
var (
	ErrReplay     = errors.New("call: message was seen before")
	ErrNoCard     = errors.New("call: offer without the caller's card")
	ErrOwn        = errors.New("call: message from this phone itself")
	ErrWrongCall  = errors.New("call: message belongs to no call of this phone")
	ErrCancelled  = errors.New("call: offer of a call that was cancelled")
	ErrSuperseded = errors.New("call: offer is older than what its sender said since")
)

// Config is what a phone needs from where it runs. All fields are required.
// The functions named On are called on the phone's loop and must not block.
type Config struct {
	Identity webpush.Signer        // signs every message
	Verify   webpush.VerifyFunc    // checks those of others
	Card     func() signaling.Card // this phone's own, as it is now

	// NewPeer makes a peer connection that reports to events.
	NewPeer func(events PeerEvents) (Peer, error)

	// Push encrypts payload for a card's subscription and sends it. Its errors
	// are those of webpush.NewRequest and webpush.CheckResponse, and ErrUndelivered.
	Push func(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) error

	OnCall func(Call)  // the call has changed
	OnText func(Text)  // a text message was sent or has arrived
	OnDrop func(error) // something that arrived was dropped, and why
}

// A Phone has at most one call. Its methods return at once and may be called
// from any goroutine, the browser's callbacks included.
type Phone struct {
	config  Config
	loop    *loop.Loop
	opening *loop.Loop           // opens messages, in the order they came
	session *session             // nil when idle
	seen    map[pushed]time.Time // messages taken, until they would be stale anyway
}

// pushed names a message, to recognize it when it comes again.
type pushed struct {
	from webpush.PublicKey
	call signaling.CallID
	kind signaling.Type
}

// New returns an idle phone.
func New(config Config) *Phone {
	p := &Phone{config: config, seen: map[pushed]time.Time{}}
	p.loop, p.opening = loop.New(p.panicked), loop.New(p.panicked)
	return p
}

// Dial calls the owner of a card. During a call it does nothing.
func (p *Phone) Dial(card signaling.Card) { p.loop.Post(func() { p.dial(card) }) }

// HangUp ends the call, whatever its state.
func (p *Phone) HangUp() { p.loop.Post(p.hangUp) }

// SendText sends a text message; OnText shows it. It does nothing without an
// open channel, and drops a text above MaxText.
func (p *Phone) SendText(text string) { p.loop.Post(func() { p.sendText(text) }) }

// Deliver takes the payload of a push message.
func (p *Phone) Deliver(payload []byte) {
	p.opening.Post(func() {
		receiver := p.config.Card().Subscription.UAPublic
		m, err := signaling.Open(p.opening.Context(), payload, receiver, p.config.Verify)
		p.loop.Post(func() {
			if err == nil {
				err = p.receive(m)
			}
			if err != nil {
				p.config.OnDrop(err)
			}
		})
	})
}

// Close ends the call and waits for everything the phone has started.
func (p *Phone) Close() {
	done := make(chan struct{})
	p.loop.Post(func() { defer close(done); p.hangUp() })
	select {
	case <-done:
	case <-p.loop.Context().Done(): // closed before
	}
	p.opening.Close()
	p.loop.Close()
}

func (p *Phone) dial(card signaling.Card) {
	if p.session != nil {
		return
	}
	s, err := p.begin(card, signaling.NewCallID(), true)
	if err != nil {
		return
	}
	s.timer = time.AfterFunc(RingTime, func() { p.on(s, func() { p.giveUp(s, NoAnswer) }) })
	p.show(s, Dialing)
	p.attempt(s, signaling.Offer, func(ctx context.Context) error { return s.peer.CreateChannel() })
}

// answer takes a call. It is automatic: whoever holds the card gets through.
func (p *Phone) answer(offer signaling.Message) {
	s, err := p.begin(*offer.Card, offer.Call, false)
	if err != nil {
		return
	}
	s.heard = offer.Time
	p.connecting(s)
	p.attempt(s, signaling.Answer, func(ctx context.Context) error {
		return s.peer.SetRemoteDescription(ctx, Description{Type: signalOffer, SDP: offer.Description.SDP()})
	})
}

// attempt prepares the peer, makes its description and pushes it.
func (p *Phone) attempt(s *session, kind signaling.Type, prepare func(context.Context) error) {
	p.loop.Beside(func() func() {
		err := prepare(s.ctx)
		if err == nil {
			err = p.describe(s, kind)
		}
		return func() {
			if err != nil && p.session == s {
				p.end(s, reasonOf(err), err)
			}
		}
	})
}

// describe gathers the local description and pushes it. It runs beside the
// loop and reads only what does not change during a session.
func (p *Phone) describe(s *session, kind signaling.Type) error {
	if err := s.peer.SetLocalDescription(s.ctx); err != nil {
		return err
	}
	if err := s.gathering.wait(s.ctx); err != nil {
		return err
	}
	s.inDescription.Store(s.gathering.count.Load())
	local, err := s.peer.LocalDescription()
	if err != nil {
		return err
	}
	compact, err := signaling.ParseSDP(local.SDP)
	if err != nil {
		return err
	}
	m := signaling.Message{Type: kind, Call: s.id, Description: &compact}
	if kind == signaling.Offer {
		own := p.config.Card()
		m.Card = &own
	}
	s.described.Store(true)
	return p.push(s.ctx, s.remote, m, RingTime)
}

// receive acts on a message whose signature is good.
func (p *Phone) receive(m signaling.Message) error {
	now := time.Now()
	if m.From == p.config.Identity.Public() {
		return ErrOwn
	}
	if err := m.Fresh(now, RingTime); err != nil {
		return err
	}
	if err := p.remember(m, now); err != nil {
		return err
	}
	s := p.session
	if m.Type == signaling.Offer {
		return p.receiveOffer(s, m)
	}
	if s == nil || s.id != m.Call || !s.isFrom(m) {
		return fmt.Errorf("%w: %s", ErrWrongCall, m.Type)
	}
	if m.Time.After(s.heard) {
		s.heard = m.Time
	}
	switch {
	case m.Type == signaling.Answer && s.state == Dialing:
		p.receiveAnswer(s, m)
	case m.Type == signaling.Decline && s.outgoing && !s.opened():
		p.end(s, Declined, nil)
	case m.Type == signaling.Busy && s.state == Dialing:
		p.end(s, Busy, nil)
	case m.Type == signaling.Cancel && !s.outgoing && !s.opened():
		p.end(s, Cancelled, nil)
	default:
		return fmt.Errorf("%w: %s while %s", ErrWrongCall, m.Type, s.state)
	}
	return nil
}

func (p *Phone) receiveOffer(s *session, m signaling.Message) error {
	_, cancelled := p.seen[pushed{m.From, m.Call, signaling.Cancel}]
	switch {
	case cancelled: // push services may reorder
		return ErrCancelled
	case m.Card == nil:
		return ErrNoCard
	case s == nil:
		p.answer(m)
	case !s.isFrom(m):
		p.pushEnd(*m.Card, m.Call, signaling.Busy)
	case s.heard.After(m.Time):
		return ErrSuperseded
	case s.state == Dialing:
		if !polite(p.config.Identity.Public(), m.From) {
			return nil // an offer collision, and ours stands: they will answer it
		}
		p.drop(s)
		p.answer(m)
	default:
		// They have lost this call, by a reload or a crash, and call anew.
		p.drop(s)
		p.answer(m)
	}
	return nil
}

func (p *Phone) receiveAnswer(s *session, m signaling.Message) {
	s.remote.Identity = m.From // a plain subscription did not tell
	p.connecting(s)
	p.loop.Beside(func() func() {
		err := s.peer.SetRemoteDescription(s.ctx, Description{Type: signalAnswer, SDP: m.Description.SDP()})
		return func() {
			if err != nil && p.session == s {
				p.end(s, Protocol, err)
			}
		}
	})
}

func (p *Phone) hangUp() {
	s := p.session
	switch {
	case s == nil:
	case s.opened():
		p.session = nil
		p.farewell(s)
		p.ended(s, HungUp, nil)
	case s.outgoing:
		p.giveUp(s, Cancelled)
	default:
		p.pushEnd(s.remote, s.id, signaling.Decline)
		p.end(s, Declined, nil)
	}
}

// giveUp ends an outgoing call that was not answered. If its offer may have
// left, a cancel under the same topic takes its place at the push service.
func (p *Phone) giveUp(s *session, reason Reason) {
	if s.described.Load() {
		p.pushEnd(s.remote, s.id, signaling.Cancel)
	}
	p.end(s, reason, nil)
}

func (p *Phone) sendText(text string) {
	s := p.session
	if s == nil || !s.opened() || text == "" {
		return
	}
	if len(text) > MaxText {
		p.config.OnDrop(ErrTextTooLong)
		return
	}
	if err := s.peer.Send(signal{kind: signalText, text: text}.format()); err != nil {
		p.config.OnDrop(err)
		return
	}
	p.config.OnText(Text{Text: text, Mine: true, Time: time.Now()})
}

// push signs m for a card's owner and pushes it.
func (p *Phone) push(ctx context.Context, to signaling.Card, m signaling.Message, ttl time.Duration) error {
	m.From, m.Time = p.config.Identity.Public(), time.Now()
	payload, err := m.Seal(ctx, p.config.Identity, to.Subscription.UAPublic)
	if err != nil {
		return err
	}
	return p.config.Push(ctx, to, payload, webpush.Options{TTL: ttl, Urgency: webpush.UrgencyHigh, Topic: topic(m.Call, to)})
}

// topic names a call to the push service of one side: a cancel takes the place
// of its undelivered offer. It does not give the call's id away, which lets one
// answer, nor does it tell a relay that two pushes belong to one call.
func topic(id signaling.CallID, receiver signaling.Card) string {
	sum := sha256.Sum256(append(id[:], receiver.Subscription.UAPublic.Bytes()...))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// pushEnd tells the other side that a call is over before it connected.
func (p *Phone) pushEnd(to signaling.Card, id signaling.CallID, kind signaling.Type) {
	ttl := RingTime
	if kind == signaling.Cancel {
		ttl = MissedTime
	}
	p.loop.Beside(func() func() {
		err := p.push(p.loop.Context(), to, signaling.Message{Type: kind, Call: id}, ttl)
		return func() {
			if err != nil {
				p.config.OnDrop(fmt.Errorf("push %s: %w", kind, err))
			}
		}
	})
}

// remember refuses a message that was taken before, and forgets those too old
// to be taken again.
func (p *Phone) remember(m signaling.Message, now time.Time) error {
	for key, until := range p.seen {
		if now.After(until) {
			delete(p.seen, key)
		}
	}
	key := pushed{m.From, m.Call, m.Type}
	if _, again := p.seen[key]; again {
		return ErrReplay
	}
	p.seen[key] = m.Time.Add(RingTime + signaling.ClockSkew)
	return nil
}

// panicked ends the call of a phone that had a bug in it; the page goes on.
func (p *Phone) panicked(err error) {
	p.loop.Post(func() {
		err = fmt.Errorf("call: %w", err)
		p.config.OnDrop(err)
		if s := p.session; s != nil {
			p.end(s, Protocol, err)
		}
	})
}

// polite tells which of two people yields in an offer collision.
func polite(own, remote webpush.PublicKey) bool { return own.Compare(remote) < 0 }
