package relay

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// A Handler carries push messages. Its zero value denies every message: a
// Policy must say which hosts are push services. Its fields must not change
// after the first request.
type Handler struct {
	// Policy says which hosts are push services. Nil means that none is.
	Policy Policy

	// Dial connects to a push service, at a host and port the Policy allows.
	// Nil means DialPublic. A Dial that connects to other than public
	// addresses lets those who answer for the hosts' names in DNS reach into
	// the network the relay runs in.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	// Roots are the authorities whose certificates push services are known
	// by. Nil means the system's.
	Roots *x509.CertPool

	// Limit bounds what clients may ask for.
	Limit Limit

	// Client tells whose limit a message counts against. Nil means the address
	// that the connection comes from, which behind a reverse proxy is the
	// proxy's for everybody: see Behind. A Client that believes what clients
	// say of themselves leaves them without a limit.
	Client func(*http.Request) netip.Addr

	// Origins are those whose pages may use the relay, as browsers write them:
	// "https://pushcall.example". Nil means all. It keeps other people's pages
	// away, and not programs, which may claim any origin.
	Origins []string

	// Log is told how every message went, and nothing that says whose it was.
	// It must not block. Nil means that nobody is told.
	Log func(Outcome)

	setUp     sync.Once
	timeout   time.Duration
	health    health
	transport atomic.Pointer[http.Transport]
	buckets   *buckets
	slots     chan struct{} // holds one element for each message on its way
}

// An Outcome is how a message went. There is no endpoint in it, no part of one,
// and no client: it may be logged.
type Outcome struct {
	Status     int           // of the relay's answer
	PushStatus int           // of the push service's answer; 0 where there was none
	Took       time.Duration // from the message's header to the answer's
}

func (h *Handler) init() {
	limit := h.Limit.withDefaults()
	h.timeout = limit.Timeout
	h.buckets = newBuckets(limit)
	h.slots = make(chan struct{}, limit.Concurrent)
	if h.health == (health{}) {
		h.health = newHealth()
	}
	h.transport.Store(h.newTransport())
}

// ServeHTTP answers at whatever path it is asked.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.setUp.Do(h.init)
	allowed := h.allowPage(w.Header(), r)
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodOptions {
		preflight(w.Header())
		w.WriteHeader(http.StatusNoContent)
		return
	}
	began := time.Now()
	var outcome Outcome
	var err error
	switch {
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", "POST, OPTIONS")
		err = &refusal{http.StatusMethodNotAllowed, "The relay takes push messages by POST only.", 0}
	case !allowed:
		err = &refusal{http.StatusForbidden, "This relay is not for pages of that origin.", 0}
	default:
		outcome, err = h.carry(w, r)
	}
	if err != nil {
		outcome.Status = refuse(w, err)
	}
	if h.Log != nil {
		outcome.Took = time.Since(began)
		h.Log(outcome)
	}
}

// carry takes a message to its push service and writes the service's answer.
func (h *Handler) carry(w http.ResponseWriter, r *http.Request) (Outcome, error) {
	if wait := h.buckets.take(clientOf(h.Client, r), time.Now()); wait > 0 {
		return Outcome{}, &refusal{http.StatusTooManyRequests, "Too many messages from this address.", wait}
	}
	message, err := h.message(w, r)
	if err != nil {
		return Outcome{}, err
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	default:
		return Outcome{}, &refusal{http.StatusTooManyRequests, "The relay is busy.", time.Second}
	}
	return h.send(w, message)
}
