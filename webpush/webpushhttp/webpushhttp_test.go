package webpushhttp

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pushcall/relay"
	"pushcall/webpush"
)

// A receiver is the user agent's side of a subscription.
type receiver struct {
	private *ecdh.PrivateKey
	sub     webpush.Subscription
}

func newReceiver(t testing.TB, endpoint string) receiver {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sub := webpush.Subscription{AuthSecret: [16]byte{1}}
	if sub.UAPublic, err = webpush.NewPublicKey(private.PublicKey().Bytes()); err != nil {
		t.Fatal(err)
	}
	if sub.Endpoint, err = webpush.ParseEndpoint(endpoint); err != nil {
		t.Fatal(err)
	}
	return receiver{private, sub}
}

func newVAPID(t testing.TB) *webpush.VAPID {
	t.Helper()
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	vapid, err := webpush.NewVAPID(webpush.NewSigner(key), "mailto:push@example.com")
	if err != nil {
		t.Fatal(err)
	}
	return vapid
}

// TestSend reads what arrives at a push service as the service and the user agent do.
func TestSend(t *testing.T) {
	var r receiver
	service := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			t.Error(err)
		}
		if text, err := webpush.Decrypt(r.private, r.sub.AuthSecret, body); err != nil || string(text) != "ring" {
			t.Errorf("%q, %v", text, err)
		}
		token, err := webpush.ParseAuthorization(request.Header.Get("Authorization"))
		if err != nil {
			t.Error(err)
		}
		if err := token.Verify(request.Context(), webpush.Verify, r.sub.Endpoint.Origin(), time.Now()); err != nil {
			t.Error(err)
		}
		for name, want := range map[string]string{"TTL": "60", "Urgency": "high", "Topic": "call", "Content-Encoding": "aes128gcm"} {
			if got := request.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if request.Method != "POST" || request.URL.String() != "/p?q=1" || request.ContentLength != int64(len(body)) {
			t.Errorf("%s %s of %d octets", request.Method, request.URL, request.ContentLength)
		}
		w.WriteHeader(http.StatusCreated)
	}))
	defer service.Close()
	r = newReceiver(t, service.URL+"/p?q=1")
	options := webpush.Options{TTL: time.Minute, Urgency: webpush.UrgencyHigh, Topic: "call"}
	if err := New(newVAPID(t), service.Client()).Send(t.Context(), r.sub, []byte("ring"), options); err != nil {
		t.Error(err)
	}
}

// An answer of a push service.
type answer struct {
	status     int
	retryAfter string
}

// An attempt is a request that arrived: when, and with which TTL.
type attempt struct {
	after time.Duration
	ttl   string
}

// A push service that answers as told, the last answer to all that come later.
// It has connections without a network, so that time passes in a bubble only.
type service struct {
	answers  []answer
	attempts []attempt
	bodies   []string
	start    time.Time
}

func (s *service) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	s.bodies = append(s.bodies, string(body))
	a := s.answers[min(len(s.attempts), len(s.answers)-1)]
	s.attempts = append(s.attempts, attempt{time.Since(s.start), request.Header.Get("TTL")})
	if a.retryAfter != "" {
		w.Header().Set("Retry-After", a.retryAfter)
	}
	w.WriteHeader(a.status)
}

// client returns a client of a handler. Both are gone when the test ends.
func client(t testing.TB, handler http.Handler) *http.Client {
	connections := make(chan net.Conn)
	server := &http.Server{Handler: handler}
	go server.Serve(&pipes{connections, make(chan struct{})})
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		connections <- theirs
		return ours, nil
	}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	return &http.Client{Transport: transport}
}

// pipes is a net.Listener.
type pipes struct {
	connections chan net.Conn
	closed      chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.connections:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{} }

func TestRetries(t *testing.T) {
	const hour = time.Hour
	ok := answer{201, ""}
	for name, test := range map[string]struct {
		answers  []answer
		ttl      time.Duration
		timeout  time.Duration // of the context; 0: none
		attempts []attempt
		want     error
	}{
		"taken":                    {[]answer{ok}, hour, 0, []attempt{{0, "3600"}}, nil},
		"202":                      {[]answer{{202, ""}}, hour, 0, []attempt{{0, "3600"}}, nil},
		"503 for 120 s":            {[]answer{{503, "120"}, ok}, hour, 0, []attempt{{0, "3600"}, {120 * time.Second, "3480"}}, nil},
		"503 until a date":         {[]answer{{503, "Sat, 01 Jan 2000 00:02:00 GMT"}, ok}, hour, 0, []attempt{{0, "3600"}, {120 * time.Second, "3480"}}, nil},
		"429 for 10 s":             {[]answer{{429, "10"}, ok}, hour, 0, []attempt{{0, "3600"}, {10 * time.Second, "3590"}}, nil},
		"429 until a date":         {[]answer{{429, "Sat, 01 Jan 2000 00:00:30 GMT"}, ok}, hour, 0, []attempt{{0, "3600"}, {30 * time.Second, "3570"}}, nil},
		"429 for no time":          {[]answer{{429, ""}, ok}, hour, 0, []attempt{{0, "3600"}, {time.Second, "3599"}}, nil},
		"406 for 10 s":             {[]answer{{406, "10"}, ok}, hour, 0, []attempt{{0, "3600"}, {10 * time.Second, "3590"}}, nil},
		"500 for 7 s":              {[]answer{{500, "7"}, ok}, hour, 0, []attempt{{0, "3600"}, {7 * time.Second, "3593"}}, nil},
		"a date that is past":      {[]answer{{503, "Fri, 31 Dec 1999 00:00:00 GMT"}, ok}, hour, 0, []attempt{{0, "3600"}, {time.Second, "3599"}}, nil},
		"a time that is none":      {[]answer{{503, "soon"}, ok}, hour, 0, []attempt{{0, "3600"}, {time.Second, "3599"}}, nil},
		"a wait of 0":              {[]answer{{503, "0"}, ok}, hour, 0, []attempt{{0, "3600"}, {time.Second, "3599"}}, nil},
		"502, 504, 599":            {[]answer{{502, ""}, {504, ""}, {599, ""}, ok}, hour, 0, []attempt{{0, "3600"}, {time.Second, "3599"}, {3 * time.Second, "3597"}, {7 * time.Second, "3593"}}, nil},
		"503 all the time":         {[]answer{{503, "20"}}, time.Minute, 0, []attempt{{0, "60"}, {20 * time.Second, "40"}, {40 * time.Second, "20"}}, webpush.ErrUnavailable},
		"500 all the time":         {[]answer{{500, ""}}, 10 * time.Second, 0, []attempt{{0, "10"}, {time.Second, "9"}, {3 * time.Second, "7"}, {7 * time.Second, "3"}}, webpush.ErrUnavailable},
		"503, then gone":           {[]answer{{503, "1"}, {410, ""}}, hour, 0, []attempt{{0, "3600"}, {time.Second, "3599"}}, webpush.ErrGone},
		"as long as the TTL":       {[]answer{{503, "60"}, ok}, time.Minute, 0, []attempt{{0, "60"}}, webpush.ErrUnavailable},
		"a moment before its end":  {[]answer{{503, "60"}, ok}, time.Minute + time.Millisecond, 0, []attempt{{0, "61"}, {time.Minute, "1"}}, nil},
		"now or never":             {[]answer{{503, "1"}, ok}, 0, 0, []attempt{{0, "0"}}, webpush.ErrUnavailable},
		"longer than the context":  {[]answer{{503, "60"}, ok}, hour, 30 * time.Second, []attempt{{0, "3600"}}, webpush.ErrUnavailable},
		"as long as the context":   {[]answer{{503, "60"}, ok}, hour, time.Minute, []attempt{{0, "3600"}}, webpush.ErrUnavailable},
		"shorter than the context": {[]answer{{503, "60"}, ok}, hour, time.Minute + 1, []attempt{{0, "3600"}, {time.Minute, "3540"}}, nil},
		"nonsense of a time":       {[]answer{{503, "9223372036854775807"}, ok}, 28 * 24 * hour, 0, []attempt{{0, "2419200"}}, webpush.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if test.timeout > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.timeout)
					defer cancel()
				}
				s := &service{answers: test.answers, start: time.Now()}
				err := New(newVAPID(t), client(t, s)).Send(ctx, newReceiver(t, "http://localhost/p").sub, nil, webpush.Options{TTL: test.ttl})
				if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) || errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%v, want %v", err, test.want)
				}
				if !slices.Equal(s.attempts, test.attempts) {
					t.Errorf("attempts %v, want %v", s.attempts, test.attempts)
				}
				if last := test.attempts[len(test.attempts)-1].after; time.Since(s.start) != last {
					t.Errorf("returned after %v, and the last answer came after %v", time.Since(s.start), last)
				}
				slices.Sort(s.bodies)
				if len(slices.Compact(s.bodies)) != len(s.attempts) {
					t.Error("a body was sent twice, with its key and its salt")
				}
			})
		})
	}
}

// TestBackoff: a service that does not say for how long is asked once a minute in the end.
func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{answers: []answer{{500, ""}}, start: time.Now()}
		_ = New(newVAPID(t), client(t, s)).Send(t.Context(), newReceiver(t, "http://localhost/p").sub, nil, webpush.Options{TTL: 4 * time.Minute})
		var got []time.Duration
		for _, a := range s.attempts {
			got = append(got, a.after/time.Second)
		}
		if want := []time.Duration{0, 1, 3, 7, 15, 31, 63, 123, 183}; !slices.Equal(got, want) {
			t.Errorf("after %d s, want %d", got, want)
		}
	})
}

// TestRefusals are not sent again.
func TestRefusals(t *testing.T) {
	for status, want := range map[int]error{
		400: webpush.ErrRefused, 401: webpush.ErrUnauthorized, 403: webpush.ErrUnauthorized, 404: webpush.ErrGone, 410: webpush.ErrGone,
		413: webpush.ErrTooLarge, 402: webpush.ErrStatus, 405: webpush.ErrStatus, 408: webpush.ErrStatus, 418: webpush.ErrStatus, 451: webpush.ErrStatus,
		304: webpush.ErrStatus, 406: nil,
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &service{answers: []answer{{status, ""}}, start: time.Now()}
			if status != 406 {
				s.answers[0].retryAfter = "1"
			}
			err := New(newVAPID(t), client(t, s)).Send(t.Context(), newReceiver(t, "http://localhost/p").sub, nil, webpush.Options{TTL: time.Hour})
			if err == nil || want != nil && !errors.Is(err, want) || len(s.attempts) != 1 {
				t.Errorf("%d: %v after %d attempts", status, err, len(s.attempts))
			}
		})
	}
}

// TestCancelled: a context that ends while Send waits ends the wait.
func TestCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		closing := errors.New("closing")
		time.AfterFunc(time.Second, func() { cancel(closing) })
		s := &service{answers: []answer{{503, "60"}}, start: time.Now()}
		err := New(newVAPID(t), client(t, s)).Send(ctx, newReceiver(t, "http://localhost/p").sub, nil, webpush.Options{TTL: time.Hour})
		if !errors.Is(err, webpush.ErrUnavailable) || !errors.Is(err, closing) || time.Since(s.start) != time.Second || len(s.attempts) != 1 {
			t.Errorf("%v after %v and %d attempts", err, time.Since(s.start), len(s.attempts))
		}
	})
}

// TestSilence: a service that does not answer, or does not end its answer, is waited
// for no longer than answerTime.
func TestSilence(t *testing.T) {
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		failed  bool
	}{
		"no answer": {func(_ http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body) // then the server sees the connection's end
			<-r.Context().Done()
		}, true},
		"no end": {func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			w.WriteHeader(201)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			err := New(newVAPID(t), client(t, test.handler)).Send(t.Context(), newReceiver(t, "http://localhost/secret").sub, nil, webpush.Options{TTL: time.Hour})
			if failed := errors.Is(err, context.DeadlineExceeded); failed != test.failed || time.Since(start) != answerTime {
				t.Errorf("%s: %v after %v", name, err, time.Since(start))
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: the error tells the endpoint: %v", name, err)
			}
		})
	}
}

// TestErrorsKeepTheEndpoint: whoever reads a log cannot send.
func TestErrorsKeepTheEndpoint(t *testing.T) {
	for name, dial := range map[string]error{"refused": errors.New("connection refused"), "wrapped": fmt.Errorf("a: %w", io.EOF)} {
		client := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, dial }}}
		err := New(newVAPID(t), client).Send(t.Context(), newReceiver(t, "http://localhost/secret").sub, nil, webpush.Options{})
		if !errors.Is(err, dial) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRedirects are not followed, and a caller's client stays as it is.
func TestRedirects(t *testing.T) {
	var strays atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strays.Add(1) }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, status))
		client := &http.Client{}
		err := New(newVAPID(t), client).Send(t.Context(), newReceiver(t, server.URL).sub, nil, webpush.Options{TTL: time.Hour})
		if !errors.Is(err, webpush.ErrStatus) || strays.Load() != 0 {
			t.Errorf("%d: %v, %d requests elsewhere", status, err, strays.Load())
		}
		if client.CheckRedirect != nil {
			t.Errorf("%d: the client was changed", status)
		}
		server.Close()
	}
}

// body is the endless body of an answer.
type body struct{ read, closed int }

func (b *body) Read(p []byte) (int, error) { b.read += len(p); return len(p), nil }
func (b *body) Close() error               { b.closed++; return nil }

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestBodies: no more of an answer is read than is good for the connection, and
// every answer is closed.
func TestBodies(t *testing.T) {
	for _, statuses := range [][]int{{201}, {410}, {302}, {503, 503, 201}} {
		synctest.Test(t, func(t *testing.T) {
			var bodies []*body
			client := &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
				bodies = append(bodies, &body{})
				return &http.Response{StatusCode: statuses[len(bodies)-1], Header: http.Header{}, Body: bodies[len(bodies)-1]}, nil
			})}
			_ = New(newVAPID(t), client).Send(t.Context(), newReceiver(t, "http://localhost/").sub, nil, webpush.Options{TTL: time.Hour})
			if len(bodies) != len(statuses) {
				t.Fatalf("%v: %d attempts", statuses, len(bodies))
			}
			for _, b := range bodies {
				if b.read > maxAnswer || b.closed == 0 {
					t.Errorf("%v: read %d octets, closed %d times", statuses, b.read, b.closed)
				}
			}
		})
	}
}

// TestConnectionIsKept: one connection carries all messages.
func TestConnectionIsKept(t *testing.T) {
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusGone)
		io.WriteString(w, strings.Repeat("gone ", 1000))
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	sender, r := New(newVAPID(t), server.Client()), newReceiver(t, server.URL)
	for range 3 {
		if err := sender.Send(t.Context(), r.sub, nil, webpush.Options{}); !errors.Is(err, webpush.ErrGone) {
			t.Error(err)
		}
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

// TestPublicOnly: without a client of the caller's, no address of the own network
// is reached.
func TestPublicOnly(t *testing.T) {
	var strays atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strays.Add(1) }))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("HTTPS_PROXY", server.URL)
	for _, endpoint := range []string{
		server.URL, "http://localhost:" + port, "http://[::1]:" + port, "https://10.0.0.1", "https://169.254.169.254/latest", "https://[::ffff:127.0.0.1]:" + port,
	} {
		if err := New(newVAPID(t), nil).Send(t.Context(), newReceiver(t, endpoint).sub, nil, webpush.Options{}); !errors.Is(err, relay.ErrAddress) {
			t.Errorf("%s: %v", endpoint, err)
		}
	}
	if strays.Load() != 0 {
		t.Error("a request arrived")
	}
}

// TestRefusedToken: a token that was refused is not sent again.
func TestRefusedToken(t *testing.T) {
	var tokens []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tokens = append(tokens, r.Header.Get("Authorization"))
		w.WriteHeader([]int{201, 403, 201}[len(tokens)-1])
	}))
	defer server.Close()
	sender, r := New(newVAPID(t), server.Client()), newReceiver(t, server.URL)
	for _, want := range []error{nil, webpush.ErrUnauthorized, nil} {
		if err := sender.Send(t.Context(), r.sub, nil, webpush.Options{}); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	if len(tokens) != 3 || tokens[0] != tokens[1] || tokens[1] == tokens[2] {
		t.Errorf("tokens %q", tokens)
	}
}

func TestSendRefuses(t *testing.T) {
	r := newReceiver(t, "http://localhost/p")
	for name, test := range map[string]struct {
		sub       webpush.Subscription
		plaintext []byte
		options   webpush.Options
		want      error
	}{
		"no subscription": {webpush.Subscription{}, nil, webpush.Options{}, webpush.ErrEndpoint},
		"too large":       {r.sub, make([]byte, webpush.MaxPlaintext+1), webpush.Options{TTL: time.Hour}, webpush.ErrTooLarge},
		"bad TTL":         {r.sub, nil, webpush.Options{TTL: -1}, webpush.ErrTTL},
	} {
		client := &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
			t.Errorf("%s: was sent", name)
			return nil, io.EOF
		})}
		if err := New(newVAPID(t), client).Send(t.Context(), test.sub, test.plaintext, test.options); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMaxPlaintext: a Sender's own limit, up to that of RFC 8291, Section 4.
func TestMaxPlaintext(t *testing.T) {
	var octets int64
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { octets = r.ContentLength }))
	defer server.Close()
	r := newReceiver(t, server.URL)
	sender := New(newVAPID(t), server.Client())
	for _, test := range []struct {
		limit, n int
		body     int64 // 0: too large
	}{
		{webpush.LimitPlaintext, webpush.LimitPlaintext - 1, 4096}, {webpush.LimitPlaintext, webpush.LimitPlaintext, 4096},
		{webpush.LimitPlaintext, webpush.LimitPlaintext + 1, 0}, {webpush.LimitPlaintext + 1, 1, 0}, {1000, 1000, 1103}, {1000, 1001, 0},
	} {
		octets, sender.MaxPlaintext = 0, test.limit
		err := sender.Send(t.Context(), r.sub, make([]byte, test.n), webpush.Options{})
		if octets != test.body || errors.Is(err, webpush.ErrTooLarge) != (test.body == 0) {
			t.Errorf("%d octets, limit %d: %d arrived, %v", test.n, test.limit, octets, err)
		}
	}
}
