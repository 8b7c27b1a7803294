package main

import (
	"errors"
	"fmt"
	"net"
	"testing"

	"pushcall/relay"
)

func TestResolution(t *testing.T) {
	for _, test := range []struct{ text, host, want string }{
		{"fcm.googleapis.com:443:127.0.0.1", "fcm.googleapis.com:443", "[127.0.0.1:443]"},
		{"FCM.GoogleAPIs.com:443:127.0.0.1", "fcm.googleapis.com:443", "[127.0.0.1:443]"},
		{"host:443:127.0.0.1:8443", "host:443", "[127.0.0.1:8443]"},
		{"host:443:[::1]", "host:443", "[[::1]:443]"},
		{"host:443:::1", "host:443", "[[::1]:443]"},
		{"host:443:[::1]:8443", "host:443", "[[::1]:8443]"},
		{"host:443:127.0.0.1,[::1]:8443, 10.0.0.1", "host:443", "[127.0.0.1:443 [::1]:8443 10.0.0.1:443]"},
	} {
		r := make(resolution)
		if err := r.Set(test.text); err != nil {
			t.Errorf("%s: %v", test.text, err)
		}
		if got := fmt.Sprint(r[test.host]); got != test.want || len(r) != 1 {
			t.Errorf("%s: got %v, want %s", test.text, r, test.want)
		}
	}
	for _, text := range []string{
		"", "host", "host:443", "host:443:", ":443:127.0.0.1", "host:https:127.0.0.1", "host:0:127.0.0.1",
		"host:65536:127.0.0.1", "host:443:localhost", "host:443:127.0.0.1:0", "host:443:127.0.0.1:x",
		"host:443:[::1", "host:443:[127.0.0.1:1]", "host:443:127.0.0.1,", "host:-1:127.0.0.1", "+host:443:1",
	} {
		if err := make(resolution).Set(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

func TestResolutionDials(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()

	r := make(resolution)
	for _, text := range []string{
		fmt.Sprintf("fcm.googleapis.com:443:%s,%s", closed.Addr(), listener.Addr()), // the second one answers
		fmt.Sprintf("web.push.apple.com:443:%s", closed.Addr()),
	} {
		if err := r.Set(text); err != nil {
			t.Fatal(err)
		}
	}
	conn, err := r.dial(t.Context(), "tcp", "fcm.googleapis.com:443")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := conn.RemoteAddr().String(); got != listener.Addr().String() {
		t.Errorf("it goes to %s", got)
	}
	if _, err := r.dial(t.Context(), "tcp", "web.push.apple.com:443"); err == nil {
		t.Error("nobody listens, but it connects")
	}
	// The trust is in the entry's host and port, not in the address.
	for _, other := range []string{listener.Addr().String(), "127.0.0.1:443"} {
		if _, err := r.dial(t.Context(), "tcp", other); !errors.Is(err, relay.ErrAddress) {
			t.Errorf("%s: got %v, want ErrAddress", other, err)
		}
	}
}
