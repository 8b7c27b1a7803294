package conformance

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// Hosts are some of the push services that every relay knows.
var Hosts = []string{
	"fcm.googleapis.com", "jmt17.google.com", "android.googleapis.com",
	"updates.push.services.mozilla.com", "web.push.apple.com", "wns2-par02p.notify.windows.com",
}

// Named are hosts that an operator may name as push services, and below some
// that are below the second of them.
var (
	Named = []string{"push.operator.example", ".suffix.operator.example", "Kaios.Operator.Example:8443"}
	below = []string{"a.suffix.operator.example", "a.b.suffix.operator.example"}
)

// Places returns where all push services of the suite are, as host:port.
func Places() []string {
	places := []string{"kaios.operator.example:8443"}
	for _, host := range slices.Concat([]string{"push.operator.example"}, below, Hosts) {
		places = append(places, host+":443")
	}
	return places
}

// capability is in the path of every endpoint, so that it is found wherever an
// endpoint shows.
const capability = "the-capability"

// A Service stands for all push services.
type Service struct {
	// Address is where it listens; host:port of the loopback.
	Address string
	// Authority is a file with the certificate that it is known by, for Hosts; PEM.
	Authority string

	server *httptest.Server

	mu      sync.Mutex
	conns   []*wire                     // from all relays
	answers map[string]http.HandlerFunc // by path
	stray   []string
}

// NewService starts a service that lives until the test ends.
func NewService(t testing.TB) *Service {
	t.Helper()
	s := &Service{answers: make(map[string]http.HandlerFunc)}
	s.server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	certificate := s.certify(t)
	s.server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	s.server.EnableHTTP2 = true
	s.server.Listener = &wires{s.server.Listener, s}
	s.server.StartTLS()
	t.Cleanup(s.server.Close)
	s.Address = s.server.Listener.Addr().String()
	return s
}

// certify makes a certificate for all hosts, and the file that it is trusted by.
func (s *Service) certify(t testing.TB) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		DNSNames:              slices.Concat([]string{"localhost", "push.operator.example", "kaios.operator.example"}, below, Hosts),
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	s.Authority = filepath.Join(t.TempDir(), "authority.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
	if err := os.WriteFile(s.Authority, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{certificate}, PrivateKey: key}
}

// Endpoint returns a new endpoint at a host, whose messages are answered as given.
func (s *Service) Endpoint(host string, answer http.HandlerFunc) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := fmt.Sprintf("/%s/%d", capability, len(s.answers))
	s.answers[path] = answer
	return "https://" + host + path
}

// Created is the answer of a push service that has taken a message.
func Created(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) }

func (s *Service) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	answer := s.answers[r.URL.Path]
	if answer == nil {
		s.stray = append(s.stray, r.Method+" "+r.Host+r.URL.String())
	}
	s.mu.Unlock()
	if answer == nil {
		http.NotFound(w, r)
		return
	}
	answer(w, r)
}

func (s *Service) strays() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stray
}
