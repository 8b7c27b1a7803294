//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"time"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/webpush"
)

// Why a message could not be sent at all.
var (
	ErrNoKey = errors.New("browser: no application server key for this subscription")
	ErrRelay = fmt.Errorf("%w: no relay works", call.ErrUndelivered)

	// ErrLocalEndpoint is for a card whose push service would be on the reader's
	// own machine: no page of another host has business there, and a card is
	// what a stranger says. Nor can such a card ring, so it is one to be asked
	// for anew.
	ErrLocalEndpoint = fmt.Errorf("%w: the endpoint is on this machine", webpush.ErrRefused)
)

// maxTokens is how many application server keys a Sender keeps tokens of. Every
// friend has one; what strangers send must not fill the memory.
const maxTokens = 64

// Sender pushes messages: straight to a push service that lets pages post to
// it (CORS), through a relay to any other.
type Sender struct {
	relays  []*url.URL // in order of preference
	subject string     // of VAPID tokens: mailto:, https: or ""
	key     webpush.ApplicationServerKey
	tokens  map[webpush.ApplicationServerKey]*webpush.VAPID
	local   bool // the page is on this machine, and may post to push services here
}

// NewSender returns a sender. The key is the deployment's, for subscriptions
// that come without their own; it may be zero.
func NewSender(relays []*url.URL, subject string, key webpush.ApplicationServerKey) *Sender {
	return &Sender{relays, subject, key, map[webpush.ApplicationServerKey]*webpush.VAPID{}, isPageLocal()}
}

// SetRelays has other relays used from now on.
func (s *Sender) SetRelays(relays []*url.URL) { s.relays = relays }

// isPageLocal tells whether the page's host is a loopback one.
func isPageLocal() bool {
	location, err := get("location")
	if err != nil {
		return false
	}
	origin, err := stringOf(location, "origin")
	if err != nil {
		return false
	}
	page, err := webpush.ParseEndpoint(origin) // which knows what is a loopback host
	return err == nil && isLocal(page)
}

func isLocal(endpoint webpush.Endpoint) bool { return endpoint.Service().Name == "loopback" }

// CanPush returns ErrNoKey or ErrLocalEndpoint for a card that nobody here can
// push to.
func (s *Sender) CanPush(to signaling.Card) error {
	if to.Key.IsZero() && s.key.IsZero() {
		return ErrNoKey
	}
	if isLocal(to.Subscription.Endpoint) && !s.local {
		return ErrLocalEndpoint
	}
	return nil
}

// Push encrypts a payload for a card's subscription and sends it.
func (s *Sender) Push(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) error {
	request, err := s.request(ctx, to, payload, options)
	if err != nil {
		return err
	}
	if to.Subscription.Endpoint.Service().CORS {
		answer, err := post(ctx, request.URL, request.Header, request.Body)
		switch {
		case err == nil:
			return webpush.CheckResponse(answer.status, answer.header("Retry-After"), time.Now())
		case isLocal(to.Subscription.Endpoint): // no relay's business
			return fmt.Errorf("%w: %w", call.ErrUndelivered, err)
		}
		Log(err.Error())
	}
	return s.relay(ctx, request)
}

// Prepare does all of Push that takes time, for a message that is sent once the
// page goes away: between arm and disarm, and even if this program is broken off.
// What becomes of it nobody learns, and where a relay is needed only the first is
// tried. It is good for some hours, as the VAPID token in it is.
func (s *Sender) Prepare(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) (arm func() (disarm func()), err error) {
	request, err := s.request(ctx, to, payload, options)
	if err != nil {
		return nil, err
	}
	if to.Subscription.Endpoint.Service().CORS {
		return postOnPageHide(request.URL, request.Header, request.Body)
	}
	if len(s.relays) == 0 {
		return nil, ErrRelay
	}
	return postOnPageHide(s.relays[0].String(), relayHeader(request), request.Body)
}

// request makes what is to be posted to a card's push service.
func (s *Sender) request(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) (*webpush.Request, error) {
	if err := s.CanPush(to); err != nil { // cards come in messages, too
		return nil, err
	}
	vapid, err := s.vapid(ctx, to)
	if err != nil {
		return nil, err
	}
	return webpush.NewRequest(ctx, to.Subscription, vapid, payload, options)
}

// relayHeader is the header of a request to a relay.
func relayHeader(request *webpush.Request) map[string]string {
	header := maps.Clone(request.Header)
	header["Push-Endpoint"] = request.URL
	return header
}

// busyTime is how long to wait for a relay that is busy and does not say.
const busyTime = 5 * time.Second

// relay tries one relay after the other, until a push service has answered. If
// none has brought it there and one was busy, it is worth trying again.
func (s *Sender) relay(ctx context.Context, request *webpush.Request) error {
	failed := ErrRelay
	var busy *call.BusyError
	for _, relay := range s.relays {
		answer, err := post(ctx, relay.String(), relayHeader(request), request.Body)
		if err != nil {
			failed = fmt.Errorf("%w: %w", failed, err)
			continue
		}
		status, err := strconv.Atoi(answer.header("Push-Status"))
		if err != nil { // the relay's own answer, or that of a host without one
			failed = fmt.Errorf("%w: %s answered %d", failed, relay.Host, answer.status)
			busy = sooner(busy, webpush.CheckResponse(answer.status, answer.header("Retry-After"), time.Now()))
			continue
		}
		return webpush.CheckResponse(status, answer.header("Retry-After"), time.Now())
	}
	if busy != nil {
		return fmt.Errorf("%w: %w", busy, failed)
	}
	return failed
}

// sooner returns the shorter of two waits, of which answer may be none.
func sooner(busy *call.BusyError, answer error) *call.BusyError {
	var tooMany *webpush.TooManyRequestsError
	if !errors.As(answer, &tooMany) {
		return busy
	}
	wait := max(tooMany.RetryAfter, time.Second)
	if tooMany.RetryAfter == 0 {
		wait = busyTime
	}
	if busy != nil && busy.RetryAfter < wait {
		return busy
	}
	return &call.BusyError{RetryAfter: wait}
}

func (s *Sender) vapid(ctx context.Context, to signaling.Card) (*webpush.VAPID, error) {
	key := to.Key
	if key.IsZero() {
		key = s.key
	}
	if vapid, ok := s.tokens[key]; ok {
		return vapid, nil
	}
	signer, err := ImportSigner(ctx, key)
	if err != nil {
		return nil, err
	}
	vapid, err := webpush.NewVAPID(signer, s.subject)
	if err != nil {
		return nil, err
	}
	if len(s.tokens) >= maxTokens {
		clear(s.tokens)
	}
	s.tokens[key] = vapid
	return vapid, nil
}
