package bench

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	webpushgo "github.com/SherClockHolmes/webpush-go"
	"github.com/golang-jwt/jwt/v5"

	"pushcall/webpush"
)

const endpoint = "https://updates.push.services.mozilla.com/wpush/v2/token"

// userAgent holds the receiver's keys of a subscription.
type userAgent struct {
	private    *ecdh.PrivateKey
	authSecret [16]byte
}

func newUserAgent(t testing.TB) userAgent {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ua := userAgent{private: private}
	rand.Read(ua.authSecret[:])
	return ua
}

func (ua userAgent) p256dh() string {
	return base64.RawURLEncoding.EncodeToString(ua.private.PublicKey().Bytes())
}

func (ua userAgent) auth() string {
	return base64.RawURLEncoding.EncodeToString(ua.authSecret[:])
}

// capture is an HTTP client that stores webpush-go's request.
type capture struct {
	header http.Header
	body   []byte
}

func (c *capture) Do(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	c.header, c.body = request.Header, body
	return &http.Response{StatusCode: http.StatusCreated, Body: http.NoBody}, err
}

// TestReadsWebpushGo decrypts a body and verifies a token of webpush-go.
func TestReadsWebpushGo(t *testing.T) {
	ua := newUserAgent(t)
	privateKey, publicKey, err := webpushgo.GenerateVAPIDKeys()
	if err != nil {
		t.Fatal(err)
	}
	key, err := webpush.ParseApplicationServerKey(privateKey)
	if err != nil || key.Public().String() != publicKey {
		t.Errorf("key pair %v, %v, want %s", key, err, publicKey)
	}
	for _, n := range []int{0, 1, 700, 2600, 3993} {
		plaintext := bytes.Repeat([]byte("x"), n)
		var sent capture
		response, err := webpushgo.SendNotification(bytes.Clone(plaintext), &webpushgo.Subscription{
			Endpoint: endpoint,
			Keys:     webpushgo.Keys{P256dh: ua.p256dh(), Auth: ua.auth()},
		}, &webpushgo.Options{
			HTTPClient:      &sent,
			Subscriber:      "push@example.com",
			TTL:             45,
			VAPIDPublicKey:  publicKey,
			VAPIDPrivateKey: privateKey,
		})
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()

		if got, err := webpush.Decrypt(ua.private, ua.authSecret, sent.body); err != nil || !bytes.Equal(got, plaintext) {
			t.Errorf("%d octets come out as %d, %v", n, len(got), err)
		}
		token, err := webpush.ParseAuthorization(sent.header.Get("Authorization"))
		if err != nil {
			t.Fatal(err)
		}
		if token.Key != key.Public() || token.Subject != "mailto:push@example.com" {
			t.Errorf("token %+v", token)
		}
		if err := token.Verify(t.Context(), webpush.Verify, "https://updates.push.services.mozilla.com", time.Now()); err != nil {
			t.Errorf("token: %v", err)
		}
	}
}

// TestIsReadByJWT verifies our token with the library that makes webpush-go's tokens:
// webpush-go itself reads neither bodies nor tokens. The tests of package webpush
// decrypt our bodies with http_ece.
func TestIsReadByJWT(t *testing.T) {
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	vapid, err := webpush.NewVAPID(webpush.NewSigner(key), "mailto:push@example.com")
	if err != nil {
		t.Fatal(err)
	}
	to, err := webpush.ParseEndpoint(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	authorization, err := vapid.Authorization(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	text, k, ok := strings.Cut(strings.TrimPrefix(authorization, "vapid t="), ", k=")
	if !ok || k != key.Public().String() {
		t.Fatalf("authorization %q", authorization)
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), key.Public().Bytes())
	if err != nil {
		t.Fatal(err)
	}
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{"ES256"}),
		jwt.WithAudience("https://updates.push.services.mozilla.com"),
		jwt.WithSubject("mailto:push@example.com"),
		jwt.WithExpirationRequired(),
	)
	if _, err := parser.Parse(text, func(*jwt.Token) (any, error) { return public, nil }); err != nil {
		t.Error(err)
	}
}
