package app

import (
	"errors"
	"fmt"

	"pushcall/call"
	"pushcall/webpush"
)

// Errors of a PushManager: why the browser has no address that rings.
var (
	ErrNoPush              = errors.New("app: no Push API here")               // too old, private mode, or not a secure context
	ErrPermissionDenied    = errors.New("app: notifications are not allowed")  // by the person, for good
	ErrPermissionDismissed = errors.New("app: notifications were not decided") // the prompt was closed
	ErrNoWorker            = errors.New("app: no service worker")              // its file did not come, or the browser stores none
	ErrSubscribe           = errors.New("app: the push service gave no subscription")
)

// ErrElsewhere is for changes that only the tab with the line may make.
var ErrElsewhere = errors.New("app: another tab has the line")

// CallsOff tells whether an error of a PushManager means that calls can neither ring
// here nor be made from here, since an answer comes as a call does, until the person
// changes something outside the page. All else of the application works.
func CallsOff(err error) bool {
	return errors.Is(err, ErrPermissionDenied) || errors.Is(err, ErrNoPush)
}

// Errors of a Sender: why it could not send a message.
var (
	ErrNoKey = errors.New("app: no application server key for this subscription")
	ErrRelay = fmt.Errorf("%w: no relay works", call.ErrUndelivered)

	// ErrLocalEndpoint is for a card whose push service would be on the reader's
	// own machine: a page of another host must not send requests there because a
	// stranger's card says so. Nor can such a card ring, so the person has to ask
	// for a new one.
	ErrLocalEndpoint = fmt.Errorf("%w: the endpoint is on this machine", webpush.ErrRefused)

	// ErrClock is for a push service that refuses new VAPID tokens, while the
	// page's host has another time than this device.
	ErrClock = errors.New("app: the clock of this device is wrong")
)
