// Package webpush builds and reads push messages: RFC 8030 requests with
// bodies encrypted by RFC 8291 and senders identified by RFC 8292 (VAPID).
//
// It sends nothing itself: [NewRequest] returns method, URL, header and
// body, and whoever calls it has a fetch, an http.Client or a relay. So the
// same code runs in a native program and in a web page, where net/http would
// be 870 kB to download. For a program that has an http.Client, package
// webpush/webpushhttp sends.
//
//	application server          push service             user agent
//	  |                              |                        |
//	  |   Subscription (JSON)        | <----- subscribe ----- |
//	  | <------ endpoint, p256dh, auth (out of band) -------- |
//	  |                              |                        |
//	  |   NewRequest                 |                        |
//	  | ---- POST endpoint --------> |                        |
//	  |      TTL, Urgency, Topic     |                        |
//	  |      Authorization: vapid    |                        |
//	  |      aes128gcm body          | ---- push message ---> |   Decrypt
//	  |   CheckResponse              |                        |
//	  | <---- 201 Created ---------- |                        |
//
// A body is one record of the aes128gcm content coding (RFC 8188, Section 2),
// whose key identifier is the sender's ephemeral public key (RFC 8291,
// Section 4); sizes in octets:
//
//	+-----------+--------+-----------+----------------+---------------------------+
//	| salt (16) | rs (4) | idlen (1) | as_public (65) | AES-128-GCM ciphertext    |
//	+-----------+--------+-----------+----------------+---------------------------+
//	                                                  | plaintext | 2 | 0… | tag  |
//	                                                  +---------------------------+
//
// Zeros pad the plaintext to one of a few sizes, so that the length of a body
// says little about what is in it.
//
// Three caveats. A plaintext should be UTF-8: Chromium hands anything else to
// its service worker as null. An endpoint is a capability, whoever knows it
// can spend the subscription's quota: keep it out of logs. And nothing here
// authenticates a sender to the receiver's application: VAPID speaks to the
// push service only.
package webpush
