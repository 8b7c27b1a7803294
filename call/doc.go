// Package call is the phone: it dials, rings, answers, negotiates and hangs up.
//
// It is pure Go and knows no browser. [Config] gives a [Phone] a function that makes
// peers (RTCPeerConnection behind the [Peer] interface), a function that pushes, and a
// key that signs. So the phone is tested natively, in virtual time.
//
// A call takes two push messages. They open a data channel, which carries all further
// signaling. A contact's call connects while it rings: so Ringing means that the callee's
// phone does ring, and Answer takes one message in-band:
//
//	caller                                            callee
//	Dial
//	  createDataChannel, setLocalDescription
//	  gather (at most 2 s)
//	Dialing ------------- push: offer ------------->  Ringing
//	                                                    setRemoteDescription
//	                                                    setLocalDescription, gather
//	Ringing <------------ push: ringing ------------
//	  setRemoteDescription
//	        <============ data channel ============>
//	                                                  Answer
//	Connected <---------- in-band: accept ----------  Connected
//	          candidates, descriptions, media, text, ping, bye
//
// A callee's phone sends nothing to an unknown caller before Answer, since that would show
// them its network address. With Answer it pushes the answer, and both sides are
// Connecting until the channel opens. Until the callee's person has answered, both sides
// drop texts and descriptions that arrive in-band.
//
// During a call, the offer of another contact waits: the phone pushes waiting, so that the
// caller knows of the call, and its person answers with an answer message, which ends the
// present call, or declines. Otherwise it rings when the present call is over. A stranger's
// offer gets busy.
//
// Media is negotiated in-band once both people want the call, anew over each link. The
// caller's side makes one offer, with voice, camera and screen in both directions; the
// peers then send through it without another offer. Each side announces in-band which
// media it sends ([Media]), and while it rings, which it would send.
//
// Files are offered in-band and sent over a second channel: see package files.
//
//	Idle -> Dialing -> Ringing ----> Connected <-> Reconnecting
//	          |           |          ^                  |
//	          +-----------+-> Connecting                |
//	          |           |       |                     |
//	          +-----------+-------+---------------------+--> Ended
//
// An incoming call begins at Ringing. The states that wait for a person or a path have
// time limits: RingTime, ConnectTime, ReconnectTime. A side sends the end of the call
// in-band if the channel is open, and pushes it if not. A page that goes away does both,
// since a message that it sends in-band may be lost with it.
//
// Each side pings the other every second. After 2.2 s of silence the path is in
// doubt (Reconnecting). After 3.2 s it is lost, and the caller pushes one more offer
// of the same call, for a new link. If the browser doubts the path (disconnected) while
// messages still arrive, the caller restarts ICE in-band.
// A path may be lost in one direction only, as when the callee moves to another
// network and the caller's browser keeps sending to the old one (observed). A callee
// that receives nothing therefore sends deaf, and the caller treats the path as lost.
// Messages carry the round of their offer. After a second silence both sides wait
// for ReconnectTime, then end the call. A channel that closes is replaced up to three
// times.
//
// A side may also stall: its page is frozen or overloaded, or its machine is stopped.
// When it runs again its deadlines are over, but it first reads the messages that the
// other side has sent meanwhile. The other side keeps the link meanwhile, even if its
// browser reports the path as failed, as Chromium does after 17 s (observed): the path
// works again once both run. A side that makes or gets another offer, or its answer,
// waits ReconnectTime anew.
//
// # Safety words
//
// An identity signs every message. An offer and its ringing or answer message carry the
// fingerprint of the certificate that the connection has to use. A later description
// with another fingerprint ends the call. So nobody gets between two identities; but
// somebody may have replaced a card on its way to a friend. [Phone.SafetyWords] are six
// words made from both identities, the certificates of the connection in use, and a
// secret that the caller reveals over it. An attacker in the middle has two connections,
// with other identities and certificates, so the two people see different words. They
// notice when they read them to each other. [SafetyWords] says what an attack on the
// words costs.
//
// A connection that replaces a lost one has a new certificate, and so new words: people
// have to compare the words that are shown at that time. The result of the comparison
// outlives the connection, since it proves that the identity is the friend's own, and
// that identity signs each later certificate. Therefore Verified is a field of the
// contact. It is cleared with a new identity: a friend with another identity is not
// verified, whatever their name.
//
// # Concurrency
//
// One goroutine owns each phone. Calls of its methods, push messages, reports of a peer
// and timers all post functions to its loop. Gathering, signing and pushing, which take
// time, run beside the loop and post their results. No callback touches state.
//
// # Offer collision
//
// Two people who call each other at once end up in one call. Their identities decide the
// roles, never the order in which the offers arrive. The polite side, whose identity is
// the smaller, drops its own offer and answers; the impolite side waits for that answer.
package call
