package relay

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// dialTimeout bounds one attempt to connect, name resolution included.
const dialTimeout = 5 * time.Second

// ErrAddress is returned when a host resolves to an address that is not on the
// public Internet.
var ErrAddress = errors.New("relay: not a public address")

// DialPublic connects to public addresses only. It is what a Handler without a
// Dial of its own uses.
//
// The check happens after the name is resolved, on the very address the socket
// is about to connect to. Whoever answers for an allowed name, and may answer
// differently the next time, does not gain access to the relay's own network.
func DialPublic(ctx context.Context, network, address string) (net.Conn, error) {
	return dialPublic(ctx, net.DefaultResolver, network, address)
}

func dialPublic(ctx context.Context, resolver *net.Resolver, network, address string) (net.Conn, error) {
	dialer := net.Dialer{
		Timeout:  dialTimeout,
		Resolver: resolver,
		Control: func(_, address string, _ syscall.RawConn) error {
			resolved, err := netip.ParseAddrPort(address)
			if err != nil {
				return fmt.Errorf("%w: %w", ErrAddress, err)
			}
			if !isPublic(resolved.Addr()) {
				return ErrAddress
			}
			return nil
		},
	}
	return dialer.DialContext(ctx, network, address)
}

// notPublic lists the special-purpose addresses that IANA's registries for
// IPv4 and IPv6 have (RFC 6890, Section 2.2). Of IPv6 only those within
// 2000::/3 need to be named: nothing outside of it is public.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network: RFC 791, Section 3.2
	netip.MustParsePrefix("10.0.0.0/8"),      // private use: RFC 1918
	netip.MustParsePrefix("100.64.0.0/10"),   // carrier-grade NAT: RFC 6598
	netip.MustParsePrefix("127.0.0.0/8"),     // loopback: RFC 1122, Section 3.2.1.3
	netip.MustParsePrefix("169.254.0.0/16"),  // link-local, and the clouds' metadata: RFC 3927
	netip.MustParsePrefix("172.16.0.0/12"),   // private use: RFC 1918
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments, DS-Lite and NAT64 discovery: RFC 6890
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation: RFC 5737
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays: RFC 7526
	netip.MustParsePrefix("192.168.0.0/16"),  // private use: RFC 1918
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarking: RFC 2544
	netip.MustParsePrefix("198.51.100.0/24"), // documentation: RFC 5737
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation: RFC 5737
	netip.MustParsePrefix("224.0.0.0/4"),     // multicast: RFC 5771
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, and broadcast: RFC 1112, RFC 919

	netip.MustParsePrefix("2001::/23"),     // protocol assignments, Teredo among them: RFC 2928, RFC 4380
	netip.MustParsePrefix("2001:db8::/32"), // documentation: RFC 3849
	netip.MustParsePrefix("2002::/16"),     // 6to4, has an IPv4 address inside: RFC 3056
	netip.MustParsePrefix("3fff::/20"),     // documentation: RFC 9637
}

// globalUnicast is all that IANA has opened for global unicast: RFC 4291,
// Section 2.4, and its registry. Loopback, unspecified, link-local, unique
// local and multicast addresses lie outside, and so do all that carry an IPv4
// address: mapped and compatible ones and those of NAT64 (RFC 6052, RFC 8215).
var globalUnicast = netip.MustParsePrefix("2000::/3")

func isPublic(address netip.Addr) bool {
	if !address.Is4() && !globalUnicast.Contains(address) {
		return false
	}
	for _, prefix := range notPublic {
		if prefix.Contains(address) {
			return false
		}
	}
	return true
}
