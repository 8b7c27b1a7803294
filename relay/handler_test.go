package relay

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// endpoint is at the host that httptest's certificate is for.
const endpoint = "https://example.com/push/the-capability?x=1"

func examplePolicy(host string) bool { return host == "example.com" }

// service starts a push service and a handler that reaches it.
func service(t *testing.T, answer http.HandlerFunc) *Handler {
	server := httptest.NewUnstartedServer(answer)
	server.EnableHTTP2 = true
	return startService(t, server)
}

// startService starts a push service and returns a handler that reaches it.
func startService(t *testing.T, server *httptest.Server) *Handler {
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return &Handler{
		Policy: examplePolicy,
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			if address != "example.com:443" {
				return nil, fmt.Errorf("dialled %s", address)
			}
			var dialer net.Dialer
			return dialer.DialContext(ctx, network, server.Listener.Addr().String())
		},
		Roots: roots,
	}
}

// message is what a page sends.
func message(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/relay", strings.NewReader(body))
	r.Header = http.Header{
		"Push-Endpoint":    {endpoint},
		"Ttl":              {"30"},
		"Urgency":          {"high"},
		"Topic":            {"call"},
		"Authorization":    {"vapid t=a.b.c, k=d"},
		"Content-Encoding": {"aes128gcm"},
		"Content-Type":     {"application/octet-stream"},
	}
	return r
}

func post(h http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// wantRefusal checks an answer of the relay's own.
func wantRefusal(t *testing.T, answer *http.Response, status int) {
	t.Helper()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	sentence := strings.TrimSuffix(string(text), "\n")
	switch {
	case answer.StatusCode != status:
		t.Errorf("the status is %s, want %d (%s)", answer.Status, status, sentence)
	case strings.Count(sentence, ".") != 1 || !strings.HasSuffix(sentence, ".") || strings.Contains(sentence, "\n"):
		t.Errorf("%q is not a sentence", sentence)
	case strings.Contains(sentence, "example.com"), strings.Contains(sentence, "capability"):
		t.Errorf("%q tells the endpoint", sentence)
	case answer.Header.Get("Access-Control-Allow-Origin") != "*":
		t.Error("a page cannot read the refusal")
	}
}

func TestCarries(t *testing.T) {
	var got *http.Request
	var body []byte
	h := service(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("Location", "https://example.com/message/1")
		w.Header().Set("Retry-After", "7")
		w.Header().Set("Set-Cookie", "a=b")
		w.Header().Set("Access-Control-Allow-Origin", "https://other.example")
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, "<script>")
	})
	r := message("body")
	r.Header["X-Wns-Cache-Policy"] = []string{"no-cache"}
	for _, name := range []string{
		"Cookie", "Origin", "Referer", "Host", "X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via",
		"Connection", "Upgrade", "Proxy-Authorization", "Range", "X-Http-Method-Override", "Crypto-Key",
		"Transfer-Encoding", "Content-Length", "Expect", "Te", "Trailer", "Accept-Encoding", "User-Agent",
	} {
		r.Header.Set(name, "smuggled")
	}
	answer := post(h, r)

	if answer.StatusCode != http.StatusCreated {
		t.Fatalf("the status is %s", answer.Status)
	}
	if got.Method != "POST" || got.Host != "example.com" || got.RequestURI != "/push/the-capability?x=1" || string(body) != "body" {
		t.Errorf("the service got %s %s%s %q", got.Method, got.Host, got.RequestURI, body)
	}
	wantHeader(t, got.Header, http.Header{
		"Ttl":                {"30"},
		"Urgency":            {"high"},
		"Topic":              {"call"},
		"Authorization":      {"vapid t=a.b.c, k=d"},
		"Content-Encoding":   {"aes128gcm"},
		"Content-Type":       {"application/octet-stream"},
		"X-Wns-Cache-Policy": {"no-cache"},
		"Content-Length":     {"4"},
		"User-Agent":         {"pushcall-relay"},
	})
	wantHeader(t, answer.Header, http.Header{
		"Push-Status":                   {"201"},
		"Location":                      {"https://example.com/message/1"},
		"Retry-After":                   {"7"},
		"Cache-Control":                 {"no-store"},
		"Content-Length":                {"0"},
		"Access-Control-Allow-Origin":   {"*"},
		"Access-Control-Expose-Headers": {"Push-Status, Retry-After, Location"},
	})
	if text, _ := io.ReadAll(answer.Body); len(text) != 0 {
		t.Errorf("the answer has the body %q", text)
	}
}

func wantHeader(t *testing.T, got, want http.Header) {
	t.Helper()
	if !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("the header is %v, want %v", got, want)
	}
}

func TestStatus(t *testing.T) {
	for _, test := range []struct {
		service int
		want    int
	}{
		{200, 200}, {201, 201}, {202, 202}, {204, 204},
		{400, 400}, {401, 401}, {403, 403}, {404, 404}, {406, 406}, {410, 410}, {413, 413}, {429, 429},
		{500, 500}, {502, 502}, {503, 503}, {599, 599},
		// What a browser would act upon by itself.
		{300, 502}, {301, 502}, {302, 502}, {303, 502}, {304, 502}, {307, 502}, {308, 502},
		{407, 502}, {408, 502}, {421, 502},
		{600, 502}, {999, 502},
	} {
		t.Run(strconv.Itoa(test.service), func(t *testing.T) {
			requests := 0
			h := service(t, func(w http.ResponseWriter, r *http.Request) {
				requests++
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(test.service)
			})
			answer := post(h, message("body"))
			if answer.StatusCode != test.want {
				t.Errorf("the status is %d, want %d", answer.StatusCode, test.want)
			}
			if got := answer.Header.Get("Push-Status"); got != strconv.Itoa(test.service) {
				t.Errorf("Push-Status is %q", got)
			}
			if test.want != test.service && answer.Header.Get("Location") != "" {
				t.Error("the page is told where the redirect leads")
			}
			if requests != 1 {
				t.Errorf("the service got %d requests", requests)
			}
		})
	}
}

func TestZeroValueDenies(t *testing.T) {
	wantRefusal(t, post(new(Handler), message("body")), http.StatusForbidden)
}

func TestRefusals(t *testing.T) {
	h := service(t, func(http.ResponseWriter, *http.Request) { t.Error("the service got a request") })
	h.Limit.Burst = 100
	with := func(name string, values ...string) *http.Request {
		r := message("body")
		r.Header[http.CanonicalHeaderKey(name)] = values
		return r
	}
	for _, test := range []struct {
		name    string
		request *http.Request
		want    int
	}{
		{"no endpoint", with("Push-Endpoint"), 400},
		{"empty endpoint", with("Push-Endpoint", ""), 400},
		{"two endpoints", with("Push-Endpoint", endpoint, endpoint), 400},
		{"endpoint not https", with("Push-Endpoint", "http://example.com/"), 400},
		{"endpoint too long", with("Push-Endpoint", "https://example.com/"+strings.Repeat("x", maxEndpoint)), 400},
		{"endpoint elsewhere", with("Push-Endpoint", "https://example.org/x"), 403},
		{"two TTLs", with("TTL", "1", "2"), 400},
		{"two authorizations", with("Authorization", "vapid t=a", "Basic YTpi"), 400},
		{"two encodings", with("Content-Encoding", "aes128gcm", "gzip"), 400},
		{"a long topic", with("Topic", strings.Repeat("x", maxField+1)), 400},
		{"a body too large by one", message(strings.Repeat("x", maxBody+1)), 413},
		{"a huge body", message(strings.Repeat("x", 1<<20)), 413},
		{"GET", httptest.NewRequest("GET", "/relay", nil), 405},
		{"PUT", httptest.NewRequest("PUT", "/relay", strings.NewReader("body")), 405},
		{"CONNECT", httptest.NewRequest("CONNECT", "example.com:443", nil), 405},
		{"TRACE", httptest.NewRequest("TRACE", "/relay", nil), 405},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := post(h, test.request)
			wantRefusal(t, answer, test.want)
			if answer.Header.Get("Push-Status") != "" {
				t.Error("it looks as if a push service had answered")
			}
		})
	}
}

func TestLargestBody(t *testing.T) {
	got := 0
	h := service(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = len(body)
		w.WriteHeader(http.StatusCreated)
	})
	for _, size := range []int{0, 1, 4096, maxBody - 1, maxBody} {
		if answer := post(h, message(strings.Repeat("x", size))); answer.StatusCode != 201 || got != size {
			t.Errorf("of %d octets %d arrived, %s", size, got, answer.Status)
		}
	}
}

func TestUnreachable(t *testing.T) {
	t.Run("connection refused", func(t *testing.T) {
		h := &Handler{Policy: examplePolicy, Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, fmt.Errorf("cannot reach %s", endpoint)
		}}
		wantRefusal(t, post(h, message("body")), http.StatusBadGateway)
	})
	t.Run("no public address", func(t *testing.T) {
		h := &Handler{Policy: examplePolicy, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return DialPublic(ctx, network, "127.0.0.1:443")
		}}
		wantRefusal(t, post(h, message("body")), http.StatusBadGateway)
	})
	t.Run("certificate of an unknown authority", func(t *testing.T) {
		h := service(t, func(http.ResponseWriter, *http.Request) { t.Error("the service got a request") })
		h.Roots = x509.NewCertPool()
		wantRefusal(t, post(h, message("body")), http.StatusBadGateway)
	})
	t.Run("certificate of another host", func(t *testing.T) {
		h := service(t, func(http.ResponseWriter, *http.Request) { t.Error("the service got a request") })
		dial := h.Dial
		h.Policy = PushServices
		h.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dial(ctx, network, "example.com:443")
		}
		r := message("body")
		r.Header.Set("Push-Endpoint", fcm+"x")
		wantRefusal(t, post(h, r), http.StatusBadGateway)
	})
	t.Run("header without end", func(t *testing.T) {
		h := service(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("x", 2*maxAnswer))
			w.WriteHeader(http.StatusCreated)
		})
		wantRefusal(t, post(h, message("body")), http.StatusBadGateway)
	})
}

func TestSlowService(t *testing.T) {
	h := service(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done() // never answers
	})
	h.Limit.Timeout = 50 * time.Millisecond
	wantRefusal(t, post(h, message("body")), http.StatusGatewayTimeout)
}

// TestSlowClient sends the beginning of a message over a real connection.
func TestSlowClient(t *testing.T) {
	h := service(t, func(http.ResponseWriter, *http.Request) { t.Error("the service got a request") })
	h.Limit.Timeout = 50 * time.Millisecond
	server := httptest.NewServer(h)
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: relay\r\nPush-Endpoint: %s\r\nContent-Length: 10\r\n\r\nbody", endpoint)
	answer, err := io.ReadAll(conn)
	if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 408 ")) {
		t.Errorf("got %q, %v", answer, err)
	}
}

// TestDeadlineEndsWithTheMessage: a read deadline that passes while the push
// service is asked would count as the client's leaving.
func TestDeadlineEndsWithTheMessage(t *testing.T) {
	h := service(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusCreated) })
	w := &deadlineRecorder{ResponseRecorder: httptest.NewRecorder()}
	h.ServeHTTP(w, message("body"))
	if len(w.deadlines) != 2 || w.deadlines[0].IsZero() || !w.deadlines[1].IsZero() {
		t.Errorf("the read deadlines are %v, want one and its removal", w.deadlines)
	}
}

type deadlineRecorder struct {
	*httptest.ResponseRecorder
	deadlines []time.Time
}

func (d *deadlineRecorder) SetReadDeadline(deadline time.Time) error {
	d.deadlines = append(d.deadlines, deadline)
	return nil
}

func TestTooManyFromOneClient(t *testing.T) {
	h := service(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusCreated) })
	h.Limit = Limit{Rate: 0.1, Burst: 2}
	for range 2 {
		if answer := post(h, message("body")); answer.StatusCode != http.StatusCreated {
			t.Fatalf("the status is %s", answer.Status)
		}
	}
	answer := post(h, message("body"))
	wantRefusal(t, answer, http.StatusTooManyRequests)
	if got := answer.Header.Get("Retry-After"); got != "10" {
		t.Errorf("Retry-After is %q, want 10", got)
	}
	if answer.Header.Get("Push-Status") != "" {
		t.Error("it looks as if a push service had answered")
	}
	other := message("body")
	other.RemoteAddr = "198.51.100.9:1"
	if answer := post(h, other); answer.StatusCode != http.StatusCreated {
		t.Errorf("another client gets %s", answer.Status)
	}
}

func TestTooManyAtOnce(t *testing.T) {
	arrived, leave := make(chan struct{}), make(chan struct{})
	h := service(t, func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-leave
		w.WriteHeader(http.StatusCreated)
	})
	h.Limit.Concurrent = 2
	answers := make(chan int)
	for range 2 {
		go func() { answers <- post(h, message("body")).StatusCode }()
		<-arrived
	}
	answer := post(h, message("body"))
	wantRefusal(t, answer, http.StatusTooManyRequests)
	if got := answer.Header.Get("Retry-After"); got != "1" {
		t.Errorf("Retry-After is %q, want 1", got)
	}
	close(leave)
	for range 2 {
		if status := <-answers; status != http.StatusCreated {
			t.Errorf("a message on its way gets %d", status)
		}
	}
	go func() { <-arrived }()
	if answer := post(h, message("body")); answer.StatusCode != http.StatusCreated {
		t.Errorf("after the others left, the status is %s", answer.Status)
	}
}

func TestPreflight(t *testing.T) {
	r := httptest.NewRequest(http.MethodOptions, "/relay", nil)
	r.Header.Set("Origin", "https://page.example")
	r.Header.Set("Access-Control-Request-Method", "POST")
	r.Header.Set("Access-Control-Request-Headers", "authorization,push-endpoint,ttl")
	answer := post(new(Handler), r)
	if answer.StatusCode != http.StatusNoContent {
		t.Errorf("the status is %s", answer.Status)
	}
	wantHeader(t, answer.Header, http.Header{
		"Access-Control-Allow-Origin":   {"*"},
		"Access-Control-Allow-Methods":  {"POST"},
		"Access-Control-Allow-Headers":  {"Push-Endpoint, TTL, Urgency, Topic, Authorization, Content-Encoding, Content-Type, X-WNS-Cache-Policy"},
		"Access-Control-Expose-Headers": {"Push-Status, Retry-After, Location"},
		"Access-Control-Max-Age":        {"7200"},
		"Cache-Control":                 {"no-store"},
	})
}

func TestOrigins(t *testing.T) {
	h := service(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusCreated) })
	h.Origins = []string{"https://page.example", "http://localhost:8080"}
	for _, test := range []struct {
		origin, method string
		want           int
	}{
		{"https://page.example", http.MethodPost, 201},
		{"http://localhost:8080", http.MethodPost, 201},
		{"https://page.example", http.MethodOptions, 204},
		{"https://page.example.evil.example", http.MethodPost, 403},
		{"http://page.example", http.MethodPost, 403},
		{"https://page.example:444", http.MethodPost, 403},
		{"null", http.MethodPost, 403},
		{"", http.MethodPost, 403},
		{"https://other.example", http.MethodOptions, 204},
	} {
		r := message("body")
		r.Method = test.method
		r.Header.Set("Origin", test.origin)
		answer := post(h, r)
		allowed := ""
		if strings.HasSuffix(test.origin, "page.example") && test.want != 403 || test.want == 201 {
			allowed = test.origin
		}
		if got := answer.Header.Get("Access-Control-Allow-Origin"); answer.StatusCode != test.want || got != allowed {
			t.Errorf("%s from %q: %s, for %q", test.method, test.origin, answer.Status, got)
		}
		if answer.Header.Get("Vary") != "Origin" {
			t.Errorf("%s from %q: one origin's answer may be kept for another", test.method, test.origin)
		}
	}
}

// TestNothingIsLogged goes through the failures that net/http or we might
// write about.
func TestNothingIsLogged(t *testing.T) {
	var written bytes.Buffer
	defer log.SetOutput(log.Writer())
	log.SetOutput(&written)

	hangsUp := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	redirects := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }
	refuses := func(w http.ResponseWriter, r *http.Request) { http.Error(w, endpoint, http.StatusGone) }
	for _, answer := range []http.HandlerFunc{hangsUp, redirects, refuses} {
		server := httptest.NewServer(service(t, answer))
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header = message("").Header
		response, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		if err != nil || bytes.Contains(text, []byte("capability")) {
			t.Errorf("the answer is %q, %v", text, err)
		}
		response.Body.Close()
		server.Close()
	}
	if written.Len() != 0 {
		t.Errorf("logged: %s", &written)
	}
}
