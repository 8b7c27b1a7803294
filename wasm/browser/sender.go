//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/webpush"
)

// Why a message could not be sent at all.
var (
	ErrNoKey = errors.New("browser: no application server key for this subscription")
	ErrRelay = fmt.Errorf("%w: no relay works", call.ErrUndelivered)
)

// Sender pushes messages: straight to a push service that lets pages post to
// it (CORS), through a relay to any other.
type Sender struct {
	relays  []*url.URL // in order of preference
	subject string     // of VAPID tokens: mailto:, https: or ""
	key     webpush.ApplicationServerKey
	tokens  map[webpush.ApplicationServerKey]*webpush.VAPID
}

// NewSender returns a sender. The key is the deployment's, for subscriptions
// that come without their own; it may be zero.
func NewSender(relays []*url.URL, subject string, key webpush.ApplicationServerKey) *Sender {
	return &Sender{relays, subject, key, map[webpush.ApplicationServerKey]*webpush.VAPID{}}
}

// CanPush returns ErrNoKey for a card that nobody here can push to.
func (s *Sender) CanPush(to signaling.Card) error {
	if to.Key.IsZero() && s.key.IsZero() {
		return ErrNoKey
	}
	return nil
}

// Push encrypts a payload for a card's subscription and sends it.
func (s *Sender) Push(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) error {
	vapid, err := s.vapid(ctx, to)
	if err != nil {
		return err
	}
	request, err := webpush.NewRequest(ctx, to.Subscription, vapid, payload, options)
	if err != nil {
		return err
	}
	if to.Subscription.Endpoint.Service().CORS {
		answer, err := post(ctx, request.URL, request.Header, request.Body)
		switch {
		case err == nil:
			return webpush.CheckResponse(answer.status, answer.header("Retry-After"), time.Now())
		case !strings.HasPrefix(request.URL, "https:"): // on this machine, and no relay's business
			return fmt.Errorf("%w: %w", call.ErrUndelivered, err)
		}
		Log(err.Error())
	}
	return s.relay(ctx, request)
}

// relay tries one relay after the other, until a push service has answered.
func (s *Sender) relay(ctx context.Context, request *webpush.Request) error {
	failed := ErrRelay
	for _, relay := range s.relays {
		header := map[string]string{"Push-Endpoint": request.URL}
		for name, value := range request.Header {
			header[name] = value
		}
		answer, err := post(ctx, relay.String(), header, request.Body)
		if err != nil {
			failed = fmt.Errorf("%w: %w", failed, err)
			continue
		}
		status, err := strconv.Atoi(answer.header("Push-Status"))
		if err != nil { // the relay's own answer, or that of a host without one
			failed = fmt.Errorf("%w: %s answered %d", failed, relay.Host, answer.status)
			continue
		}
		return webpush.CheckResponse(status, answer.header("Retry-After"), time.Now())
	}
	return failed
}

func (s *Sender) vapid(ctx context.Context, to signaling.Card) (*webpush.VAPID, error) {
	key := to.Key
	if key.IsZero() {
		key = s.key
	}
	if key.IsZero() {
		return nil, ErrNoKey
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
	s.tokens[key] = vapid
	return vapid, nil
}
