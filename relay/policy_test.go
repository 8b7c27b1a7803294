package relay

import (
	"errors"
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
