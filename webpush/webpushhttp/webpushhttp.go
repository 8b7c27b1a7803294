// Package webpushhttp sends push messages with net/http (RFC 8030, Section 5).
//
//	Send                                          push service
//	  | POST endpoint, TTL: 60, Urgency, Topic  ->  |
//	  | <- 503 Service Unavailable, Retry-After: 20 |
//	  |   20 s later, encrypted anew                |
//	  | POST endpoint, TTL: 40, Urgency, Topic  ->  |
//	  | <- 201 Created                              |
//
// It is apart from package webpush, which runs in web pages, where net/http
// would be 870 kB to download.
//
// A 201 says that the push service has the message (RFC 8030, Section 5), not
// that a user agent does. Receipts (Section 5.1), which would, are not asked
// for: no service of a browser gives them.
package webpushhttp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"pushcall/relay"
	"pushcall/webpush"
)

const (
	// answerTime is how long a push service may take to answer one request.
	answerTime = 30 * time.Second

	// maxAnswer bounds the header of an answer, where the client is this
	// package's, and what is read of its body, which nothing is taken from; octets.
	maxAnswer = 16 << 10

	// A service that has trouble and does not say for how long is asked again
	// after firstWait, then after twice as long each time, up to lastWait.
	firstWait = time.Second
	lastWait  = time.Minute
)

// Sender sends push messages of one application server. It is safe for
// concurrent use.
type Sender struct {
	// MaxPlaintext is the largest plaintext that Send takes, and pads to, in
	// octets. New sets it to webpush.MaxPlaintext, which reaches every known
	// browser; webpush.LimitPlaintext at the most. It must not change while Send runs.
	MaxPlaintext int

	vapid  *webpush.VAPID
	client http.Client
}

// New returns a Sender that identifies itself by vapid, which must not be nil.
//
// Whoever subscribes chooses the endpoint, so that a request goes where a
// stranger wants. With a nil client it goes to public addresses only, by no
// proxy. A client of your own goes wherever it can: give one for push services on
// your machine, and for a proxy. Either way redirects are not followed.
func New(vapid *webpush.VAPID, client *http.Client) *Sender {
	if client == nil {
		client = &http.Client{Transport: &http.Transport{
			DialContext:            relay.DialPublic,
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    answerTime,
			IdleConnTimeout:        90 * time.Second,
			MaxResponseHeaderBytes: maxAnswer,
			// A connection that a firewall has forgotten answers nothing (golang/go#36026).
			HTTP2: &http.HTTP2Config{SendPingTimeout: 10 * time.Second, PingTimeout: 5 * time.Second},
		}}
	}
	s := &Sender{webpush.MaxPlaintext, vapid, *client}
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s
}

// Send encrypts plaintext for the subscription, and returns nil once its push
// service has the message.
//
// Where the service has trouble (500 to 599) or finds that too many messages
// come (429: RFC 8030, Section 8.4; and WNS's 406 with a Retry-After), Send waits as long as
// Retry-After says (RFC 9110, Section 10.2.3), else 1 s and then twice as long
// each time up to a minute, and sends the message again. It gives up at once
// where that would be after options.TTL, counted from the call of Send, or after
// ctx ends. So of a TTL of 0 there is one attempt. What is sent later has as
// much less of a TTL (RFC 8030, Section 5.2). A service that failed after it took
// the message may deliver it twice; a Topic makes the later one replace the other
// (Section 5.4).
//
// Errors are those of webpush.NewRequest and webpush.CheckResponse, of which
// webpush.ErrGone says to delete the subscription (RFC 8030, Section 7.3), and
// those of the http.Client, without the endpoint: it is a capability (Section
// 8.3) and errors are for logs. When ctx ends while Send waits, the error wraps
// both the service's and the context's.
func (s *Sender) Send(ctx context.Context, sub webpush.Subscription, plaintext []byte, options webpush.Options) error {
	expires := time.Now().Round(0).Add(options.TTL) // by the wall clock: the other stands still in a machine that sleeps
	for backoff := firstWait; ; backoff = min(2*backoff, lastWait) {
		status, err := s.post(ctx, sub, plaintext, options)
		wait, again := retryAfter(status, err, backoff)
		if !again {
			return err
		}
		at := time.Now().Add(wait)
		if deadline, ok := ctx.Deadline(); !at.Round(0).Before(expires) || ok && !at.Before(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", err, context.Cause(ctx))
		case <-time.After(wait):
		}
		options.TTL = min(options.TTL, expires.Sub(time.Now().Round(0))) // min: the clock may have been set back
		if options.TTL <= 0 {
			return err
		}
	}
}

// retryAfter returns after what time a message is to be sent again, if at all.
// The status and err are those of post.
func retryAfter(status int, err error, backoff time.Duration) (wait time.Duration, again bool) {
	var tooMany *webpush.TooManyRequestsError
	var unavailable *webpush.UnavailableError
	switch {
	case errors.As(err, &tooMany) && tooMany.RetryAfter > 0:
		return tooMany.RetryAfter, true
	case errors.As(err, &unavailable):
		return unavailable.RetryAfter, true
	}
	return backoff, status == http.StatusTooManyRequests || errors.Is(err, webpush.ErrUnavailable)
}

// post sends a message once. It returns the status of the answer, 0 if there is
// none.
func (s *Sender) post(ctx context.Context, sub webpush.Subscription, plaintext []byte, options webpush.Options) (status int, err error) {
	message, err := webpush.NewRequestWithin(ctx, sub, s.vapid, plaintext, options, s.MaxPlaintext)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, message.Method, message.URL, bytes.NewReader(message.Body))
	if err != nil {
		return 0, withoutURL(err)
	}
	for name, value := range message.Header {
		request.Header.Set(name, value)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return 0, withoutURL(err)
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, maxAnswer) // lets the connection be used again
	err = webpush.CheckResponse(response.StatusCode, response.Header.Get("Retry-After"), time.Now())
	if errors.Is(err, webpush.ErrUnauthorized) {
		s.vapid.Forget(sub.Endpoint)
	}
	return response.StatusCode, err
}

// withoutURL takes the endpoint out of an error of net/http.
func withoutURL(err error) error {
	var with *url.Error
	if errors.As(err, &with) {
		err = with.Err
	}
	return fmt.Errorf("webpushhttp: send: %w", err)
}
