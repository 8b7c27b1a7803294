package main

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushcall/webpush"
)

func TestSend(t *testing.T) {
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sub := webpush.Subscription{AuthSecret: [16]byte{1}}
	if sub.UAPublic, err = webpush.NewPublicKey(private.PublicKey().Bytes()); err != nil {
		t.Fatal(err)
	}
	status, received := http.StatusCreated, ""
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		text, err := webpush.Decrypt(private, sub.AuthSecret, body)
		if err != nil {
			t.Error(err)
		}
		received += string(text) + " for " + r.Header.Get("TTL") + " s\n"
		w.WriteHeader(status)
	}))
	defer service.Close()
	if sub.Endpoint, err = webpush.ParseEndpoint(service.URL + "/push"); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(sub)
	if err != nil {
		t.Fatal(err)
	}

	dir := t.TempDir()
	file, keyFile := filepath.Join(dir, "subscription.json"), filepath.Join(dir, "key")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	send := func(in string, args ...string) error {
		return run(t.Context(), append([]string{"--key", keyFile, "--local"}, args...), strings.NewReader(in), io.Discard, io.Discard)
	}
	if err := send("", file, "Hello"); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "--new-key") {
		t.Errorf("without a key: %v", err)
	}

	var key, notes bytes.Buffer
	if err := run(t.Context(), []string{"--new-key"}, nil, &key, &notes); err != nil {
		t.Fatal(err)
	}
	parsed, err := webpush.ParseApplicationServerKey(strings.TrimSpace(key.String()))
	if err != nil || !strings.Contains(notes.String(), parsed.Public().String()) {
		t.Fatalf("%q, %v", notes.String(), err)
	}
	if err := os.WriteFile(keyFile, key.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}

	if err := send("", "--ttl", "1h", file, "from a file"); err != nil {
		t.Error(err)
	}
	if err := send(string(text), "from standard input"); err != nil {
		t.Error(err)
	}
	if want := "from a file for 3600 s\nfrom standard input for 60 s\n"; received != want {
		t.Errorf("received %q, want %q", received, want)
	}

	status = http.StatusGone
	if err := send(string(text), "too late"); !errors.Is(err, webpush.ErrGone) {
		t.Errorf("of a subscription that is gone: %v", err)
	}
	for _, in := range []string{"", "null", "{}"} {
		if err := send(in, "to nobody"); err == nil {
			t.Errorf("subscription %q: sent", in)
		}
	}
	for _, args := range [][]string{{}, {file, "a", "b"}} {
		if err := send("", args...); err == nil {
			t.Errorf("%q: sent", args)
		}
	}
}
