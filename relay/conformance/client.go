package conformance

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what should come at once.
const patience = 15 * time.Second

// field is one line of a header.
type field struct{ name, value string }

// messageTo is the header of what a page sends.
func messageTo(endpoint string) []field {
	return []field{
		{"Push-Endpoint", endpoint},
		{"TTL", "30"},
		{"Urgency", "high"},
		{"Topic", "call"},
		{"Authorization", "vapid t=a.b.c, k=d"},
		{"Content-Encoding", "aes128gcm"},
		{"Content-Type", "application/octet-stream"},
	}
}

// with returns a header with the lines of one name replaced by others.
func with(header []field, name string, values ...string) []field {
	var changed []field
	for _, f := range header {
		if !strings.EqualFold(f.name, name) {
			changed = append(changed, f)
		}
	}
	for _, value := range values {
		changed = append(changed, field{name, value})
	}
	return changed
}

// An answer is one of a relay, read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

// post sends a message by an HTTP client.
func (b *bench) post(t *testing.T, header []field, body string) answer {
	t.Helper()
	return b.do(t, http.MethodPost, header, strings.NewReader(body))
}

func (b *bench) do(t *testing.T, method string, header []field, body io.Reader) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://"+b.relay.Address+"/relay", body)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range header {
		r.Header.Add(f.name, f.value)
	}
	response, err := client.RoundTrip(r)
	if err != nil {
		t.Errorf("%s: %v", method, err)
		return answer{}
	}
	return read(t, response)
}

// client keeps connections, and follows nothing.
var client = &http.Transport{MaxIdleConnsPerHost: 100}

func read(t *testing.T, response *http.Response) answer {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Errorf("after the header: %v", err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

// refused checks an answer that is the relay's own, for a page to read.
func (a answer) refused(t *testing.T, statuses ...int) {
	t.Helper()
	a.kept(t, statuses...)
	sentence := strings.TrimSuffix(a.body, "\n")
	switch {
	case strings.Count(sentence, ".") != 1 || !strings.HasSuffix(sentence, ".") || strings.ContainsAny(sentence, "\n<"):
		t.Errorf("%q is not a sentence", sentence)
	case a.header.Get("Access-Control-Allow-Origin") != "*":
		t.Error("a page cannot read the refusal")
	}
}

// kept checks that a message was not carried, and that nobody is told to where
// it would have been. The server in front of the relay may have answered.
func (a answer) kept(t *testing.T, statuses ...int) {
	t.Helper()
	switch {
	case !slices.Contains(statuses, a.status):
		t.Errorf("the status is %d, want %d (%s)", a.status, statuses, a.body)
	case a.header.Get("Push-Status") != "":
		t.Error("it looks as if a push service had answered")
	case strings.Contains(a.body, capability) || strings.Contains(a.body, "://"):
		t.Errorf("%q tells the endpoint", a.body)
	}
}

// carried checks that a push service has answered.
func (a answer) carried(t *testing.T, status int) {
	t.Helper()
	if a.status != status || a.header.Get("Push-Status") == "" {
		t.Errorf("the status is %d, want %d of the push service (%s)", a.status, status, a.body)
	}
}

// A socket is a connection whose every octet the test chooses.
type socket struct {
	*net.TCPConn
	reader *bufio.Reader
}

func (b *bench) dial(t *testing.T) *socket {
	t.Helper()
	conn, err := net.Dial("tcp", b.relay.Address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	return &socket{conn.(*net.TCPConn), bufio.NewReader(conn)}
}

// request is the text of a request with the lines as they are.
func request(method string, header []field, body string) string {
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s /relay HTTP/1.1\r\nHost: relay\r\n", method)
	for _, f := range header {
		fmt.Fprintf(&text, "%s: %s\r\n", f.name, f.value)
	}
	fmt.Fprintf(&text, "\r\n%s", body)
	return text.String()
}

// sized adds the length of a body to a header.
func sized(header []field, body string) []field {
	return append(header[:len(header):len(header)], field{"Content-Length", fmt.Sprint(len(body))})
}

// answer reads one answer. A connection that is closed without one is a
// refusal, too, and has status 0.
func (s *socket) answer(t *testing.T) answer {
	t.Helper()
	response, err := http.ReadResponse(s.reader, nil)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || isReset(err) {
		return answer{}
	}
	if err != nil {
		t.Errorf("no answer: %v", err)
		return answer{}
	}
	return read(t, response)
}

// isReset reports whether the other side has closed a connection that it still
// had something to read of.
func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// closed waits until the other side closes the connection.
func (s *socket) closed(t *testing.T, within time.Duration) {
	t.Helper()
	s.SetDeadline(time.Now().Add(within))
	if _, err := io.Copy(io.Discard, s.reader); err != nil && !isReset(err) {
		t.Errorf("the connection stays: %v", err)
	}
}
