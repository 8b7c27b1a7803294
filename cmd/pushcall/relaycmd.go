package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"net/netip"
	"os"
	"time"

	"pushcall/relay"
)

// relayCommand serves the relay alone, at every path.
func relayCommand(ctx context.Context, args []string) error {
	flags := newFlags("relay")
	address := flags.String("addr", "localhost:8081", "`host:port` to listen at")
	options := addRelayFlags(flags)
	if err := options.parse(flags, args); err != nil {
		return err
	}
	listener, err := listen(ctx, *address, "--addr")
	if err != nil {
		return err
	}
	defer listener.Close()
	carrier := options.relay()
	watch, err := newWatch(ctx, options.watch, carrier)
	if err != nil {
		return err
	}
	fmt.Printf("The relay is at %s\n", browserURL(listener, *address))
	return serve(ctx, listener, carrier, watch)
}

// relayOptions are the options of the relay, which several commands share.
type relayOptions struct {
	hosts   resolution
	limit   relay.Limit
	origins origins
	allowed policies
	proxies prefixes
	watch   string
}

func addRelayFlags(flags *flag.FlagSet) *relayOptions {
	o := &relayOptions{hosts: make(resolution)}
	addLimitFlags(flags, &o.limit)
	flags.Var(&o.origins, "origin", "`origin` of a page that may use the relay, https://HOST; may be repeated; unset: all")
	flags.Var(&o.allowed, "allow-host", "`host` of a push service other than the browsers', which is carried to as well; .HOST: all below it;\n"+
		"HOST:PORT: at that port and not at 443; may be repeated")
	flags.Var(&o.proxies, "behind", "`address` or CIDR of a reverse proxy, whose X-Forwarded-For says who the client is; may be repeated")
	flags.StringVar(&o.watch, "watch", "", "`host:port` for /healthz and /metrics, apart from what is public; unset: none")
	flags.Var(o.hosts, "resolve", "take `HOST:PORT:ADDR[,ADDR]` for where a push service is, as curl does;\n"+
		"an ADDR may be private and may have a port, ADDR:PORT or [ADDR]:PORT; may be repeated")
	return o
}

func addLimitFlags(flags *flag.FlagSet, limit *relay.Limit) {
	flags.Float64Var(&limit.Rate, "rate", 1, "`messages` that one client may send in a second, in the long run")
	flags.IntVar(&limit.Burst, "burst", 30, "`messages` that one client may send at once")
	flags.IntVar(&limit.Concurrent, "concurrent", 128, "`messages` on their way to push services at a time, of all clients")
	flags.DurationVar(&limit.Timeout, "timeout", 10*time.Second, "how `long` a message may take to arrive, and a push service to answer")
}

// parse parses and checks a command's arguments, including the relay's options.
func (o *relayOptions) parse(flags *flag.FlagSet, args []string) error {
	if err := parse(flags, args); err != nil {
		return err
	}
	if err := checkLimit(o.limit); err != nil {
		return err
	}
	return checkAuthorities(os.Getenv("SSL_CERT_FILE"), os.Getenv("SSL_CERT_DIR"))
}

// maxTimeout keeps --timeout below the server's readTimeout.
const maxTimeout = 25 * time.Second

// checkLimit returns an error for limits that limit nothing or admit nothing.
func checkLimit(l relay.Limit) error {
	switch {
	case !(l.Rate > 0) || math.IsInf(l.Rate, 0) || l.Burst < 1 || l.Concurrent < 1:
		return errors.New("--rate, --burst and --concurrent have to be above 0")
	case l.Timeout <= 0 || l.Timeout > maxTimeout:
		return fmt.Errorf("--timeout has to be above 0 and at most %v", maxTimeout)
	}
	return nil
}

// relay returns a relay to the browsers' push services, and to those that the
// operator adds. It trusts the system's authorities, or those in SSL_CERT_FILE.
func (o *relayOptions) relay() *relay.Handler {
	carrier := newRelay(o.hosts)
	carrier.Policy = relay.AnyOf(carrier.Policy, relay.AnyOf(o.allowed...))
	carrier.Limit, carrier.Origins = o.limit, o.origins
	if o.proxies != nil {
		carrier.Client = relay.Behind(o.proxies)
	}
	return carrier
}

func newRelay(hosts resolution) *relay.Handler {
	return &relay.Handler{Policy: relay.PushServices, Dial: hosts.dial}
}

// policies is the option --allow-host.
type policies []relay.Policy

// String is part of flag.Value.
func (p *policies) String() string { return "" }

// Set is part of flag.Value.
func (p *policies) Set(text string) error {
	policy, err := relay.AllowHost(text)
	*p = append(*p, policy)
	return err
}

// prefixes is the option --behind.
type prefixes []netip.Prefix

// String is part of flag.Value.
func (p *prefixes) String() string { return "" }

// Set is part of flag.Value.
func (p *prefixes) Set(text string) error {
	if address, err := netip.ParseAddr(text); err == nil {
		*p = append(*p, netip.PrefixFrom(address, address.BitLen()))
		return nil
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return fmt.Errorf("%q is not an IP address or a CIDR", text)
	}
	*p = append(*p, prefix)
	return nil
}
