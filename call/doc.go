// Package call is the phone: it dials, rings, answers, negotiates and hangs up.
//
// It is pure Go and knows no browser. A [Phone] is given a way to make peers
// (RTCPeerConnection behind the [Peer] interface), a way to push, and a key to
// sign with; everything it does can be tested natively, in virtual time.
//
// A call takes two push messages. All further signaling goes through the data
// channel they open. A contact's call connects while it rings, so that the
// caller sees a true Ringing and Answer takes one message in-band:
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
// To an unknown caller nothing is sent before Answer: it would show them an
// address. Then the answer is pushed, and both are Connecting until the channel
// opens. Before the callee's person has answered, no text or description that
// comes in-band is taken.
//
// Media is negotiated in-band once both people want the call, anew over each
// link. The caller's side offers all that there may be once, in both
// directions; what goes through is up to the peers. In-band each side says what
// it sends ([Media]), and while it rings what it would.
//
// Files are offered in-band and sent over a second channel: see package files.
//
//	Idle -> Dialing -> Ringing ----> Connected <-> Reconnecting
//	          |           |          ^                  |
//	          +-----------+-> Connecting                |
//	          |           |       |                     |
//	          +-----------+-------+---------------------+--> Ended
//
// An incoming call begins at Ringing. Each state that no person has chosen has
// a time limit: RingTime, ConnectTime, ReconnectTime. An end is told in-band
// where the channel is open, by push where it is not, and both ways by a page that
// goes away: its last words in-band may go with it.
//
// Each side pings the other every second. After 2.2 s of silence the path is in
// doubt (Reconnecting); after 3.2 s it is lost, and the caller pushes one more offer
// on the same call, for a new link. Where the browser is in doubt of a path by which
// the other side is heard, the caller restarts ICE in-band.
// A path may be lost in one direction only, as when the callee moves to another
// network and the caller's browser keeps sending to the old one (observed): a
// callee who hears nothing says so, and the caller takes the path for lost.
// Messages have the round of the offer that they belong to. A second silence is
// waited out for ReconnectTime, then the call ends; a channel that closes is replaced
// up to three times.
//
// A side may also stall: its page is frozen or busy, or its machine is stopped. When
// it runs again its deadlines are over and what the other side sent is still to be
// read, so that comes first. The other side keeps the link meanwhile,
// even if its browser takes the path for failed, as Chromium does after 17 s
// (observed): the path is there again once both run. Whoever makes or gets another
// offer, or its answer, waits ReconnectTime anew.
//
// # Safety words
//
// Every message is signed by an identity, and an offer and what answers it carry
// the fingerprint of the certificate that the connection then has to show, and
// that each later description in-band has to have: another ends the call. So
// nobody gets between two identities; but a card may have been exchanged on its
// way to a friend. [Phone.SafetyWords] are six words over both identities, the
// certificates of the connection in use, and a secret that its caller reveals
// over it. Who sits between has two connections, of other identities and
// certificates, and the people read different words: they notice when they read
// them to each other. [SafetyWords] says what an attack on the words costs.
//
// A connection that takes the place of a lost one has a new certificate, and so
// new words: they are to be read while they are shown. What comparing them has
// shown outlives the connection all the same, since it was that the identity is
// the friend's own, and it signs each certificate to come. Therefore it is the
// contact that is Verified. The bit ends with the identity: a friend with
// another one is not verified, whatever their name.
//
// One goroutine owns each phone. What a person does, what a push brings, what
// a peer reports and what a timer says are all functions posted to its loop;
// what takes time (gathering, signing, pushing) runs beside it and posts its
// result. No callback touches state.
//
// Two people who call each other at once end in one call: roles come from
// comparing their identities, never from whose offer arrived first. The polite
// one, whose identity is the smaller, drops its own offer and answers; the
// impolite one waits for that answer.
package call
