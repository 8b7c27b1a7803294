package main

import (
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"
)

// watchAt returns an address that is free now.
func watchAt(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// TestWatch: monitoring is at its own address only, and shows only counts.
func TestWatch(t *testing.T) {
	for _, command := range []*exec.Cmd{
		pushcall(t, "relay", "--addr", "127.0.0.1:0"),
		pushcall(t, "serve", "--addr", "127.0.0.1:0", "--dir", builtPage(t)),
	} {
		address := watchAt(t)
		command.Args = append(command.Args, "--watch", address)
		p := start(t, command)
		do(t, http.MethodPost, p.url+"relay", "https://fcm.example/the-capability")
		if answer, body := do(t, http.MethodGet, "http://"+address+"/healthz", ""); answer.StatusCode != http.StatusOK || body != "ok\n" {
			t.Errorf("it answers %s %q", answer.Status, body)
		}
		_, counts := do(t, http.MethodGet, "http://"+address+"/metrics", "")
		if !strings.Contains(counts, `pushcall_relay_messages_total{status="403",push_status="0"} 1`) || strings.Contains(counts, "fcm") {
			t.Errorf("it counts %s", counts)
		}
		for _, path := range []string{"metrics", "healthz"} {
			if _, body := do(t, http.MethodGet, p.url+path, ""); strings.Contains(body, "pushcall_") || body == "ok\n" {
				t.Errorf("%s is public: %s", path, body)
			}
		}
		p.stop(t)
	}
}

// TestLimits: the options reach the relay.
func TestLimits(t *testing.T) {
	p := start(t, pushcall(t, "relay", "--addr", "127.0.0.1:0", "--burst", "2", "--rate", "0.1", "--behind", "127.0.0.1", "--origin", "https://page.example/"))
	post := func(origin, client string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url, strings.NewReader("message"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", origin)
		r.Header.Set("X-Forwarded-For", client)
		r.Header.Set("Push-Endpoint", "https://fcm.example/x")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		return answer
	}
	for i, want := range []int{403, 403, 429} {
		if got := post("https://page.example", "198.51.100.1"); got.StatusCode != want {
			t.Errorf("message %d gets %s, want %d", i, got.Status, want)
		}
	}
	if got := post("https://page.example", "198.51.100.2"); got.StatusCode != 403 || got.Header.Get("Access-Control-Allow-Origin") != "https://page.example" {
		t.Errorf("another client gets %s, %v", got.Status, got.Header)
	}
	if got := post("https://other.example", "198.51.100.3"); got.StatusCode != 403 || got.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("another page gets %s, %v", got.Status, got.Header)
	}
	p.stop(t)
}
