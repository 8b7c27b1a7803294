// Package rtp stands in for pion/rtp in the page, where the browser implements
// RTP. It declares the names in pion/webrtc's interface of a bound track; a page
// cannot bind one.
package rtp

// Header is the header of an RTP packet. It has no fields, so code that uses one does
// not compile: there are no packets in a page.
type Header struct{}
