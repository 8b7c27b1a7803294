// Package pushlab runs two push services on one machine. Stock Firefox and stock
// Chromium subscribe to them with their own PushManager, and receive and decrypt the
// messages posted there, without a network or an account.
//
// One process imitates Mozilla's push service and FCM. Each speaks the real one's
// protocol to the user agent and gives its answers to an application server:
//
//	            application server                     user agent
//	Mozilla     POST http://127.0.0.1:H/wpush/v2/…     ws://127.0.0.1:H/
//	FCM         POST https://jmt17.google.com/…        http://127.0.0.1:H/checkin
//	            (by address 127.0.0.1:S)               http://127.0.0.1:H/c2dm/register3
//	                                                   https://localhost:M (MCS)
//
// Both verify the VAPID token (RFC 8292) with the subscription's application server
// key, and its audience and lifetime. They require a TTL and the aes128gcm encoding,
// and refuse bodies above 4096 octets. They keep messages for a disconnected browser
// until the TTL ends or the browser acknowledges them; a message replaces an older
// one of its Topic. Mozilla's service answers CORS preflights of all origins, FCM
// none: the page needs a relay because of this difference, so the lab reproduces it.
// The lab keeps a [Record] of every message, delivered or refused.
//
// # Faults
//
// The lab injects the faults of push services and networks on demand, from Go by
// [Lab.Faults] or over HTTP at [Lab.Control]. A message gets the first fault in a
// queue that is for its endpoint or for all; if there is none, it gets the fault that
// a [Schedule] draws from a seed.
//
//	POST ── checks ── fault ──────── store's queue ──── browser
//	          │         │                │
//	          │         │                └ delay, reorder: held for a time, or behind the next message
//	          │         │                  duplicate: stored as two messages
//	          │         │                  drop: not stored; expire: not stored, but replaces those of its topic
//	          │         └ 404 410 413 429 500: the service's own words; not stored, and the subscription stays
//	          │           reset: no answer; slow: a 201 with a slow body
//	          └ a message that the service itself refuses uses up no fault
//
// A held message counts as sent: a newer message of its topic no longer replaces it.
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
// Firefox accepts no frame before the answer to hello. If that answer has another
// uaid than its own, Firefox drops all its subscriptions.
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
// last_stream_id_received acknowledges all frames up to that number. When a
// connection breaks, the next login acknowledges messages by ID, in
// received_persistent_id; the service sends the others again.
//
// # What to expect of the browsers
//
// Measured with Firefox 153 and Chromium 156, headless, on two busy cores.
//
// Firefox subscribes in 15 ms and has a message in its service worker within
// 40 ms of the POST, also without a tab. It acknowledges after the worker's
// waitUntil. Messages posted while it was closed arrive about a second after its
// start. It drops a message whose version it has had before. A page that calls
// subscribe() in the first second or two of Firefox's start waits for ever.
//
// Chromium reads its GCM store only when it is idle: a new profile's
// first subscribe takes 2 to 6 s, the next 10 ms. Right after its first login it
// drops that connection and logs in again. A message takes 10 to 35 ms. After a
// restart it logs in 6 to 16 s after its start, and getSubscription() waits for
// 2 to 6 s of that. It cannot know that the last acknowledgements of a connection
// arrived, so it lists them again in the next login. On one connection it fires
// an event for every message, whether it has had its ID before or not.
//
// Both browsers repeat a page's POST by themselves if a connection that they have
// used before is reset, so the service gets one message of the page twice.
// Therefore the lab's Mozilla endpoints close every connection after an answer.
package pushlab
