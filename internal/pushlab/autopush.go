package pushlab

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/coder/websocket"

	"pushcall/webpush"
)

// errHello is returned for a connection that does not begin with hello.
var errHello = errors.New("pushlab: no hello")

// userAgentFrame has the members of every frame that Firefox sends.
type userAgentFrame struct {
	MessageType string `json:"messageType"`
	UAID        string `json:"uaid"`
	ChannelID   string `json:"channelID"`
	Key         string `json:"key"`
	Version     string `json:"version"`
	Code        int    `json:"code"`
	Updates     []struct {
		Version string `json:"version"`
		Code    int    `json:"code"`
	} `json:"updates"`
}

// Frames to Firefox, in the order of the package comment.
type (
	helloFrame struct {
		MessageType string   `json:"messageType"`
		UAID        string   `json:"uaid"`
		Status      int      `json:"status"`
		UseWebPush  bool     `json:"use_webpush"`
		Broadcasts  struct{} `json:"broadcasts"`
	}
	registerFrame struct {
		MessageType  string `json:"messageType"`
		ChannelID    string `json:"channelID"`
		Status       int    `json:"status"`
		PushEndpoint string `json:"pushEndpoint,omitempty"`
	}
	notificationFrame struct {
		MessageType string            `json:"messageType"`
		ChannelID   string            `json:"channelID"`
		Version     string            `json:"version"`
		Data        string            `json:"data,omitempty"`
		Headers     map[string]string `json:"headers,omitempty"`
	}
)

// autopushConn is the connection of one Firefox profile.
type autopushConn struct {
	*websocket.Conn
	service *mozilla
	agent   *agent
	session *session
}

// serveUserAgent speaks the user-agent protocol until either side ends it.
func (m *mozilla) serveUserAgent(w http.ResponseWriter, r *http.Request) {
	m.connections.Add(1)
	defer m.connections.Done()
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols:       []string{"push-notification"},
		InsecureSkipVerify: true, // Firefox's Origin is its own: "wss://push.services.mozilla.com/"
	})
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow()
	c := &autopushConn{Conn: conn, service: m}
	if err := c.run(m.lifetime); errors.Is(err, errHello) {
		conn.Close(websocket.StatusPolicyViolation, "hello comes first")
	}
}

// run handles a connection: hello, then reading and writing concurrently. It
// starts delivery only after it has written the answer to hello, which must be the
// first frame.
func (c *autopushConn) run(ctx context.Context) error {
	if err := c.hello(ctx); err != nil {
		return err
	}
	c.session = c.service.store.attach(c.agent)
	defer c.session.detach()

	ctx, cancel := context.WithCancelCause(ctx)
	delivered := make(chan struct{})
	go func() {
		defer close(delivered)
		cancel(c.session.deliver(ctx, func(m *message) error { return c.notify(ctx, m) }))
	}()
	err := c.read(ctx)
	cancel(err)
	<-delivered
	return context.Cause(ctx)
}

// hello registers a new user agent or recognises a known one. A user agent whose
// uaid is unknown to this lab gets a new one, and then drops its subscriptions.
func (c *autopushConn) hello(ctx context.Context) error {
	frame, err := c.readFrame(ctx)
	if err != nil {
		return err
	}
	if frame.MessageType != "hello" {
		return errHello
	}
	c.agent = c.service.store.findAgent(frame.UAID, "")
	if c.agent == nil {
		c.agent = c.service.store.addAgent(newUAID(), "")
	}
	return c.write(ctx, helloFrame{MessageType: "hello", UAID: c.agent.id, Status: 200, UseWebPush: true})
}

func (c *autopushConn) read(ctx context.Context) error {
	for {
		frame, err := c.readFrame(ctx)
		if err != nil {
			return err
		}
		switch frame.MessageType {
		case "":
			err = c.write(ctx, struct{}{}) // a ping
		case "register":
			err = c.write(ctx, c.register(frame))
		case "unregister":
			c.service.store.unsubscribe(c.agent, frame.ChannelID)
			err = c.write(ctx, registerFrame{MessageType: "unregister", ChannelID: frame.ChannelID, Status: 200})
		case "ack":
			for _, update := range frame.Updates {
				c.session.ack(update.Version, update.Code)
			}
		case "nack":
			c.service.records.nacked(frame.Version, frame.Code)
		}
		if err != nil {
			return err
		}
	}
}

// register adds a subscription. It refuses one without an application server key:
// Firefox allows it, but anyone who knows its endpoint could post there.
func (c *autopushConn) register(frame *userAgentFrame) registerFrame {
	answer := registerFrame{MessageType: "register", ChannelID: frame.ChannelID, Status: 200}
	key, err := webpush.ParsePublicKey(frame.Key)
	if err != nil {
		answer.Status = 400
		return answer
	}
	token := c.service.store.subscribe(subscription{
		agent:   c.agent,
		token:   newMozillaToken(),
		channel: frame.ChannelID,
		key:     key,
	})
	answer.PushEndpoint = c.service.origin + "/wpush/v2/" + token
	return answer
}

func (c *autopushConn) notify(ctx context.Context, m *message) error {
	frame := notificationFrame{MessageType: "notification", ChannelID: m.sub.channel, Version: m.id}
	if len(m.body) > 0 {
		frame.Data = base64.RawURLEncoding.EncodeToString(m.body)
		frame.Headers = map[string]string{"encoding": contentEncoding}
	}
	return c.write(ctx, frame)
}

func (c *autopushConn) readFrame(ctx context.Context) (*userAgentFrame, error) {
	_, text, err := c.Read(ctx)
	if err != nil {
		return nil, err
	}
	frame := new(userAgentFrame)
	if err := json.Unmarshal(text, frame); err != nil {
		return nil, err
	}
	return frame, nil
}

func (c *autopushConn) write(ctx context.Context, frame any) error {
	text, err := json.Marshal(frame)
	if err != nil {
		return err
	}
	return c.Write(ctx, websocket.MessageText, text)
}

func newUAID() string {
	var random [16]byte
	rand.Read(random[:])
	return hex.EncodeToString(random[:])
}
