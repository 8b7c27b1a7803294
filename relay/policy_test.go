package relay

import (
	"errors"
	"net/url"
	"strings"
	"testing"
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

// hostileEndpoints are refused whichever way a program might read them.
var hostileEndpoints = []struct {
	name, text string
	want       error
}{
	{"nothing", "", ErrEndpoint},
	{"no URL", "fcm", ErrEndpoint},
	{"no host", "https://", ErrEndpoint},
	{"no host but a path", "https:///fcm/send", ErrEndpoint},
	{"no path", "https://fcm.googleapis.com", ErrEndpoint},
	{"query in place of the path", "https://fcm.googleapis.com?x=/", ErrEndpoint},
	{"one slash", "https:/fcm.googleapis.com/x", ErrEndpoint},
	{"no slashes", "https:fcm.googleapis.com/x", ErrEndpoint},
	{"relative", "//fcm.googleapis.com/x", ErrEndpoint},
	{"a path", "/fcm/send/x", ErrEndpoint},
	{"too long by one", fcm + strings.Repeat("x", maxEndpoint-len(fcm)+1), ErrEndpoint},

	{"http", "http://fcm.googleapis.com/x", ErrEndpoint},
	{"ws", "wss://fcm.googleapis.com/x", ErrEndpoint},
	{"file", "file://fcm.googleapis.com/etc/passwd", ErrEndpoint},
	{"gopher", "gopher://fcm.googleapis.com:443/_POST", ErrEndpoint},
	{"scheme with a plus", "https+unix://fcm.googleapis.com/x", ErrEndpoint},
	{"scheme within a scheme", "https://https://fcm.googleapis.com/x", ErrEndpoint},
	{"space before", " https://fcm.googleapis.com/x", ErrEndpoint},
	{"space after", "https://fcm.googleapis.com/x ", ErrEndpoint},

	{"another host", "https://evil.example/x", ErrForbidden},
	{"a service's name in front", "https://fcm.googleapis.com.evil.example/x", ErrForbidden},
	{"a service's name at the end", "https://evilfcm.googleapis.com/x", ErrForbidden},
	{"suffix without a dot", "https://evilpush.apple.com/x", ErrForbidden},
	{"suffix alone", "https://push.apple.com/x", ErrForbidden},
	{"suffix with nothing before it", "https://.push.apple.com/x", ErrEndpoint},
	{"below an exact name", "https://x.fcm.googleapis.com/x", ErrForbidden},
	{"above an exact name", "https://googleapis.com/x", ErrForbidden},
	{"suffix as a label", "https://push.apple.com.co/x", ErrForbidden},
	{"metadata by name", "https://metadata.google.internal/x", ErrForbidden},
	{"localhost", "https://localhost/x", ErrForbidden},
	{"one label", "https://relay/x", ErrForbidden},

	{"another port", "https://fcm.googleapis.com:8443/x", ErrEndpoint},
	{"port 80", "https://fcm.googleapis.com:80/x", ErrEndpoint},
	{"port 0443", "https://fcm.googleapis.com:0443/x", ErrEndpoint},
	{"port 4430", "https://fcm.googleapis.com:4430/x", ErrEndpoint},
	{"empty port", "https://fcm.googleapis.com:/x", ErrEndpoint},
	{"two ports", "https://fcm.googleapis.com:443:443/x", ErrEndpoint},
	{"two ports, the wrong one first", "https://fcm.googleapis.com:22:443/x", ErrEndpoint},
	{"port by name", "https://fcm.googleapis.com:https/x", ErrEndpoint},
	{"port alone", "https://:443/x", ErrEndpoint},

	{"user", "https://user@fcm.googleapis.com/x", ErrEndpoint},
	{"user and password", "https://user:password@fcm.googleapis.com/x", ErrEndpoint},
	{"empty user", "https://@fcm.googleapis.com/x", ErrEndpoint},
	{"service as the user", "https://fcm.googleapis.com@evil.example/x", ErrEndpoint},
	{"service as user and password", "https://fcm.googleapis.com:443@evil.example/x", ErrEndpoint},
	{"two at signs", "https://a@evil.example@fcm.googleapis.com/x", ErrEndpoint},
	{"service as the user, escaped slash", "https://fcm.googleapis.com%2f@evil.example/x", ErrEndpoint},

	{"trailing dot", "https://fcm.googleapis.com./x", ErrEndpoint},
	{"trailing dot and port", "https://fcm.googleapis.com.:443/x", ErrEndpoint},
	{"two dots", "https://fcm..googleapis.com/x", ErrEndpoint},
	{"dots only", "https://../x", ErrEndpoint},
	{"name too long", "https://" + strings.Repeat("a.", 121) + "push.apple.com/x", ErrEndpoint},

	{"backslash before an at sign", `https://evil.example\@fcm.googleapis.com/x`, ErrEndpoint},
	{"backslash for a slash", `https://fcm.googleapis.com\x`, ErrEndpoint},
	{"backslashes for both", `https:\\fcm.googleapis.com\x`, ErrEndpoint},
	{"backslash in the path", `https://fcm.googleapis.com/\evil.example`, ErrEndpoint},
	{"query before an at sign", "https://evil.example?@fcm.googleapis.com/x", ErrEndpoint},
	{"fragment before an at sign", "https://evil.example#@fcm.googleapis.com/x", ErrEndpoint},
	{"fragment", "https://fcm.googleapis.com/x#y", ErrEndpoint},
	{"semicolon", "https://evil.example;fcm.googleapis.com/x", ErrEndpoint},
	{"comma", "https://fcm.googleapis.com,evil.example/x", ErrEndpoint},
	{"two URLs", "https://fcm.googleapis.com/x, https://evil.example/", ErrEndpoint},
	{"underscore", "https://evil_.push.apple.com/x", ErrEndpoint},
	{"asterisk", "https://*.push.apple.com/x", ErrEndpoint},

	{"escaped letter", "https://%66cm.googleapis.com/x", ErrEndpoint},
	{"escaped dot", "https://fcm%2egoogleapis.com/x", ErrEndpoint},
	{"escaped slash", "https://evil.example%2f.push.apple.com/x", ErrEndpoint},
	{"escaped at sign", "https://evil.example%40fcm.googleapis.com/x", ErrEndpoint},
	{"escaped NUL", "https://evil.example%00.push.apple.com/x", ErrEndpoint},
	{"escaped non-ASCII", "https://%C3%A9.push.apple.com/x", ErrEndpoint},
	{"broken escape in the path", "https://fcm.googleapis.com/%zz", ErrEndpoint},
	{"half an escape in the path", "https://fcm.googleapis.com/%2", ErrEndpoint},

	{"full-width letters", "https://ｆｃｍ.googleapis.com/x", ErrEndpoint},
	{"ideographic full stop", "https://fcm。googleapis。com/x", ErrEndpoint},
	{"Kelvin sign for a k", "https://\u212a.push.apple.com/x", ErrEndpoint},
	{"long s", "https://web.pu\u017fh.apple.com/x", ErrEndpoint},
	{"sharp s", "https://web.pu\u00dfh.apple.com/x", ErrEndpoint},
	{"soft hyphen", "https://fcm.google\u00adapis.com/x", ErrEndpoint},
	{"zero-width joiner", "https://fcm.googleapis\u200d.com/x", ErrEndpoint},
	{"Cyrillic letter", "https://fcm.g\u043eogleapis.com/x", ErrEndpoint},
	{"the same in Punycode", "https://fcm.xn--gogleapis-kcf.com/x", ErrForbidden},
	{"non-ASCII in the path", "https://fcm.googleapis.com/é", ErrEndpoint},
	{"not UTF-8", "https://fcm.googleapis.com/\xff", ErrEndpoint},

	{"tab in the host", "https://fcm.goo\tgleapis.com/x", ErrEndpoint},
	{"line feed in the host", "https://fcm.goo\ngleapis.com/x", ErrEndpoint},
	{"request smuggled by the path", "https://fcm.googleapis.com/x HTTP/1.1\r\nHost: evil.example", ErrEndpoint},
	{"NUL", "https://fcm.googleapis.com\x00.evil.example/x", ErrEndpoint},
	{"DEL", "https://fcm.googleapis.com/\x7f", ErrEndpoint},

	{"IPv4", "https://127.0.0.1/x", ErrForbidden},
	{"IPv4 and port 443", "https://127.0.0.1:443/x", ErrForbidden},
	{"metadata by address", "https://169.254.169.254/latest/meta-data/", ErrForbidden},
	{"IPv4, short", "https://127.1/x", ErrForbidden},
	{"IPv4 as one number", "https://2130706433/x", ErrForbidden},
	{"IPv4, hexadecimal", "https://0x7f000001/x", ErrForbidden},
	{"IPv4, octal", "https://0177.0.0.1/x", ErrForbidden},
	{"IPv4 below a suffix", "https://127.0.0.1.push.apple.com.nip.io/x", ErrForbidden},
	{"IPv6", "https://[::1]/x", ErrEndpoint},
	{"IPv6 and port 443", "https://[::1]:443/x", ErrEndpoint},
	{"IPv6 with an IPv4 address", "https://[::ffff:127.0.0.1]/x", ErrEndpoint},
	{"IPv6 with a zone", "https://[fe80::1%25eth0]/x", ErrEndpoint},
	{"IPv6 with a service for a zone", "https://[::1%25.push.apple.com]/x", ErrEndpoint},
	{"a name in brackets", "https://[fcm.googleapis.com]/x", ErrEndpoint},
	{"brackets before a name", "https://[::1].push.apple.com/x", ErrEndpoint},
}

func TestHostileEndpoints(t *testing.T) {
	for _, test := range hostileEndpoints {
		t.Run(test.name, func(t *testing.T) {
			endpoint, err := Policy(PushServices).endpoint(test.text)
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, %v; want %v", endpoint, err, test.want)
			}
			if test.text != "" && strings.Contains(err.Error(), test.text) {
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

// FuzzEndpoint checks that whatever is accepted is at an allowed host for any
// reader of URLs, and stays what it is when it is read again.
func FuzzEndpoint(f *testing.F) {
	f.Add("https://fcm.googleapis.com:443/fcm/send/abc:APA91b-_?x=%2f")
	f.Add("https://updates.push.services.mozilla.com/wpush/v2/gAAA")
	for _, test := range hostileEndpoints {
		f.Add(test.text)
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
