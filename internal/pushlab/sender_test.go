package pushlab

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net"
	"net/http"
	"testing"
	"time"

	"pushcall/webpush"
)

// startLab starts a lab for one test.
func startLab(t *testing.T) *Lab {
	t.Helper()
	l, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// client returns an HTTP client that connects to the lab's FCM and trusts it, like a relay.
func client(t *testing.T, l *Lab) *http.Client {
	roots := x509.NewCertPool()
	roots.AddCert(l.Authority())
	addresses := l.Addresses()
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if lab, ok := addresses[address]; ok {
				address = lab
			}
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// receiver is the secret half of a subscription: what a browser decrypts with.
type receiver struct {
	private    *ecdh.PrivateKey
	authSecret [16]byte
}

func newReceiver(t *testing.T) receiver {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r := receiver{private: private}
	rand.Read(r.authSecret[:])
	return r
}

func (r receiver) subscription(t *testing.T, endpoint string) webpush.Subscription {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	sub, err := webpush.NewSubscription(endpoint, encode(r.private.PublicKey().Bytes()), encode(r.authSecret[:]))
	if err != nil {
		t.Fatal(err)
	}
	return sub
}

func (r receiver) decrypt(t *testing.T, body []byte) string {
	t.Helper()
	plaintext, err := webpush.Decrypt(r.private, r.authSecret, body)
	if err != nil {
		t.Errorf("decrypt what came: %v", err)
	}
	return string(plaintext)
}

func newKey(t *testing.T) webpush.ApplicationServerKey {
	t.Helper()
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// newRequest builds the POST of a push message.
func newRequest(t *testing.T, sub webpush.Subscription, key webpush.ApplicationServerKey, text string, options webpush.Options) *http.Request {
	t.Helper()
	vapid, err := webpush.NewVAPID(webpush.NewSigner(key), "mailto:lab@example.com")
	if err != nil {
		t.Fatal(err)
	}
	push, err := webpush.NewRequest(t.Context(), sub, vapid, []byte(text), options)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), push.Method, push.URL, bytes.NewReader(push.Body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range push.Header {
		r.Header.Set(name, value)
	}
	return r
}

// push sends a message that must be accepted.
func push(t *testing.T, l *Lab, sub webpush.Subscription, key webpush.ApplicationServerKey, text string, options webpush.Options) *http.Response {
	t.Helper()
	response, err := client(t, l).Do(newRequest(t, sub, key, text, options))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusCreated {
		t.Fatalf("the push service answered %s", response.Status)
	}
	return response
}

// waitForRecord waits until the lab's newest record meets a condition.
func waitForRecord(t *testing.T, l *Lab, what string, condition func(Record) bool) Record {
	t.Helper()
	timeout := time.After(10 * time.Second)
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for {
		records := l.Messages()
		if n := len(records); n > 0 && condition(records[n-1]) {
			return records[n-1]
		}
		select {
		case <-look.C:
		case <-timeout:
			t.Fatalf("the newest record never was %s: %+v", what, records)
		}
	}
}

func isAcked(r Record) bool { return !r.Acked.IsZero() }
