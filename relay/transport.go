package relay

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// A health says when HTTP/2 connections, idle or not, are asked whether they
// still answer.
type health struct {
	after   time.Duration // without a frame from the service
	timeout time.Duration // for the answer, and for octets that cannot be written
}

// newHealth finds a connection that a firewall has forgotten while the call
// that it would have carried still rings. Such a connection answers nothing and
// is not refused, and TCP alone takes a quarter of an hour to give it up.
func newHealth() health { return health{after: 10 * time.Second, timeout: 5 * time.Second} }

const idleTimeout = 90 * time.Second // for which an unused connection is kept

// errNoConnection is the error of a dial.
var errNoConnection = errors.New("relay: no connection")

// errUnprocessed says that a push service has not processed a message, and
// will not.
var errUnprocessed = errors.New("relay: not processed")

// newTransport returns a new set of connections to push services. A Handler
// replaces it as a whole once one of them is in doubt: net/http does not let a
// single one be taken out of use while others wait for answers on it.
func (h *Handler) newTransport() *http.Transport {
	dial := h.Dial
	if dial == nil {
		dial = DialPublic
	}
	return &http.Transport{
		Proxy: nil, // it would choose the addresses in place of Dial
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dial(ctx, network, address)
			if err != nil {
				return nil, fmt.Errorf("%w: %w", errNoConnection, err)
			}
			return &countedConn{Conn: conn}, nil
		},
		TLSClientConfig:        &tls.Config{RootCAs: h.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    dialTimeout,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		MaxIdleConnsPerHost:    cap(h.slots),
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxAnswer,
		HTTP2: &http.HTTP2Config{
			SendPingTimeout:  h.health.after,
			PingTimeout:      h.health.timeout,
			WriteByteTimeout: h.health.timeout,
		},
	}
}

// exchange sends a message and returns the push service's answer. A message
// that the service has surely not processed is sent once more, on a new
// connection; one that it may have processed is not.
func (h *Handler) exchange(message *http.Request) (*http.Response, error) {
	for first := true; ; first = false {
		t := h.transport.Load()
		answer, how, err := try(t, message)
		if err == nil {
			return answer, nil
		}
		overdue := errors.Is(message.Context().Err(), context.DeadlineExceeded)
		again := first && how != perhaps && message.Context().Err() == nil && !errors.Is(err, errNoConnection)
		if how != unconnected && (overdue || again) {
			h.replace(t) // an overdue one's connection may be a forgotten one
		}
		if !again {
			return nil, err
		}
	}
}

// replace has messages from now on use other connections than those of a
// transport. What waits for an answer on those still gets it.
func (h *Handler) replace(t *http.Transport) {
	if h.transport.CompareAndSwap(t, h.newTransport()) {
		t.CloseIdleConnections()
	}
}

// delivery is how far a message has come that was not answered.
type delivery int

const (
	unconnected delivery = iota // no connection was found for it
	unprocessed                 // no octet of it was written, or the service says that it was not processed
	perhaps                     // the service may have it
)

// try sends a message once.
func try(t *http.Transport, message *http.Request) (*http.Response, delivery, error) {
	var conn *countedConn
	var before uint64
	trace := &httptrace.ClientTrace{GotConn: func(got httptrace.GotConnInfo) {
		conn = got.Conn.(*tls.Conn).NetConn().(*countedConn)
		before = conn.written.Load()
	}}
	request := message.WithContext(httptrace.WithClientTrace(message.Context(), trace))
	if message.Body != http.NoBody {
		body, err := message.GetBody()
		if err != nil {
			return nil, unconnected, err
		}
		request.Body = body
		// net/http asks for the body again where it would send the message again
		// by itself, on the same connection and up to six times: after
		// REFUSED_STREAM and a GOAWAY with a lower stream (RFC 9113, Section 8.7),
		// and after PROTOCOL_ERROR, by which services end what they have not
		// begun (golang/go#47635).
		request.GetBody = func() (io.ReadCloser, error) { return nil, errUnprocessed }
	}
	answer, err := t.RoundTrip(request)
	switch {
	case err == nil:
		return answer, perhaps, nil
	case conn == nil:
		return nil, unconnected, err
	case conn.written.Load() == before, errors.Is(err, errUnprocessed):
		return nil, unprocessed, err
	}
	return nil, perhaps, err
}

// countedConn counts the octets that were written to a connection.
type countedConn struct {
	net.Conn
	written atomic.Uint64
}

func (c *countedConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.written.Add(uint64(n))
	return n, err
}
