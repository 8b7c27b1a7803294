package webpush

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"strings"
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

// ErrSubject is returned for a subject that is neither a mailto: nor an https:
// URI, and for a service that insists on one when there is none.
var ErrSubject = errors.New("webpush: not a VAPID subject")

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

// cachedToken is the value of an Authorization header, and until when to use it.
type cachedToken struct {
	authorization string
	useUntil      time.Time
}

// NewVAPID takes an application server key and a way to reach its owner, a
// mailto: or https: URI. Without one, "", Apple's service takes no message.
func NewVAPID(signer Signer, subject string) (*VAPID, error) {
	if signer.Public().IsZero() {
		return nil, fmt.Errorf("%w: no key to sign with", ErrApplicationServerKey)
	}
	if subject != "" && !IsSubject(subject) {
		return nil, fmt.Errorf("%w: want mailto:somebody@somewhere or https://somewhere", ErrSubject)
	}
	return &VAPID{signer: signer, subject: subject, tokens: map[string]cachedToken{}}, nil
}

// IsSubject reports whether text is a contact URI (RFC 8292, Section 2.1).
func IsSubject(text string) bool {
	if !isURIText(text) {
		return false
	}
	if address, ok := strings.CutPrefix(text, "mailto:"); ok {
		mailbox, host, ok := strings.Cut(address, "@")
		return ok && mailbox != "" && host != "" && !strings.Contains(address, ":")
	}
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Hostname() != ""
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
	v.store(audience, cachedToken{authorization, now.Add(tokenUse)}, now)
	return authorization, nil
}

func (v *VAPID) cached(audience string, now time.Time) (authorization string, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	token := v.tokens[audience]
	return token.authorization, now.Before(token.useUntil)
}

// store keeps a token and drops those that are past their use.
func (v *VAPID) store(audience string, token cachedToken, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	maps.DeleteFunc(v.tokens, func(_ string, old cachedToken) bool { return !now.Before(old.useUntil) })
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
