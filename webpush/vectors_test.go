package webpush

import (
	"bytes"
	"crypto/ecdh"
	"os"
	"strconv"
	"strings"
	"testing"
)

// vector is a file of testdata: a line is a name, a space and a value.
type vector map[string]string

// loadVector fails the test when the file is missing or empty: a vector that
// is not there must not pass.
func loadVector(t testing.TB, file string) vector {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	v := vector{}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		v[name] = value
	}
	if len(v) == 0 {
		t.Fatalf("%s is empty", file)
	}
	return v
}

func (v vector) text(t testing.TB, name string) string {
	t.Helper()
	value, ok := v[name]
	if !ok {
		t.Fatalf("the vector has no %s", name)
	}
	return value
}

func (v vector) octets(t testing.TB, name string) []byte {
	t.Helper()
	octets, err := decodeBase64(v.text(t, name))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return octets
}

func (v vector) private(t testing.TB, name string) *ecdh.PrivateKey {
	t.Helper()
	key, err := ecdh.P256().NewPrivateKey(v.octets(t, name))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return key
}

func (v vector) want(t *testing.T, name string, got []byte) {
	t.Helper()
	if want := v.octets(t, name); !bytes.Equal(got, want) {
		t.Errorf("%s is %x, want %x", name, got, want)
	}
}

func TestRFC8291AppendixA(t *testing.T) {
	v := loadVector(t, "rfc8291-appendix-a.txt")
	asPrivate, uaPrivate := v.private(t, "as_private"), v.private(t, "ua_private")
	v.want(t, "as_public", asPrivate.PublicKey().Bytes())
	v.want(t, "ua_public", uaPrivate.PublicKey().Bytes())
	salt := [saltSize]byte(v.octets(t, "salt"))
	sub, err := NewSubscription("https://push.example.net/p/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV", v.text(t, "ua_public"), v.text(t, "auth"))
	if err != nil {
		t.Fatal(err)
	}

	ecdhSecret, err := agree(asPrivate.Bytes(), sub.UAPublic)
	if err != nil {
		t.Fatal(err)
	}
	v.want(t, "ecdh_secret", ecdhSecret)
	ikm, err := deriveIKM(ecdhSecret, sub.AuthSecret, uaPrivate.PublicKey().Bytes(), asPrivate.PublicKey().Bytes())
	if err != nil {
		t.Fatal(err)
	}
	v.want(t, "ikm", ikm)
	keys, err := deriveContentKeys(ikm, salt)
	if err != nil {
		t.Fatal(err)
	}
	v.want(t, "cek", keys.cek[:])
	v.want(t, "nonce", keys.nonceOf(0))

	plaintext := v.text(t, "plaintext")
	body, err := encrypt(sub, []byte(plaintext), len(plaintext), [scalarSize]byte(asPrivate.Bytes()), salt)
	if err != nil {
		t.Fatal(err)
	}
	v.want(t, "body", body)
	got, err := Decrypt(uaPrivate, sub.AuthSecret, v.octets(t, "body"))
	if err != nil || string(got) != plaintext {
		t.Errorf("decrypted %q, %v, want %q", got, err, plaintext)
	}
}

// TestRFC8188 has a body of one record without key identifier (Section 3.1)
// and one of two records with (Section 3.2).
func TestRFC8188(t *testing.T) {
	for _, file := range []string{"rfc8188-3.1.txt", "rfc8188-3.2.txt"} {
		t.Run(file, func(t *testing.T) {
			v := loadVector(t, file)
			body := v.octets(t, "body")
			h, records, err := cutHeader(body)
			if err != nil {
				t.Fatal(err)
			}
			if rs := strconv.Itoa(int(h.recordSize)); rs != v.text(t, "rs") {
				t.Errorf("record size %s, want %s", rs, v.text(t, "rs"))
			}
			if string(h.keyID) != v.text(t, "keyid") {
				t.Errorf("key identifier %q, want %q", h.keyID, v.text(t, "keyid"))
			}
			if again := append(h.append(nil), records...); !bytes.Equal(again, body) {
				t.Errorf("header and records make %x, want %x", again, body)
			}
			keys, err := deriveContentKeys(v.octets(t, "ikm"), h.salt)
			if err != nil {
				t.Fatal(err)
			}
			got, err := keys.open(h.recordSize, records)
			if err != nil || string(got) != v.text(t, "plaintext") {
				t.Errorf("decrypted %q, %v, want %q", got, err, v.text(t, "plaintext"))
			}
		})
	}
}
