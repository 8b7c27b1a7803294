//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"sync"
	"time"

	"pushcall/app"
	"pushcall/call"
	"pushcall/signaling"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// maxTokens is how many application server keys a Sender keeps tokens of, and of
// how many push services it remembers whether they let pages post to them. Every
// friend has one; what strangers send must not fill the memory.
const maxTokens = 64

// Sender pushes messages: straight to a push service that lets pages post to
// it (CORS), through a relay to any other. Of services that are not known it
// finds out: some of those that people host themselves do.
type Sender struct {
	relays  []*url.URL // in order of preference
	subject string     // of VAPID tokens, or ""
	key     webpush.ApplicationServerKey
	local   bool // the page is on this machine, and may post to push services here

	mu       sync.Mutex // another goroutine may run when a map's write allocates
	tokens   map[webpush.ApplicationServerKey]*webpush.VAPID
	straight map[string]bool // whether a push service that is not known lets pages post to it, by origin
}

// NewSender returns a sender. The contact is that of whoever hosts the page, if
// webpush.IsSubject holds for it. The key is the deployment's, for subscriptions
// that come without their own; it may be zero.
func NewSender(relays []*url.URL, contact string, key webpush.ApplicationServerKey) *Sender {
	if !webpush.IsSubject(contact) { // the page's own address may be one that only people nearby have
		contact = ""
	}
	return &Sender{relays: relays, subject: contact, key: key, local: isPageLocal(),
		tokens: map[webpush.ApplicationServerKey]*webpush.VAPID{}, straight: map[string]bool{}}
}

// NeedsRelay tells whether only a relay can pass a message on to a card's push service,
// as far as is known.
func (s *Sender) NeedsRelay(to signaling.Card) bool {
	endpoint := to.Subscription.Endpoint
	if service := endpoint.Service(); service.Name != "" {
		return !service.CORS
	}
	straight, learnt := s.learnt(endpoint)
	return learnt && !straight
}

// SetRelays has other relays used from now on.
func (s *Sender) SetRelays(relays []*url.URL) { s.relays = relays }

// isPageLocal tells whether the page's host is a loopback one.
func isPageLocal() bool {
	location, err := js.Get("location")
	if err != nil {
		return false
	}
	origin, err := js.StringOf(location, "origin")
	if err != nil {
		return false
	}
	page, err := webpush.ParseEndpoint(origin) // which knows what is a loopback host
	return err == nil && isLocal(page)
}

func isLocal(endpoint webpush.Endpoint) bool { return endpoint.Service().Name == "loopback" }

// CanPush returns ErrNoKey, ErrLocalEndpoint or webpush.ErrSubject for a card that
// nobody here can push to.
func (s *Sender) CanPush(to signaling.Card) error {
	if to.Key.IsZero() && s.key.IsZero() {
		return app.ErrNoKey
	}
	if isLocal(to.Subscription.Endpoint) && !s.local {
		return app.ErrLocalEndpoint
	}
	if service := to.Subscription.Endpoint.Service(); service.SubjectRequired && s.subject == "" {
		return fmt.Errorf("%w: %s wants one", webpush.ErrSubject, service.Name)
	}
	return nil
}

// Push encrypts a payload for a card's subscription and sends it. A refusal of the
// VAPID token is answered once, with a new one.
func (s *Sender) Push(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) error {
	err := s.push(ctx, to, payload, options)
	if !errors.Is(err, webpush.ErrUnauthorized) {
		return err
	}
	vapid, keyErr := s.vapid(ctx, to)
	if keyErr != nil {
		return keyErr
	}
	js.Log(err.Error())
	vapid.Forget(to.Subscription.Endpoint)
	err = s.push(ctx, to, payload, options)
	if errors.Is(err, webpush.ErrUnauthorized) && isClockWrong(ctx) {
		return fmt.Errorf("%w: %w", app.ErrClock, err)
	}
	return err
}

func (s *Sender) push(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) error {
	request, err := s.request(ctx, to, payload, options)
	if err != nil {
		return err
	}
	endpoint := to.Subscription.Endpoint
	if s.postsStraight(ctx, endpoint) {
		answer, err := js.Post(ctx, request.URL, request.Header, request.Body)
		switch {
		case err == nil:
			s.learn(endpoint, true)
			return webpush.CheckResponse(answer.Status, answer.Header("Retry-After"), time.Now())
		case isLocal(endpoint): // no relay's business
			return fmt.Errorf("%w: %w", call.ErrUndelivered, err)
		}
		js.Log(err.Error())
	}
	return s.relay(ctx, endpoint, request)
}

// postsStraight tells whether to post to a push service without a relay. A service
// that is not known is whatever its card says: nothing of the person's own network,
// and not told their address unless they called or answered.
func (s *Sender) postsStraight(ctx context.Context, endpoint webpush.Endpoint) bool {
	if service := endpoint.Service(); service.Name != "" {
		return service.CORS
	}
	straight, learnt := s.learnt(endpoint)
	return (straight || !learnt) && endpoint.IsPublic() && !call.IsUnasked(ctx)
}

// learn remembers whether a service that is not known lets pages post to it.
func (s *Sender) learn(endpoint webpush.Endpoint, straight bool) {
	if endpoint.Service().Name != "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.straight) >= maxTokens {
		clear(s.straight)
	}
	s.straight[endpoint.Origin()] = straight
}

// learnt returns what learn remembers of a service, if anything.
func (s *Sender) learnt(endpoint webpush.Endpoint) (straight, learnt bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	straight, learnt = s.straight[endpoint.Origin()]
	return straight, learnt
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
	endpoint := to.Subscription.Endpoint
	if straight, _ := s.learnt(endpoint); endpoint.Service().CORS || straight {
		return js.PostOnPageHide(request.URL, request.Header, request.Body)
	}
	if len(s.relays) == 0 {
		return nil, fmt.Errorf("%w: %w", call.ErrUncarried, app.ErrRelay)
	}
	return js.PostOnPageHide(s.relays[0].String(), relayHeader(request), request.Body)
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
// none has brought it there and one was busy, it is worth trying again. If none
// carries to that push service, it is not: call.ErrUncarried.
func (s *Sender) relay(ctx context.Context, endpoint webpush.Endpoint, request *webpush.Request) error {
	failed := app.ErrRelay
	refusals := 0
	var busy *call.BusyError
	for _, relay := range s.relays {
		answer, err := js.Post(ctx, relay.String(), relayHeader(request), request.Body)
		if err != nil {
			failed = fmt.Errorf("%w: %w", failed, err)
			continue
		}
		status, err := strconv.Atoi(answer.Header("Push-Status"))
		if err != nil { // the relay's own answer, or that of a host without one
			failed = fmt.Errorf("%w: %s answered %d", failed, relay.Host, answer.Status)
			if answer.Status == 403 || answer.Status == 400 { // not a host, or not a port, that it carries to
				refusals++
			}
			busy = sooner(busy, webpush.CheckResponse(answer.Status, answer.Header("Retry-After"), time.Now()))
			continue
		}
		s.learn(endpoint, false)
		return webpush.CheckResponse(status, answer.Header("Retry-After"), time.Now())
	}
	switch {
	case busy != nil:
		return fmt.Errorf("%w: %w", busy, failed)
	case refusals == len(s.relays) && !endpoint.Service().CORS:
		return fmt.Errorf("%w: %w", call.ErrUncarried, failed)
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
	s.mu.Lock()
	vapid, made := s.tokens[key]
	s.mu.Unlock()
	if made {
		return vapid, nil
	}
	signer, err := ImportSigner(ctx, key)
	if err != nil {
		return nil, err
	}
	if vapid, err = webpush.NewVAPID(signer, s.subject); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.tokens) >= maxTokens {
		clear(s.tokens)
	}
	s.tokens[key] = vapid
	return vapid, nil
}
