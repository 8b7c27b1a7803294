package conformance

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// forget has a firewall forget all connections to the service: what relays
// write on them is acknowledged and goes nowhere, and nothing comes back.
func (s *Service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.conns {
		conn.forgotten.Store(true)
	}
	s.conns = nil
}

// hangUp ends all connections to the service, and waits until relays have
// noticed: whether a message that crosses that arrives, nobody knows.
func (s *Service) hangUp(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	conns := s.conns
	s.conns = nil
	s.mu.Unlock()
	for _, conn := range conns {
		_ = conn.Conn.(*net.TCPConn).CloseWrite() // it may have ended before
		select {
		case <-conn.ended:
		case <-time.After(patience):
			t.Fatal("the relay keeps a connection that has ended")
		}
	}
}

// wires is the listener of a Service.
type wires struct {
	net.Listener
	service *Service
}

// Accept is part of net.Listener.
func (l *wires) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	w := &wire{Conn: conn, ended: make(chan struct{})}
	l.service.mu.Lock()
	defer l.service.mu.Unlock()
	l.service.conns = append(l.service.conns, w)
	return w, nil
}

// wire is a connection that may be forgotten on its way.
type wire struct {
	net.Conn
	forgotten atomic.Bool
	ended     chan struct{} // closed when either side has closed it
	end       sync.Once
}

// Read is part of net.Conn.
func (w *wire) Read(b []byte) (int, error) {
	for {
		n, err := w.Conn.Read(b)
		if err != nil {
			w.end.Do(func() { close(w.ended) })
		}
		if err != nil || !w.forgotten.Load() {
			return n, err
		}
	}
}

// Write is part of net.Conn.
func (w *wire) Write(b []byte) (int, error) {
	if w.forgotten.Load() {
		return len(b), nil
	}
	return w.Conn.Write(b)
}

// Close is part of net.Conn.
func (w *wire) Close() error {
	w.end.Do(func() { close(w.ended) })
	return w.Conn.Close()
}
