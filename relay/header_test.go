package relay

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

func TestForward(t *testing.T) {
	for _, test := range []struct{ name, value string }{
		{"TTL", "0"}, {"TTL", "2419200"}, {"TTL", "9999999999"},
		{"Urgency", "very-low"}, {"Urgency", "high"},
		{"Topic", "a"}, {"Topic", strings.Repeat("_", 32)},
		{"Authorization", "vapid t=a.b-c._d, k=e"}, {"Authorization", "vapid k=e,t=a.b.c"}, {"Authorization", "VAPID t=a.b.c, k=e=="},
		{"Authorization", "vapid t=" + strings.Repeat("x", maxField-len("vapid t=,k=e")) + ",k=e"},
		{"Content-Encoding", "aes128gcm"},
		{"Content-Type", "application/octet-stream"},
		{"X-WNS-Cache-Policy", "no-cache"},
	} {
		header, err := forward(http.Header{http.CanonicalHeaderKey(test.name): {test.value}})
		if err != nil || header.Get(test.name) != test.value {
			t.Errorf("%s: %s becomes %v, %v", test.name, test.value, header, err)
		}
	}
	for _, test := range []struct{ name, value string }{
		{"TTL", "-1"}, {"TTL", "1.5"}, {"TTL", "+1"}, {"TTL", "12345678901"}, {"TTL", "1, 2"}, {"TTL", "1\t"}, {"TTL", "٣"},
		{"Urgency", "HIGH"}, {"Urgency", "urgent"}, {"Urgency", "high, low"},
		{"Topic", strings.Repeat("x", 33)}, {"Topic", "a b"}, {"Topic", "a,b"}, {"Topic", "ä"}, {"Topic", "a\r\nHost: b"},
		{"Authorization", "Basic YTpi"}, {"Authorization", "Bearer a"}, {"Authorization", "vapid"}, {"Authorization", "vapid t=a"},
		{"Authorization", "vapid t=a, k="}, {"Authorization", "vapid t=a, t=b"}, {"Authorization", "vapid t=a, k=b, k=c"},
		{"Authorization", "vapid t=a, k=b, Basic YTpi"}, {"Authorization", "vapid  t=a, k=b"}, {"Authorization", "vapid t=a,  k=b"},
		{"Authorization", "vapid t=" + strings.Repeat("x", maxField) + ", k=e"},
		{"Content-Encoding", "gzip"}, {"Content-Encoding", "aes128gcm, gzip"}, {"Content-Encoding", "aesgcm"},
		{"Content-Type", "text/html"}, {"Content-Type", "application/octet-stream; boundary=x"},
		{"X-WNS-Cache-Policy", "x"},
	} {
		_, err := forward(http.Header{http.CanonicalHeaderKey(test.name): {test.value}})
		var refused *refusal
		if !errors.As(err, &refused) || refused.status != http.StatusBadRequest || !strings.Contains(refused.sentence, test.name) {
			t.Errorf("%s: %q gives %v", test.name, test.value, err)
		}
	}
}

// FuzzForward: what goes on to a push service is of the fields that are listed,
// each once, and nothing that another reader of headers could take for two.
func FuzzForward(f *testing.F) {
	f.Add("Authorization", "vapid t=a.b.c, k=d", "")
	f.Add("ttl", "30", "31")
	f.Add("Topic", "a\r\nHost: evil.example", "")
	f.Add("Transfer-Encoding", "chunked", "identity")
	f.Fuzz(func(t *testing.T, name, first, second string) {
		from := http.Header{}
		from.Add(name, first)
		if second != "" {
			from.Add(name, second)
		}
		header, err := forward(from)
		if err != nil {
			return
		}
		allowed := map[string]bool{"User-Agent": true}
		for _, f := range forwarded {
			allowed[http.CanonicalHeaderKey(f.name)] = true
		}
		for name, values := range header {
			if !allowed[name] || len(values) != 1 || len(values[0]) > maxField {
				t.Errorf("%q: %q goes on", name, values)
			}
			for _, c := range []byte(values[0]) {
				if c < ' ' || c >= 0x7f {
					t.Errorf("%q: %q goes on", name, values)
				}
			}
		}
	})
}
