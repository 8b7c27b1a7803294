// Package datachannel stands in for pion/datachannel in the page, where the
// browser implements SCTP. It declares the interface that pion/webrtc returns from
// DataChannel.Detach and implements with the browser's RTCDataChannel.
package datachannel

import "io"

// A ReadWriteCloser carries messages that are text or octets.
type ReadWriteCloser interface {
	io.ReadWriteCloser
	ReadDataChannel(p []byte) (n int, isText bool, err error)
	WriteDataChannel(p []byte, isText bool) (n int, err error)
}
