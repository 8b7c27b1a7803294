package conformance

import (
	"fmt"
	"strings"
	"testing"
)

// operators has what the operator of a relay has set up, well and badly.
func (s *suite) operators(t *testing.T) {
	s.run(t, "hosts that the operator names", func(t *testing.T) {
		b := s.start(t, func(s *Setup) { s.Allow = Named })
		for _, host := range append([]string{
			"push.operator.example", "PUSH.Operator.example", "push.operator.example:443", "kaios.operator.example:8443", Hosts[0], Hosts[4],
		}, below...) {
			endpoint := b.service.Endpoint(host, Created)
			b.post(t, messageTo(endpoint), "body").carried(t, 201)
		}
		for _, host := range []string{
			"a.push.operator.example", "operator.example", "evilpush.operator.example", "push.operator.example.evil.example",
			"suffix.operator.example", "evilsuffix.operator.example", "a.suffix.operator.example:8443", "push.operator.example:8443",
			"kaios.operator.example", "kaios.operator.example:443", "kaios.operator.example:8444", "kaios.operator.example:84430",
			"a.kaios.operator.example:8443", "fcm.googleapis.com:8443",
		} {
			want := 403
			if strings.HasSuffix(host, ":84430") {
				want = 400
			}
			a := b.post(t, messageTo("https://"+host+"/"+capability), "body")
			a.refused(t, want)
			if want == 403 {
				a.unknown(t)
			}
		}
		for _, text := range []string{"http://push.operator.example/x", "https://push.operator.example./x", "https://user@push.operator.example/x"} {
			b.post(t, messageTo(text), "body").refused(t, 400)
		}
	})
	s.run(t, "hosts that nobody names", func(t *testing.T) {
		b := s.start(t, nil)
		for _, host := range []string{"push.operator.example", "kaios.operator.example:8443", "permanently-removed.invalid", "ntfy.example"} {
			a := b.post(t, messageTo("https://"+host+"/"+capability), "body")
			a.refused(t, 403)
			a.unknown(t)
		}
		if a := b.post(t, messageTo("nothing"), "body"); a.header.Get("Push-Refusal") != "" {
			t.Error("what is no endpoint is said to be at an unknown push service")
		}
	})
	for setting, values := range map[Setting][]string{
		Rate:       {"", "x", "0", "-1", "1/s", "1,5", "NaN", "Inf", "1e999", "one", "0x"},
		Burst:      {"", "x", "0", "-1", "1.5", "30 messages", "NaN", "99999999999999999999"},
		Concurrent: {"", "x", "0", "-1", "0.5", "many", "Infinity", "99999999999999999999"},
		Timeout:    {"", "x", "0", "-1s", "-1", "26m", "soon", "NaN", "1 minute", "99999999999999999999"},
		Origin: {
			"", "pushcall.example", "*", "null", "https://", "//pushcall.example", "https://pushcall.example/page", "https://pushcall.example?x",
			"https://pushcall.example#x", "https://user@pushcall.example", "https://pushcall.example:0x1", "https://pushcall.example:65536",
			"file:///page", "ftp://pushcall.example", "https://pushcall.example,https://other.example", "https://push call.example",
			"https://*.pushcall.example", "https://pushcall.example,other.example", "https://pushcall.example//", "javascript://pushcall.example",
		},
		Allow: {
			"", ".", "..", "*", "*.push.example", ".com", "https://push.example", "push.example/", "push..example", "push.example.", "push_.example",
			"user@push.example", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "10.0.0.1:8443", "push.0x7f", "[::1]", "::1", "[::1]:443",
			"push.example:", "push.example:0", "push.example:x", "push.example:0443", "push.example:65536", "push.example:443:443", "p\u00fcsh.example",
			"push.example,other.example", strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 127) + "example",
		},
		Trust: {"", "x y", "127.0.0.1 10.0.0.1", "(none)", "10.0.0.0/", "::1/x", "Header: x"},
	} {
		for _, value := range values {
			s.run(t, fmt.Sprintf("setting %s: %q", setting, value), func(t *testing.T) {
				if name, told := s.form.Misset(t, setting, value); !strings.Contains(told, name) {
					t.Errorf("of %q as %s it says %q", value, name, told)
				}
			})
		}
	}
}

// unknown checks that a page can read that the endpoint is at no push service
// that the relay knows, which is for the person to know.
func (a answer) unknown(t *testing.T) {
	t.Helper()
	exposed := strings.Join(a.header.Values("Access-Control-Expose-Headers"), ", ")
	if got := a.header.Get("Push-Refusal"); got != "unknown-service" || !strings.Contains(exposed, "Push-Refusal") {
		t.Errorf("Push-Refusal is %q, and %q may be read", got, exposed)
	}
}
