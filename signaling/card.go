package signaling

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"pushcall/internal/jsonobject"
	"pushcall/webpush"
)

var (
	// ErrNotJSON is returned for text that is no JSON object, and neither a link
	// nor a card's short form.
	ErrNotJSON = errors.New("signaling: not JSON")

	// ErrNotSubscription is returned for an object in which endpoint, p256dh
	// and auth are not those of a push subscription. It wraps the error of
	// package webpush that says why.
	ErrNotSubscription = errors.New("signaling: not a push subscription")

	// ErrPrivateKey is returned for a card whose vapid.privateKey is no key.
	ErrPrivateKey = errors.New("signaling: not a VAPID private key")

	// ErrIdentity is returned for a card whose identity is no public key.
	ErrIdentity = errors.New("signaling: not an identity")
)

// A Card is what one needs to call its owner. Cards compare with ==.
type Card struct {
	Subscription webpush.Subscription
	// Key is what the subscription is bound to. The zero value makes the card
	// a plain subscription: the deployment's own key has to do.
	Key webpush.ApplicationServerKey
	// Identity signs the owner's messages. The zero value is not known yet.
	Identity webpush.PublicKey
	// Name is what its owner calls themselves: a claim, and as ParseCard
	// leaves it a clean one (CleanName).
	Name string
}

// ParseCard reads whatever a friend may have sent: a card's JSON or that of a
// plain PushSubscription, a card's short form, or a link with whatever words
// are around it. Of JSON, members that are not known are ignored, and so are
// white space, quotation marks and a Markdown fence around the text, which come
// along when people copy it.
func ParseCard(text string) (Card, error) {
	text = unwrap(text)
	if short, found := shortIn(text); found && !strings.HasPrefix(text, "{") {
		return parseShort(short)
	}
	object, err := jsonobject.Parse([]byte(text))
	if err != nil {
		return Card{}, fmt.Errorf("%w: %w", ErrNotJSON, err)
	}
	return CardOf(object)
}

// unwrap takes off what people paste around a card. None of it can be the
// beginning or the end of one.
func unwrap(text string) string {
	text = strings.Trim(text, " \t\r\n\u00a0\ufeff`'\"‘’“”")
	return strings.TrimPrefix(text, "json") // a fence's language
}

// CardOf reads the members of a card's JSON.
func CardOf(object jsonobject.Object) (Card, error) {
	keys := object.Object("keys")
	subscription, err := webpush.NewSubscription(object.String("endpoint"), keys.String("p256dh"), keys.String("auth"))
	if err != nil {
		return Card{}, fmt.Errorf("%w: %w", ErrNotSubscription, err)
	}
	card := Card{Subscription: subscription, Name: CleanName(object.String("name"))}
	if object.Has("vapid") {
		card.Key, err = webpush.ParseApplicationServerKey(object.Object("vapid").String("privateKey"))
		if err != nil {
			return Card{}, fmt.Errorf("%w: %w", ErrPrivateKey, err)
		}
	}
	if object.Has("identity") {
		card.Identity, err = webpush.ParsePublicKey(object.String("identity"))
		if err != nil {
			return Card{}, fmt.Errorf("%w: %w", ErrIdentity, err)
		}
	}
	return card, nil
}

// JSON returns the card as ParseCard reads it. It holds the private key that
// lets its reader ring: it is for friends.
func (c Card) JSON() []byte {
	var keys, b jsonobject.Builder
	keys.String("p256dh", c.Subscription.UAPublic.String())
	keys.String("auth", base64.RawURLEncoding.EncodeToString(c.Subscription.AuthSecret[:]))
	b.String("endpoint", c.Subscription.Endpoint.String()).Raw("keys", keys.Bytes())
	if !c.Key.IsZero() {
		var vapid jsonobject.Builder
		vapid.String("privateKey", base64.RawURLEncoding.EncodeToString(c.Key.Bytes()))
		b.Raw("vapid", vapid.Bytes())
	}
	if !c.Identity.IsZero() {
		b.String("identity", c.Identity.String())
	}
	if name := CleanName(c.Name); name != "" {
		b.String("name", name)
	}
	return b.Bytes()
}
