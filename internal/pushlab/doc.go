// Package pushlab is a pair of push services for one machine: stock Firefox and
// stock Chromium subscribe at them with their own PushManager, and receive and
// decrypt what is posted there, with no network and no account.
//
// One process plays two services, each in the user-agent protocol of the real
// one and with the real one's answers to an application server:
//
//	            application server                     user agent
//	Mozilla     POST http://127.0.0.1:H/wpush/v2/…     ws://127.0.0.1:H/
//	FCM         POST https://jmt17.google.com/…        http://127.0.0.1:H/checkin
//	            (by address 127.0.0.1:S)               http://127.0.0.1:H/c2dm/register3
//	                                                   https://localhost:M (MCS)
//
// Both verify the VAPID token (RFC 8292) with the key the subscription was made
// with, its audience and its lifetime, want a TTL and the aes128gcm encoding,
// refuse bodies above 4096 octets, keep messages for absent browsers until their
// TTL ends or the browser acknowledges them, and let a message replace an older
// one of its Topic. Mozilla's answers any origin's CORS preflight, FCM's none:
// that difference is why the page needs a relay, so the lab insists on it.
// Every message, delivered or refused, leaves a [Record].
//
// # Faults
//
// What a push service and the way to it may do to a message, the lab does on
// demand, from Go by [Lab.Faults] or over HTTP at [Lab.Control]: the next
// messages, or the next to an endpoint, meet the faults of a queue, others those
// that a [Schedule] draws from a seed.
//
//	POST ── checks ── fault ──────── store's queue ──── browser
//	          │         │                │
//	          │         │                └ delay, reorder: held for a time, or behind the next one
//	          │         │                  duplicate: two messages
//	          │         │                  drop: not there; expire: not there either, but in place of its topic
//	          │         └ 404 410 413 429 500: the service's own words; not taken, and the subscription stays
//	          │           reset: no answer; slow: a 201 that takes its time
//	          └ what the service refuses by itself uses up no fault
//
// A message that is held is on its way: none of its topic replaces it any more.
//
// The lab is for tests and for developing offline. It listens on loopback only
// and keeps everything in memory.
//
// # Mozilla: autopush over a WebSocket
//
// Text frames, each a JSON object; > is the browser, < the service. Sources:
// Firefox, dom/push/PushServiceWebSocket.sys.mjs, and mozilla-services/autopush-rs
// (autoconnect for this side, autoendpoint for the POST).
//
//	> {"messageType":"hello","broadcasts":{},"use_webpush":true,"uaid":"…"}   uaid: only with subscriptions
//	< {"messageType":"hello","uaid":"<32 hex>","status":200,"use_webpush":true,"broadcasts":{}}
//	> {"messageType":"register","channelID":"<uuid>","key":"<base64url, padded>"}
//	< {"messageType":"register","channelID":"…","status":200,"pushEndpoint":"http://127.0.0.1:H/wpush/v2/<token>"}
//	< {"messageType":"notification","channelID":"…","version":"<id>","data":"<base64url>","headers":{"encoding":"aes128gcm"}}
//	> {"messageType":"ack","updates":[{"channelID":"…","version":"<id>","code":100}]}
//	> {"messageType":"nack","version":"<id>","code":301}
//	> {"messageType":"unregister","channelID":"…","code":200}
//	< {"messageType":"unregister","channelID":"…","status":200}
//	> {}                                                                      ping
//	< {}
//
// Firefox takes nothing before hello's answer. A uaid in it that is not its own
// makes Firefox drop every subscription it has.
//
// # FCM: check-in, register3 and MCS
//
// Chromium checks in once per profile and gets a device number and its secret,
// registers once per subscription, and keeps one TLS connection to the Mobile
// Connection Server. Sources: Chromium, google_apis/gcm: protocol/checkin.proto,
// protocol/mcs.proto, engine/registration_request.cc, engine/mcs_client.cc and
// engine/connection_handler_impl.cc.
//
// Check-in, protobuf both ways (field: meaning):
//
//	> 2: android_id  13: security_token (fixed64)  14: version
//	< 1: stats_ok = true  3: time (ms)  7: android_id  8: security_token (fixed64, not 0)  9: settings_diff = false
//
// Registration, a form out and one line back:
//
//	> Authorization: AidLogin <android_id>:<security_token>
//	  app=<category>&X-subtype=wp:<origin>/#<uuid>-V2&sender=<application server key>&device=…&scope=GCM&…
//	< token=<token>
//	> …&delete=true
//	< token=<app>
//
// MCS: each side sends its version, one octet 41, then frames:
//
//	+--------+-----------------+------------------+
//	| tag, 1 | length, varint  | protobuf message |
//	+--------+-----------------+------------------+
//
//	> 2 LoginRequest       3: user  5: auth_token  10: received_persistent_id (repeated)
//	< 3 LoginResponse      1: id  3: error  5: stream_id = 1  6: last_stream_id_received = 1  8: time (ms)
//	< 8 DataMessageStanza  3: from  5: category  7: app_data {1: key, 2: value}  9: persistent_id
//	                       11: last_stream_id_received  17: ttl  18: sent (ms)  21: raw_data  24: immediate_ack
//	> 7 IqStanza           10: last_stream_id_received, and an extension of type 13, stream ack
//	> 0 HeartbeatPing      2: last_stream_id_received
//	< 1 HeartbeatAck       2: last_stream_id_received
//	  4 Close
//
// Both sides count the frames of a connection from 1 (the login), and
// last_stream_id_received acknowledges all frames up to that number. What was
// not acknowledged before a connection broke is acknowledged by name, in the
// received_persistent_id of the next login, or sent again.
//
// # What to expect of the browsers
//
// Measured with Firefox 153 and Chromium 156, headless, on two busy cores.
//
// Firefox subscribes in 15 ms and has a message in its service worker within
// 40 ms of the POST, also without a tab. It acknowledges after the worker's
// waitUntil. What came while it was closed arrives about a second after its start.
// It drops a message of a version that it has had before. A page that calls
// subscribe() in the first second or two of Firefox's start waits for ever.
//
// Chromium reads its GCM store only when it has come to rest: a new profile's
// first subscribe takes 2 to 6 s, the next 10 ms. Right after its first login it
// drops that connection and logs in again. A message takes 10 to 35 ms. After a
// restart it logs in 6 to 16 s after its start, and getSubscription() waits for
// 2 to 6 s of that. It cannot know that the last acknowledgements of a connection
// arrived, so it lists them again in the next login. On one connection it fires
// an event for every message, whether it has had its ID before or not.
//
// Both send a POST once more, unasked, when it was answered with a reset on a
// connection that they had used before: one message of the page, two of the
// service. So Mozilla's endpoints close every connection after its answer here.
package pushlab
