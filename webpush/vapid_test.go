package webpush

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"
)

// countingSigner tells how often it was asked to sign, and may be wrong.
type countingSigner struct {
	Signer
	asked  atomic.Int32
	octets int // of its signatures
	err    error
}

func newCountingSigner(t testing.TB) *countingSigner {
	t.Helper()
	key, err := ParseApplicationServerKey(scalarText)
	if err != nil {
		t.Fatal(err)
	}
	return &countingSigner{Signer: NewSigner(key), octets: signatureSize}
}

func (s *countingSigner) Sign(ctx context.Context, message []byte) ([]byte, error) {
	s.asked.Add(1)
	signature, err := s.Signer.Sign(ctx, message)
	return append(signature, 0)[:s.octets], errors.Join(s.err, err, ctx.Err())
}

func newVAPID(t testing.TB, signer Signer, subject string) *VAPID {
	t.Helper()
	vapid, err := NewVAPID(signer, subject)
	if err != nil {
		t.Fatal(err)
	}
	return vapid
}

func newEndpoint(t testing.TB, text string) Endpoint {
	t.Helper()
	endpoint, err := ParseEndpoint(text)
	if err != nil {
		t.Fatal(err)
	}
	return endpoint
}

func TestSubject(t *testing.T) {
	for subject, good := range map[string]bool{
		"":                              true,
		"mailto:push@example.com":       true,
		"https://example.com":           true,
		"https://example.com/contact?a": true,
		"push@example.com":              false,
		"mailto:":                       false,
		"mailto:push":                   false,
		"mailto:@example.com":           false,
		"mailto:push@":                  false,
		"mailto:mailto:p@example.com":   false, // what webpush-go makes of a URI
		"http://example.com":            false,
		"https://":                      false,
		"https:example.com":             false,
		"tel:+123":                      false,
		"https://example.com/\"":        false,
		"https://example.com/\\":        false,
		"https://example.com/ü":         false,
		"mailto:a b@example.com":        false,
		"mailto:a\n@example.com":        false,
	} {
		_, err := NewVAPID(newCountingSigner(t), subject)
		if good && err != nil || !good && !errors.Is(err, ErrSubject) {
			t.Errorf("%q: %v", subject, err)
		}
	}
}

func TestVAPIDWithoutKey(t *testing.T) {
	if _, err := NewVAPID(&countingSigner{Signer: NewSigner(ApplicationServerKey{})}, ""); !errors.Is(err, ErrApplicationServerKey) {
		t.Error(err)
	}
	vapid := newVAPID(t, newCountingSigner(t), "")
	if _, err := vapid.Authorization(t.Context(), Endpoint{}); !errors.Is(err, ErrEndpoint) {
		t.Errorf("no endpoint: %v", err)
	}
}

// TestAuthorizationForm compares with the RFC's own token, octet by octet up
// to the signature.
func TestAuthorizationForm(t *testing.T) {
	v := loadVector(t, "rfc8292-2.4.txt")
	want := v.text(t, "t")
	signed := want[:strings.LastIndex(want, ".")]
	vapid := newVAPID(t, newCountingSigner(t), v.text(t, "sub"))
	expires := time.Unix(1453523768, 0)
	got, err := vapid.authorization(t.Context(), newEndpoint(t, v.text(t, "aud")+"/p/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"), expires.Add(-tokenLifetime))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got, "vapid t="+signed+".") || !strings.HasSuffix(got, ", k="+pointText) {
		t.Errorf("%s, want vapid t=%s…", got, signed)
	}
}

func TestAuthorizationIsCached(t *testing.T) {
	signer := newCountingSigner(t)
	vapid := newVAPID(t, signer, "")
	start := time.Unix(1_800_000_000, 0)
	kept := map[string]string{}
	for _, step := range []struct {
		what     string
		endpoint string
		after    time.Duration
		fresh    bool
	}{
		{"first", "https://push.example.net/a", 0, true},
		{"again", "https://push.example.net/a", 0, false},
		{"another endpoint there", "https://push.example.net:443/b", time.Hour, false},
		{"just before its time", "https://push.example.net/a", tokenUse - 1, false},
		{"its time is over", "https://push.example.net/a", tokenUse, true},
		{"another port", "https://push.example.net:8443/a", tokenUse, true},
		{"another service", "https://fcm.googleapis.com/a", tokenUse, true},
		{"the first, still", "https://push.example.net/a", tokenUse, false},
	} {
		endpoint, before := newEndpoint(t, step.endpoint), signer.asked.Load()
		authorization, err := vapid.authorization(t.Context(), endpoint, start.Add(step.after))
		if err != nil {
			t.Fatal(err)
		}
		if fresh := signer.asked.Load() > before; fresh != step.fresh {
			t.Errorf("%s: signed anew is %t", step.what, fresh)
		}
		if fresh := kept[endpoint.Origin()] != authorization; fresh != step.fresh {
			t.Errorf("%s: a new token is %t", step.what, fresh)
		}
		kept[endpoint.Origin()] = authorization
	}
}

// TestAuthorizationForgets: the cache holds what is in use, not every service
// that ever was.
func TestAuthorizationForgets(t *testing.T) {
	vapid := newVAPID(t, newCountingSigner(t), "")
	now := time.Unix(1_800_000_000, 0)
	for i := range 100 {
		endpoint := newEndpoint(t, fmt.Sprintf("https://push%d.example.net/", i))
		if _, err := vapid.authorization(t.Context(), endpoint, now.Add(time.Duration(i)*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := len(vapid.tokens), int(tokenUse/time.Hour); got != want {
		t.Errorf("%d tokens, want %d", got, want)
	}
}

func TestAuthorizationFailures(t *testing.T) {
	endpoint := newEndpoint(t, "https://push.example.net/")
	broken := errors.New("no such key in the store")
	signer := newCountingSigner(t)
	vapid := newVAPID(t, signer, "")

	signer.err = broken
	if _, err := vapid.Authorization(t.Context(), endpoint); !errors.Is(err, broken) {
		t.Errorf("broken signer: %v", err)
	}
	signer.err = nil
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := vapid.Authorization(cancelled, endpoint); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for _, signer.octets = range []int{0, 63, 65, 72} { // 72: ASN.1
		if _, err := vapid.Authorization(t.Context(), endpoint); !errors.Is(err, ErrSignature) {
			t.Errorf("signature of %d octets: %v", signer.octets, err)
		}
	}
	signer.octets = signatureSize
	if _, err := vapid.Authorization(t.Context(), endpoint); err != nil {
		t.Errorf("a failure was kept: %v", err)
	}

	apple := newEndpoint(t, "https://web.push.apple.com/QGuQyavXutnMH")
	if _, err := vapid.Authorization(t.Context(), apple); !errors.Is(err, ErrSubject) {
		t.Errorf("Apple without subject: %v", err)
	}
	if _, err := newVAPID(t, signer, "https://example.com").Authorization(t.Context(), apple); err != nil {
		t.Errorf("Apple with subject: %v", err)
	}
}

// TestAuthorizationConcurrently is for the race detector.
func TestAuthorizationConcurrently(t *testing.T) {
	vapid := newVAPID(t, newCountingSigner(t), "")
	var group sync.WaitGroup
	for i := range 16 {
		endpoint := newEndpoint(t, fmt.Sprintf("https://push%d.example.net/", i%3))
		group.Go(func() {
			for range 100 {
				authorization, err := vapid.Authorization(t.Context(), endpoint)
				if err != nil || !strings.HasPrefix(authorization, "vapid t=") {
					t.Errorf("%q, %v", authorization, err)
				}
			}
		})
	}
	group.Wait()
}

// setClock moves the wall clock of a time and leaves its monotonic clock, as sleep
// does and a clock that is set (bit layout: package time).
func setClock(t time.Time, d time.Duration) time.Time {
	*(*uint64)(unsafe.Pointer(&t)) += uint64(d/time.Second) << 30
	return t
}

// TestTokenGoesByTheWallClock: what a service gets is good by the clock that a
// machine has by then, whatever its monotonic clock did meanwhile
// (opentdf/platform#1854, w3c/hr-time#115, nodejs/node#47724, web-push-php#61).
func TestTokenGoesByTheWallClock(t *testing.T) {
	endpoint := newEndpoint(t, "https://fcm.googleapis.com/fcm/send/x")
	for _, test := range []struct {
		clock time.Duration
		fresh bool
	}{
		{0, false},
		{time.Minute, false},
		{tokenUse - time.Second, false},
		{tokenUse, true},
		{13 * time.Hour, true},       // slept: the token has expired
		{400 * 24 * time.Hour, true}, // of a clock that had lost its battery
		{-time.Second, true},
		{-11 * time.Hour, true},
		{-13 * time.Hour, true}, // set back: the token expires too far ahead
		{-30 * time.Hour, true},
		{-400 * 24 * time.Hour, true},
	} {
		signer := newCountingSigner(t)
		vapid, now := newVAPID(t, signer, ""), time.Now()
		if _, err := vapid.authorization(t.Context(), endpoint, now); err != nil {
			t.Fatal(err)
		}
		then := setClock(now, test.clock)
		header, err := vapid.authorization(t.Context(), endpoint, then)
		if err != nil {
			t.Fatal(err)
		}
		token, err := ParseAuthorization(header)
		if err != nil {
			t.Fatal(err)
		}
		if err := token.Verify(t.Context(), Verify, endpoint.Origin(), then.Round(0)); err != nil {
			t.Errorf("clock %v on: %v", test.clock, err)
		}
		if fresh := signer.asked.Load() > 1; fresh != test.fresh {
			t.Errorf("clock %v on: signed anew is %t", test.clock, fresh)
		}
		if len(vapid.tokens) != 1 {
			t.Errorf("clock %v on: %d tokens", test.clock, len(vapid.tokens))
		}
	}
}

func TestForget(t *testing.T) {
	signer := newCountingSigner(t)
	vapid := newVAPID(t, signer, "")
	here, there := newEndpoint(t, "https://push.example.net/a"), newEndpoint(t, "https://fcm.googleapis.com/a")
	for _, step := range []struct {
		forget   Endpoint
		endpoint Endpoint
		asked    int32
	}{
		{Endpoint{}, here, 1}, {Endpoint{}, there, 2}, {newEndpoint(t, "https://push.example.net:443/b"), there, 2},
		{Endpoint{}, here, 3}, {newEndpoint(t, "https://push.example.net:8443/a"), here, 3},
	} {
		vapid.Forget(step.forget)
		if _, err := vapid.Authorization(t.Context(), step.endpoint); err != nil {
			t.Fatal(err)
		}
		if asked := signer.asked.Load(); asked != step.asked {
			t.Errorf("%d tokens were made, want %d", asked, step.asked)
		}
	}
}
