package relay

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// maxBody is the largest message carried: the 4096 octets that every push
	// service takes (RFC 8030, Section 7.2) and a little more, so that it is
	// the service that says where its own limit lies.
	maxBody = 4096 + 512

	// maxField bounds a header field of the message; octets. The longest, a
	// VAPID token with its key, has about 400.
	maxField = 2048

	// maxAnswer bounds the header of the push service's answer, and what is read
	// of its body; octets.
	maxAnswer = 16 << 10
)

const (
	endpointHeader = "Push-Endpoint"
	statusHeader   = "Push-Status"
)

// forwarded are the header fields that go on to the push service: those of
// RFC 8030, 8188 and 8292, and the one by which WNS is told not to store a
// message of TTL 0.
var forwarded = []string{
	"TTL", "Urgency", "Topic",
	"Authorization", "Content-Encoding", "Content-Type",
	"X-WNS-Cache-Policy",
}

// answered are the header fields that come back from the push service.
var answered = []string{"Retry-After", "Location"}

// A Handler carries push messages. Its zero value denies every message: a
// Policy must say which hosts are push services. Its fields must not change
// after the first request.
type Handler struct {
	// Policy says which hosts are push services. Nil means that none is.
	Policy Policy

	// Dial connects to a push service, at a host the Policy allows and port
	// 443. Nil means DialPublic. A Dial that connects to other than public
	// addresses lets those who answer for the hosts' names in DNS reach into
	// the network the relay runs in.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	// Roots are the authorities whose certificates push services are known
	// by. Nil means the system's.
	Roots *x509.CertPool

	// Limit bounds what clients may ask for.
	Limit Limit

	setUp     sync.Once
	timeout   time.Duration
	transport *http.Transport
	buckets   *buckets
	slots     chan struct{} // holds one element for each message on its way
}

func (h *Handler) init() {
	limit := h.Limit.withDefaults()
	dial := h.Dial
	if dial == nil {
		dial = DialPublic
	}
	h.timeout = limit.Timeout
	h.buckets = newBuckets(limit)
	h.slots = make(chan struct{}, limit.Concurrent)
	h.transport = &http.Transport{
		Proxy:                  nil, // it would choose the addresses in place of Dial
		DialContext:            dial,
		TLSClientConfig:        &tls.Config{RootCAs: h.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    dialTimeout,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		MaxIdleConnsPerHost:    limit.Concurrent,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: maxAnswer,
	}
}

// ServeHTTP answers at whatever path it is asked.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.setUp.Do(h.init)
	allowPages(w.Header())
	w.Header().Set("Cache-Control", "no-store")
	switch r.Method {
	case http.MethodPost:
		if err := h.carry(w, r); err != nil {
			refuse(w, err)
		}
	case http.MethodOptions:
		preflight(w.Header())
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Allow", "POST, OPTIONS")
		refuse(w, &refusal{http.StatusMethodNotAllowed, "The relay takes push messages by POST only.", 0})
	}
}

// carry takes a message to its push service and writes the service's answer.
func (h *Handler) carry(w http.ResponseWriter, r *http.Request) error {
	if wait := h.buckets.take(clientOf(r), time.Now()); wait > 0 {
		return &refusal{http.StatusTooManyRequests, "Too many messages from this address.", wait}
	}
	message, err := h.message(w, r)
	if err != nil {
		return err
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	default:
		return &refusal{http.StatusTooManyRequests, "The relay is busy.", time.Second}
	}
	return h.send(w, message)
}

// message reads the push message and makes the request that carries it on.
func (h *Handler) message(w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	text, err := field(r.Header, endpointHeader)
	if err != nil {
		return nil, err
	}
	endpoint, err := h.Policy.endpoint(text)
	if err != nil {
		return nil, err
	}
	header := http.Header{"User-Agent": {"pushcall-relay"}}
	for _, name := range forwarded {
		value, err := field(r.Header, name)
		if err != nil {
			return nil, err
		}
		if value != "" {
			header.Set(name, value)
		}
	}
	body, err := h.body(w, r)
	if err != nil {
		return nil, err
	}
	message, err := http.NewRequestWithContext(r.Context(), http.MethodPost, "", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	message.URL, message.Host, message.Header = endpoint, endpoint.Host, header
	return message, nil
}

// field returns a header field's value, or "". One that is repeated might mean
// another thing to the push service than to us.
func field(header http.Header, name string) (string, error) {
	values := header.Values(name)
	switch {
	case len(values) == 0:
		return "", nil
	case len(values) > 1:
		return "", &refusal{http.StatusBadRequest, "The header field " + name + " occurs twice.", 0}
	case len(values[0]) > maxField:
		return "", &refusal{http.StatusBadRequest, "The header field " + name + " is too long.", 0}
	}
	return values[0], nil
}

// body reads the whole message before anything is sent, so that a slow client
// costs the push service nothing.
func (h *Handler) body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	// Where the server cannot set deadlines its own have to do.
	server := http.NewResponseController(w)
	_ = server.SetReadDeadline(time.Now().Add(h.timeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, &refusal{http.StatusRequestEntityTooLarge, "The message is larger than push services accept.", 0}
	case err != nil:
		return nil, &refusal{http.StatusRequestTimeout, "The message did not arrive in time.", 0}
	}
	// From here on the server only watches for the client to leave, and takes
	// a deadline that passes for just that.
	_ = server.SetReadDeadline(time.Time{})
	return body, nil
}

// send sends the message and passes on the status of the answer and what the
// page needs of its header. The answer's body is dropped: it is the relay's
// origin it would seem to come from.
func (h *Handler) send(w http.ResponseWriter, message *http.Request) error {
	ctx, cancel := context.WithTimeout(message.Context(), h.timeout)
	defer cancel()
	answer, err := h.transport.RoundTrip(message.WithContext(ctx))
	switch {
	case err != nil && ctx.Err() != nil:
		return &refusal{http.StatusGatewayTimeout, "The push service did not answer in time.", 0}
	case errors.Is(err, ErrAddress):
		return &refusal{http.StatusBadGateway, "The push service has no public address.", 0}
	case err != nil:
		return &refusal{http.StatusBadGateway, "The push service could not be reached.", 0}
	}
	defer discard(answer.Body)
	w.Header().Set(statusHeader, strconv.Itoa(answer.StatusCode))
	if !passes(answer.StatusCode) {
		return &refusal{http.StatusBadGateway, "The push service's answer is not one to a message.", 0}
	}
	for _, name := range answered {
		if value := answer.Header.Get(name); value != "" {
			w.Header().Set(name, value)
		}
	}
	w.WriteHeader(answer.StatusCode)
	return nil
}

// discard reads what is left of a short body, so that the connection can be
// used again.
func discard(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, maxAnswer)
	_ = body.Close()
}

// passes reports whether a browser hands the status to the page as it is.
// Redirects it follows, and it may send a request again by itself, or blame a
// proxy, for those named below.
func passes(status int) bool {
	switch status {
	case http.StatusProxyAuthRequired, http.StatusRequestTimeout, http.StatusMisdirectedRequest:
		return false
	}
	return 200 <= status && status < 300 || 400 <= status && status < 600
}

// A refusal is the relay's own answer in place of the push service's.
type refusal struct {
	status   int
	sentence string
	wait     time.Duration // until it is worth trying again; zero: nobody knows
}

func (r *refusal) Error() string { return fmt.Sprintf("relay: %d %s", r.status, r.sentence) }

func refuse(w http.ResponseWriter, err error) {
	var answer *refusal
	switch {
	case errors.As(err, &answer):
	case errors.Is(err, ErrForbidden):
		answer = &refusal{http.StatusForbidden, "The endpoint is not at a push service this relay knows.", 0}
	case errors.Is(err, ErrEndpoint):
		answer = &refusal{http.StatusBadRequest, "The header field Push-Endpoint is not the URL of a push service.", 0}
	default:
		answer = &refusal{http.StatusInternalServerError, "The relay cannot carry this message.", 0}
	}
	if answer.wait > 0 {
		// RFC 9110, Section 10.2.3: whole seconds.
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(answer.wait.Seconds()))))
	}
	http.Error(w, answer.sentence, answer.status)
}
