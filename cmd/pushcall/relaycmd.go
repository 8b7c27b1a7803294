package main

import (
	"context"
	"flag"
	"fmt"

	"pushcall/relay"
)

// relayCommand runs the relay alone; it answers at every path.
func relayCommand(ctx context.Context, args []string) error {
	flags := newFlags("relay")
	address := flags.String("addr", "localhost:8081", "`host:port` to listen at")
	hosts := resolveFlag(flags)
	if err := parse(flags, args); err != nil {
		return err
	}
	listener, err := listen(ctx, *address)
	if err != nil {
		return err
	}
	fmt.Printf("The relay is at %s\n", browserURL(listener, *address))
	return serve(ctx, listener, newRelay(hosts))
}

// resolveFlag adds the option --resolve.
func resolveFlag(flags *flag.FlagSet) resolution {
	hosts := make(resolution)
	flags.Var(hosts, "resolve", "take `HOST:PORT:ADDR[,ADDR]` for where a push service is, as curl does;\n"+
		"an ADDR may be private and may have a port, ADDR:PORT or [ADDR]:PORT; may be repeated")
	return hosts
}

// newRelay returns a relay to the push services of the browsers in use. The
// authorities it trusts are the system's, or those in SSL_CERT_FILE.
func newRelay(hosts resolution) *relay.Handler {
	return &relay.Handler{Policy: relay.PushServices, Dial: hosts.dial}
}
