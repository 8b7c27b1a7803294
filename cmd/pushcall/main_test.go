package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"pushcall/relay/conformance"
)

// asCommand in the environment makes the test's binary the command itself, so
// that the tests run what people do: a process with arguments, an environment,
// signals and an exit status.
const asCommand = "PUSHCALL_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func pushcall(t *testing.T, args ...string) *exec.Cmd {
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), binary, args...)
	command.Env = append(os.Environ(), asCommand+"=1")
	return command
}

// process is a running pushcall command.
type process struct {
	command *exec.Cmd
	line    string // the first it printed
	url     string // in that line
	stdout  *bufio.Reader
	stderr  bytes.Buffer
}

func start(t *testing.T, command *exec.Cmd) *process {
	p := &process{command: command}
	command.Stderr = &p.stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	p.stdout = bufio.NewReader(stdout)
	p.line, err = p.stdout.ReadString('\n')
	p.url = regexp.MustCompile(`http://\S+`).FindString(p.line)
	if err != nil || p.url == "" {
		command.Wait()
		t.Fatalf("it printed %q, %v: %s", p.line, err, &p.stderr)
	}
	return p
}

// stop interrupts the process as an operator does, and checks that it exits without an
// error or more output.
func (p *process) stop(t *testing.T) {
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(p.stdout)
	if err != nil || len(rest) > 0 {
		t.Errorf("it also printed %q, %v", rest, err)
	}
	if err := p.command.Wait(); err != nil || p.stderr.Len() > 0 {
		t.Errorf("it ended with %v: %s", err, &p.stderr)
	}
}

func builtPage(t *testing.T) string {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("the page"), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestServe(t *testing.T) {
	service, authority := pushService(t, "fcm.googleapis.com")
	command := pushcall(t, "serve", "--addr", "localhost:0", "--dir", builtPage(t),
		"--resolve", "fcm.googleapis.com:443:"+service.Listener.Addr().String())
	command.Env = append(command.Env, "SSL_CERT_FILE="+authority)
	p := start(t, command)
	if !regexp.MustCompile(`^Pushcall is at http://localhost:\d+/\n$`).MatchString(p.line) {
		t.Errorf("it printed %q", p.line)
	}

	answer, body := do(t, http.MethodGet, p.url, "")
	if answer.StatusCode != http.StatusOK || body != "the page" {
		t.Errorf("the page is %s %q", answer.Status, body)
	}
	answer, _ = do(t, http.MethodPost, p.url+"relay", "https://fcm.googleapis.com/fcm/send/token")
	if answer.StatusCode != http.StatusCreated || answer.Header.Get("Push-Status") != "201" {
		t.Errorf("the relay answers %s, %v", answer.Status, answer.Header)
	}
	answer, body = do(t, http.MethodPost, p.url+"relay", "https://fcm.googleapis.com.example/token")
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("the relay answers %s %q", answer.Status, body)
	}
	answer, _ = do(t, http.MethodGet, p.url+"relay", "")
	if answer.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("the relay answers a GET with %s", answer.Status)
	}
	p.stop(t)
}

// TestAuthority: without SSL_CERT_FILE the service's certificate is not trusted.
func TestAuthority(t *testing.T) {
	service, _ := pushService(t, "fcm.googleapis.com")
	p := start(t, pushcall(t, "relay", "--addr", "127.0.0.1:0",
		"--resolve", "fcm.googleapis.com:443:"+service.Listener.Addr().String()))
	answer, body := do(t, http.MethodPost, p.url, "https://fcm.googleapis.com/fcm/send/token")
	if answer.StatusCode != http.StatusBadGateway || answer.Header.Get("Push-Status") != "" {
		t.Errorf("the relay answers %s %q", answer.Status, body)
	}
	p.stop(t)
}

func TestRelay(t *testing.T) {
	service, authority := pushService(t, "web.push.apple.com")
	command := pushcall(t, "relay", "--addr", "127.0.0.1:0",
		"--resolve", "web.push.apple.com:443:"+service.Listener.Addr().String())
	command.Env = append(command.Env, "SSL_CERT_FILE="+authority)
	p := start(t, command)
	if !regexp.MustCompile(`^The relay is at http://127\.0\.0\.1:\d+/\n$`).MatchString(p.line) {
		t.Errorf("it printed %q", p.line)
	}
	for _, path := range []string{"", "relay"} {
		answer, body := do(t, http.MethodPost, p.url+path, "https://web.push.apple.com/token")
		if answer.StatusCode != http.StatusCreated {
			t.Errorf("the relay answers %s %q", answer.Status, body)
		}
	}
	p.stop(t)
}

// TestStopsWhileConnected: an idle connection does not keep the server alive.
func TestStopsWhileConnected(t *testing.T) {
	p := start(t, pushcall(t, "serve", "--addr", "localhost:0", "--dir", builtPage(t)))
	transport := new(http.Transport)
	defer transport.CloseIdleConnections()
	answer, err := (&http.Client{Transport: transport}).Get(p.url)
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	p.stop(t)
}

// TestStopsInPeace: a message under way is answered before the program exits.
func TestStopsInPeace(t *testing.T) {
	service := conformance.NewService(t)
	command := pushcall(t, "relay", "--addr", "127.0.0.1:0", "--resolve", "fcm.googleapis.com:443:"+service.Address)
	command.Env = append(command.Env, "SSL_CERT_FILE="+service.Authority)
	p := start(t, command)
	endpoint := service.Endpoint("fcm.googleapis.com", func(w http.ResponseWriter, r *http.Request) {
		if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		for { // until it takes no more
			conn, err := net.Dial("tcp", strings.Trim(p.url, "htp:/"))
			if err != nil {
				break
			}
			conn.Close()
		}
		w.WriteHeader(http.StatusCreated)
	})
	answer, body := do(t, http.MethodPost, p.url, endpoint)
	if answer.StatusCode != http.StatusCreated {
		t.Errorf("the message on its way gets %s %q", answer.Status, body)
	}
	if err := p.command.Wait(); err != nil || p.stderr.Len() > 0 {
		t.Errorf("it ended with %v: %s", err, &p.stderr)
	}
}

func TestMistakes(t *testing.T) {
	taken := httptest.NewServer(nil)
	defer taken.Close()
	address := taken.Listener.Addr().String()
	misspelt := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(misspelt, []byte(`{"relay": []}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		want string
		args []string
	}{
		{"pushcall: say what to do; pushcall help tells what there is\n", nil},
		{"pushcall: there is no command \"dial\"; pushcall help tells what there is\n", []string{"dial"}},
		{"pushcall: another program is listening at " + address + "; choose another address with --addr\n",
			[]string{"relay", "--addr", address}},
		{"pushcall: cannot listen at nowhere, choose another address with --addr: listen tcp: address nowhere: missing port in address\n",
			[]string{"relay", "--addr", "nowhere"}},
		{"pushcall: there is no built page in nowhere; make run builds it\n", []string{"serve", "--dir", "nowhere"}},
		{"pushcall: \"8080\" is not an option of pushcall serve\n", []string{"serve", "8080"}},
		{"pushcall: flag provided but not defined: -port; pushcall serve --help tells the options\n", []string{"serve", "--port", "80"}},
		{"pushcall: invalid value \"x\" for flag -resolve: it must be HOST:PORT:ADDR; pushcall serve --help tells the options\n",
			[]string{"serve", "--resolve", "x"}},
		{"pushcall: another program is listening at " + address + "; choose another address with --watch\n",
			[]string{"relay", "--addr", "127.0.0.1:0", "--watch", address}},
		{"pushcall: invalid value \"x\" for flag -behind: \"x\" is not an IP address or a CIDR; pushcall relay --help tells the options\n",
			[]string{"relay", "--behind", "x"}},
		{"pushcall: --config: open nowhere.json: no such file or directory\n", []string{"serve", "--config", "nowhere.json"}},
		{"pushcall: --config: " + misspelt + ": relay: is none of the settings relays, iceServers, applicationKeys and contact\n",
			[]string{"serve", "--config", misspelt}},
		{"pushcall: --rate, --burst and --concurrent have to be above 0\n", []string{"relay", "--concurrent", "-1"}},
		{"pushcall: --rate, --burst and --concurrent have to be above 0\n", []string{"relay", "--rate", "+Inf"}},
		{"pushcall: cannot listen at \"\", it has no port; choose another address with --addr\n", []string{"relay", "--addr", ""}},
		{"pushcall: cannot listen at \"localhost:\", it has no port; choose another address with --watch\n",
			[]string{"relay", "--addr", "127.0.0.1:0", "--watch", "localhost:"}},
		{"pushcall: invalid value \"a b:443:127.0.0.1\" for flag -resolve: it must be HOST:PORT:ADDR; pushcall relay --help tells the options\n",
			[]string{"relay", "--resolve", "a b:443:127.0.0.1"}},
		{"pushcall: invalid value \"push.example/\" for flag -allow-host: relay: not HOST or .HOST, with a port if it is not 443; pushcall serve --help tells the options\n",
			[]string{"serve", "--allow-host", "push.example/"}},
		{"pushcall: invalid value \"pushcall.example\" for flag -origin: \"pushcall.example\" is not https://HOST; pushcall serve --help tells the options\n",
			[]string{"serve", "--origin", "pushcall.example"}},
		{"pushcall: --timeout has to be above 0 and at most 25s\n", []string{"relay", "--timeout", "1m"}},
	} {
		output, err := pushcall(t, test.args...).CombinedOutput()
		if err == nil || string(output) != test.want {
			t.Errorf("pushcall %q: %v, %q, want %q", test.args, err, output, test.want)
		}
	}
}

func TestHelp(t *testing.T) {
	for _, test := range []struct {
		args []string
		want []string
	}{
		{[]string{"help"}, []string{"pushcall serve ", "pushcall relay "}},
		{[]string{"--help"}, []string{"pushcall serve ", "pushcall relay "}},
		{[]string{"serve", "--help"}, []string{"-addr host:port", "-dir folder", "-resolve HOST:PORT:ADDR"}},
		{[]string{"relay", "-h"}, []string{"-addr host:port", "-resolve HOST:PORT:ADDR"}},
	} {
		command := pushcall(t, test.args...)
		output, err := command.Output()
		if err != nil {
			t.Errorf("pushcall %q: %v", test.args, err)
		}
		for _, want := range test.want {
			if !strings.Contains(string(output), want) {
				t.Errorf("pushcall %q does not tell %q: %s", test.args, want, output)
			}
		}
	}
}

func TestBrowserURL(t *testing.T) {
	server := httptest.NewServer(nil)
	defer server.Close()
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	for address, want := range map[string]string{
		"localhost:8080":    "http://localhost:" + port + "/",
		"localhost:0":       "http://localhost:" + port + "/",
		":8080":             "http://localhost:" + port + "/",
		"0.0.0.0:8080":      "http://localhost:" + port + "/",
		"[::]:8080":         "http://localhost:" + port + "/",
		"127.0.0.1:8080":    "http://127.0.0.1:" + port + "/",
		"[::1]:8080":        "http://[::1]:" + port + "/",
		"pushcall.lan:http": "http://pushcall.lan:" + port + "/",
	} {
		if got := browserURL(server.Listener, address); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

// do requests a URL. With an endpoint it posts a push message like a page.
func do(t *testing.T, method, url, endpoint string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader("message"))
	if err != nil {
		t.Fatal(err)
	}
	if endpoint != "" {
		request.Header.Set("Push-Endpoint", endpoint)
		request.Header.Set("TTL", "30")
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// pushService starts a service with the name of a real one, and returns the file with
// the authority of its certificate.
func pushService(t *testing.T, host string) (*httptest.Server, string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		DNSNames:              []string{host},
		NotAfter:              time.Now().Add(time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "authority.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != host || r.Header.Get("TTL") != "30" {
			t.Errorf("the service got %s with %v", r.Host, r.Header)
		}
		w.WriteHeader(http.StatusCreated)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, file
}
