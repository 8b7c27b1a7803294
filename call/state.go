package call

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// State is where a call is.
type State uint8

const (
	Idle         State = iota // there is no call
	Dialing                   // the offer is being made, or waits to be heard of
	Ringing                   // the callee's person is asked: here, or over there
	Connecting                // both people want the call, the peers look for a path
	Connected                 // they talk
	Reconnecting              // they did, and no path works at the moment
	Ended                     // see Reason
)

var stateNames = [...]string{"idle", "dialing", "ringing", "connecting", "connected", "reconnecting", "ended"}

func (s State) String() string { return stateNames[s] }

// Reason is why a call ended.
type Reason uint8

const (
	NoReason    Reason = iota
	HungUp             // a person hung up after it was connected
	Cancelled          // the caller gave up before it was connected
	Declined           // the callee refused, or gave up before it was connected
	Busy               // the callee is in another call
	NoAnswer           // no answer came within RingTime
	Unreachable        // the push service no longer knows the address (404, 410)
	Refused            // the push service refused the message (400, 401, 403, 413)
	TooMany            // the push service wants fewer messages (429): see webpush.TooManyRequestsError; or the relays do: BusyError
	Undelivered        // the push service could not be reached, or failed: see webpush.UnavailableError
	Network            // the peers found no path to each other, or lost it
	Protocol           // the other side, or the browser, did what it must not
	Unnamed            // the push service wants to know whom to write to, and the page's host does not say: webpush.ErrSubject
	Uncarried          // no relay carries to the push service: ErrUncarried
)

var reasonNames = [...]string{"none", "hung up", "cancelled", "declined", "busy", "no answer", "unreachable",
	"refused", "too many", "undelivered", "network", "protocol", "unnamed", "uncarried"}

func (r Reason) String() string { return reasonNames[r] }

// StoredReason reads a reason that was stored as a number.
func StoredReason(number int64) (Reason, error) {
	if number < 0 || number >= int64(len(reasonNames)) {
		return 0, fmt.Errorf("reason %d", number)
	}
	return Reason(number), nil
}

// Durations of a call.
const (
	RingTime      = 45 * time.Second    // from dialing to NoAnswer; also the TTL of an offer
	MinRingTime   = 10 * time.Second    // a ring lasts, however late it comes: the caller's clock may be behind
	ConnectTime   = 30 * time.Second    // from both people's consent to Network
	ReconnectTime = 30 * time.Second    // from the loss of the path to Network; a side may stand still for 20 s of it
	MissedTime    = 24 * time.Hour      // TTL of a cancel: how long a missed call can still be told
	CardTime      = 28 * 24 * time.Hour // TTL of a changed card: the longest that push services keep a message
)

// Most pushes of one call, counted on each side: the offers and the end; the
// answers, or fewer and the end. A call that just works takes one on each.
const (
	maxCallerPushes = maxRounds + 1
	maxCalleePushes = maxRounds
)

// Call is what there is to show of a call.
type Call struct {
	ID       signaling.CallID
	State    State
	Outgoing bool
	Remote   signaling.Card // the friend's; their name is a claim
	Known    bool           // the friend is a contact
	Name     string         // the contact's; "" where there is none
	Since    time.Time      // of the first Connected; zero before
	Heard    time.Time      // when the friend sent their newest message by push, by their clock; zero before one
	Theirs   Media          // what the friend says that they send; before an answer, that they would
	Again    time.Time      // when what a relay or the push service turned away is pushed again, for Err; zero where nothing waits
	Reason   Reason         // why it Ended
	Err      error          // the technical cause, where there is one
}

// Missed tells whether the call rang here and was neither answered nor declined.
func (c Call) Missed() bool {
	return !c.Outgoing && c.State == Ended && c.Since.IsZero() && (c.Reason == Cancelled || c.Reason == NoAnswer)
}

// Text is a message in a call's conversation.
type Text struct {
	Text string
	Mine bool
	Time time.Time

	Number  int    // counts those of its side in the call
	Arrived bool   // one of this side's has come to the other
	ID      string // among those of its side; "" where it was stored before there were any
	Again   bool   // it was lost in a call before, as far as its sender knows, and has the ID of then
}

// freshFor is how long a message is good for after it was sent.
func freshFor(kind signaling.Type) time.Duration {
	switch kind {
	case signaling.Cancel, signaling.Decline: // they are prepared long before
		return MissedTime
	case signaling.CardChanged:
		return CardTime
	default:
		return RingTime
	}
}

// reasonOf tells why a call ends whose offer or answer failed with err.
func reasonOf(err error) Reason {
	var tooMany *webpush.TooManyRequestsError
	var busy *BusyError
	switch {
	case errors.Is(err, webpush.ErrGone):
		return Unreachable
	case errors.Is(err, webpush.ErrSubject):
		return Unnamed
	case errors.Is(err, ErrUncarried):
		return Uncarried
	case errors.Is(err, webpush.ErrRefused), errors.Is(err, webpush.ErrTooLarge):
		return Refused
	case errors.As(err, &tooMany), errors.As(err, &busy):
		return TooMany
	case errors.Is(err, ErrUndelivered), errors.Is(err, webpush.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return Undelivered
	default:
		return Protocol
	}
}
