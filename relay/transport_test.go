package relay

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// silencedConn is a connection that a firewall forgets: nothing comes, nothing is refused.
type silencedConn struct {
	net.Conn
	dead *atomic.Bool
}

func (c silencedConn) Read(b []byte) (int, error) {
	for {
		n, err := c.Conn.Read(b)
		if !c.dead.Load() || err != nil {
			return n, err
		}
	}
}

func (c silencedConn) Write(b []byte) (int, error) {
	if c.dead.Load() {
		return len(b), nil
	}
	return c.Conn.Write(b)
}

// forgetful has a handler's connections forgotten by the functions that it
// sends, one for each connection.
func forgetful(h *Handler) <-chan func() {
	dial, made := h.Dial, make(chan func(), 10)
	h.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		dead := new(atomic.Bool)
		made <- func() { dead.Store(true) }
		return silencedConn{c, dead}, nil
	}
	return made
}

// forService runs a test with a push service of each version of HTTP.
func forService(t *testing.T, answer http.HandlerFunc, test func(t *testing.T, h *Handler)) {
	for name, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewUnstartedServer(answer)
			server.EnableHTTP2 = http2
			test(t, startService(t, server))
		})
	}
}

func created(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) }

func wantStatus(t *testing.T, h *Handler, want int) {
	t.Helper()
	if answer := post(h, message("body")); answer.StatusCode != want {
		t.Errorf("the status is %s, want %d", answer.Status, want)
	}
}

// TestForgottenConnection (golang/go#30702, #36026; sideshow/apns2#24, #209):
// one message is lost on a connection that answers nothing, and no other.
func TestForgottenConnection(t *testing.T) {
	forService(t, created, func(t *testing.T, h *Handler) {
		h.Limit.Timeout = time.Second
		made := forgetful(h)
		for range 2 {
			wantStatus(t, h, 201)
			wantStatus(t, h, 201)
			(<-made)()
			wantStatus(t, h, 504)
		}
		wantStatus(t, h, 201)
	})
}

// TestForgottenWhileIdle: a connection that carries nothing is given up, too,
// so that no message is lost on it.
func TestForgottenWhileIdle(t *testing.T) {
	closed := make(chan struct{})
	first := sync.OnceFunc(func() { close(closed) })
	h := service(t, created)
	h.health = health{after: 50 * time.Millisecond, timeout: 50 * time.Millisecond}
	made := forgetful(h)
	dial := h.Dial
	h.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		return closing{c, first}, err
	}
	wantStatus(t, h, 201)
	(<-made)()
	<-closed
	wantStatus(t, h, 201)
}

// TestForgottenWhileBusy: a message is not waited for longer than its
// connection answers, and is not sent again, for it may have arrived.
func TestForgottenWhileBusy(t *testing.T) {
	arrived := make(chan struct{}, 10)
	h := service(t, func(_ http.ResponseWriter, r *http.Request) { arrived <- struct{}{}; <-r.Context().Done() })
	h.Limit.Timeout = time.Minute
	h.health = health{after: 50 * time.Millisecond, timeout: 50 * time.Millisecond}
	made := forgetful(h)
	answer := make(chan int)
	go func() { answer <- post(h, message("body")).StatusCode }()
	<-arrived
	(<-made)()
	if got := <-answer; got != http.StatusBadGateway || len(arrived) > 0 {
		t.Errorf("the status is %d, and %d more have arrived", got, len(arrived))
	}
}

// TestHealthIsInTime: what is lost is lost to a call that still rings.
func TestHealthIsInTime(t *testing.T) {
	const ring = 45 * time.Second
	if health := newHealth(); health.after <= 0 || health.timeout <= 0 || health.after+health.timeout > ring/2 {
		t.Errorf("a forgotten connection is kept for %v", health.after+health.timeout)
	}
}

type closing struct {
	net.Conn
	closed func()
}

func (c closing) Close() error { c.closed(); return c.Conn.Close() }

// TestSlowMessageBesideOthers: a message that is not answered in time costs
// those beside it nothing, and one whose page leaves costs no connection.
func TestSlowMessageBesideOthers(t *testing.T) {
	arrived, leave := make(chan string, 2), make(chan struct{})
	h := service(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		arrived <- r.RemoteAddr
		switch string(body) {
		case "never":
			<-r.Context().Done()
		case "slow":
			<-leave
		}
		w.WriteHeader(http.StatusCreated)
	})
	h.Limit.Timeout = 2 * time.Second
	var group sync.WaitGroup
	post(h, message(""))
	first := <-arrived

	ctx, cancel := context.WithCancel(t.Context())
	group.Go(func() { post(h, message("never").WithContext(ctx)) })
	<-arrived
	cancel()
	group.Wait()
	post(h, message(""))
	if second := <-arrived; second != first {
		t.Error("a page that leaves takes the connection with it")
	}

	group.Go(func() { post(h, message("never")) })
	<-arrived
	slow := make(chan int, 1)
	time.AfterFunc(h.Limit.Timeout/2, func() { slow <- post(h, message("slow")).StatusCode })
	<-arrived
	group.Wait()
	post(h, message(""))
	if third := <-arrived; third == first {
		t.Error("the connection of a message without an answer is still in use")
	}
	close(leave)
	if got := <-slow; got != http.StatusCreated {
		t.Errorf("the message beside it gets %d", got)
	}
}

// TestUnprocessed: a message that the service has surely not processed is sent
// once more, on another connection.
func TestUnprocessed(t *testing.T) {
	refused := reset(0x7)
	leaveBefore := func(w io.Writer, _ uint32) error { return writeFrame(w, goAway, 0, make([]byte, 8)) }
	leaveAfter := func(w io.Writer, stream uint32) error {
		return writeFrame(w, goAway, 0, binary.BigEndian.AppendUint64(nil, uint64(stream)<<32))
	}
	hangUp := func(io.Writer, uint32) error { return io.EOF }
	both := func(first, then reaction) reaction {
		return func(w io.Writer, stream uint32) error { return errors.Join(first(w, stream), then(w, stream)) }
	}
	for _, test := range []struct {
		name      string
		reactions []reaction // to the requests, of all connections
		body      string
		want      int
		conns     int
	}{
		{"taken", []reaction{taken}, "body", 201, 1},
		{"refused once", []reaction{refused, taken}, "body", 201, 2},
		{"refused twice", []reaction{refused, refused, taken}, "body", 502, 2},
		{"refused with the largest body", []reaction{refused, taken}, strings.Repeat("x", maxBody), 201, 2},
		{"the service leaves before it", []reaction{leaveBefore, taken}, "body", 201, 2},
		{"the service leaves after it", []reaction{both(leaveAfter, taken), taken}, "body", 201, 1},
		{"the service leaves after it without an answer", []reaction{both(leaveAfter, hangUp), taken}, "body", 502, 1},
		{"reset with INTERNAL_ERROR", []reaction{reset(0x2), taken}, "body", 502, 1},
		{"reset with PROTOCOL_ERROR", []reaction{reset(0x1), taken}, "body", 201, 2},
		{"reset with CANCEL", []reaction{reset(0x8), taken}, "body", 502, 1},
		{"reset with NO_ERROR", []reaction{reset(0x0), taken}, "body", 502, 1},
		{"the connection ends", []reaction{hangUp, taken}, "body", 502, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newScripted(t, test.reactions)
			answer := post(s.handler, message(test.body))
			if answer.StatusCode != test.want {
				t.Errorf("the status is %s, want %d", answer.Status, test.want)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.conns != test.conns {
				t.Errorf("it took %d connections, want %d", s.conns, test.conns)
			}
			for _, body := range s.bodies {
				if body != test.body {
					t.Errorf("%d octets arrived, want %d", len(body), len(test.body))
				}
			}
		})
	}
	t.Run("a kept connection, refused", func(t *testing.T) {
		s := newScripted(t, []reaction{taken, taken, refused, taken, taken})
		for range 4 {
			wantStatus(t, s.handler, 201)
		}
		if s.conns != 2 {
			t.Errorf("it took %d connections, want 2", s.conns)
		}
	})
}

// TestUnsent: connections that break before an octet of a message is written.
func TestUnsent(t *testing.T) {
	t.Run("in the handshake", func(t *testing.T) {
		h := service(t, created)
		dial, dials := h.Dial, 0
		h.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dial(ctx, network, address)
			if dials++; dials == 1 && err == nil {
				c.Close()
			}
			return c, err
		}
		if wantStatus(t, h, 201); dials != 2 {
			t.Errorf("it took %d connections, want 2", dials)
		}
	})
	t.Run("in every handshake", func(t *testing.T) {
		h := service(t, created)
		dial, dials := h.Dial, 0
		h.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dial(ctx, network, address)
			dials++
			c.Close()
			return c, err
		}
		if wantStatus(t, h, 502); dials != 2 {
			t.Errorf("it took %d connections, want 2", dials)
		}
	})
	t.Run("no connection", func(t *testing.T) {
		h, dials := service(t, created), 0
		h.Dial = func(context.Context, string, string) (net.Conn, error) { dials++; return nil, ErrAddress }
		if wantStatus(t, h, 502); dials != 1 {
			t.Errorf("an address that may not be dialled was, %d times", dials)
		}
	})
	forService(t, created, func(t *testing.T, h *Handler) {
		dial, made := h.Dial, make(chan *atomic.Bool, 10)
		h.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dial(ctx, network, address)
			broken := new(atomic.Bool)
			made <- broken
			return brokenConn{c, broken}, err
		}
		for range 3 {
			wantStatus(t, h, 201)
			(<-made).Store(true)
		}
	})
}

// brokenConn is a connection that cannot be written to any more, and still seems
// to be there.
type brokenConn struct {
	net.Conn
	broken *atomic.Bool
}

func (c brokenConn) Write(b []byte) (int, error) {
	if c.broken.Load() {
		return 0, errors.New("broken pipe")
	}
	return c.Conn.Write(b)
}

// A reaction is what a scripted service does about the request of a stream.
type reaction func(w io.Writer, stream uint32) error

// taken answers 201: the name is :status of HPACK's static table (RFC 7541, Section 6.2.1).
func taken(w io.Writer, stream uint32) error {
	return writeFrame(w, headers, stream, []byte("\x48\x03201"))
}

// reset resets the stream with an error code (RFC 9113, Section 7).
func reset(code byte) reaction {
	return func(w io.Writer, stream uint32) error {
		return writeFrame(w, resetStream, stream, []byte{0, 0, 0, code})
	}
}

// Frames that the scripted service knows: type in front of flags, RFC 9113, Section 6.
const (
	data        = 0x0001 // END_STREAM
	headers     = 0x0105 // END_STREAM, END_HEADERS
	resetStream = 0x0300
	settings    = 0x0400
	settingsAck = 0x0401
	ping        = 0x0600
	pingAck     = 0x0601
	goAway      = 0x0700
)

// writeFrame writes one frame (RFC 9113, Section 4.1).
func writeFrame(w io.Writer, kind uint16, stream uint32, payload []byte) error {
	frame := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind>>8))
	frame = append(frame, byte(kind))
	frame = binary.BigEndian.AppendUint32(frame, stream)
	_, err := w.Write(append(frame, payload...))
	return err
}

func readFrame(r io.Reader) (kind uint16, stream uint32, payload []byte, err error) {
	head := make([]byte, 9)
	if _, err := io.ReadFull(r, head); err != nil {
		return 0, 0, nil, err
	}
	payload = make([]byte, binary.BigEndian.Uint32(head)>>8)
	_, err = io.ReadFull(r, payload)
	return binary.BigEndian.Uint16(head[3:]), binary.BigEndian.Uint32(head[5:]), payload, err
}

// scripted is a push service that speaks HTTP/2 frame by frame.
type scripted struct {
	handler *Handler

	mu        sync.Mutex
	reactions []reaction
	bodies    []string
	conns     int
}

func newScripted(t *testing.T, reactions []reaction) *scripted {
	s := &scripted{reactions: reactions}
	server := httptest.NewUnstartedServer(nil)
	server.EnableHTTP2 = true
	server.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){
		"h2": func(_ *http.Server, conn *tls.Conn, _ http.Handler) { _ = s.serve(conn) },
	}
	s.handler = startService(t, server)
	return s
}

func (s *scripted) serve(conn *tls.Conn) error {
	defer conn.Close()
	s.mu.Lock()
	s.conns++
	s.mu.Unlock()
	if _, err := io.ReadFull(conn, make([]byte, 24)); err != nil { // the preface: RFC 9113, Section 3.4
		return err
	}
	if err := writeFrame(conn, settings, 0, nil); err != nil {
		return err
	}
	var body []byte
	for {
		kind, stream, payload, err := readFrame(conn)
		if kind&^data == 0 {
			body = append(body, payload...)
		}
		switch {
		case err != nil:
		case kind == settings:
			err = writeFrame(conn, settingsAck, 0, nil)
		case kind == ping:
			err = writeFrame(conn, pingAck, 0, payload)
		case kind == data:
			err = s.react(string(body))(conn, stream)
			body = nil
		}
		if err != nil {
			return err
		}
	}
}

func (s *scripted) react(body string) reaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bodies = append(s.bodies, body)
	next := s.reactions[0]
	s.reactions = s.reactions[1:]
	return next
}
