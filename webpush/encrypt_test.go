package webpush

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"errors"
	"testing"
)

// newReceiver makes a user agent's side of a subscription.
func newReceiver(t testing.TB) (*ecdh.PrivateKey, Subscription) {
	t.Helper()
	private := newPrivate(t)
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

func newPrivate(t testing.TB) *ecdh.PrivateKey {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return private
}

// TestEncryptSizes checks the round trip and the size of the body on both
// sides of every size class.
func TestEncryptSizes(t *testing.T) {
	private, sub := newReceiver(t)
	smallest := 0
	for _, class := range sizeClasses {
		for _, n := range []int{smallest, class - 1, class} {
			plaintext := bytes.Repeat([]byte{0}, n) // zeros could be taken for padding
			body, err := Encrypt(sub, plaintext)
			if err != nil {
				t.Fatalf("%d octets: %v", n, err)
			}
			if want := class + 103; len(body) != want {
				t.Errorf("%d octets make a body of %d, want %d", n, len(body), want)
			}
			got, err := Decrypt(private, sub.AuthSecret, body)
			if err != nil || !bytes.Equal(got, plaintext) {
				t.Errorf("%d octets come back as %d, %v", n, len(got), err)
			}
		}
		smallest = class + 1
	}
	if _, err := Encrypt(sub, make([]byte, MaxPlaintext+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%d octets: %v", MaxPlaintext+1, err)
	}
}

// TestEncryptLimit: RFC 8291, Section 4 allows 3993 octets of plaintext.
func TestEncryptLimit(t *testing.T) {
	private, sub := newReceiver(t)
	for n, want := range map[int]error{3992: nil, 3993: nil, 3994: ErrTooLarge} {
		plaintext := bytes.Repeat([]byte("x"), n)
		body, err := encrypt(sub, plaintext, n, [scalarSize]byte(newPrivate(t).Bytes()), [saltSize]byte{})
		if !errors.Is(err, want) {
			t.Errorf("%d octets: %v, want %v", n, err, want)
		}
		if err != nil {
			continue
		}
		if len(body) > 4096 {
			t.Errorf("%d octets make a body of %d", n, len(body))
		}
		if got, err := Decrypt(private, sub.AuthSecret, body); err != nil || !bytes.Equal(got, plaintext) {
			t.Errorf("%d octets come back as %d, %v", n, len(got), err)
		}
	}
}

// TestEncryptIsFresh: salt and sender key are new in every message.
func TestEncryptIsFresh(t *testing.T) {
	_, sub := newReceiver(t)
	first, err := Encrypt(sub, []byte("ring"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := Encrypt(sub, []byte("ring"))
	if err != nil {
		t.Fatal(err)
	}
	for name, part := range map[string][2]int{
		"salt":       {0, saltSize},
		"sender key": {headerSize, headerSize + publicKeySize},
		"record":     {headerSize + publicKeySize, len(first)},
	} {
		if bytes.Equal(first[part[0]:part[1]], second[part[0]:part[1]]) {
			t.Errorf("the %s is the same twice", name)
		}
	}
}

func TestEncryptWithoutKey(t *testing.T) {
	if _, err := Encrypt(Subscription{}, nil); !errors.Is(err, ErrPublicKey) {
		t.Error(err)
	}
}

// FuzzRoundTrip sends a plaintext through Encrypt and Decrypt, and as records
// of the size given through the coding alone.
func FuzzRoundTrip(f *testing.F) {
	private, sub := newReceiver(f)
	f.Add([]byte(nil), uint16(0))
	f.Add([]byte("When I grow up, I want to be a watermelon"), uint16(18))
	f.Add(make([]byte, MaxPlaintext), uint16(25))
	f.Add(make([]byte, MaxPlaintext+1), uint16(2618))
	f.Fuzz(func(t *testing.T, plaintext []byte, recordSize uint16) {
		body, err := Encrypt(sub, plaintext)
		if len(plaintext) > MaxPlaintext {
			if !errors.Is(err, ErrTooLarge) {
				t.Fatalf("%d octets: %v", len(plaintext), err)
			}
		} else if err != nil {
			t.Fatal(err)
		} else if got, err := Decrypt(private, sub.AuthSecret, body); err != nil || !bytes.Equal(got, plaintext) {
			t.Fatalf("%q comes back as %q, %v", plaintext, got, err)
		}

		size := max(uint32(recordSize), minRecordSize)
		records := testKeys.sealAll(t, split(plaintext, int(size)-tagSize-1)...)
		if got, err := testKeys.open(size, records); err != nil || !bytes.Equal(got, plaintext) {
			t.Fatalf("%q in records of %d comes back as %q, %v", plaintext, size, got, err)
		}
	})
}
