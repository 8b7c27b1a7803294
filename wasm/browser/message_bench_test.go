//go:build js && wasm

package browser

import (
	"encoding/base64"
	"os"
	"testing"

	"github.com/hack-pad/safejs"

	"pushcall/wasm/js"
	"pushcall/webpush"
)

// BenchmarkMessage builds an encrypted message and signs its token, in the
// same page: this program's way, and by a script with WebCrypto alone. The
// token is cached in the one case and new in the other, as each would have it
// in a call.
func BenchmarkMessage(b *testing.B) {
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		b.Fatal(err)
	}
	subscription, err := webpush.NewSubscription("https://push.example.net/token", key.Public().String(), "AAAAAAAAAAAAAAAAAAAAAA")
	if err != nil {
		b.Fatal(err)
	}
	plaintext := make([]byte, 700)
	b.Run("pushcall/token=cached", func(b *testing.B) {
		vapid := vapidOf(b, key)
		for b.Loop() {
			if _, err := webpush.NewRequest(b.Context(), subscription, vapid, plaintext, webpush.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("pushcall/token=new", func(b *testing.B) {
		for b.Loop() {
			if _, err := webpush.NewRequest(b.Context(), subscription, vapidOf(b, key), plaintext, webpush.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("webcrypto/token=new", func(b *testing.B) {
		args := webCryptoArguments(b, subscription, key, plaintext)
		message := script(b, "../../bench/webcrypto.js")
		for b.Loop() {
			promise, err := message.Invoke(args...)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := js.Await(b.Context(), promise); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func vapidOf(b *testing.B, key webpush.ApplicationServerKey) *webpush.VAPID {
	signer, err := ImportSigner(b.Context(), key)
	if err != nil {
		b.Fatal(err)
	}
	vapid, err := webpush.NewVAPID(signer, "")
	if err != nil {
		b.Fatal(err)
	}
	return vapid
}

// script returns the function that a file of JavaScript is.
func script(b *testing.B, path string) safejs.Value {
	text, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	function, err := safejs.Global().Call("eval", "("+string(text)+")")
	if err != nil {
		b.Fatal(err)
	}
	return function
}

func webCryptoArguments(b *testing.B, subscription webpush.Subscription, key webpush.ApplicationServerKey, plaintext []byte) []any {
	encode := base64.RawURLEncoding.EncodeToString
	point := key.Public().Bytes()
	args := []any{subscription.Endpoint.String()}
	for _, octets := range [][]byte{subscription.UAPublic.Bytes(), subscription.AuthSecret[:]} {
		array, err := js.NewUint8Array(octets)
		if err != nil {
			b.Fatal(err)
		}
		args = append(args, array)
	}
	args = append(args, map[string]any{"kty": "EC", "crv": "P-256", "d": encode(key.Bytes()), "x": encode(point[1:33]), "y": encode(point[33:])})
	array, err := js.NewUint8Array(plaintext)
	if err != nil {
		b.Fatal(err)
	}
	return append(args, array, 1024) // the size class of 700 octets
}
