//go:build !js

package webpush

import (
	"errors"
	"fmt"

	"pushcall/internal/jsonobject"
)

// A page has the browser's own object, whose strings it gives to
// NewSubscription: the build tag keeps these methods out of its program, where
// the linker would keep them for any code that names json.Unmarshaler.

// ErrSubscription is returned for JSON that is not that of a push subscription.
var ErrSubscription = errors.New("webpush: not the JSON of a push subscription")

// UnmarshalJSON reads what PushSubscription.toJSON() of a browser gives (W3C
// Push API, Section 8):
//
//	{"endpoint":"https://…","expirationTime":null,"keys":{"p256dh":"…","auth":"…"}}
//
// All three strings have to be there. It ignores expirationTime and members
// that it does not know. Every error wraps ErrSubscription, and where a string
// is wrong ErrEndpoint, ErrPublicKey or ErrAuthSecret. JSON null, which is what
// getSubscription() of a browser without a subscription leads to, is an error,
// too. After an error s is as it was.
func (s *Subscription) UnmarshalJSON(text []byte) error {
	object, err := jsonobject.Parse(text)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSubscription, err)
	}
	keys := object.Object("keys")
	if keys == nil {
		return fmt.Errorf("%w: keys is missing, is no object, or has a member twice", ErrSubscription)
	}
	endpoint, noEndpoint := stringMember(object, "endpoint")
	p256dh, noP256dh := stringMember(keys, "p256dh")
	auth, noAuth := stringMember(keys, "auth")
	if err := errors.Join(noEndpoint, noP256dh, noAuth); err != nil {
		return err
	}
	parsed, err := NewSubscription(endpoint, p256dh, auth)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSubscription, err)
	}
	*s = parsed
	return nil
}

func stringMember(object jsonobject.Object, name string) (string, error) {
	text := object.String(name)
	if text == "" {
		return "", fmt.Errorf("%w: %s is missing, empty or no string", ErrSubscription, name)
	}
	return text, nil
}

// MarshalJSON writes what UnmarshalJSON and senders in other languages read. It
// is as secret as the endpoint and the auth secret in it. Without an endpoint or
// a key, as in the zero value, it returns an ErrSubscription.
func (s Subscription) MarshalJSON() ([]byte, error) {
	if s.Endpoint.IsZero() || s.UAPublic.IsZero() {
		return nil, fmt.Errorf("%w: no subscription to write", ErrSubscription)
	}
	var keys, object jsonobject.Builder
	keys.String("p256dh", s.UAPublic.String()).String("auth", encodeBase64(s.AuthSecret[:]))
	return object.String("endpoint", s.Endpoint.String()).Raw("keys", keys.Bytes()).Bytes(), nil
}
