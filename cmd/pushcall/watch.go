package main

import (
	"context"
	"io"
	"net"
	"net/http"

	"pushcall/relay"
)

// watch is what an operator looks at, at an address of its own that no page
// and no stranger reaches:
//
//	/healthz    200 for as long as the program serves
//	/metrics    what the relay has done, for Prometheus
type watch struct {
	listener net.Listener
	metrics  relay.Metrics
}

// newWatch listens at the address of --watch, and has the relay tell it how
// messages go. Without an address it returns nil, and nothing is counted.
func newWatch(ctx context.Context, address string, carrier *relay.Handler) (*watch, error) {
	if address == "" {
		return nil, nil
	}
	listener, err := listen(ctx, address, "--watch")
	if err != nil {
		return nil, err
	}
	w := &watch{listener: listener}
	carrier.Log = w.metrics.Note
	return w, nil
}

// serve answers until ctx is done. If that fails before, it cancels.
func (w *watch) serve(ctx context.Context, cancel context.CancelFunc) <-chan error {
	done := make(chan error, 1)
	if w == nil {
		done <- nil
		return done
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", &w.metrics)
	mux.HandleFunc("GET /healthz", func(answer http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(answer, "ok\n") })
	go func() {
		defer cancel()
		done <- serveAt(ctx, w.listener, mux)
	}()
	return done
}
