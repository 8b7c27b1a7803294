package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

const (
	headerTimeout = 5 * time.Second
	readTimeout   = 30 * time.Second // the relay's own is shorter
	writeTimeout  = 5 * time.Minute  // a megabyte of page over a bad mobile connection
	idleTimeout   = 2 * time.Minute
	leaveTimeout  = 15 * time.Second // for requests under way at shutdown: a message takes at most 10 s at each end

	// maxHeader is the limit for a request's header, in octets. Its largest part, an
	// endpoint with a VAPID token, is below 2 kB.
	maxHeader = 16 << 10
)

// listen listens at the address of an option.
func listen(ctx context.Context, address, option string) (net.Listener, error) {
	if address == "" || strings.HasSuffix(address, ":") { // package net would choose any port
		return nil, fmt.Errorf("cannot listen at %q, it has no port; choose another address with %s", address, option)
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("another program is listening at %s; choose another address with %s", address, option)
	case err != nil:
		return nil, fmt.Errorf("cannot listen at %s, choose another address with %s: %w", address, option, err)
	}
	return listener, nil
}

// browserURL returns the URL at which a browser on this machine reaches the listener
// of an address.
func browserURL(listener net.Listener, address string) string {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return "http://" + listener.Addr().String() + "/"
	}
	return "http://" + net.JoinHostPort(host, port) + "/"
}

// serve serves handler, and watch unless it is nil, until ctx is done. Then it waits
// for the requests under way, at most leaveTimeout.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, watch *watch) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watched := watch.serve(ctx, cancel)
	return errors.Join(serveAt(ctx, listener, handler), <-watched)
}

func serveAt(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTimeout)
	defer cancel()
	err := server.Shutdown(leave)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	<-failed
	return err
}
