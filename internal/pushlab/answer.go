package pushlab

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// errReset asks the handler to reset the connection instead of answering.
var errReset = errors.New("pushlab: reset")

// slowStep is the pause before each octet of a slow body.
const slowStep = 100 * time.Millisecond

// serve answers one POST to a subscription. The Location of an accepted message is
// place followed by its ID; refuse writes a refusal in the service's format.
func (e *endpoint) serve(w http.ResponseWriter, r *http.Request, audience, place string, refuse func(*refusal, http.ResponseWriter)) {
	m, err := e.receive(r, r.PathValue("token"), audience)
	var refused *refusal
	switch {
	case errors.As(err, &refused):
		if m.fault.Kind == TooMany {
			w.Header().Set("Retry-After", strconv.FormatInt(int64(m.fault.RetryAfter/time.Second), 10))
		}
		refuse(refused, w)
		return
	case errors.Is(err, errReset):
		resetConnection(r)
		panic(http.ErrAbortHandler)
	case err != nil:
		return // the sender has gone
	}
	w.Header().Set("Location", place+m.id)
	w.Header().Set("TTL", strconv.FormatInt(int64(m.ttl/time.Second), 10))
	w.WriteHeader(http.StatusCreated)
	if m.fault.Kind == SlowBody {
		trickle(r.Context(), w, m.fault.Time)
	}
}

// fail returns the error that an application server sees for a fault: a *refusal,
// errReset, or nil if the message seems to be accepted.
func (e *endpoint) fail(f Fault) error {
	switch f.Kind {
	case NotFound:
		return e.refuse(noSubscription)
	case Gone:
		return e.refuse(gone)
	case TooLarge:
		return e.refuse(tooLarge)
	case TooMany:
		return e.refuse(tooMany)
	case ServerError:
		return e.refuse(internalError)
	case Reset:
		return errReset
	}
	return nil
}

// statusOf returns the HTTP status for an outcome, 0 for no answer.
func statusOf(err error) int {
	var refused *refusal
	switch {
	case err == nil:
		return http.StatusCreated
	case errors.As(err, &refused):
		return refused.status
	}
	return 0
}

// trickle writes a body octet by octet, over about the given time.
func trickle(ctx context.Context, w http.ResponseWriter, during time.Duration) {
	out := http.NewResponseController(w)
	end := time.Now().Add(during)
	for {
		if err := out.Flush(); err != nil {
			return
		}
		left := time.Until(end)
		if left <= 0 {
			return
		}
		select {
		case <-time.After(min(left, slowStep)):
		case <-ctx.Done():
			return
		}
		io.WriteString(w, ".")
	}
}

// connKey is the context key of a request's connection.
type connKey struct{}

// withConn is an [http.Server.ConnContext]. A handler cannot hijack an HTTP/2
// connection, but it can reset the connection that withConn puts into the context.
func withConn(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}

// resetConnection ends the request's connection with a TCP RST.
func resetConnection(r *http.Request) {
	conn := r.Context().Value(connKey{}).(net.Conn)
	if secured, ok := conn.(*tls.Conn); ok {
		conn = secured.NetConn() // its Close sends no TLS alert first
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	conn.Close()
}
