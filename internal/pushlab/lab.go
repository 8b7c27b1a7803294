package pushlab

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Lab is a running pair of push services.
type Lab struct {
	records     *recorder
	faults      Faults
	mozilla     *mozilla
	fcm         *fcm
	certificate *certificate

	plain    net.Listener // Firefox, Mozilla's endpoints, check-in, registration, control
	secure   net.Listener // FCM's endpoints
	mcs      net.Listener
	servers  []*http.Server
	serving  sync.WaitGroup
	shutdown context.CancelFunc
}

// Start starts a lab on free loopback ports. It runs until Close.
func Start() (*Lab, error) {
	certificate, err := newCertificate()
	if err != nil {
		return nil, err
	}
	lifetime, shutdown := context.WithCancel(context.Background())
	l := &Lab{records: newRecorder(), certificate: certificate, shutdown: shutdown}
	if err := l.listen(); err != nil {
		l.Close()
		return nil, err
	}
	l.mozilla = newMozilla(lifetime, l.records, &l.faults, "http://"+l.plain.Addr().String())
	l.fcm = newFCM(lifetime, l.records, &l.faults)

	mux := http.NewServeMux()
	l.mozilla.register(mux)
	l.fcm.register(mux)
	control{l.records, &l.faults, []*store{l.mozilla.store, l.fcm.store}}.register(mux)
	l.serve(l.plain, mux)
	l.serve(l.secure, l.fcm.endpointHandler())
	l.serving.Go(func() { l.fcm.acceptMCS(l.mcs) })
	return l, nil
}

func (l *Lab) listen() (err error) {
	if l.plain, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return fmt.Errorf("pushlab: %w", err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{l.certificate.leaf}}
	if l.mcs, err = tls.Listen("tcp", "127.0.0.1:0", config); err != nil {
		return fmt.Errorf("pushlab: %w", err)
	}
	config = config.Clone()
	config.NextProtos = []string{"h2", "http/1.1"}
	if l.secure, err = tls.Listen("tcp", "127.0.0.1:0", config); err != nil {
		return fmt.Errorf("pushlab: %w", err)
	}
	return nil
}

func (l *Lab) serve(listener net.Listener, handler http.Handler) {
	server := &http.Server{Handler: handler, ConnState: l.count, ConnContext: withConn}
	l.servers = append(l.servers, server)
	l.serving.Go(func() { server.Serve(listener) })
}

// count counts connections, so that Close can wait for their handlers, which
// http.Server.Close does not.
func (l *Lab) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		l.serving.Add(1)
	case http.StateClosed, http.StateHijacked: // Firefox's are hijacked, and counted by mozilla
		l.serving.Done()
	}
}

// Close closes the lab's listeners and all connections.
func (l *Lab) Close() error {
	l.shutdown()
	for _, server := range l.servers {
		server.Close()
	}
	for _, listener := range []net.Listener{l.plain, l.secure, l.mcs} {
		if listener != nil {
			listener.Close()
		}
	}
	l.serving.Wait()
	if l.mozilla != nil {
		l.mozilla.connections.Wait()
		l.fcm.connections.Wait()
	}
	return nil
}

// Control returns the URL of the control API.
func (l *Lab) Control() string { return l.mozilla.origin + "/lab" }

// Authority returns the root certificate of the FCM endpoints' chain.
func (l *Lab) Authority() *x509.Certificate { return l.certificate.authority }

// Addresses returns the loopback address for each HOST:PORT of FCM's endpoints. A
// relay must dial these addresses.
func (l *Lab) Addresses() map[string]string {
	addresses := map[string]string{}
	for _, host := range fcmHosts() {
		addresses[host+":443"] = l.secure.Addr().String()
	}
	return addresses
}

// Messages returns the record of every message so far, oldest first.
func (l *Lab) Messages() []Record { return l.records.all() }

// Faults returns the lab's queue and schedule of faults, which are empty at first.
func (l *Lab) Faults() *Faults { return &l.faults }

// FirefoxPrefs returns the preferences with which a stock Firefox uses the lab.
func (l *Lab) FirefoxPrefs() map[string]any {
	return map[string]any{
		"dom.push.serverURL":                      "ws" + strings.TrimPrefix(l.mozilla.origin, "http") + "/",
		"dom.push.testing.allowInsecureServerURL": true, // else ws:// ends in AbortError
		"dom.push.connection.enabled":             true, // Firefox's remote agent turns it off
		"dom.push.retryBaseInterval":              100,  // ms; reconnect soon
	}
}

// ChromiumArgs returns the arguments with which a stock Chromium uses the lab.
func (l *Lab) ChromiumArgs() []string {
	var rules []string
	for host, address := range l.Addresses() {
		rules = append(rules, "MAP "+host+" "+address)
	}
	slices.Sort(rules)
	_, mcsPort, _ := net.SplitHostPort(l.mcs.Addr().String())
	return []string{
		"--gcm-checkin-url=" + l.mozilla.origin + "/checkin",
		"--gcm-registration-url=" + l.mozilla.origin + "/c2dm/register3",
		"--gcm-mcs-endpoint=https://localhost:" + mcsPort, // always TLS
		"--ignore-certificate-errors-spki-list=" + l.certificate.keyHash(),
		"--host-resolver-rules=" + strings.Join(rules, ", "),
	}
}
