package main

import (
	"context"
	"fmt"
	"net/http"

	"pushcall/relay"
)

// relayPath is where the page finds the relay of its own origin.
const relayPath = "/relay"

// serveCommand serves the page and the relay on one origin.
func serveCommand(ctx context.Context, args []string) error {
	flags := newFlags("serve")
	address := flags.String("addr", "localhost:8080", "`host:port` to listen at")
	dir := flags.String("dir", "build/site", "`folder` with the built page")
	options := addRelayFlags(flags)
	if err := options.parse(flags, args); err != nil {
		return err
	}
	page, err := siteHandler(*dir, nil)
	if err != nil {
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
	fmt.Printf("Pushcall is at %s\n", browserURL(listener, *address))
	return serve(ctx, listener, withRelay(page, carrier), watch)
}

// withRelay puts a relay beside the page.
func withRelay(page http.Handler, carrier *relay.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", page)
	mux.Handle(relayPath, carrier)
	return mux
}
