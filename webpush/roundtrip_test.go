package webpush

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"testing"
)

// newReceiver makes a user agent's side of a subscription.
func newReceiver(t testing.TB) (*ecdh.PrivateKey, Subscription) {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	uaPublic, err := NewPublicKey(private.PublicKey().Bytes())
	if err != nil {
		t.Fatal(err)
	}
	endpoint, err := ParseEndpoint("https://updates.push.services.mozilla.com/wpush/v2/token")
	if err != nil {
		t.Fatal(err)
	}
	sub := Subscription{Endpoint: endpoint, UAPublic: uaPublic}
	rand.Read(sub.AuthSecret[:])
	return private, sub
}

func TestRoundTrip(t *testing.T) {
	private, sub := newReceiver(t)
	plaintext := []byte("When I grow up, I want to be a watermelon")
	body, err := Encrypt(sub, plaintext)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decrypt(private, sub.AuthSecret, body)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, plaintext) {
		t.Errorf("got %q, want %q", got, plaintext)
	}
}
