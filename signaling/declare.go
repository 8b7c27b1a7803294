package signaling

import (
	"pushcall/internal/jsonobject"
	"pushcall/webpush"
)

// declared is the value of a declarative message's web_push member (W3C Push API,
// "Declarative push message").
const declared = 8030

// Declare wraps the payload of a message so that a user agent which knows
// Declarative Web Push shows a notification by itself, where its service worker
// does not run or fails:
//
//	{"web_push":8030,"mutable":true,"notification":
//	 {"title":"Incoming call","navigate":".","mutable":true,"data":"the payload"}}
//
// The title is one of two texts and nothing that a sender claims, since nobody has
// checked a signature by then. The standard resolves navigate with the scope of
// the receiver's service worker, so "." is the receiver's page, which the sender
// does not know. With mutable the service worker is asked first; the standard has
// it at the top, WebKit reads it in the notification. WebKit's event has no data
// but that of the notification, so the payload is there, as text: its signature is
// over its octets.
//
// Only an offer and a cancel are wrapped, since all else is of no concern to a
// person without their page, and nothing that MaxPayload would not hold then.
func Declare(payload []byte, kind Type) []byte {
	title := ""
	switch kind {
	case Offer:
		title = "Incoming call"
	case Cancel:
		title = "Missed call"
	default:
		return payload
	}
	var notification, b jsonobject.Builder
	notification.String("title", title).String("navigate", ".")
	notification.Raw("mutable", []byte("true")).String("data", string(payload))
	b.Int("web_push", declared).Raw("mutable", []byte("true")).Raw("notification", notification.Bytes())
	if wrapped := b.Bytes(); len(wrapped) <= webpush.MaxPlaintext {
		return wrapped
	}
	return payload
}
