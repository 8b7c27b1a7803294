package relay

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"pushcall/relay/conformance"
)

const fcm = "https://fcm.googleapis.com/fcm/send/"

func TestEndpoint(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       string // what the message is sent to
	}{
		{"FCM", "https://fcm.googleapis.com/fcm/send/abc:APA91b-_", ""},
		{"FCM without Google's keys", "https://jmt17.google.com/fcm/send/abc", ""},
		{"FCM, old", "https://android.googleapis.com/gcm/send/abc", ""},
		{"Mozilla", "https://updates.push.services.mozilla.com/wpush/v2/gAAA-_%3D", ""},
		{"Apple", "https://web.push.apple.com/QGuQyavXutnMH", ""},
		{"WNS", "https://wns2-par02p.notify.windows.com/w/?token=BQYA%2fa%3d%3d", ""},
		{"upper case", "HTTPS://FCM.GoogleAPIs.com/Fcm/Send", "https://fcm.googleapis.com/Fcm/Send"},
		{"port 443", "https://fcm.googleapis.com:443/x", "https://fcm.googleapis.com/x"},
		{"dots in the path", "https://fcm.googleapis.com/a/../b/./c", ""},
		{"a URL in the path", "https://fcm.googleapis.com/https://127.0.0.1/", ""},
		{"a host in the path", "https://fcm.googleapis.com//evil.example/", ""},
		{"at sign in the path", "https://fcm.googleapis.com/@evil.example/", ""},
		{"as long as allowed", fcm + strings.Repeat("x", maxEndpoint-len(fcm)), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := test.want
			if want == "" {
				want = test.text
			}
			endpoint, err := Policy(PushServices).endpoint(test.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := endpoint.String(); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestHostileEndpoints(t *testing.T) {
	for _, test := range conformance.Hostile {
		t.Run(test.Name, func(t *testing.T) {
			endpoint, err := Policy(PushServices).endpoint(test.Text)
			want := map[int]error{400: ErrEndpoint, 403: ErrForbidden}[test.Status]
			if !errors.Is(err, want) {
				t.Fatalf("got %v, %v; want %v", endpoint, err, want)
			}
			if test.Text != "" && strings.Contains(err.Error(), test.Text) {
				t.Error("the error quotes the endpoint")
			}
		})
	}
}

func TestNilPolicy(t *testing.T) {
	if _, err := Policy(nil).endpoint(fcm + "x"); !errors.Is(err, ErrForbidden) {
		t.Errorf("got %v, want ErrForbidden", err)
	}
}

func TestAllowHost(t *testing.T) {
	for _, test := range []struct {
		text      string
		allows    []string
		refuses   []string
		malformed bool
	}{
		{text: "push.example", allows: []string{"push.example"}, refuses: []string{"a.push.example", "example", "push.example:8443", "push.example.evil"}},
		{text: "PUSH.Example:443", allows: []string{"push.example"}, refuses: []string{"push.example:443"}},
		{text: ".push.example", allows: []string{"a.push.example", "a.b.push.example"}, refuses: []string{"push.example", "evilpush.example", "a.push.example:8443"}},
		{text: "push.example:8443", allows: []string{"push.example:8443"}, refuses: []string{"push.example", "push.example:844", "push.example:84430"}},
		{text: ".push.example:8443", allows: []string{"a.push.example:8443"}, refuses: []string{"a.push.example", "push.example:8443", "a.push.example:18443"}},
		{text: "localhost", allows: []string{"localhost"}, refuses: []string{"a.localhost"}},
		{text: "127.0.0.1", malformed: true},
		{text: "a.0X7F", malformed: true},
		{text: ".example", malformed: true},
		{text: "", malformed: true},
		{text: "a.", malformed: true},
		{text: "a:00443", malformed: true},
	} {
		policy, err := AllowHost(test.text)
		if test.malformed {
			if !errors.Is(err, ErrHost) || policy != nil {
				t.Errorf("%q gives %v", test.text, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q gives %v", test.text, err)
			continue
		}
		either := AnyOf(nil, PushServices, policy)
		for _, host := range test.allows {
			if endpoint, err := either.endpoint("https://" + host + "/x"); err != nil || endpoint.Host != host {
				t.Errorf("%q does not allow %s: %v", test.text, host, err)
			}
		}
		for _, host := range test.refuses {
			if policy(host) || either(host) {
				t.Errorf("%q allows %s", test.text, host)
			}
		}
		if !either("fcm.googleapis.com") || either("example.com") || AnyOf()("fcm.googleapis.com") {
			t.Error("AnyOf allows other than one of several does")
		}
	}
}

// FuzzAllowHost: whatever an operator writes, nothing but DNS names and ports
// is allowed by it, and never an address.
func FuzzAllowHost(f *testing.F) {
	for _, text := range []string{"push.example", ".push.example:8443", "127.0.0.1", "[::1]", "0x7f.1", "a.0x"} {
		f.Add(text, "https://a.push.example/x")
	}
	f.Fuzz(func(t *testing.T, text, asked string) {
		policy, err := AllowHost(text)
		if err != nil {
			return
		}
		for _, url := range []string{asked, "https://" + text + "/", "https://a" + text + "/"} {
			endpoint, err := policy.endpoint(url)
			if err != nil {
				continue
			}
			if _, err := netip.ParseAddr(endpoint.Hostname()); err == nil {
				t.Errorf("%q allows %s", text, endpoint)
			}
			if !strings.HasSuffix(endpoint.Host, strings.TrimSuffix(strings.ToLower(text), ":443")) {
				t.Errorf("%q allows %s", text, endpoint)
			}
		}
	})
}

// FuzzEndpoint checks that whatever is accepted is at an allowed host for any
// reader of URLs, and stays what it is when it is read again.
func FuzzEndpoint(f *testing.F) {
	f.Add("https://fcm.googleapis.com:443/fcm/send/abc:APA91b-_?x=%2f")
	f.Add("https://updates.push.services.mozilla.com/wpush/v2/gAAA")
	for _, test := range conformance.Hostile {
		f.Add(test.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		endpoint, err := Policy(PushServices).endpoint(text)
		if err != nil {
			return
		}
		if endpoint.Scheme != "https" || endpoint.User != nil || endpoint.Opaque != "" ||
			endpoint.Fragment != "" || !PushServices(endpoint.Host) {
			t.Fatalf("accepted %q as %q", text, endpoint)
		}
		rest := strings.ToLower(text)[len("https://"):]
		authority := rest[:strings.IndexAny(rest, `/\?#`)]
		if authority != endpoint.Host && authority != endpoint.Host+":443" {
			t.Fatalf("accepted %q as %q", text, endpoint)
		}
		read, err := url.Parse(text)
		if err != nil || !strings.EqualFold(read.Hostname(), endpoint.Host) {
			t.Fatalf("read again, %q is %v, %v", text, read, err)
		}
		again, err := Policy(PushServices).endpoint(endpoint.String())
		if err != nil || again.String() != endpoint.String() {
			t.Fatalf("%q becomes %q, %v", endpoint, again, err)
		}
	})
}
