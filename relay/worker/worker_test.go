// Package worker_test runs the edge worker under the real workerd.
package worker_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/template"

	"pushcall/relay/conformance"
)

// TestConformance holds the worker to what a relay is.
func TestConformance(t *testing.T) {
	program := workerd(t)
	conformance.Run(t, conformance.Form{
		Start:  func(t *testing.T, s conformance.Setup) conformance.Relay { return start(t, program, s) },
		Client: func(header http.Header, address string) { header.Set("CF-Connecting-IP", address) },
		Misset: func(t *testing.T, setting conformance.Setting, value string) (name, told string) {
			return misset(t, program, setting, value)
		},
	})
}

// workerd finds what npm has installed for the tests.
func workerd(t *testing.T) string {
	found, err := filepath.Glob("../../e2e/node_modules/@cloudflare/workerd-*/bin/workerd")
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		if os.Getenv("PUSHCALL_TEST_ALL") == "1" {
			t.Fatal("there is no workerd; e2e/setup.sh packages installs it")
		}
		t.Skip("there is no workerd; e2e/setup.sh packages installs it")
	}
	return found[0]
}

// config is workerd's: the relay, and in place of the Internet the test's
// service, or the real network where the test is about that.
var config = template.Must(template.New("").Parse(`using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "relay", worker = (
      compatibilityDate = "2026-11-01",
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      globalOutbound = "internet",
      bindings = [{{range $name, $value := .Bindings}}(name = "{{$name}}", text = {{printf "%q" $value}}), {{end}}],
    )),
    {{if .Public}}(name = "internet", network = (allow = ["public"], tlsOptions = (trustedCertificates = [embed "authority.pem"]))),
    {{else}}(name = "internet", external = (address = "{{.Service.Address}}", https = (
      options = (),
      certificateHost = "fcm.googleapis.com",
      tlsOptions = ({{if not .Distrust}}trustedCertificates = [embed "authority.pem"]{{end}}),
    ))),{{end}}
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "relay")],
);
`))

func start(t *testing.T, program string, s conformance.Setup) conformance.Relay {
	t.Helper()
	bindings := map[string]string{
		"RATE": fmt.Sprint(s.Rate), "BURST": fmt.Sprint(s.Burst), "CONCURRENT": fmt.Sprint(s.Concurrent), "TIMEOUT": fmt.Sprint(s.Timeout.Seconds()),
	}
	if s.Origins != nil {
		bindings["ORIGINS"] = strings.Join(s.Origins, " ")
	}
	if s.Allow != nil {
		bindings["ALLOW_HOSTS"] = strings.Join(s.Allow, " ")
	}
	return startWith(t, program, s, bindings)
}

// misset returns what the worker says of a variable that cannot be read, to
// the operator who looks, and to a page that sends.
func misset(t *testing.T, program string, setting conformance.Setting, value string) (name, told string) {
	name = map[conformance.Setting]string{
		conformance.Origin: "ORIGINS", conformance.Allow: "ALLOW_HOSTS", conformance.Trust: "CLIENT",
	}[setting]
	if name == "" {
		name = strings.ToUpper(string(setting))
	}
	relay := startWith(t, program, conformance.Setup{Service: conformance.NewService(t)}, map[string]string{name: value})
	for _, method := range []string{http.MethodPost, http.MethodOptions, http.MethodGet} {
		request, err := http.NewRequestWithContext(t.Context(), method, "http://"+relay.Address+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if told = string(body); err != nil || answer.StatusCode != http.StatusInternalServerError {
			t.Errorf("%s is answered with %s, %q, %v", method, answer.Status, told, err)
		}
	}
	return name, told
}

func startWith(t *testing.T, program string, s conformance.Setup, bindings map[string]string) conformance.Relay {
	t.Helper()
	dir := t.TempDir()
	var text bytes.Buffer
	if err := config.Execute(&text, struct {
		conformance.Setup
		Bindings map[string]string
		Public   bool
	}{s, bindings, slices.Contains(s.Allow, "localhost")}); err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]string{"worker.js": "worker.js", "authority.pem": s.Service.Authority} {
		content, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "config.capnp")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return run(t, exec.Command(program, "serve", "--control-fd=1", file))
}

// run runs workerd, which says at its control file where it listens.
func run(t *testing.T, command *exec.Cmd) conformance.Relay {
	t.Helper()
	said := new(output)
	command.Stderr = said
	control, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	line, err := bufio.NewReader(control).ReadString('\n')
	_, rest, found := strings.Cut(line, `"port":`)
	port, _, _ := strings.Cut(rest, "}")
	if _, notNumber := strconv.Atoi(port); err != nil || !found || notNumber != nil {
		t.Fatalf("workerd says %q, %v: %s", line, err, said)
	}
	return conformance.Relay{Address: "127.0.0.1:" + port, Said: said.String}
}

// output keeps what a process writes.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

var _ io.Writer = (*output)(nil)

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
