package bench

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net/http"
	"testing"
	"time"

	webpushgo "github.com/SherClockHolmes/webpush-go"

	"pushcall/webpush"
)

// BenchmarkMessage builds one push message, from the plaintext to the header and body
// of the request.
//
// token=new parses the keys and signs a VAPID token for every message, as webpush-go
// always does. token=cached is the second message to a push service, and every later
// one for hours: the keys are parsed and the token is signed already. floor is only
// the cryptography of Go's standard library: a key pair, ECDH, AES-GCM, and with
// token=new ECDSA.
//
// The bodies differ: Pushcall pads to its next size class, webpush-go to 4096
// octets. That is a few microseconds of AES.
func BenchmarkMessage(b *testing.B) {
	ua := newUserAgent(b)
	privateKey, publicKey, err := webpushgo.GenerateVAPIDKeys()
	if err != nil {
		b.Fatal(err)
	}
	for _, octets := range []int{700, 2600} {
		plaintext := bytes.Repeat([]byte("x"), octets)
		run := func(sender, token string, message func(b *testing.B)) {
			b.Run(fmt.Sprintf("octets=%d/sender=%s/token=%s", octets, sender, token), func(b *testing.B) {
				b.ReportAllocs()
				message(b)
			})
		}
		run("pushcall", "cached", func(b *testing.B) { pushcallCached(b, ua, privateKey, plaintext) })
		run("pushcall", "new", func(b *testing.B) { pushcallNew(b, ua, privateKey, plaintext) })
		run("webpush-go", "new", func(b *testing.B) { webpushGo(b, ua, privateKey, publicKey, plaintext) })
		run("floor", "cached", func(b *testing.B) { floor(b, ua, plaintext, false) })
		run("floor", "new", func(b *testing.B) { floor(b, ua, plaintext, true) })
	}
}

var options = webpush.Options{TTL: 45 * time.Second, Urgency: webpush.UrgencyHigh, Topic: "call-1"}

func pushcallCached(b *testing.B, ua userAgent, privateKey string, plaintext []byte) {
	sub, vapid := parse(b, ua, privateKey)
	for b.Loop() {
		if _, err := webpush.NewRequest(b.Context(), sub, vapid, plaintext, options); err != nil {
			b.Fatal(err)
		}
	}
}

func pushcallNew(b *testing.B, ua userAgent, privateKey string, plaintext []byte) {
	for b.Loop() {
		sub, vapid := parse(b, ua, privateKey)
		if _, err := webpush.NewRequest(b.Context(), sub, vapid, plaintext, options); err != nil {
			b.Fatal(err)
		}
	}
}

func parse(b *testing.B, ua userAgent, privateKey string) (webpush.Subscription, *webpush.VAPID) {
	sub, err := webpush.NewSubscription(endpoint, ua.p256dh(), ua.auth())
	if err != nil {
		b.Fatal(err)
	}
	key, err := webpush.ParseApplicationServerKey(privateKey)
	if err != nil {
		b.Fatal(err)
	}
	vapid, err := webpush.NewVAPID(webpush.NewSigner(key), "mailto:push@example.com")
	if err != nil {
		b.Fatal(err)
	}
	return sub, vapid
}

// discard is an HTTP client that sends nothing.
type discard struct{}

func (discard) Do(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusCreated, Body: http.NoBody}, nil
}

func webpushGo(b *testing.B, ua userAgent, privateKey, publicKey string, plaintext []byte) {
	for b.Loop() {
		response, err := webpushgo.SendNotificationWithContext(b.Context(), plaintext, &webpushgo.Subscription{
			Endpoint: endpoint,
			Keys:     webpushgo.Keys{P256dh: ua.p256dh(), Auth: ua.auth()},
		}, &webpushgo.Options{
			HTTPClient:      discard{},
			Subscriber:      "push@example.com",
			TTL:             45,
			Urgency:         webpushgo.UrgencyHigh,
			Topic:           "call-1",
			VAPIDPublicKey:  publicKey,
			VAPIDPrivateKey: privateKey,
		})
		if err != nil {
			b.Fatal(err)
		}
		response.Body.Close()
	}
}

func floor(b *testing.B, ua userAgent, plaintext []byte, sign bool) {
	uaPublic := ua.private.PublicKey()
	asPrivate, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	digest := sha256.Sum256(plaintext)
	for b.Loop() {
		private, err := ecdh.P256().GenerateKey(rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		secret, err := private.ECDH(uaPublic)
		if err != nil {
			b.Fatal(err)
		}
		block, err := aes.NewCipher(secret[:16])
		if err != nil {
			b.Fatal(err)
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			b.Fatal(err)
		}
		aead.Seal(nil, secret[16:28], plaintext, nil)
		if !sign {
			continue
		}
		if _, err := ecdsa.SignASN1(rand.Reader, asPrivate, digest[:]); err != nil {
			b.Fatal(err)
		}
	}
}
