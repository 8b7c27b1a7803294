package main

import (
	"context"
	"io"
	"net"
	"net/http"

	"pushcall/relay"
)

// watch serves the operator's monitoring, at a separate address that neither pages
// nor strangers reach:
//
//	/healthz    200 while the program serves
//	/metrics    counters of the relay, for Prometheus
type watch struct {
	listener net.Listener
	metrics  relay.Metrics
}

// newWatch listens at the address of --watch, and registers its metrics with the
// relay. If the address is "" it returns nil, and the relay counts nothing.
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

// serve serves until ctx is done. If serving fails earlier, it calls cancel.
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
