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
	// ErrNotJSON is returned for text that is neither a JSON object, nor a link,
	// nor a card's short form.
	ErrNotJSON = errors.New("signaling: not JSON")

	// ErrNotSubscription is returned for an object whose endpoint, p256dh or auth
	// member is not that of a push subscription. It wraps the error of package
	// webpush that says why.
	ErrNotSubscription = errors.New("signaling: not a push subscription")

	// ErrPrivateKey is returned for a card whose vapid.privateKey is no key.
	ErrPrivateKey = errors.New("signaling: not a VAPID private key")

	// ErrIdentity is returned for a card whose identity is no public key.
	ErrIdentity = errors.New("signaling: not an identity")
)

// A Card holds the subscription, key and identity that are needed to call its
// owner. Cards compare with ==.
type Card struct {
	Subscription webpush.Subscription
	// Key is the application server key that the subscription is bound to. The
	// zero value makes the card a plain subscription, which is called with the
	// deployment's key.
	Key webpush.ApplicationServerKey
	// Identity verifies the owner's messages. The zero value means that it is
	// not known yet.
	Identity webpush.PublicKey
	// Name is the name that the owner claims. ParseCard has passed it through
	// CleanName.
	Name string
}

// ParseCard parses the text of a card in any form: the JSON of a card or of a
// plain PushSubscription, a card's short form, or a link or a URL of CardScheme with
// other words around it. It ignores unknown members of the JSON, and white space, quotation marks
// and a Markdown fence around the text, which people copy along with it.
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

// unwrap removes the white space, quotation marks and Markdown fence around a
// card. A card neither begins nor ends with any of these characters.
func unwrap(text string) string {
	text = strings.Trim(text, " \t\r\n\u00a0\ufeff`'\"‘’“”")
	return strings.TrimPrefix(text, "json") // a fence's language
}

// CardOf returns the card whose JSON members the object has.
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

// JSON returns the card's JSON, which ParseCard parses. It includes the private
// key with which its reader can ring, so it is for friends only.
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
