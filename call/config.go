package call

import (
	"context"
	"errors"
	"fmt"

	"pushcall/files"
	"pushcall/signaling"
	"pushcall/webpush"
)

// ErrIncomplete is wrapped by the error of New for a Config that lacks a required field.
// The error names the field.
var ErrIncomplete = errors.New("call: a required field of Config is not set")

// Config connects a Phone to the program that runs it. Fields are required unless their
// comment says what unset means. The functions of Directory, Policy and Events are
// called on the phone's loop and must not block.
type Config struct {
	Identity webpush.Signer        // signs every message
	Verify   webpush.VerifyFunc    // checks the signatures of others
	Card     func() signaling.Card // returns this phone's own, as it is now

	// NewPeer makes a peer connection that reports to events.
	NewPeer func(events PeerEvents) (Peer, error)
	// Farthest is the kind of candidate that takes the next peer longest to gather;
	// unset: signaling.Host, as without STUN and TURN servers.
	Farthest func() signaling.CandidateType

	Directory
	Sender
	Policy
	Events
}

// Directory looks up people and calls that this phone knows.
type Directory struct {
	// Contact returns the contact of an identity.
	Contact func(identity webpush.PublicKey) (Contact, bool)
	// CardOf returns the newest card of a contact, or of anybody who has called.
	CardOf func(identity webpush.PublicKey) (signaling.Card, bool)
	// Logged reports whether the list of calls has a call and its end: its offer must
	// not ring again, not even on another page.
	Logged func(signaling.CallID) bool
}

// Sender pushes messages.
type Sender struct {
	// Push encrypts payload for a card's subscription and sends it. Its errors
	// are those of webpush.NewRequest and webpush.CheckResponse, ErrUndelivered,
	// ErrUncarried and BusyError. If IsUnasked(ctx), the receiver must not learn this
	// phone's network address.
	Push func(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) error
	// Prepare does the part of Push that takes time, for a message that the browser sends
	// when the page goes away, since this program may not run then. arm registers the
	// message, disarm removes it. Unset: only Leave sends messages then.
	Prepare func(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) (arm func() (disarm func()), err error)
	// Ready makes sure that an answer can reach this phone, and may change Card for that.
	// The phone makes an offer meanwhile. It reads Card and pushes the offer after that.
	// Unset: an answer can always reach this phone.
	Ready func(ctx context.Context) error
}

// Policy holds the person's choices. Both are false where they are unset.
type Policy struct {
	// Early reports whether to connect to a contact while their call rings, which
	// shows them this phone's network address before anybody has answered.
	Early func() bool
	// ContactsOnly reports whether only calls of contacts ring.
	ContactsOnly func() bool
}

// Events report what happens in the phone. Unset events are ignored.
type Events struct {
	// OnHurry reports that the other side waits for this one. Drawing can wait until ctx
	// ends, which is at the latest with the call. The receiver has to limit the delay.
	OnHurry   func(ctx context.Context)
	OnCall    func(Call)                       // the call has changed
	OnWaiting func(Call)                       // a contact's call waits during another (Ringing), is over (Ended), or waits no longer (Idle)
	OnText    func(Text)                       // a text was sent or has arrived
	OnFile    func(files.File)                 // a file is new or has changed
	OnQueue   func(n int)                      // n files of this side wait to be offered once others are over
	OnMissed  func(Missed)                     // a call has arrived that does not ring
	OnMoved   func(from, to webpush.PublicKey) // a contact's identity has a successor
	OnCard    func(signaling.Message)          // a contact has sent their present card
	OnTest    func(signaling.CallID)           // a test message of this phone has arrived
	OnDrop    func(error)                      // a message was dropped, or something failed that does not end the call

	// OnArrived reports that the texts of this side up to a number have arrived on the
	// other side.
	OnArrived func(number int)
	// OnUnsent returns a text that was not sent, because the call had just ended.
	OnUnsent func(text string)
	// OnLost reports that the texts of this side from a number on were lost: the call
	// is over, and the other side has not confirmed them.
	OnLost func(from int)
}

// complete sets the optional fields that are unset. Its error names the first required
// field that is unset.
func (c *Config) complete() error {
	for _, field := range []struct {
		name string
		set  bool
	}{
		{"Identity", c.Identity != nil}, {"Verify", c.Verify != nil}, {"Card", c.Card != nil}, {"NewPeer", c.NewPeer != nil},
		{"Directory.Contact", c.Contact != nil}, {"Directory.CardOf", c.CardOf != nil}, {"Directory.Logged", c.Logged != nil},
		{"Sender.Push", c.Push != nil},
	} {
		if !field.set {
			return fmt.Errorf("%w: %s", ErrIncomplete, field.name)
		}
	}
	orElse(&c.Farthest, signaling.Host)
	orElse(&c.Early, false)
	orElse(&c.ContactsOnly, false)
	if c.Ready == nil {
		c.Ready = func(context.Context) error { return nil }
	}
	if c.OnMoved == nil {
		c.OnMoved = func(_, _ webpush.PublicKey) {}
	}
	orIgnore(&c.OnHurry)
	orIgnore(&c.OnCall)
	orIgnore(&c.OnWaiting)
	orIgnore(&c.OnText)
	orIgnore(&c.OnFile)
	orIgnore(&c.OnQueue)
	orIgnore(&c.OnMissed)
	orIgnore(&c.OnCard)
	orIgnore(&c.OnTest)
	orIgnore(&c.OnDrop)
	orIgnore(&c.OnArrived)
	orIgnore(&c.OnUnsent)
	orIgnore(&c.OnLost)
	return nil
}

// orElse sets a function that is unset to one that returns x.
func orElse[T any](f *func() T, x T) {
	if *f == nil {
		*f = func() T { return x }
	}
}

// orIgnore sets an event that is unset to a function that does nothing.
func orIgnore[T any](event *func(T)) {
	if *event == nil {
		*event = func(T) {}
	}
}
