package webpush

import (
	"errors"
	"strings"
	"testing"
)

// endpoints are captured from browsers, tokens shortened.
var endpoints = []struct{ url, origin, service string }{
	{"https://updates.push.services.mozilla.com/wpush/v2/gAAAAABmx_-~", "https://updates.push.services.mozilla.com", "Mozilla"},
	{"https://fcm.googleapis.com/fcm/send/dF9:APA91bH-_x", "https://fcm.googleapis.com", "FCM"},
	{"https://fcm.googleapis.com/preprod/wp/dF9:APA91bH", "https://fcm.googleapis.com", "FCM"},
	{"https://jmt17.google.com/fcm/send/dF9:APA91bH", "https://jmt17.google.com", "FCM"},
	{"https://android.googleapis.com/gcm/send/dF9:APA91bH", "https://android.googleapis.com", "FCM"},
	{"https://web.push.apple.com/QGuQyavXutnMH", "https://web.push.apple.com", "Apple"},
	{"https://wns2-par02p.notify.windows.com/w/?token=BQYAAAD%2fx%2b", "https://wns2-par02p.notify.windows.com", "WNS"},
	{"http://127.0.0.1:8089/wpush/v2/abc", "http://127.0.0.1:8089", "loopback"},
	{"http://localhost:8089/wpush/v2/abc", "http://localhost:8089", "loopback"},
	{"http://lab.localhost/abc", "http://lab.localhost", "loopback"},
	{"http://[::1]:8089/abc", "http://[::1]:8089", "loopback"},
	{"https://127.8.9.10/abc", "https://127.8.9.10", "loopback"},
	{"https://push.example.net/p/JzLQ3raZ", "https://push.example.net", ""},
	{"https://[2001:db8::1]:8443/p", "https://[2001:db8::1]:8443", ""},
	{"https://fcm.googleapis.com.example.net/fcm/send/x", "https://fcm.googleapis.com.example.net", ""},
	{"https://notfcm.googleapis.com/fcm/send/x", "https://notfcm.googleapis.com", ""},
	{"https://localhost.example.net/x", "https://localhost.example.net", ""},
}

func TestParseEndpoint(t *testing.T) {
	for _, want := range endpoints {
		e, err := ParseEndpoint(want.url)
		if err != nil {
			t.Errorf("%s: %v", want.url, err)
			continue
		}
		if e.String() != want.url || e.Origin() != want.origin || e.Service().Name != want.service || e.IsZero() {
			t.Errorf("%s is %s at %s, of %q", want.url, e, e.Origin(), e.Service().Name)
		}
	}
}

// TestEndpointForm: one endpoint, one text. The path is not touched.
func TestEndpointForm(t *testing.T) {
	for text, want := range map[string]string{
		"HTTPS://Push.Example.NET/p/A%2fb%2F..": "https://push.example.net/p/A%2fb%2F..",
		"https://push.example.net:443/p":        "https://push.example.net/p",
		"https://push.example.net:0443/p":       "https://push.example.net/p",
		"https://push.example.net:/p":           "https://push.example.net/p",
		"https://push.example.net:80/p":         "https://push.example.net:80/p",
		"http://localhost:80/p":                 "http://localhost/p",
		"http://localhost:443/p":                "http://localhost:443/p",
		"https://push.example.net":              "https://push.example.net/",
		"https://push.example.net?token=1":      "https://push.example.net/?token=1",
		"https://push.example.net/a?b=c:d@e//f": "https://push.example.net/a?b=c:d@e//f",
		"http://[0:0:0:0:0:0:0:1]:8080/p":       "http://[::1]:8080/p",
		"https://[2001:DB8:0:0:0:0:0:1]/p":      "https://[2001:db8::1]/p",
		"https://push.example.net/" + maxPath(): "https://push.example.net/" + maxPath(),
	} {
		e, err := ParseEndpoint(text)
		if err != nil || e.String() != want {
			t.Errorf("%.60s is %.60s, %v, want %.60s", text, e, err, want)
		}
	}
}

// maxPath makes https://push.example.net/ as long as an endpoint may be.
func maxPath() string {
	return strings.Repeat("p", MaxEndpoint-len("https://push.example.net/"))
}

func TestParseEndpointRefuses(t *testing.T) {
	for _, text := range []string{
		"",
		"push.example.net/p",
		"/p",
		"//push.example.net/p",
		"https:push.example.net/p",
		"https:///p",
		"https://:443/p",
		"ftp://push.example.net/p",
		"ws://localhost/p",
		"javascript:alert(1)",
		"https://user@push.example.net/p",
		"https://user:secret@push.example.net/p",
		"https://@push.example.net/p",
		"https://push.example.net/p#fragment",
		"https://push.example.net/p#",
		"https://push.example.net:0/p",
		"https://push.example.net:65536/p",
		"https://push.example.net:port/p",
		"https://push example.net/p",
		"https://push.example.net/p q",
		" https://push.example.net/p",
		"https://push.example.net/p\n",
		"https://push.example.net/p\r\nHost: x",
		"https://push.example.net\\@localhost/p",
		"https://push.example.net/\"quoted\"",
		"https://push.example.net/é",
		"https://püsh.example.net/p",
		"https://%70ush.example.net/p",
		"https://p%C3%BCsh.example.net/p",
		"https://push,example.net/p",
		"https://[::1/p",
		"https://[fe80::1%25eth0]/p",
		"http://[::1%25lo]/p",
		"https://push.example.net/" + maxPath() + "p",
	} {
		if e, err := ParseEndpoint(text); !errors.Is(err, ErrEndpoint) || !e.IsZero() {
			t.Errorf("%.60q is %v, %v", text, e, err)
		}
	}
	for _, text := range []string{
		"http://push.example.net/p",
		"http://updates.push.services.mozilla.com/p",
		"http://192.168.1.1/p",
		"http://0.0.0.0/p",
		"http://[2001:db8::1]/p",
		"http://127.1/p", // a browser would read it as 127.0.0.1, a resolver may not
		"http://localhost.example.net/p",
		"http://notlocalhost/p",
	} {
		if _, err := ParseEndpoint(text); !errors.Is(err, ErrInsecureEndpoint) || !errors.Is(err, ErrEndpoint) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestDeadEndpoints: what browsers hand out in place of a subscription that is
// gone is told apart (Couchers-org/couchers#8212, SullyOS#73), in any spelling.
func TestDeadEndpoints(t *testing.T) {
	for _, text := range []string{
		"https://permanently-removed.invalid/fcm/send/fgr7:APA91",
		"https://PERMANENTLY-REMOVED.Invalid/fcm/send/x",
		"https://permanently-removed.invalid.:443/x",
		"https://a.b.invalid:8443/x?y",
		"https://invalid/x",
		"https://push.alt/x",
		"https://expyuzz4wqqyqhjn.onion/x",
	} {
		if e, err := ParseEndpoint(text); !errors.Is(err, ErrDeadEndpoint) || !errors.Is(err, ErrEndpoint) || !e.IsZero() {
			t.Errorf("%s is %v, %v", text, e, err)
		}
	}
	for _, text := range []string{"https://permanently-removed.invalid.net/x", "https://notinvalid/x", "https://invalid.example.com/invalid", "https://push.example.net/.invalid"} {
		if _, err := ParseEndpoint(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestPublicEndpoints(t *testing.T) {
	for text, public := range map[string]bool{
		"https://fcm.googleapis.com/x": true, "https://push.example.net:8443/x": true, "https://PUSH.example.net/x": true,
		"https://ntfy/x": false, "https://ntfy.lan/x": false, "https://ntfy.home.arpa/x": false, "https://192.168.1.1/x": false,
		"https://8.8.8.8/x": false, "https://[2001:db8::1]:8443/x": false, "https://127.1/x": false, "http://localhost:80/x": false,
	} {
		if got := newEndpoint(t, text).IsPublic(); got != public {
			t.Errorf("%s is public: %t", text, got)
		}
	}
}

// TestParseEndpointKeepsSecrets: an endpoint is a capability, and errors end
// up in logs.
func TestParseEndpointKeepsSecrets(t *testing.T) {
	for _, text := range []string{"http://push.example.net/secret", "https://push.example.net:secret/", "https://h/secret\x00", "https://h/secret%"} {
		if _, err := ParseEndpoint(text); err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error has the URL: %v", err)
		}
	}
}

func TestServiceTable(t *testing.T) {
	for _, row := range services {
		e, err := ParseEndpoint("https://" + row.host + "/token")
		if err != nil {
			t.Fatal(err)
		}
		if e.Service() != row.service || row.service.Name == "" {
			t.Errorf("%s: %+v", row.host, e.Service())
		}
	}
	var none Endpoint
	if none.Service() != (Service{}) {
		t.Errorf("no endpoint has a service: %+v", none.Service())
	}
}

func FuzzParseEndpoint(f *testing.F) {
	for _, e := range endpoints {
		f.Add(e.url)
	}
	f.Add("HTTPS://user@[::1%25x]:0443?q#f")
	f.Fuzz(func(t *testing.T, text string) {
		e, err := ParseEndpoint(text)
		if err != nil {
			if !errors.Is(err, ErrEndpoint) {
				t.Fatalf("undocumented error %v", err)
			}
			return
		}
		if again, err := ParseEndpoint(e.String()); err != nil || again != e {
			t.Fatalf("%q reads back as %q, %v", e, again, err)
		}
		if !strings.HasPrefix(e.String(), e.Origin()+"/") {
			t.Fatalf("%q does not begin with its origin %q", e, e.Origin())
		}
		origin, err := ParseEndpoint(e.Origin())
		if err != nil || origin.Origin() != e.Origin() {
			t.Fatalf("the origin %q is %q, %v", e.Origin(), origin.Origin(), err)
		}
	})
}
