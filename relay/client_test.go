package relay

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"pushcall/relay/conformance"
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
		{"127.0.0.1:1", []string{"192.0.2.1, , 198.51.100.7, ,"}, "198.51.100.7"},      // no entries (RFC 9110, Section 5.6.1.2)
		{"127.0.0.1:1", []string{"192.0.2.1", "", "198.51.100.7:80", "10.1.2.3:99", " "}, "198.51.100.7"},
		{"127.0.0.1:1", []string{"192.0.2.1, unknown"}, "127.0.0.1"},
		{"127.0.0.1:1", []string{"192.0.2.1, _hidden, [fd00::2]:1"}, "fd00::2"},
		{"198.51.100.9:1", []string{"192.0.2.1"}, "198.51.100.9"}, // no proxy, so an invention
		{"198.51.100.9:1", []string{"127.0.0.1"}, "198.51.100.9"},
		{"@", []string{"192.0.2.1"}, "invalid IP"},
	} {
		r := &http.Request{RemoteAddr: test.remote, Header: http.Header{"X-Forwarded-For": test.said}}
		if got := client(r).String(); got != test.want {
			t.Errorf("%s and %q: got %s, want %s", test.remote, test.said, got, test.want)
		}
	}
}

// TestSpellings (rack#1227, traefik#11508, gin#4591, xagent#1185).
func TestSpellings(t *testing.T) {
	behind := Behind([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
	for _, spelling := range conformance.Spellings {
		r := &http.Request{RemoteAddr: "10.0.0.4:443", Header: http.Header{"X-Forwarded-For": {spelling.Text}}}
		want := cmp.Or(spelling.Address, "10.0.0.4")
		if got := behind(r).String(); got != want {
			t.Errorf("%q is %s, want %s", spelling.Text, got, want)
		}
	}
}

// TestProxySpellings: what --behind names is the proxy however it is written.
func TestProxySpellings(t *testing.T) {
	for _, proxy := range []string{"10.0.0.4/32", "10.0.0.4/8", "::ffff:10.0.0.4/128", "::ffff:10.0.0.0/104", "::ffff:a00:0/104", "::/0", "0.0.0.0/0"} {
		for _, remote := range []string{"10.0.0.4:443", "[::ffff:10.0.0.4]:443", "[::ffff:a00:4]:443"} {
			r := &http.Request{RemoteAddr: remote, Header: http.Header{"X-Forwarded-For": {"203.0.113.9"}}}
			want := "203.0.113.9"
			if proxy == "::/0" { // all of IPv6, and no IPv4 address
				want = "10.0.0.4"
			}
			if got := Behind([]netip.Prefix{netip.MustParsePrefix(proxy)})(r).String(); got != want {
				t.Errorf("behind %s, asked from %s: %s, want %s", proxy, remote, got, want)
			}
		}
	}
}

// FuzzParseClient: an address is read as itself, whatever stands around it.
func FuzzParseClient(f *testing.F) {
	for _, spelling := range conformance.Spellings {
		f.Add(spelling.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		address, ok := parseClient(text)
		if !ok {
			return
		}
		if !strings.ContainsAny(text, "0123456789:") || address.Is4In6() || address.Zone() != "" {
			t.Errorf("%q is %v", text, address)
		}
		for _, again := range []string{address.String(), netip.AddrPortFrom(address, 443).String(), `"` + netip.AddrPortFrom(address, 443).String() + `"`} {
			if got, ok := parseClient(again); !ok || got != address {
				t.Errorf("%q is %v, and %q is %v", text, address, again, got)
			}
		}
	})
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
