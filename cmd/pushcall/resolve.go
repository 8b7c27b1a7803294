package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"pushcall/relay"
)

// resolution is the option --resolve. Like curl's, it gives the addresses of hosts
// and overrides the DNS.
//
//	HOST:PORT:ADDR[,ADDR]...
//
// An ADDR is an IPv4 address or an IPv6 address, in brackets or not. Unlike in
// curl it may have a port, ADDR:PORT or [ADDR]:PORT, which replaces the URL's. The
// addresses are tried in turn.
//
// The operator vouches for an entry, so its addresses need not be public. An entry
// does not make a host a push service: only the relay's policy does.
type resolution map[string][]netip.AddrPort // by host:port, the host in lower case

// String is part of flag.Value.
func (r resolution) String() string { return "" }

// Set is part of flag.Value; it adds an entry.
func (r resolution) Set(text string) error {
	host, rest, _ := strings.Cut(text, ":")
	portText, addresses, found := strings.Cut(rest, ":")
	port, err := strconv.ParseUint(portText, 10, 16)
	if !isHostName(strings.ToLower(host)) || !found || err != nil || port == 0 {
		return errors.New("it must be HOST:PORT:ADDR")
	}
	var entry []netip.AddrPort
	for address := range strings.SplitSeq(addresses, ",") {
		to, err := parseAddress(strings.TrimSpace(address), uint16(port))
		if err != nil {
			return err
		}
		entry = append(entry, to)
	}
	r[net.JoinHostPort(strings.ToLower(host), strconv.FormatUint(port, 10))] = entry
	return nil
}

// parseAddress parses an address; port is used if it has none.
func parseAddress(text string, port uint16) (netip.AddrPort, error) {
	bare := text
	if inside, found := strings.CutPrefix(text, "["); found && strings.HasSuffix(text, "]") {
		bare = strings.TrimSuffix(inside, "]")
	}
	if address, err := netip.ParseAddr(bare); err == nil {
		return netip.AddrPortFrom(address, port), nil
	}
	address, err := netip.ParseAddrPort(text)
	if err != nil || address.Port() == 0 {
		return netip.AddrPort{}, fmt.Errorf("%q is not an IP address", text)
	}
	return address, nil
}

// dial connects to the addresses of an entry, or, for a host without an entry, to its
// public addresses.
func (r resolution) dial(ctx context.Context, network, address string) (net.Conn, error) {
	entry, found := r[strings.ToLower(address)]
	if !found {
		return relay.DialPublic(ctx, network, address)
	}
	var dialer net.Dialer
	var problems error
	for _, to := range entry {
		conn, err := dialer.DialContext(ctx, network, to.String())
		if err == nil {
			return conn, nil
		}
		problems = errors.Join(problems, err)
	}
	return nil, problems
}
