//go:build !js

package webpush

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Reading tokens is a push service's work, and no page is one: the build tag
// keeps encoding/json out of it.

// maxNumericDate is the end of the year 9999, in seconds since 1970: beyond it
// a float64 may not fit into a Time.
const maxNumericDate = 253402300799

var (
	// ErrToken is returned for an Authorization header that does not hold a
	// well-formed VAPID token, and for one that expires too far ahead.
	ErrToken = errors.New("webpush: not a VAPID token")

	// ErrTokenExpired is returned for a token whose time is over.
	ErrTokenExpired = errors.New("webpush: VAPID token has expired")

	// ErrAudience is returned for a token that was made for another service.
	ErrAudience = errors.New("webpush: VAPID token is for another audience")
)

// Token is a VAPID token and the key that should have signed it. Nothing in it
// is to be believed before Verify.
type Token struct {
	Audience string    // aud: the push service's origin
	Subject  string    // sub: the sender's contact, or ""
	Expires  time.Time // exp
	Key      PublicKey // k: the application server key

	signed    string // what the signature is over: header and claims with the dot between
	signature []byte
}

// ParseAuthorization reads the value of an Authorization header with the
// parameters t and k of the vapid scheme (RFC 8292, Section 3).
func ParseAuthorization(header string) (Token, error) {
	scheme, parameters, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "vapid") {
		return Token{}, fmt.Errorf("%w: the scheme is not vapid", ErrToken)
	}
	var t, k string
	for parameter := range strings.SplitSeq(parameters, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		value = strings.Trim(value, `"`) // RFC 9110, Section 11.2: token or quoted string
		switch strings.ToLower(name) {
		case "t":
			t = value
		case "k":
			k = value
		}
	}
	key, err := ParsePublicKey(k)
	if err != nil {
		return Token{}, fmt.Errorf("%w: parameter k: %w", ErrToken, err)
	}
	token, err := parseToken(t)
	if err != nil {
		return Token{}, err
	}
	token.Key = key
	return token, nil
}

// parseToken reads a JSON Web Token in its compact form (RFC 7515, Section 7.1).
func parseToken(text string) (Token, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return Token{}, fmt.Errorf("%w: %d parts in place of 3", ErrToken, len(parts))
	}
	var jose struct {
		Algorithm string `json:"alg"`
	}
	if err := decodePart(parts[0], &jose); err != nil {
		return Token{}, err
	}
	if jose.Algorithm != "ES256" { // RFC 8292, Section 2
		return Token{}, fmt.Errorf("%w: the algorithm is not ES256", ErrToken)
	}
	var claims struct {
		Audience string  `json:"aud"`
		Subject  string  `json:"sub"`
		Expires  float64 `json:"exp"` // RFC 7519, Section 2: seconds, with or without a fraction
	}
	if err := decodePart(parts[1], &claims); err != nil {
		return Token{}, err
	}
	if !(claims.Expires >= 0 && claims.Expires <= maxNumericDate) {
		return Token{}, fmt.Errorf("%w: exp is not a date", ErrToken)
	}
	signature, err := decodeBase64(parts[2])
	if err != nil || len(signature) != signatureSize {
		return Token{}, fmt.Errorf("%w: the signature is not %d octets", ErrToken, signatureSize)
	}
	return Token{
		Audience:  claims.Audience,
		Subject:   claims.Subject,
		Expires:   time.Unix(int64(claims.Expires), 0),
		signed:    parts[0] + "." + parts[1],
		signature: signature,
	}, nil
}

// decodePart reads a part of a token, which is JSON in base64url.
func decodePart(part string, into any) error {
	octets, err := decodeBase64(part)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrToken, err)
	}
	if err := json.Unmarshal(octets, into); err != nil {
		return fmt.Errorf("%w: %w", ErrToken, err)
	}
	return nil
}

// Verify checks a token as a push service does (RFC 8292, Sections 2 and 4.2):
// made for this audience, not expired, not good for more than 24 hours, and
// signed with its key. Whether the key is the subscription's is not known here.
func (t Token) Verify(ctx context.Context, verify VerifyFunc, audience string, now time.Time) error {
	switch {
	case t.Audience != audience:
		return ErrAudience
	case !now.Before(t.Expires):
		return ErrTokenExpired
	case t.Expires.Sub(now) > maxTokenLifetime:
		return fmt.Errorf("%w: expires more than 24 hours ahead", ErrToken)
	}
	return verify(ctx, t.Key, []byte(t.signed), t.signature)
}
