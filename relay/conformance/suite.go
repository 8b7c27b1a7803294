// Package conformance holds a relay to what package relay promises, in whatever
// form it is deployed: every rule is a case, asked over HTTP or over a bare
// socket where HTTP clients are too well-behaved.
//
//	test ──── HTTP, sockets ────> relay ──── https ────> Service
//	  └────────────── what arrived, and what to answer ──────┘
//
// A form that cannot keep a rule names it, with the reason, and the case is
// skipped in public. Whatever a form is told to carry is for a Service of this
// package; the hosts are those of the real push services, so that it is the
// policy as deployed that is tested.
package conformance

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// A Form is one of those that the relay is deployed in.
type Form struct {
	// Start starts a relay that lives until the test ends.
	Start func(t *testing.T, s Setup) Relay

	// Client makes a message one of the client with an IP address, the way it
	// arrives by the proxy or the edge that stands before the relay.
	Client func(header http.Header, address string)

	// Misset starts a relay with a value for a setting that cannot be read. It
	// returns the setting's name in this form, and what an operator is told.
	Misset func(t *testing.T, setting Setting, value string) (name, told string)

	// Cannot has the cases that this form cannot pass, by their names, and why.
	Cannot map[string]string
}

// A Relay is one that runs.
type Relay struct {
	Address string        // host:port, of plain HTTP
	Said    func() string // all it has written so far, wherever operators would read it
}

// A Setup is what a case wants of a relay.
type Setup struct {
	// Service is where every push service is found.
	Service *Service

	Rate       float64 // messages a second of one client; as large as Burst where it does not matter
	Burst      int
	Concurrent int
	Timeout    time.Duration
	Origins    []string // nil: all

	// Behind says that the tests' address is a trusted proxy's, see Form.Client.
	Behind bool
	// Distrust says that the Service's authority is not trusted.
	Distrust bool
	// Allow are hosts that the operator names as push services, Named or
	// localhost, which is to be found where it is: at no public address.
	Allow []string
}

// A Setting is one that operators make, under a name that each form has of its own.
type Setting string

// All settings.
const (
	Rate       Setting = "rate"
	Burst      Setting = "burst"
	Concurrent Setting = "concurrent"
	Timeout    Setting = "timeout"
	Origin     Setting = "origin" // of pages that may use the relay
	Allow      Setting = "allow"  // a host of push services
	Trust      Setting = "trust"  // the proxy or the edge that tells who asks
)

// setup returns a setup with limits that no case reaches by accident.
func setup(s *Service) Setup {
	return Setup{Service: s, Rate: 10000, Burst: 10000, Concurrent: 200, Timeout: 10 * time.Second}
}

// Run runs every case against a form.
func Run(t *testing.T, f Form) {
	s := &suite{form: f, seen: make(map[string]bool)}
	t.Run("carries", s.carries)
	t.Run("endpoints", s.endpoints)
	t.Run("fields", s.fields)
	t.Run("smuggling", s.smuggling)
	t.Run("bodies", s.bodies)
	t.Run("slow", s.slow)
	t.Run("floods", s.floods)
	t.Run("clients", s.clients)
	t.Run("trust", s.trust)
	t.Run("operators", s.operators)
	t.Run("later", s.later)
	t.Run("pages", s.pages)
	for name := range f.Cannot {
		if !s.seen[name] {
			t.Errorf("there is no case %q that it could not pass", name)
		}
	}
}

type suite struct {
	form Form
	seen map[string]bool
}

// start starts a service and a relay to it. At the end it sees to it that the
// service got nothing that no case had sent, and that nothing was written.
func (s *suite) start(t *testing.T, change func(*Setup)) *bench {
	t.Helper()
	b := &bench{service: NewService(t)}
	settings := setup(b.service)
	if change != nil {
		change(&settings)
	}
	b.relay = s.form.Start(t, settings)
	t.Cleanup(func() {
		client.CloseIdleConnections()
		if strays := b.service.strays(); len(strays) > 0 {
			t.Errorf("the push service got what was never for it: %q", strays)
		}
		if said := b.relay.Said(); strings.Contains(said, capability) {
			t.Errorf("the relay wrote down an endpoint: %s", said)
		}
	})
	return b
}

// run runs a case, unless the form cannot pass it.
func (s *suite) run(t *testing.T, name string, test func(t *testing.T)) {
	t.Helper()
	s.seen[name] = true
	t.Run(name, func(t *testing.T) {
		if reason, cannot := s.form.Cannot[name]; cannot {
			t.Skip(reason)
		}
		test(t)
	})
}

// A bench is a relay between a test and a push service.
type bench struct {
	relay   Relay
	service *Service
}
