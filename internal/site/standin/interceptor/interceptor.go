// Package interceptor stands in for pion/interceptor in the page, where the
// browser implements RTP. It declares the names in pion/webrtc's interface of a bound
// track; a page cannot bind one.
package interceptor

// Attributes accompany a packet.
type Attributes map[any]any

// An RTCPReader reads RTCP packets.
type RTCPReader interface {
	Read(p []byte, attributes Attributes) (int, Attributes, error)
}
