package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"

	"pushcall/internal/config"
	"pushcall/internal/site"
	"pushcall/relay"
)

// relayPath is the path of the relay on the page's origin.
const relayPath = "/relay"

// serveCommand serves the page and the relay on one origin.
func serveCommand(ctx context.Context, args []string) error {
	flags := newFlags("serve")
	address := flags.String("addr", "localhost:8080", "`host:port` to listen at")
	dir := flags.String("dir", "", "`folder` with the built page; unset: the one in this program, or else "+builtDir)
	configFile := flags.String("config", "", "`file` in place of the page's web/config.json")
	options := addRelayFlags(flags)
	if err := options.parse(flags, args); err != nil {
		return err
	}
	text, err := readConfig(*configFile)
	if err != nil {
		return err
	}
	page, err := siteHandler(*dir, site.Options{Config: text})
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

// readConfig reads and checks the file of --config. It returns nil if file is "".
func readConfig(file string) ([]byte, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	if _, err := config.Parse(text, &url.URL{Scheme: "https", Host: "localhost"}); err != nil {
		return nil, fmt.Errorf("--config: %s: %w", file, err)
	}
	return text, nil
}

// withRelay returns a handler that serves the relay at relayPath and the page
// elsewhere.
func withRelay(page http.Handler, carrier *relay.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", page)
	mux.Handle(relayPath, carrier)
	return mux
}
