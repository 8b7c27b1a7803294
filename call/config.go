package call

import (
	"context"
	"errors"
	"fmt"

	"pushcall/files"
	"pushcall/signaling"
	"pushcall/webpush"
)

// ErrIncomplete is wrapped by the error of New for a Config without a required field,
// which the error names.
var ErrIncomplete = errors.New("call: a required field of Config is not set")

// Config is what a phone needs from where it runs. Fields are required unless their
// comment says what unset means. The functions of Directory, Policy and Events are
// called on the phone's loop and must not block.
type Config struct {
	Identity webpush.Signer        // signs every message
	Verify   webpush.VerifyFunc    // checks the signatures of others
	Card     func() signaling.Card // this phone's own, as it is now

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

// Directory finds people and calls that this phone knows.
type Directory struct {
	// Contact finds a contact.
	Contact func(identity webpush.PublicKey) (Contact, bool)
	// CardOf finds the newest card of a contact, or of anybody who has called.
	CardOf func(identity webpush.PublicKey) (signaling.Card, bool)
	// Logged reports whether a call is in the list of those that have ended: its
	// offer must not ring again, not even for a new phone.
	Logged func(signaling.CallID) bool
}

// Sender pushes messages.
type Sender struct {
	// Push encrypts payload for a card's subscription and sends it. Its errors
	// are those of webpush.NewRequest and webpush.CheckResponse, ErrUndelivered,
	// ErrUncarried and BusyError. Of some contexts IsUnasked holds.
	Push func(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) error
	// Prepare does all of Push that takes time, for a message that is sent once
	// the page goes away: by the browser, since this program may not run then.
	// The functions it returns say from when on, and that it is not sent any more.
	// Unset: no message is sent then, beside those that Leave sends.
	Prepare func(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) (arm func() (disarm func()), err error)
	// Ready makes sure that an answer can reach this phone: Card is as it is now
	// from then on. An offer is made meanwhile, and not pushed before. Unset: an answer
	// always can.
	Ready func(ctx context.Context) error
}

// Policy holds the person's choices. Both are false where they are unset.
type Policy struct {
	// Early reports whether to connect to a contact while it still rings, which
	// shows them this phone's network address before anybody has answered.
	Early func() bool
	// ContactsOnly reports whether only calls of contacts ring.
	ContactsOnly func() bool
}

// Events tell what happens. Those that are unset are ignored.
type Events struct {
	// OnHurry tells that the other side waits for this one: until ctx ends, at the
	// latest with the call, drawing can wait. Whoever delays it sets a limit.
	OnHurry  func(ctx context.Context)
	OnCall   func(Call)                       // the call has changed
	OnText   func(Text)                       // a text message was sent or has arrived
	OnFile   func(files.File)                 // a file is new or has changed
	OnQueue  func(n int)                      // n more files of this side are offered once others are over
	OnMissed func(Missed)                     // a call that never rang here: it came during another, or too late
	OnMoved  func(from, to webpush.PublicKey) // a contact has another identity from now on
	OnCard   func(signaling.Message)          // a contact has said what their card is now
	OnTest   func(signaling.CallID)           // a test message has come back
	OnDrop   func(error)                      // something that arrived was dropped, and why

	// OnArrived tells that the texts of this side up to a number have come to the
	// other.
	OnArrived func(number int)
	// OnUnsent returns a text that was sent to nobody: the call had just ended.
	OnUnsent func(text string)
	// OnLost tells that the texts of this side from a number on were lost: the call
	// is over, and nothing said that they had come.
	OnLost func(from int)
}

// complete returns an error that names the first required field that is not set, and
// sets the optional ones that are not.
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

// orElse has a function that is not set return x.
func orElse[T any](f *func() T, x T) {
	if *f == nil {
		*f = func() T { return x }
	}
}

// orIgnore has an event that is not set do nothing.
func orIgnore[T any](event *func(T)) {
	if *event == nil {
		*event = func(T) {}
	}
}
