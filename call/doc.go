// Package call is the phone: it dials, answers, negotiates and hangs up.
//
// It is pure Go and knows no browser. A [Phone] is given a way to make peers
// (RTCPeerConnection behind the [Peer] interface), a way to push, and a key to
// sign with; everything it does can be tested natively, in virtual time.
//
// A call takes two push messages. All further signaling goes through the data
// channel they open:
//
//	caller                                          callee
//	Dial
//	  createDataChannel, setLocalDescription
//	  gather (at most 2 s)
//	Dialing ------------- push: offer ------------> Connecting
//	                                                  setRemoteDescription
//	                                                  setLocalDescription, gather
//	Connecting <--------- push: answer ------------
//	  setRemoteDescription
//	Connected <=========== data channel ==========> Connected
//	           candidates, descriptions, text, bye
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
