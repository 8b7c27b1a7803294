package webpush

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"sync"
	"time"
)

const (
	// maxTokenLifetime is as far ahead as a push service lets a token expire
	// (RFC 8292, Section 2).
	maxTokenLifetime = 24 * time.Hour

	// A token is made for 12 hours and used for the first 6 of them. So it is
	// good wherever it is used by a clock that is 12 hours fast or 6 hours
	// slow: a clock set to the wrong zone does not stop a call.
	tokenLifetime = 12 * time.Hour
	tokenUse      = 6 * time.Hour
)

// joseHeader is {"typ":"JWT","alg":"ES256"} (RFC 8292, Section 2).
const joseHeader = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9"

// VAPID identifies a sender to push services (RFC 8292). It makes one token
// per audience and uses it again for hours, so that most messages go without
// a signature, for which a page would wait on the browser. It is safe for
// concurrent use.
type VAPID struct {
	signer  Signer
	subject string // "" for none

	mu     sync.Mutex
	tokens map[string]cachedToken // by audience
}

// cachedToken is the value of an Authorization header, and when it was made by
// the wall clock: the push service judges by that, while Go's monotonic clock
// stands still when the machine sleeps, and goes on when the clock is set.
type cachedToken struct {
	authorization string
	made          time.Time
}

// good reports whether a token may be used. One that was made later than now is
// of a clock that was set back since, and may expire too far ahead.
func (t cachedToken) good(now time.Time) bool {
	return !now.Before(t.made) && now.Sub(t.made) < tokenUse
}

// NewVAPID takes an application server key and a way to reach its owner, for
// which IsSubject holds, or "". Without one Apple's service takes no message.
func NewVAPID(signer Signer, subject string) (*VAPID, error) {
	if signer.Public().IsZero() {
		return nil, fmt.Errorf("%w: no key to sign with", ErrApplicationServerKey)
	}
	if subject != "" && !IsSubject(subject) {
		return nil, fmt.Errorf("%w: want mailto:somebody@example.com or https://example.com", ErrSubject)
	}
	return &VAPID{signer: signer, subject: subject, tokens: map[string]cachedToken{}}, nil
}

// Authorization returns the value of the Authorization header for a request to
// the endpoint.
func (v *VAPID) Authorization(ctx context.Context, endpoint Endpoint) (string, error) {
	return v.authorization(ctx, endpoint, time.Now())
}

func (v *VAPID) authorization(ctx context.Context, endpoint Endpoint, now time.Time) (string, error) {
	if endpoint.IsZero() {
		return "", fmt.Errorf("%w: none given", ErrEndpoint)
	}
	if service := endpoint.Service(); service.SubjectRequired && v.subject == "" {
		return "", fmt.Errorf("%w: %s wants one", ErrSubject, service.Name)
	}
	audience := endpoint.Origin()
	now = time.Unix(now.Unix(), 0) // without the reading of the monotonic clock
	if authorization, ok := v.cached(audience, now); ok {
		return authorization, nil
	}
	// Signing may wait for the browser, so no lock is held meanwhile. Two that
	// find no token at once make two, and either is good.
	token, err := v.makeToken(ctx, audience, now.Add(tokenLifetime))
	if err != nil {
		return "", fmt.Errorf("webpush: make VAPID token: %w", err)
	}
	authorization := "vapid t=" + token + ", k=" + v.signer.Public().String()
	v.store(audience, cachedToken{authorization, now}, now)
	return authorization, nil
}

// Forget has the next request to the endpoint's service made with a new token:
// one that was refused is not worth sending again.
func (v *VAPID) Forget(endpoint Endpoint) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.tokens, endpoint.Origin())
}

func (v *VAPID) cached(audience string, now time.Time) (authorization string, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	token := v.tokens[audience]
	return token.authorization, token.good(now)
}

// store keeps a token and drops those that are of no more use.
func (v *VAPID) store(audience string, token cachedToken, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	maps.DeleteFunc(v.tokens, func(_ string, old cachedToken) bool { return !old.good(now) })
	v.tokens[audience] = token
}

// makeToken signs a JSON Web Token (RFC 8292, Section 2).
func (v *VAPID) makeToken(ctx context.Context, audience string, expires time.Time) (string, error) {
	signed := joseHeader + "." + encodeBase64(claims(audience, expires, v.subject))
	signature, err := v.signer.Sign(ctx, []byte(signed))
	if err != nil {
		return "", err
	}
	if len(signature) != signatureSize {
		return "", fmt.Errorf("%w: the signer returned %d octets", ErrSignature, len(signature))
	}
	return signed + "." + encodeBase64(signature), nil
}

// claims is the JSON of a token's payload. Origins and subjects are URI text,
// which JSON takes as it is.
func claims(audience string, expires time.Time, subject string) []byte {
	json := `{"aud":"` + audience + `","exp":` + strconv.FormatInt(expires.Unix(), 10)
	if subject != "" {
		json += `,"sub":"` + subject + `"`
	}
	return []byte(json + "}")
}
