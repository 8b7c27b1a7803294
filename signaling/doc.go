// Package signaling has what two phones tell each other by push messages:
// cards, signed messages, and compact descriptions of a data channel.
//
// # Card
//
// A Card is what a friend needs in order to call: a push subscription, the
// application server key that may push to it, the owner's identity and name.
// Its JSON is a superset of PushSubscription.toJSON() of the W3C Push API.
//
//	{"endpoint":"https://…","keys":{"p256dh":"…","auth":"…"},
//	 "vapid":{"privateKey":"…"},"identity":"…","name":"…"}
//
// Its short form is binary in base64url, half the size: for a link, where it is
// the fragment that no server sees, and for a QR code of that link. See
// [Card.Link]; ParseCard reads every form.
//
// # Message
//
// A Message is the plaintext of a push message. It is UTF-8, since Chromium
// drops anything else, and at most MaxPayload octets.
//
//	{"v":1,"type":"offer","call":"…","time":1790000000000,"from":"…",
//	 "card":{…},"description":"…","signature":"…"}
//
// call is 12 random octets, time is in milliseconds since 1970, from is the
// sender's identity, a P-256 public key. After it comes "round", 1 to 9, in what
// belongs to a later offer of the same call. card, "succeeds" after it (a
// [Succession], of somebody who has moved) and description are there only
// where they have to be; a card that is has no identity of its own, for that
// is from. Members that are not known are signed like all others, and ignored.
//
// The signature is ES256 (RFC 7518, Section 3.4) in base64url, always the last
// member and always 86 characters, so that no canonical form is needed. What
// is signed is
//
//	"pushcall message 1\n" ‖ receiver's p256dh, 65 octets ‖ payload up to `,"signature":"`
//
// The receiver is in it so that nobody can pass a message on to somebody else.
// That a message is not taken twice is for the receiver to see to, by its call
// and type; Fresh bounds how long it has to remember them.
//
// # Description
//
// A Description is a session description (RFC 8829) without what all those of
// data channels have in common: usually 100 to 200 characters in place of 700 to 1200
// octets. Only the remote description is ever rebuilt from one; the local one
// stays what the browser made. See MarshalText for its layout.
//
//	Describe(sdp string) (Description, error)  // local SDP → what is sent
//	(Description).SDP() string                 // what came → remote SDP
//
// What does not fit into that form travels whole, as deflated SDP, and is
// handed to setRemoteDescription as it came.
//
// Everything here is parsed where it comes in, and everything may come from a
// stranger: what has been parsed can be written again into JSON, SDP or a page
// without a second look.
package signaling
