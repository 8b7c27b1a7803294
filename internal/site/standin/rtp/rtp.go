// Package rtp stands in for pion/rtp in the page, where the browser speaks
// RTP. It has what pion/webrtc's interface of a bound track names; the page
// has no way to bind one.
package rtp

// Header is that of an RTP packet. It has no fields: who wants one is told by
// the compiler that there are no packets here.
type Header struct{}
