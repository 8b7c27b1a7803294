package pushlab

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
)

// mcsVersion is the octet that both sides of an MCS connection send before their
// first frame; engine/connection_handler_impl.cc.
const mcsVersion = 41

// Tags of MCS frames; protocol/mcs.proto.
const (
	tagHeartbeatPing = 0
	tagHeartbeatAck  = 1
	tagLoginRequest  = 2
	tagLoginResponse = 3
	tagClose         = 4
	tagIqStanza      = 7
	tagDataMessage   = 8
)

// maxFrame is the limit for a frame from a browser. Only a login may be large: it
// lists the messages that the last connection did not acknowledge.
const maxFrame = 1 << 20 // octets

// errFrame is returned for a malformed MCS frame.
var errFrame = errors.New("pushlab: malformed MCS frame")

// readFrame reads a tag, a length and a protobuf message.
func readFrame(r *bufio.Reader) (tag byte, message []byte, err error) {
	if tag, err = r.ReadByte(); err != nil {
		return 0, nil, err
	}
	size, err := binary.ReadUvarint(r)
	if err != nil {
		return 0, nil, fmt.Errorf("%w: length: %w", errFrame, err)
	}
	if size > maxFrame {
		return 0, nil, fmt.Errorf("%w: %d octets", errFrame, size)
	}
	message = make([]byte, size)
	if _, err := io.ReadFull(r, message); err != nil {
		return 0, nil, fmt.Errorf("%w: message: %w", errFrame, err)
	}
	return tag, message, nil
}

// appendFrame is the reverse of readFrame.
func appendFrame(b []byte, tag byte, message []byte) []byte {
	return protowire.AppendBytes(append(b, tag), message) // a length, then the octets: as it happens, a protobuf string
}
