package call

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// State is the state of a call.
type State uint8

const (
	Idle         State = iota // there is no call
	Dialing                   // outgoing: the offer is being made, or has no reply yet
	Ringing                   // the callee's person is asked, on this side or the other
	Connecting                // both people want the call, and the peers look for a path
	Connected                 // the two people talk
	Reconnecting              // the call was Connected, and its path is in doubt or lost
	Ended                     // see Reason
)

var stateNames = [...]string{"idle", "dialing", "ringing", "connecting", "connected", "reconnecting", "ended"}

func (s State) String() string { return stateNames[s] }

// Reason is the reason for the end of a call.
type Reason uint8

const (
	NoReason    Reason = iota
	HungUp             // a person hung up after the call was connected
	Cancelled          // the caller gave up before the call was connected
	Declined           // the callee declined, or gave up before the call was connected
	Busy               // the callee is in another call
	NoAnswer           // no answer came within RingTime
	Unreachable        // the push service no longer knows the subscription (404, 410)
	Refused            // the push service refused the message (400, 401, 403, 413)
	TooMany            // the push service wants fewer messages (429): see webpush.TooManyRequestsError; or the relays do: BusyError
	Undelivered        // the push service could not be reached, or failed: see webpush.UnavailableError
	Network            // the peers found no path to each other, or lost it
	Protocol           // the other side or the browser broke the protocol
	Unnamed            // the push service wants a VAPID subject (RFC 8292, Section 2.1), and the page's host gives none: webpush.ErrSubject
	Uncarried          // no relay forwards to the push service: ErrUncarried
)

var reasonNames = [...]string{"none", "hung up", "cancelled", "declined", "busy", "no answer", "unreachable",
	"refused", "too many", "undelivered", "network", "protocol", "unnamed", "uncarried"}

func (r Reason) String() string { return reasonNames[r] }

// StoredReason returns the reason that was stored as a number.
func StoredReason(number int64) (Reason, error) {
	if number < 0 || number >= int64(len(reasonNames)) {
		return 0, fmt.Errorf("reason %d", number)
	}
	return Reason(number), nil
}

// Durations of a call.
const (
	RingTime      = 45 * time.Second    // from dialing to NoAnswer; also the TTL of an offer
	MinRingTime   = 10 * time.Second    // the shortest ring, even of an offer that seems late: the caller's clock may be behind
	ConnectTime   = 30 * time.Second    // from both people's consent to Network
	ReconnectTime = 30 * time.Second    // from the loss of the path to Network; a side may stand still for 20 s of it
	MissedTime    = 24 * time.Hour      // TTL of a cancel, which reports a missed call
	CardTime      = 28 * 24 * time.Hour // TTL of a changed card: the longest that push services store a message
)

// The most pushes of one call by each side. The caller's side pushes offers and the end, the
// callee's side pushes replies to them, and the end in place of one. An undisturbed call
// takes one push of each side.
const (
	maxCallerPushes = maxRounds + 1
	maxCalleePushes = maxRounds
)

// Call describes a call to the page.
type Call struct {
	ID       signaling.CallID
	State    State
	Outgoing bool
	Remote   signaling.Card // the friend's; their name is a claim
	Known    bool           // the friend is a contact
	Name     string         // the contact's; "" if the friend is none
	Since    time.Time      // of the first Connected; zero before
	Heard    time.Time      // of the friend's newest push message, by their clock; zero before one
	Waits    bool           // Outgoing, Ringing: the friend is in another call, and sees this one
	Theirs   Media          // that the friend announces to send; before an answer, that they would send
	Again    time.Time      // of the next attempt to push a message that failed with Err; zero if none waits
	Reason   Reason         // of Ended
	Err      error          // the technical cause of Reason or Again; nil if there is none
}

// Missed reports whether the call rang here and was neither answered nor declined.
func (c Call) Missed() bool {
	return !c.Outgoing && c.State == Ended && c.Since.IsZero() && (c.Reason == Cancelled || c.Reason == NoAnswer)
}

// Text is a text in a call.
type Text struct {
	Text string
	Mine bool // this side has sent it
	Time time.Time

	Number  int    // greater than those of earlier texts of its side in the call
	Arrived bool   // Mine: it has arrived on the other side
	ID      string // unique among the texts of its side; "" if an early version has stored it
	Again   bool   // its sender repeats it, with its ID, because it was not confirmed in an earlier call
}

// freshFor returns how long a message is valid after it was sent.
func freshFor(kind signaling.Type) time.Duration {
	switch kind {
	case signaling.Cancel, signaling.Decline: // prepareEnd seals them long before they are sent
		return MissedTime
	case signaling.CardChanged:
		return CardTime
	default:
		return RingTime
	}
}

// reasonOf returns the reason for the end of a call whose push failed with err.
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
