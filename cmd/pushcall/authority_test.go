package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushcall/relay/conformance"
)

// TestAuthorities: the command does not start if SSL_CERT_FILE or SSL_CERT_DIR cannot
// be used, and names it; Go itself would trust other authorities.
func TestAuthorities(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for _, test := range []struct{ name, value string }{
		{"SSL_CERT_FILE", filepath.Join(dir, "nowhere.pem")},
		{"SSL_CERT_FILE", dir},
		{"SSL_CERT_FILE", write("empty.pem", "")},
		{"SSL_CERT_FILE", write("key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")},
		{"SSL_CERT_FILE", write("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")},
		{"SSL_CERT_FILE", write("cut.pem", "-----BEGIN CERTIFICATE-----\nMIIB")},
		{"SSL_CERT_DIR", filepath.Join(dir, "nowhere")},
		{"SSL_CERT_DIR", write("file", "")},
		{"SSL_CERT_DIR", dir + ":" + filepath.Join(dir, "nowhere")},
	} {
		for _, command := range []string{"relay", "serve"} {
			p := pushcall(t, command, "--addr", "localhost:0")
			p.Env = append(p.Env, test.name+"="+test.value)
			output, err := p.CombinedOutput()
			if err == nil || !strings.HasPrefix(string(output), "pushcall: "+test.name+": ") || strings.Count(string(output), "\n") != 1 {
				t.Errorf("%s=%s pushcall %s: %v, %q", test.name, test.value, command, err, output)
			}
		}
	}
}

func TestAllowHost(t *testing.T) {
	service := conformance.NewService(t)
	endpoint := service.Endpoint("push.operator.example", conformance.Created)
	for _, args := range [][]string{
		{"relay", "--addr", "127.0.0.1:0"},
		{"serve", "--addr", "127.0.0.1:0", "--dir", builtPage(t)},
	} {
		for _, test := range []struct {
			args []string
			want int
		}{
			{nil, http.StatusForbidden},
			{[]string{"--allow-host", "push.operator.example"}, http.StatusCreated},
			{[]string{"--allow-host", "other.example", "--allow-host", ".operator.example"}, http.StatusCreated},
			{[]string{"--allow-host", "push.operator.example:8443"}, http.StatusForbidden},
		} {
			command := pushcall(t, append(append(args, "--resolve", "push.operator.example:443:"+service.Address), test.args...)...)
			command.Env = append(command.Env, "SSL_CERT_FILE="+service.Authority)
			p := start(t, command)
			if answer, body := do(t, http.MethodPost, p.url+"relay", endpoint); answer.StatusCode != test.want {
				t.Errorf("pushcall %q %q: %s %s", args, test.args, answer.Status, body)
			}
			p.stop(t)
		}
	}
}

func TestParseOrigin(t *testing.T) {
	for text, want := range map[string]string{
		"https://pushcall.example":         "https://pushcall.example",
		"https://pushcall.example/":        "https://pushcall.example",
		"HTTPS://PushCall.Example":         "https://pushcall.example",
		"https://pushcall.example:443":     "https://pushcall.example",
		"https://pushcall.example:0443":    "https://pushcall.example",
		"https://pushcall.example:80":      "https://pushcall.example:80",
		"http://localhost:80/":             "http://localhost",
		"http://localhost:8080":            "http://localhost:8080",
		"http://127.0.0.1:8080":            "http://127.0.0.1:8080",
		"http://[::1]:8080":                "http://[::1]:8080",
		"https://[2001:DB8:0::1]":          "https://[2001:db8::1]",
		"https://xn--pshcall-n2a.example":  "https://xn--pshcall-n2a.example",
		"https://p\u00fcshcall.example":    "",
		"https://pushcall.example//":       "",
		"https://pushcall.example:":        "",
		"https://[::1%25eth0]":             "",
		"https://[::1":                     "",
		"https:pushcall.example":           "",
		"https://pushcall.example/?":       "",
		"https://@pushcall.example":        "",
		" https://pushcall.example":        "",
		"https://pushcall.example:4430000": "",
	} {
		if got, ok := parseOrigin(text); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v; want %q", text, got, ok, want)
		}
	}
}
