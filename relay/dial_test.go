package relay

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func TestIsPublic(t *testing.T) {
	for _, test := range []struct {
		address string
		want    bool
	}{
		{"8.8.8.8", true},
		{"142.250.185.74", true},
		{"9.255.255.255", true},
		{"11.0.0.0", true},
		{"100.63.255.255", true},
		{"100.128.0.0", true},
		{"172.15.255.255", true},
		{"172.32.0.0", true},
		{"223.255.255.255", true},
		{"2a00:1450:4001:829::200a", true},
		{"2600:1901::", true},

		{"0.0.0.0", false},
		{"0.1.2.3", false},
		{"10.0.0.0", false},
		{"10.255.255.255", false},
		{"100.64.0.0", false},
		{"100.127.255.255", false},
		{"127.0.0.1", false},
		{"127.255.255.255", false},
		{"169.254.169.254", false},
		{"172.16.0.0", false},
		{"172.31.255.255", false},
		{"192.0.0.170", false},
		{"192.0.2.1", false},
		{"192.88.99.1", false},
		{"192.168.1.1", false},
		{"198.18.0.1", false},
		{"198.19.255.255", false},
		{"198.51.100.1", false},
		{"203.0.113.1", false},
		{"224.0.0.251", false},
		{"239.255.255.255", false},
		{"240.0.0.1", false},
		{"255.255.255.255", false},

		{"::", false},
		{"::1", false},
		{"::8.8.8.8", false},              // compatible
		{"::ffff:127.0.0.1", false},       // mapped
		{"::ffff:8.8.8.8", false},         // mapped
		{"::ffff:0:8.8.8.8", false},       // translated
		{"64:ff9b::7f00:1", false},        // NAT64
		{"64:ff9b::8.8.8.8", false},       // NAT64
		{"64:ff9b:1::a00:1", false},       // NAT64, local
		{"100::1", false},                 // discard
		{"2001::7f00:1", false},           // Teredo
		{"2001:10::1", false},             // ORCHID
		{"2001:db8::1", false},            // documentation
		{"2002:7f00:1::", false},          // 6to4 of 127.0.0.1
		{"3fff::1", false},                // documentation
		{"5f00::1", false},                // segment routing
		{"fc00::1", false},                // unique local
		{"fd00:ec2::254", false},          // unique local, a cloud's metadata
		{"fe80::1", false},                // link-local
		{"fe80::1%eth0", false},           // link-local with a zone
		{"fec0::1", false},                // site-local
		{"ff02::1", false},                // multicast
		{"ffff:ffff:ffff:ffff::", false},  // multicast
		{"2a00:1450:4001::1%eth0", false}, // no public address has a zone
		{"4000::1", false},                // not assigned
		{"1fff:ffff:ffff:ffff::1", false}, // not assigned
		{"2001:1ff:ffff::1", false},       // protocol assignments
		{"2001:200::1", true},             // the first after them
		{"2001:4860:4860::8888", true},    // a name server's
		{"2003::1", true},                 // the first after 6to4
	} {
		if got := isPublic(netip.MustParseAddr(test.address)); got != test.want {
			t.Errorf("isPublic(%s) = %v", test.address, got)
		}
	}
	if isPublic(netip.Addr{}) {
		t.Error("no address is public")
	}
}

// TestRebinding has a name server that answers for an allowed name with
// addresses of the relay's own network.
func TestRebinding(t *testing.T) {
	for _, answer := range []string{
		"127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
		"::1", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
	} {
		t.Run(answer, func(t *testing.T) {
			resolver := nameServer(t, netip.MustParseAddr(answer))
			conn, err := dialPublic(t.Context(), resolver, "tcp", "fcm.googleapis.com:443")
			if conn != nil || !errors.Is(err, ErrAddress) {
				t.Errorf("got %v, %v; want ErrAddress", conn, err)
			}
		})
	}
}

func TestDialPublicRefusesLoopback(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	conn, err := DialPublic(t.Context(), "tcp", listener.Addr().String())
	if conn != nil || !errors.Is(err, ErrAddress) {
		t.Errorf("got %v, %v; want ErrAddress", conn, err)
	}
}

// nameServer starts a name server whose every name has the one address, and
// returns a resolver that asks it.
func nameServer(t *testing.T, address netip.Addr) *net.Resolver {
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	go func() {
		query := make([]byte, 512) // RFC 1035, Section 2.3.4; octets
		for {
			n, from, err := socket.ReadFrom(query)
			if err != nil {
				return
			}
			if answer, err := answerQuery(query[:n], address); err == nil {
				socket.WriteTo(answer, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, "udp", socket.LocalAddr().String())
	}}
}

func answerQuery(query []byte, address netip.Addr) ([]byte, error) {
	var message dnsmessage.Message
	if err := message.Unpack(query); err != nil {
		return nil, err
	}
	message.Response, message.Authoritative = true, true
	message.Additionals = nil
	question := message.Questions[0]
	header := dnsmessage.ResourceHeader{Name: question.Name, Class: question.Class}
	switch {
	case question.Type == dnsmessage.TypeA && address.Is4():
		message.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AResource{A: address.As4()}}}
	case question.Type == dnsmessage.TypeAAAA && address.Is6():
		message.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AAAAResource{AAAA: address.As16()}}}
	}
	return message.Pack()
}
