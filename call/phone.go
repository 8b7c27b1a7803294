package call

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pushcall/files"
	"pushcall/internal/loop"
	"pushcall/signaling"
	"pushcall/webpush"
)

// Why a call has ended with Protocol in which somebody, or their script, sent more
// than a friend can mean.
var (
	ErrFlood   = errors.New("call: more came through the data channel than a friend can mean")
	ErrFlooded = errors.New("call: the other side took what this one sent for a flood")
)

// ErrNotReady is why a call has ended whose answer could not have reached this
// phone. It wraps what Config.Ready says.
var ErrNotReady = errors.New("call: no answer could reach this phone")

// Reasons to drop what a push or the data channel brought, told to Config.OnDrop.
var (
	ErrReplay     = errors.New("call: message was seen before")
	ErrNoCard     = errors.New("call: offer without a card, of somebody who never sent one")
	ErrOwn        = errors.New("call: message from this phone itself")
	ErrBlocked    = errors.New("call: message from a blocked contact")
	ErrStranger   = errors.New("call: changed card of a stranger")
	ErrWrongCall  = errors.New("call: message belongs to no call of this phone")
	ErrCancelled  = errors.New("call: offer of a call that was cancelled")
	ErrSuperseded = errors.New("call: message is older than what its sender said since")
	ErrNoContact  = errors.New("call: offer of a stranger, and only contacts ring")
	ErrEarly      = errors.New("call: not before the call was answered")
	ErrTooMany    = errors.New("call: more than one sender may cause")
)

// Config is what a phone needs from where it runs. All fields are required.
// The functions named On are called on the phone's loop and must not block.
type Config struct {
	Identity webpush.Signer        // signs every message
	Verify   webpush.VerifyFunc    // checks those of others
	Card     func() signaling.Card // this phone's own, as it is now

	// Contact finds whom this phone knows. It must not block.
	Contact func(identity webpush.PublicKey) (Contact, bool)
	// CardOf finds the newest card of anybody who is known or has called. It
	// must not block.
	CardOf func(identity webpush.PublicKey) (signaling.Card, bool)
	// Logged tells whether a call is in the list of those that have ended: its
	// offer must not ring again, not even for a phone that is new.
	Logged func(signaling.CallID) bool
	// Early tells whether to connect to a contact while it still rings, which
	// shows them this phone's network address before anybody has answered.
	Early func() bool
	// ContactsOnly tells whether the calls of anybody else do not ring.
	ContactsOnly func() bool

	// Farthest is the kind of candidate that takes the next peer longest to gather.
	Farthest func() signaling.CandidateType
	// Ready makes sure that an answer can reach this phone: Card is as it is now
	// from then on. An offer is made meanwhile, and not pushed before.
	Ready func(ctx context.Context) error
	// NewPeer makes a peer connection that reports to events.
	NewPeer func(events PeerEvents) (Peer, error)

	// Push encrypts payload for a card's subscription and sends it. Its errors
	// are those of webpush.NewRequest and webpush.CheckResponse, ErrUndelivered,
	// ErrUncarried and BusyError. Of some contexts IsUnasked holds.
	Push func(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) error
	// Prepare does all of Push that takes time, for a message that is sent once
	// the page goes away: by the browser, since this program may not run then.
	// The functions it returns say from when on, and that it is not sent any more.
	Prepare func(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) (arm func() (disarm func()), err error)

	// OnHurry tells that the other side waits for this one: until ctx ends, at the
	// latest with the call, what people see can wait. Whoever has it wait sets a limit.
	OnHurry  func(ctx context.Context)
	OnCall   func(Call)                       // the call has changed
	OnText   func(Text)                       // a text message was sent or has arrived
	OnFile   func(files.File)                 // a file is new or has changed
	OnQueue  func(n int)                      // n more files of this side wait until some are over, to be offered
	OnMissed func(Missed)                     // a call that never rang here: it came during another, or too late
	OnMoved  func(from, to webpush.PublicKey) // a contact has another identity from now on
	OnCard   func(signaling.Message)          // a contact has said what their card is now
	OnTest   func(signaling.CallID)           // a test message has come back
	OnDrop   func(error)                      // something that arrived was dropped, and why

	// OnArrived tells that the texts of this side up to a number have come to the
	// other.
	OnArrived func(number int)
	// OnUnsent returns a text that was written to nobody: the call had just ended.
	OnUnsent func(text string)
	// OnLost tells that the texts of this side from a number on were lost: the call
	// is over, and nothing said that they had come.
	OnLost func(from int)
}

// A Phone has at most one call. Its methods may be called from any goroutine, the
// browser's callbacks included, and return at once if they take no context.
type Phone struct {
	config  Config
	loop    *loop.Loop
	opening *loop.Loop // opens messages, in the order they came
	session *session   // nil when idle
	parted  *session   // ended by this side's bye, which its friend may still be reading; or nil
	media   Media      // what this side sends
	memory  memory

	networks int // the most that a gathering has ended with
}

// New returns an idle phone.
func New(config Config) *Phone {
	p := &Phone{config: config, memory: newMemory()}
	p.loop, p.opening = loop.New(p.panicked), loop.New(p.panicked)
	return p
}

// Dial calls the owner of a card. To dial whoever rings at the moment is to
// answer; during any other call it does nothing.
func (p *Phone) Dial(card signaling.Card) { p.loop.Post(func() { p.dial(card) }) }

// Answer takes the call that rings here, if it is the one with that id. Of a
// message that was delivered before it need not wait for the outcome.
func (p *Phone) Answer(id signaling.CallID) { p.decide(id, (*session).accept) }

// Decline refuses the call that rings here, if it is the one with that id.
func (p *Phone) Decline(id signaling.CallID) {
	p.decide(id, func(s *session) { s.finish(Declined, nil) })
}

// HangUp ends the call, whatever its state.
func (p *Phone) HangUp() { p.loop.Post(p.hangUp) }

// Leave ends the call because the page goes away, with what can be sent at
// once, beside the message of Config.Prepare. A call that rings here is left to
// ring, for the person to come back to.
func (p *Phone) Leave() { p.loop.Post(p.leave) }

// HandOver ends the call because another tab takes the line. A call that rings
// here is left to ring there.
func (p *Phone) HandOver() { p.loop.Post(p.handOver) }

// SendText sends a text message; OnText shows it, or OnUnsent where there is no
// call that is connected. It drops a text above MaxText.
func (p *Phone) SendText(text string) { p.loop.Post(func() { p.sendText(text, "") }) }

// SendAgain sends a text that was lost in a call before, if it was meant for the
// friend of this one. Else it does nothing, and the caller tries in the next call.
func (p *Phone) SendAgain(to webpush.PublicKey, t Text) {
	p.loop.Post(func() {
		if s := p.session; s != nil && s.remote.Identity == to {
			p.sendText(t.Text, t.ID)
		}
	})
}

// SetMedia says what this side sends from now on, or would once a call is
// answered. It is told to the other side of this call, and of those to come.
func (p *Phone) SetMedia(m Media) { p.loop.Post(func() { p.setMedia(m) }) }

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

// Settle waits until all that was delivered before has had its effect. Its error
// is that of ctx.
func (p *Phone) Settle(ctx context.Context) error {
	settled := make(chan struct{})
	p.opening.Post(func() { p.loop.Post(func() { close(settled) }) })
	select {
	case <-settled:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
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

// decide acts on the call that rings here, after all that was delivered before.
func (p *Phone) decide(id signaling.CallID, f func(*session)) {
	p.opening.Post(func() {
		p.loop.Post(func() {
			if s := p.session; s != nil && s.id == id && s.ringsHere() {
				f(s)
			}
		})
	})
}

// receive acts on a message whose signature is good.
func (p *Phone) receive(m signaling.Message) error {
	now := time.Now()
	if m.From == p.config.Identity.Public() {
		if m.Type == signaling.Test {
			p.config.OnTest(m.Call)
			return nil
		}
		return ErrOwn
	}
	contact, known := p.config.Contact(m.From)
	before, blocked := p.predecessor(m.Succeeds)
	moved := !before.IsZero()
	if contact.Blocked || blocked {
		return ErrBlocked
	}
	if err := p.checkTime(m, now); err != nil {
		return err
	}
	if m.Description != nil && m.Description.HasMedia() {
		return fmt.Errorf("%w: media in %s", ErrEarly, m.Type)
	}
	if m.Type == signaling.CardChanged && !known && !moved {
		return ErrStranger
	}
	if p.seenBefore(m, now) {
		return ErrReplay
	}
	if moved {
		if !p.allow(before).changes.take(now) {
			return ErrTooMany
		}
		p.config.OnMoved(before, m.From)
		p.memory.moved(before, m.From)
	}
	switch m.Type {
	case signaling.Offer:
		return p.receiveOffer(m)
	case signaling.CardChanged:
		if !p.allow(m.From).changes.take(now) {
			return ErrTooMany
		}
		p.config.OnCard(m)
		return nil
	}
	s := p.session
	if s == nil || s.id != m.Call || !s.isFrom(m) {
		return p.receiveLate(m)
	}
	if m.Time.After(s.heard) {
		s.heard = m.Time
	}
	return s.receiveFor(m)
}

// predecessor returns the newest identity in a chain that is a contact's, or the
// zero value, and whether any contact among them is blocked: who moves stays so.
func (p *Phone) predecessor(chain signaling.Chain) (newest webpush.PublicKey, blocked bool) {
	for _, s := range chain.Successions() {
		if contact, known := p.contact(s.Old); known {
			newest, blocked = s.Old, blocked || contact.Blocked
		}
	}
	return newest, blocked
}

// checkTime returns an error for a message that is not to be acted on at the time
// now. Either clock may be wrong, this phone's own after it was set back: a call
// that does not ring for that is missed. What belongs to the present call is
// taken at any time, since nobody can send it before: they do not know its id.
func (p *Phone) checkTime(m signaling.Message, now time.Time) error {
	if s := p.session; s != nil && s.id == m.Call && s.isFrom(m) {
		return nil
	}
	err := m.Fresh(now, freshFor(m.Type))
	if err != nil && (m.Type == signaling.Offer || m.Type == signaling.Cancel) {
		if m.Time.After(now) {
			m.Time = now // or it would head the list for as long
		}
		p.missed(m)
	}
	return err
}

// receiveFor acts on what the other side of the present call says of it.
func (s *session) receiveFor(m signaling.Message) error {
	over := s.reasonNow
	switch {
	case m.Type == signaling.Answer || m.Type == signaling.Ringing:
		return s.receiveAnswer(m)
	case m.Type == signaling.Decline && s.outgoing:
		s.refused(over(Declined))
	case m.Type == signaling.Busy && s.outgoing && s.state == Dialing:
		s.refused(Busy)
	case m.Type == signaling.Cancel && !s.outgoing:
		s.end(over(Cancelled), nil)
	default:
		return fmt.Errorf("%w: %s while %s", ErrWrongCall, m.Type, s.state)
	}
	return nil
}

// panicked ends the call of a phone that had a bug in it; the page goes on.
func (p *Phone) panicked(err error) {
	p.loop.Post(func() {
		err = fmt.Errorf("call: %w", err)
		p.config.OnDrop(err)
		if s := p.session; s != nil {
			s.end(Protocol, err)
		}
	})
}

// polite tells which of two people yields in an offer collision.
func polite(own, remote webpush.PublicKey) bool { return own.Compare(remote) < 0 }
