// Package relay carries push messages to push services that web pages cannot
// reach themselves, because those services answer without CORS headers.
//
// One POST comes in, one POST goes out:
//
//	page                               relay                      push service
//	 | POST /relay                       |                              |
//	 | Push-Endpoint: https://host/path  |  POST https://host/path      |
//	 | TTL, Urgency, Topic,              |  TTL, Urgency, Topic,        |
//	 | Authorization, Content-Encoding,  |  Authorization, …            |
//	 | Content-Type                      |                              |
//	 | body (RFC 8291) ----------------> | ---------------------------> |
//	 |                                   |                  201 Created |
//	 |                       201 Created | <--------------------------- |
//	 | <-------------------------------- |                              |
//	 |   Push-Status: 201                |                              |
//	 |   Retry-After, Location           |                              |
//
// The request is the one of RFC 8030, Section 5, with one header field more:
// Push-Endpoint, the URL that the message is for. That URL is a capability:
// whoever has it may send to it (RFC 8030, Section 8.3). So it travels in a
// header field and not in the relay's URL, and the package writes it nowhere:
// not into what it tells of an Outcome, and none of its errors or answers
// quotes what was asked.
//
// The answer has the status of the push service. Push-Status repeats it, and
// is there only when a push service answered, which tells a service's 404 (the
// subscription is gone) from that of a host without a relay. A status that a
// browser would act upon by itself, such as a redirect, is answered as 502 and
// shows in Push-Status alone. What the relay refuses has no Push-Status and
// one plain sentence for a body:
//
//	400  the endpoint or another header field is missing, repeated or malformed
//	403  the endpoint is not at a push service the Policy knows, which the header
//	     field Push-Refusal: unknown-service says; or the page is not of an origin
//	     the relay is for, and cannot read the answer
//	405  not a POST
//	408  the message did not arrive in time
//	413  the message is larger than any push service accepts
//	429  too many messages; Retry-After says when to come again
//	502  the push service could not be reached
//	504  the push service did not answer in time
//
// A message is sent once. Only one that the push service has surely not
// processed is sent a second time, on a new connection: it refused the stream,
// or left before it (RFC 9113, Section 8.7), or the connection broke before an
// octet of the message was written. Connections that answer nothing any more
// are found by PING within 15 s, and are not used after a message that was not
// answered in time.
//
// The relay is blind by construction. It knows nothing of what a message says
// or who sent it, keeps nothing between two requests but a token bucket for
// each client address, and imports none of the packages that could read more.
//
// It cannot be turned against others: hosts and ports are matched against
// a list, which the operator may extend, the addresses they resolve to are checked again when they are dialled, redirects
// are not followed, header fields are what their documents say or are refused,
// and everything has a bound. Package conformance has each of these rules as a
// case, for whatever form the relay is deployed in; the folder worker has
// another form.
package relay
