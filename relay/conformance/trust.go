package conformance

import (
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// trust has push services that are not there, or not who they are said to be.
func (s *suite) trust(t *testing.T) {
	s.run(t, "an authority that nobody knows", func(t *testing.T) {
		b := s.start(t, func(s *Setup) { s.Distrust = true })
		endpoint := b.service.Endpoint(Hosts[0], func(http.ResponseWriter, *http.Request) { t.Error("it was told anyway") })
		b.post(t, messageTo(endpoint), "body").refused(t, 502)
	})
	s.run(t, "nobody listens", func(t *testing.T) {
		b := s.start(t, nil)
		endpoint := b.service.Endpoint(Hosts[0], Created)
		b.service.server.Close()
		b.post(t, messageTo(endpoint), "body").refused(t, 502)
	})
	b := s.start(t, nil)
	s.run(t, "a service that hangs up", func(t *testing.T) {
		var requests atomic.Int32
		endpoint := b.service.Endpoint(Hosts[0], func(_ http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			io.Copy(io.Discard, r.Body)
			panic(http.ErrAbortHandler)
		})
		b.post(t, messageTo(endpoint), "body").refused(t, 502)
		if n := requests.Load(); n != 1 {
			t.Errorf("it got the message %d times", n)
		}
	})
	s.run(t, "a service that closes what is not in use", func(t *testing.T) {
		endpoint := b.service.Endpoint(Hosts[0], Created)
		for range 5 {
			b.post(t, messageTo(endpoint), "body").carried(t, 201)
			b.service.hangUp(t)
		}
	})
	s.run(t, "connections that a firewall forgets", func(t *testing.T) {
		b := s.start(t, func(s *Setup) { s.Timeout = time.Second })
		endpoint := b.service.Endpoint(Hosts[0], Created)
		for range 2 {
			b.post(t, messageTo(endpoint), "body").carried(t, 201)
			b.post(t, messageTo(endpoint), "body").carried(t, 201)
			b.service.forget()
			b.post(t, messageTo(endpoint), "body").refused(t, 504) // it may have arrived
		}
		b.post(t, messageTo(endpoint), "body").carried(t, 201)
	})
	s.run(t, "an answer with a header without end", func(t *testing.T) {
		endpoint := b.service.Endpoint(Hosts[0], func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("x", 1<<20))
			Created(w, r)
		})
		b.post(t, messageTo(endpoint), "body").refused(t, 502)
	})
	s.run(t, "a host at a private address", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:443")
		if err != nil {
			t.Skip("only who may listen at port 443 can try this:", err)
		}
		defer listener.Close()
		connected := make(chan struct{}, 10)
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				conn.Close()
				connected <- struct{}{}
			}
		}()
		b := s.start(t, func(s *Setup) { s.Allow = []string{"localhost"} })
		b.post(t, messageTo("https://localhost/"+capability), "body").refused(t, 502)
		b.post(t, messageTo("https://fcm.googleapis.com.localhost/"+capability), "body").refused(t, 403)
		if len(connected) > 0 {
			t.Error("it was connected to")
		}
	})
}
