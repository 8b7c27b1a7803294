// Package interceptor stands in for pion/interceptor in the page, where the
// browser speaks RTP. It has what pion/webrtc's interface of a bound track
// names; the page has no way to bind one.
package interceptor

// Attributes go along with packets.
type Attributes map[any]any

// An RTCPReader reads RTCP packets.
type RTCPReader interface {
	Read(p []byte, attributes Attributes) (int, Attributes, error)
}
