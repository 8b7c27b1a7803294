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

// resolution is the option --resolve, which is curl's: it says where hosts are
// in place of the DNS.
//
//	HOST:PORT:ADDR[,ADDR]...
//
// An ADDR is an IPv4 address or an IPv6 address, in brackets or not. Other
// than in curl it may have a port, ADDR:PORT or [ADDR]:PORT, to go to another
// than the one the URL names. The addresses are tried in turn.
//
// An entry is the operator's word, so its addresses need not be public ones.
// It does not make a host a push service: the relay's policy does.
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

// parseAddress reads an address with or without a port of its own.
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

// dial connects to where an entry says, and to public addresses for all else.
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
