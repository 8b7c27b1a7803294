package webpush

import (
	"errors"
	"fmt"
)

const authSecretSize = 16 // RFC 8291, Section 3.2; octets

// ErrAuthSecret is returned for an auth secret that is not 16 octets in
// base64url.
var ErrAuthSecret = errors.New("webpush: not an auth secret")

// Subscription is what a push message is addressed to: the W3C PushSubscription
// with its endpoint, p256dh and auth parsed. Subscriptions compare with ==.
type Subscription struct {
	Endpoint   Endpoint
	UAPublic   PublicKey // p256dh
	AuthSecret [16]byte  // auth
}

// NewSubscription takes the three strings of PushSubscription.toJSON().
func NewSubscription(endpoint, p256dh, auth string) (Subscription, error) {
	parsed, err := ParseEndpoint(endpoint)
	if err != nil {
		return Subscription{}, err
	}
	uaPublic, err := ParsePublicKey(p256dh)
	if err != nil {
		return Subscription{}, err
	}
	authSecret, err := decodeBase64(auth)
	if err != nil {
		return Subscription{}, fmt.Errorf("%w: %w", ErrAuthSecret, err)
	}
	if len(authSecret) != authSecretSize {
		return Subscription{}, fmt.Errorf("%w: %d octets", ErrAuthSecret, len(authSecret))
	}
	return Subscription{parsed, uaPublic, [authSecretSize]byte(authSecret)}, nil
}
