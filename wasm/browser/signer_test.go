//go:build js && wasm

package browser

import (
	"encoding/base64"
	"errors"
	"os"
	"strings"
	"testing"

	"pushcall/wasm/js"
	"pushcall/webpush"
)

// vector reads one of the values that the native tests of webpush read too.
func vector(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../webpush/testdata/rfc8292-2.4.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+" "); ok {
			return value
		}
	}
	t.Fatalf("no %s in the vector", name)
	return ""
}

// RFC 8292, Section 2.4.
func TestVerifyVector(t *testing.T) {
	key, err := webpush.ParsePublicKey(vector(t, "k"))
	if err != nil {
		t.Fatal(err)
	}
	token := vector(t, "t")
	dot := strings.LastIndexByte(token, '.')
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	if err != nil {
		t.Fatal(err)
	}
	if err := Verify(t.Context(), key, []byte(token[:dot]), signature); err != nil {
		t.Errorf("the signature of RFC 8292 is refused: %v", err)
	}
	signature[10] ^= 1
	if err := Verify(t.Context(), key, []byte(token[:dot]), signature); !errors.Is(err, webpush.ErrSignature) {
		t.Errorf("a changed signature gives %v, want %v", err, webpush.ErrSignature)
	}
}

func TestSigners(t *testing.T) {
	ctx := t.Context()
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	imported, err := ImportSigner(ctx, key)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := GenerateIdentity(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, signer := range []webpush.Signer{imported, identity} {
		message := []byte("a message")
		signature, err := signer.Sign(ctx, message)
		if err != nil {
			t.Fatal(err)
		}
		if len(signature) != 64 {
			t.Errorf("a signature has %d octets, want 64", len(signature))
		}
		if err := Verify(ctx, signer.Public(), message, signature); err != nil {
			t.Error(err)
		}
		if err := Verify(ctx, key.Public(), []byte("another"), signature); !errors.Is(err, webpush.ErrSignature) {
			t.Errorf("another message gives %v", err)
		}
	}
	if _, err := subtle(ctx, "exportKey", "jwk", identity.private); !js.IsNamed(js.Failure("export", err), "InvalidAccessError") {
		t.Errorf("exporting the identity gives %v, want InvalidAccessError", err)
	}
}

// A key that was imported before verifies the same, and there are never too many.
func TestVerifier(t *testing.T) {
	ctx := t.Context()
	v := NewVerifier()
	for range maxVerifiers + 2 {
		signer, err := GenerateIdentity(ctx)
		if err != nil {
			t.Fatal(err)
		}
		message := []byte("a message")
		signature, err := signer.Sign(ctx, message)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := v.Verify(ctx, signer.Public(), message, signature); err != nil {
				t.Error(err)
			}
			if err := v.Verify(ctx, signer.Public(), []byte("another"), signature); !errors.Is(err, webpush.ErrSignature) {
				t.Errorf("another message gives %v", err)
			}
		}
		if len(v.keys) > maxVerifiers {
			t.Fatalf("it keeps %d keys", len(v.keys))
		}
	}
	if len(v.keys) == 0 {
		t.Error("it keeps no keys")
	}
}
