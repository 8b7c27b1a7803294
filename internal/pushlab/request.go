package pushlab

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"pushcall/webpush"
)

// Limits of a push request.
const (
	maxBody         = 4096        // octets; RFC 8030, Section 7.2, and RFC 8291, Section 4
	contentEncoding = "aes128gcm" // RFC 8291, Section 4
)

// topicPattern is RFC 8030, Section 5.4: at most 32 characters of base64url.
var topicPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)

// reason is why a push request is refused.
type reason int

const (
	noSubscription reason = iota // the token is unknown
	gone                         // the subscription has ended
	noAuthorization
	badAuthorization // malformed, wrong signature, or expired
	wrongKey         // not the subscription's application server key
	wrongAudience
	longLife // expires in more than 24 h
	tooLarge
	noTTL
	badTTL
	badEncoding
	badTopic
	tooMany       // only by a fault
	internalError // only by a fault
	reasons       // the number of reasons
)

// refusal is a service's answer to a refused request. Its error text is its message.
type refusal struct {
	status  int
	errno   int // Mozilla only
	message string
}

func (r *refusal) Error() string { return "pushlab: refused: " + r.message }

// endpoint is the side of a push service that application servers post to.
type endpoint struct {
	service  Service
	store    *store
	records  *recorder
	faults   *Faults
	maxTTL   time.Duration
	refusals [reasons]refusal
}

// receive stores one push message, or returns a *refusal, or errReset if that is
// its fault. It records the message in all cases. The audience is the origin that
// the VAPID token must name.
func (e *endpoint) receive(r *http.Request, token, audience string) (*message, error) {
	m := &message{id: newMessageID(), received: time.Now()}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return m, fmt.Errorf("pushlab: read a push message: %w", err)
	}
	m.body = body
	record := e.record(r, token, m)
	if err := e.check(r, token, audience, m); err != nil {
		record.Status = err.status
		e.records.add(record)
		return m, err
	}
	m.fault = e.faults.next(token)
	if m.fault.Kind != NoFault {
		record.Fault = m.fault.Kind
	}
	err = e.fail(m.fault)
	record.Status = statusOf(err)
	e.records.add(record) // before the message can be delivered
	if err == nil {
		e.store.accept(m)
	}
	return m, err
}

// check fills in the message from the request. It checks in autoendpoint's order:
// the subscription, the VAPID token, the size, then the header fields.
func (e *endpoint) check(r *http.Request, token, audience string, m *message) *refusal {
	sub, ended := e.store.find(token)
	if sub == nil {
		return e.refuse(noSubscription)
	}
	m.sub = sub
	if why, ok := authorize(r.Context(), r.Header.Get("Authorization"), sub.key, audience, m.received); !ok {
		return e.refuse(why)
	}
	if ended {
		return e.refuse(gone)
	}
	if len(m.body) > maxBody {
		return e.refuse(tooLarge)
	}
	if r.Header.Get("TTL") == "" {
		return e.refuse(noTTL)
	}
	seconds, err := parseTTL(r)
	if err != nil || seconds < 0 {
		return e.refuse(badTTL)
	}
	m.ttl = time.Duration(min(seconds, int64(e.maxTTL/time.Second))) * time.Second
	if len(m.body) > 0 && !strings.EqualFold(r.Header.Get("Content-Encoding"), contentEncoding) {
		return e.refuse(badEncoding)
	}
	m.topic = r.Header.Get("Topic")
	if m.topic != "" && !topicPattern.MatchString(m.topic) {
		return e.refuse(badTopic)
	}
	return nil
}

func (e *endpoint) refuse(why reason) *refusal { return &e.refusals[why] }

// authorize checks a VAPID header (RFC 8292, Section 4.2). If it is wrong, authorize
// returns the reason.
func authorize(ctx context.Context, header string, key webpush.PublicKey, audience string, now time.Time) (reason, bool) {
	if header == "" {
		return noAuthorization, false
	}
	token, err := webpush.ParseAuthorization(header)
	if err != nil {
		return badAuthorization, false
	}
	if token.Key != key {
		return wrongKey, false
	}
	switch err := token.Verify(ctx, webpush.Verify, audience, now); {
	case err == nil:
		return 0, true
	case errors.Is(err, webpush.ErrAudience):
		return wrongAudience, false
	case errors.Is(err, webpush.ErrToken): // the token is well-formed, so this is its error
		return longLife, false
	default: // expired, or not signed by the key
		return badAuthorization, false
	}
}

func parseTTL(r *http.Request) (seconds int64, err error) {
	return strconv.ParseInt(r.Header.Get("TTL"), 10, 64)
}

// record returns the record of a request, without its outcome.
func (e *endpoint) record(r *http.Request, token string, m *message) Record {
	record := Record{
		ID:       m.id,
		Service:  e.service,
		Token:    token,
		Urgency:  r.Header.Get("Urgency"),
		Topic:    r.Header.Get("Topic"),
		Octets:   len(m.body),
		Header:   map[string]string{},
		Received: Time{m.received},
	}
	if seconds, err := parseTTL(r); err == nil {
		record.TTL = &seconds
	}
	for name, values := range r.Header {
		record.Header[name] = strings.Join(values, ", ")
	}
	return record
}

// newMessageID returns a random ID of a message. Firefox gets it as version,
// Chromium as persistent ID; it is the record's ID and the end of the Location.
func newMessageID() string {
	var random [12]byte
	rand.Read(random[:])
	return hex.EncodeToString(random[:])
}
