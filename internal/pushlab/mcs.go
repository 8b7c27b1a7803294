package pushlab

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// loginTimeout is how long a new connection may take to log in.
const loginTimeout = 10 * time.Second

// Fields that acknowledge all frames up to a number (last_stream_id_received), by tag.
const (
	heartbeatAcked   protowire.Number = 2
	iqAcked          protowire.Number = 10
	dataMessageAcked protowire.Number = 11
)

// errLogin is returned for a login that this lab has not issued.
var errLogin = errors.New("pushlab: unknown MCS login")

// mcsConn is the connection of one Chromium profile to the Mobile Connection Server.
type mcsConn struct {
	net.Conn
	reader  *bufio.Reader
	session *session

	mu       sync.Mutex     // orders the frames that are written
	received int            // frames read, the login included
	sent     int            // frames written, the login's answer included
	unacked  map[int]string // message IDs by the number of their frame
}

// serveMCS speaks MCS on a connection until either side ends it.
func (f *fcm) serveMCS(ctx context.Context, conn net.Conn) error {
	c := &mcsConn{Conn: conn, reader: bufio.NewReader(conn), unacked: map[int]string{}}
	if err := c.login(f); err != nil {
		return err
	}
	defer c.session.detach()

	ctx, cancel := context.WithCancel(ctx)
	delivered := make(chan error, 1)
	go func() {
		err := c.session.deliver(ctx, c.sendMessage)
		conn.Close() // ends the reading below
		delivered <- err
	}()
	err := c.read()
	cancel()
	return errors.Join(err, <-delivered)
}

// login reads the version and the LoginRequest and answers them. Chromium often
// drops its first connection right after this and logs in again, so a message
// counts as delivered only when Chromium acknowledges it.
func (c *mcsConn) login(f *fcm) error {
	c.SetDeadline(time.Now().Add(loginTimeout))
	version, err := c.reader.ReadByte()
	if err != nil {
		return err
	}
	if version != mcsVersion {
		return fmt.Errorf("%w: version %d", errFrame, version)
	}
	tag, message, err := readFrame(c.reader)
	if err != nil {
		return err
	}
	if tag != tagLoginRequest {
		return fmt.Errorf("%w: tag %d before the login", errFrame, tag)
	}
	d, acked, err := parseLoginRequest(message)
	if err != nil {
		return err
	}
	agent := f.agent(d)
	if _, err := c.Write(append([]byte{mcsVersion}, loginResponse(agent != nil)...)); err != nil {
		return err
	}
	if agent == nil {
		return errLogin
	}
	c.SetDeadline(time.Time{})
	c.received, c.sent = 1, 1
	c.session = f.store.attach(agent)
	for _, id := range acked {
		c.session.ack(id, 0)
	}
	return nil
}

// parseLoginRequest returns the device of a LoginRequest and the IDs of the
// messages that it acknowledges.
func parseLoginRequest(message []byte) (d device, acked []string, err error) {
	fields, err := parseProtobuf(message)
	if err != nil {
		return device{}, nil, err
	}
	var user, password string
	for _, field := range fields {
		switch field.id {
		case 3:
			user = string(field.text)
		case 5:
			password = string(field.text)
		case 10:
			acked = append(acked, string(field.text))
		}
	}
	return parseDevice(user, password), acked, nil
}

func loginResponse(ok bool) []byte {
	response := protobuf{}.text(1, "pushlab")
	if !ok {
		response = response.bytes(3, protobuf{}.number(1, 401).text(2, "unknown device")) // ErrorInfo
	}
	response = response.
		number(5, 1). // stream_id
		number(6, 1). // last_stream_id_received
		number(8, uint64(time.Now().UnixMilli()))
	return appendFrame(nil, tagLoginResponse, response)
}

// read handles the browser's frames until the connection ends.
func (c *mcsConn) read() error {
	for {
		tag, message, err := readFrame(c.reader)
		if err != nil {
			return err
		}
		c.mu.Lock()
		c.received++
		c.mu.Unlock()
		switch tag {
		case tagHeartbeatPing:
			if err = c.ackUpTo(message, heartbeatAcked); err == nil {
				err = c.send(tagHeartbeatAck, nil, heartbeatAcked, "")
			}
		case tagHeartbeatAck:
			err = c.ackUpTo(message, heartbeatAcked)
		case tagIqStanza:
			err = c.ackUpTo(message, iqAcked)
		case tagDataMessage: // the browser's own upstream messages; only their acknowledgement matters here
			err = c.ackUpTo(message, dataMessageAcked)
		case tagClose:
			return nil
		default:
			err = fmt.Errorf("%w: tag %d", errFrame, tag)
		}
		if err != nil {
			return err
		}
	}
}

// ackUpTo acknowledges the messages up to the frame number in the given field.
func (c *mcsConn) ackUpTo(message []byte, ackField protowire.Number) error {
	fields, err := parseProtobuf(message)
	if err != nil {
		return err
	}
	for _, field := range fields {
		if field.id != ackField {
			continue
		}
		for _, id := range c.takeUnacked(int(field.number)) {
			c.session.ack(id, 0)
		}
	}
	return nil
}

// takeUnacked removes and returns the messages up to a frame number.
func (c *mcsConn) takeUnacked(upTo int) (ids []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for number, id := range c.unacked {
		if number <= upTo {
			ids = append(ids, id)
			delete(c.unacked, number)
		}
	}
	return ids
}

// sendMessage writes a push message and asks for its acknowledgement at once:
// without immediate_ack Chromium collects ten of them.
func (c *mcsConn) sendMessage(m *message) error {
	stanza := protobuf{}.
		text(3, m.sub.key.String()). // from: the sender of the registration
		text(5, m.sub.app).
		bytes(7, appData("subtype", m.sub.channel))
	if len(m.body) > 0 {
		stanza = stanza.bytes(7, appData("content-encoding", contentEncoding))
	}
	stanza = stanza.
		text(9, m.id).
		number(17, uint64(m.ttl/time.Second)).
		number(18, uint64(m.received.UnixMilli()))
	if len(m.body) > 0 {
		stanza = stanza.bytes(21, m.body)
	}
	stanza = stanza.number(24, 1) // immediate_ack
	return c.send(tagDataMessage, stanza, dataMessageAcked, m.id)
}

func appData(key, value string) []byte {
	return protobuf{}.text(1, key).text(2, value)
}

// send writes a frame that acknowledges the last frame received, in ackField. id is
// the ID of the push message in the frame, or "".
func (c *mcsConn) send(tag byte, message protobuf, ackField protowire.Number, id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent++
	if id != "" {
		c.unacked[c.sent] = id
	}
	message = message.number(ackField, uint64(c.received))
	_, err := c.Write(appendFrame(nil, tag, message))
	if err != nil {
		return fmt.Errorf("pushlab: write an MCS frame with tag %d: %w", tag, err)
	}
	return nil
}
