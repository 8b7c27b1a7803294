// Package signaling encodes and decodes the signaling that two peers exchange by
// push messages: cards, signed messages, and compact descriptions of a data
// channel.
//
// # Card
//
// A Card holds the data that a friend needs in order to call: a push subscription,
// the application server key that may push to it, the owner's identity and name.
// Its JSON is a superset of PushSubscription.toJSON() of the W3C Push API.
//
//	{"endpoint":"https://…","keys":{"p256dh":"…","auth":"…"},
//	 "vapid":{"privateKey":"…"},"identity":"…","name":"…"}
//
// Its short form is binary in base64url and half the size. A link has it as its
// fragment, which no server sees, and a QR code shows that link. See [Card.Link];
// ParseCard parses every form.
//
// # Message
//
// A Message is the plaintext of a push message. It is UTF-8, since Chromium
// drops a push message that is not, and has at most MaxPayload octets.
//
//	{"v":1,"type":"offer","call":"…","time":1790000000000,"from":"…",
//	 "card":{…},"description":"…","signature":"…"}
//
// call is 12 random octets, time is in milliseconds since 1970, from is the
// sender's identity, a P-256 public key. After from, a message that belongs to a
// later offer of the same call has "round", 1 to 9. card, "succeeds" after it (the
// [Chain] of somebody who has moved) and description are optional; a card in a
// message has no identity member, since from is its identity. The signature covers
// unknown members like all others; a reader ignores them.
//
// The signature is ES256 (RFC 7518, Section 3.4) in base64url, always the last
// member and always 86 characters, so that no canonical form is needed. It is a
// signature of
//
//	"pushcall message 1\n" ‖ receiver's p256dh, 65 octets ‖ payload up to `,"signature":"`
//
// The receiver's key is included so that nobody can forward a message to somebody
// else. The receiver detects a repeated message by its call and type; Fresh bounds
// how long it has to remember them.
//
// # Description
//
// A Description is the session description (RFC 8829) of a data channel without
// the lines that all of them share: usually 100 to 200 characters instead of 700
// to 1200 octets. Only the remote description is rebuilt from a Description; the
// local one stays as the browser made it. See MarshalText for the layout.
//
//	Describe(sdp string) (Description, error)  // local SDP → description to send
//	(Description).SDP() string                 // description received → remote SDP
//
// SDP that does not fit into that form is sent complete, deflated, and is given to
// setRemoteDescription unchanged.
//
// All input may come from a stranger, and the parsing functions check all of it: a
// parsed value can be written into JSON, SDP or a page without another check.
package signaling
