package signaling

import (
	"pushcall/internal/jsonobject"
	"pushcall/webpush"
)

// declared is the value of a declarative message's web_push member (W3C Push API,
// "Declarative push message").
const declared = 8030

// Declare wraps the payload of a message so that a user agent with
// Declarative Web Push shows a notification by itself if the page's service
// worker does not run or fails:
//
//	{"web_push":8030,"mutable":true,"notification":
//	 {"title":"Incoming call","navigate":".","mutable":true,"data":"the payload"}}
//
// The title is one of two fixed texts and contains no claim of the sender, since
// the user agent shows it before anybody has checked the signature. The standard
// resolves navigate against the scope of the receiver's service worker, so "." is
// the receiver's page, whose address the sender does not know. mutable lets the
// service worker replace the notification; the standard has it at the top level,
// WebKit reads it in the notification. WebKit's push event carries only the
// notification's data, so the payload is there, as a string: the signature is over
// its octets.
//
// Declare wraps only an offer and a cancel, since a person whose page is closed
// needs to know of no others, and returns a payload unchanged that would exceed
// MaxPayload.
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
