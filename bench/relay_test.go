package bench

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pushcall/relay/conformance"
)

// These tests measure the relay in a process of its own, beside a process with only
// Go's reverse proxy to the same service over the same transport, and a reverse proxy
// in Node. The service and the clients run on the same machine.

const (
	relayVariable   = "PUSHCALL_BENCH_RELAY" // the duration of a round; unset: no measurement
	soakVariable    = "PUSHCALL_SOAK_RELAY"  // the duration of the load; unset: no soak
	proxyVariable   = "PUSHCALL_BENCH_PROXY" // the service's address; if set, the test binary runs as the proxy
	trustedVariable = "SSL_CERT_FILE"

	rounds      = 5
	clients     = 32   // concurrent, each posting one message after the other
	connections = 1000 // idle
)

func TestMain(m *testing.M) {
	if address := os.Getenv(proxyVariable); address != "" {
		fmt.Fprintln(os.Stderr, reverseProxy(address))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// reverseProxy serves Go's reverse proxy to the service at an address.
func reverseProxy(address string) error {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, network, address)
	}
	text, err := os.ReadFile(os.Getenv(trustedVariable))
	if err != nil {
		return err
	}
	transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()}
	transport.TLSClientConfig.RootCAs.AppendCertsFromPEM(text)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s/\n", listener.Addr())
	return http.Serve(listener, &httputil.ReverseProxy{Transport: transport, Rewrite: func(r *httputil.ProxyRequest) {
		if to, err := url.Parse(r.In.Header.Get("Push-Endpoint")); err == nil {
			r.Out.URL, r.Out.Host = to, to.Host
		}
	}})
}

// A hop is a process that forwards messages: the relay or a proxy.
type hop struct {
	name    string
	url     string
	watch   string // address of the metrics; "" if there are none
	process *exec.Cmd
}

func startHop(t *testing.T, name string, command *exec.Cmd, trusted string) (*hop, error) {
	command.Env = append(append(os.Environ(), command.Env...), trustedVariable+"="+trusted)
	command.Stderr = os.Stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	t.Cleanup(func() {
		command.Process.Signal(syscall.SIGTERM)
		command.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	found := regexp.MustCompile(`http://\S+`).FindString(line)
	if err != nil || found == "" {
		return nil, fmt.Errorf("%s says %q, %v", name, line, err)
	}
	return &hop{name: name, url: found, process: command}, nil
}

func startRelay(t *testing.T, s *conformance.Service) *hop {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	watch := listener.Addr().String()
	listener.Close()
	h, err := startHop(t, "pushcall", exec.Command("../build/pushcall", "relay", "--addr", "127.0.0.1:0", "--rate", "1000000", "--burst", "1000000",
		"--concurrent", "256", "--watch", watch, "--resolve", conformance.Hosts[0]+":443:"+s.Address), s.Authority)
	if err != nil {
		t.Fatal(err)
	}
	h.watch = "http://" + watch + "/metrics"
	return h
}

// startProxy starts a proxy. If it does not start, the test fails and the result is
// empty.
func startProxy(t *testing.T, s *conformance.Service, name, program string, args ...string) []*hop {
	t.Helper()
	command := exec.Command(program, args...)
	command.Env = []string{proxyVariable + "=" + s.Address}
	h, err := startHop(t, name, command, s.Authority)
	if err != nil {
		t.Error(err)
		return nil
	}
	return []*hop{h}
}

// post sends one message and returns the status of the answer.
func post(client *http.Client, hop, endpoint string) (int, error) {
	request, err := http.NewRequest(http.MethodPost, hop, strings.NewReader(strings.Repeat("x", 1127)))
	if err != nil {
		return 0, err
	}
	for name, value := range map[string]string{
		"Push-Endpoint": endpoint, "TTL": "45", "Urgency": "high", "Topic": "call", "Authorization": "vapid t=" + strings.Repeat("a", 250) + ", k=" + strings.Repeat("b", 87),
		"Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream",
	} {
		request.Header.Set(name, value)
	}
	answer, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, err
}

// load posts from all clients for the duration d. It returns the sorted durations of
// the messages, and fails the test if a message is not forwarded.
func load(t *testing.T, h *hop, endpoint string, d time.Duration) []time.Duration {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	var all []time.Duration
	var group sync.WaitGroup
	end := time.Now().Add(d)
	for range clients {
		group.Go(func() {
			var took []time.Duration
			for time.Now().Before(end) {
				began := time.Now()
				if status, err := post(client, h.url, endpoint); err != nil || status != http.StatusCreated {
					t.Errorf("%s answers %d, %v", h.name, status, err)
					return
				}
				took = append(took, time.Since(began))
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took...)
		})
	}
	group.Wait()
	slices.Sort(all)
	return all
}

// memory returns the resident memory of a process in octets (proc(5), VmRSS).
func (h *hop) memory(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", h.process.Process.Pid))
	if err != nil {
		t.Skip("memory is measured on Linux only:", err)
	}
	match := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(text)
	kilobytes, err := strconv.Atoi(string(match[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes << 10
}

// keep sends a message on each of many connections, keeps these open, and returns the
// additional memory of the process for each, in octets.
func (h *hop) keep(t *testing.T, endpoint string) int {
	t.Helper()
	before := h.memory(t)
	for range connections {
		client := &http.Client{Transport: new(http.Transport)}
		defer client.CloseIdleConnections()
		if status, err := post(client, h.url, endpoint); err != nil || status != http.StatusCreated {
			t.Fatalf("%s answers %d, %v", h.name, status, err)
		}
	}
	return (h.memory(t) - before) / connections
}

// TestRelayRate compares the relay with the reverse proxies in Go and Node. It prints
// its results in the format of benchmarks.
func TestRelayRate(t *testing.T) {
	round, err := time.ParseDuration(os.Getenv(relayVariable))
	if err != nil {
		t.Skip("make bench measures this:", relayVariable, "is how long a round lasts")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	service := conformance.NewService(t)
	endpoint := service.Endpoint(conformance.Hosts[0], conformance.Created)
	hops := slices.Concat(
		[]*hop{startRelay(t, service)},
		startProxy(t, service, "ReverseProxy", self),
		startProxy(t, service, "node", "node", "corsproxy.mjs"),
	)
	for _, h := range hops {
		load(t, h, endpoint, round/2) // warm-up
	}
	carried := map[string]int{}
	for range rounds {
		for _, h := range hops {
			took := load(t, h, endpoint, round)
			if len(took) == 0 {
				continue // load has failed the test
			}
			carried[h.name] += len(took)
			milliseconds := func(of int) float64 { return took[len(took)*of/100].Seconds() * 1000 }
			fmt.Printf("BenchmarkRelay/hop=%s %d %.0f messages/s %.3f p50-ms %.3f p99-ms\n",
				h.name, len(took), float64(len(took))/round.Seconds(), milliseconds(50), milliseconds(99))
		}
	}
	for _, h := range hops {
		if carried[h.name] == 0 {
			continue
		}
		fmt.Printf("BenchmarkRelay/hop=%s %d %d octets/connection\n", h.name, connections, h.keep(t, endpoint))
	}
	if ratio := float64(carried["pushcall"]) / float64(carried["ReverseProxy"]); ratio < 0.8 {
		t.Errorf("the relay has %.2f of the reverse proxy's rate, and has to have 0.8 at least", ratio)
	}
}

// gauge reads one of the relay's metrics.
func (h *hop) gauge(t *testing.T, name string) int {
	t.Helper()
	answer, err := http.Get(h.watch)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	match := regexp.MustCompile(`(?m)^` + name + ` (\d+)$`).FindSubmatch(text)
	if match == nil {
		t.Fatalf("there is no %s in %s", name, text)
	}
	value, err := strconv.Atoi(string(match[1]))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// TestRelaySoak loads the relay for a long time. Some clients send requests that it
// refuses, and some disconnect in the middle of one.
func TestRelaySoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv(soakVariable))
	if err != nil {
		t.Skip("make soak does this:", soakVariable, "is how long")
	}
	service := conformance.NewService(t)
	endpoint := service.Endpoint(conformance.Hosts[0], conformance.Created)
	h := startRelay(t, service)
	warm := length / 10
	total := len(load(t, h, endpoint, warm))
	before := h.rest(t)

	stop := make(chan struct{})
	var group sync.WaitGroup
	var refused, left atomic.Int64
	group.Go(func() { h.annoy(t, stop, &refused, &left) })
	total += len(load(t, h, endpoint, length-warm))
	close(stop)
	group.Wait()
	after := h.rest(t)
	fmt.Printf("relay: %v of load, %d messages, %d refused, %d clients that left; memory %d kB after %v, %d kB at the end; goroutines %d, then %d\n",
		length, total, refused.Load(), left.Load(), before.memory>>10, warm, after.memory>>10, before.goroutines, after.goroutines)
	if float64(after.memory) > 1.25*float64(before.memory) {
		t.Error("its memory grows")
	}
	if after.goroutines > before.goroutines+2 {
		t.Error("its goroutines grow")
	}
}

// state is the memory, in octets, and the goroutines of an idle process.
type state struct{ memory, goroutines int }

// rest waits until the process is idle, and returns its state.
func (h *hop) rest(t *testing.T) state {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	least := state{h.memory(t), h.gauge(t, "pushcall_goroutines")}
	for range 150 { // 15 s, longer than any request may take
		<-tick.C
		least.goroutines = min(least.goroutines, h.gauge(t, "pushcall_goroutines"))
		least.memory = h.memory(t)
	}
	return least
}

// annoy sends requests that the relay refuses, and incomplete ones.
func (h *hop) annoy(t *testing.T, stop <-chan struct{}, refused, left *atomic.Int64) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		hostile := conformance.Hostile[i%len(conformance.Hostile)].Text
		if strings.ContainsFunc(hostile, func(c rune) bool { return c < ' ' || c > '~' }) || strings.TrimSpace(hostile) != hostile {
			continue
		}
		if status, err := post(http.DefaultClient, h.url, hostile); err != nil || status != http.StatusForbidden && status != http.StatusBadRequest {
			t.Errorf("%q gets %d, %v", hostile, status, err)
		}
		refused.Add(1)
		conn, err := net.Dial("tcp", strings.Trim(h.url, "htp:/"))
		if err != nil {
			t.Error(err)
			return
		}
		fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: relay\r\nPush-Endpoint: https://%s/x\r\nContent-Length: 10\r\n\r\nhalf", conformance.Hosts[0])
		conn.Close()
		left.Add(1)
	}
}
