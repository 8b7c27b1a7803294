package relay

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestClientOf(t *testing.T) {
	for _, test := range []struct{ remote, want string }{
		{"198.51.100.7:1234", "198.51.100.7/32"},
		{"[::ffff:198.51.100.7]:1234", "198.51.100.7/32"},
		{"[2001:db8:1:2:3:4:5:6]:1234", "2001:db8:1:2::/64"},
		{"[fe80::1%eth0]:1234", "fe80::/64"},
		{"@", "invalid Prefix"}, // a Unix socket
		{"pipe:1", "invalid Prefix"},
		{"", "invalid Prefix"},
	} {
		if got := clientOf(nil, &http.Request{RemoteAddr: test.remote}).String(); got != test.want {
			t.Errorf("clientOf(%q) = %s, want %s", test.remote, got, test.want)
		}
	}
}

func TestBehind(t *testing.T) {
	client := Behind([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")})
	for _, test := range []struct {
		remote string
		said   []string
		want   string
	}{
		{"127.0.0.1:1", nil, "127.0.0.1"},
		{"127.0.0.1:1", []string{"198.51.100.7"}, "198.51.100.7"},
		{"[::ffff:127.0.0.1]:1", []string{"198.51.100.7"}, "198.51.100.7"},
		{"127.0.0.1:1", []string{"::ffff:198.51.100.7"}, "198.51.100.7"},
		{"[fd00::1]:1", []string{"2001:db8::7"}, "2001:db8::7"},
		{"127.0.0.1:1", []string{"192.0.2.1, 198.51.100.7"}, "198.51.100.7"},           // the first is invented
		{"127.0.0.1:1", []string{"192.0.2.1", "198.51.100.7"}, "198.51.100.7"},         // in two fields
		{"127.0.0.1:1", []string{"192.0.2.1, 198.51.100.7 ,10.1.2.3"}, "198.51.100.7"}, // two proxies
		{"127.0.0.1:1", []string{"192.0.2.1, nonsense, 10.1.2.3"}, "10.1.2.3"},         // nobody says who asked that one
		{"127.0.0.1:1", []string{"198.51.100.7:4321"}, "127.0.0.1"},                    // with a port it is no address
		{"198.51.100.9:1", []string{"192.0.2.1"}, "198.51.100.9"},                      // no proxy, so an invention
		{"198.51.100.9:1", []string{"127.0.0.1"}, "198.51.100.9"},
		{"@", []string{"192.0.2.1"}, "invalid IP"},
	} {
		r := &http.Request{RemoteAddr: test.remote, Header: http.Header{"X-Forwarded-For": test.said}}
		if got := client(r).String(); got != test.want {
			t.Errorf("%s and %q: got %s, want %s", test.remote, test.said, got, test.want)
		}
	}
}

// FuzzBehind: whatever a client says, its proxy's word decides.
func FuzzBehind(f *testing.F) {
	f.Add("192.0.2.1, 10.0.0.1")
	f.Add(" ::1%eth0,,\x00")
	client := Behind([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")})
	f.Fuzz(func(t *testing.T, said string) {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.RemoteAddr = "127.0.0.1:1"
		r.Header.Set("X-Forwarded-For", said+", 198.51.100.7")
		if got := client(r).String(); got != "198.51.100.7" {
			t.Errorf("after %q the client is %s", said, got)
		}
	})
}
