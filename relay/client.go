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
//
// Each address counts in any of the spellings that proxies use: with a port,
// in brackets, with a zone, as an IPv4-mapped one, in quotes. An entry without
// one, such as "unknown", leaves the proxy that wrote it as the client.
func Behind(proxies []netip.Prefix) func(*http.Request) netip.Addr {
	known := make([]netip.Prefix, len(proxies))
	for i, p := range proxies {
		known[i] = unmap(p)
	}
	isProxy := func(address netip.Addr) bool {
		return slices.ContainsFunc(known, func(p netip.Prefix) bool { return p.Contains(address) })
	}
	return func(r *http.Request) netip.Addr {
		address := remote(r)
		said := strings.Split(field(r.Header, "X-Forwarded-For"), ",")
		for _, text := range slices.Backward(said) {
			text = strings.TrimSpace(text)
			if text == "" {
				continue // RFC 9110, Section 5.6.1.2
			}
			before, ok := parseClient(text)
			if !ok || !isProxy(address) {
				break
			}
			address = before
		}
		return address
	}
}

// unmap returns the IPv4 prefix that an IPv4-mapped one stands for, and any
// other as it is.
func unmap(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p
}

// remote returns the address that a connection comes from, or the zero one: a
// Unix socket has none.
func remote(r *http.Request) netip.Addr {
	address, _ := parseClient(r.RemoteAddr)
	return address
}

// parseClient reads an address that may have a port after it, and be in
// brackets, in quotes (as in RFC 7239, Section 6) and of a zone, which says
// nothing here. Ports are not read: some proxies write a name (RFC 7239,
// Section 6.3).
func parseClient(text string) (address netip.Addr, ok bool) {
	if quoted, found := strings.CutPrefix(text, `"`); found {
		text = strings.TrimSuffix(quoted, `"`)
	}
	if inside, found := strings.CutPrefix(text, "["); found {
		var after string
		if text, after, found = strings.Cut(inside, "]"); !found || after != "" && after[0] != ':' {
			return netip.Addr{}, false
		}
	} else if strings.Count(text, ":") == 1 {
		text, _, _ = strings.Cut(text, ":")
	}
	text, _, _ = strings.Cut(text, "%")
	address, err := netip.ParseAddr(text)
	return address.Unmap(), err == nil
}

// clientOf returns the addresses that count as one client: one IPv4 address,
// or the /64 that an IPv6 subscriber has at the least (RFC 6177, Section 2).
// Clients whose address cannot be read share one bucket.
func clientOf(client func(*http.Request) netip.Addr, r *http.Request) netip.Prefix {
	if client == nil {
		client = remote
	}
	address := client(r).Unmap().WithZone("") // a Handler's own Client may return any
	bits := 32
	if address.Is6() {
		bits = 64
	}
	prefix, _ := address.Prefix(bits) // of an address without zone it always succeeds, and of none it is the zero prefix
	return prefix
}
