package relay

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Behind returns a Handler's Client for a relay behind reverse proxies. A proxy
// adds the address that it was asked from to the end of X-Forwarded-For; what
// stands before may be the client's own invention. So the list is read from
// its end, and only for as long as it is one of the proxies who says so.
func Behind(proxies []netip.Prefix) func(*http.Request) netip.Addr {
	isProxy := func(address netip.Addr) bool {
		return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(address) })
	}
	return func(r *http.Request) netip.Addr {
		address := remote(r)
		said := strings.Split(field(r.Header, "X-Forwarded-For"), ",")
		for _, text := range slices.Backward(said) {
			if !isProxy(address) {
				break
			}
			before, err := netip.ParseAddr(strings.TrimSpace(text))
			if err != nil {
				break
			}
			address = before.Unmap().WithZone("")
		}
		return address
	}
}

// remote returns the address that a connection comes from, or the zero one.
func remote(r *http.Request) netip.Addr {
	address, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil { // a Unix socket has none
		return netip.Addr{}
	}
	return address.Addr().Unmap().WithZone("")
}

// clientOf returns the addresses that count as one client: one IPv4 address,
// or the /64 that an IPv6 subscriber has at the least (RFC 6177, Section 2).
// Clients whose address cannot be read share one bucket.
func clientOf(client func(*http.Request) netip.Addr, r *http.Request) netip.Prefix {
	if client == nil {
		client = remote
	}
	address := client(r).Unmap().WithZone("")
	bits := 32
	if address.Is6() {
		bits = 64
	}
	prefix, _ := address.Prefix(bits) // of an address without zone it always succeeds, and of none it is the zero prefix
	return prefix
}
