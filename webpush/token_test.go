//go:build !js

package webpush

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
)

// rfcToken is the token of RFC 8292, Section 2.4 as a header.
func rfcToken(t testing.TB) (v vector, authorization string) {
	v = loadVector(t, "rfc8292-2.4.txt")
	return v, "vapid t=" + v.text(t, "t") + ", k=" + v.text(t, "k")
}

func TestRFC8292(t *testing.T) {
	v, authorization := rfcToken(t)
	token, err := ParseAuthorization(authorization)
	if err != nil {
		t.Fatal(err)
	}
	if token.Audience != v.text(t, "aud") || token.Subject != v.text(t, "sub") || token.Key.String() != v.text(t, "k") {
		t.Errorf("%+v", token)
	}
	expires := time.Unix(1453523768, 0)
	if !token.Expires.Equal(expires) {
		t.Errorf("expires %v, want %v", token.Expires, expires)
	}

	forged, badKey := token, token
	forged.signature = bytes.Clone(token.signature)
	forged.signature[63] ^= 1
	badKey.Key, _ = ParsePublicKey(pointText)
	for name, test := range map[string]struct {
		token    Token
		audience string
		now      time.Time
		want     error
	}{
		"good":                {token, token.Audience, expires.Add(-time.Hour), nil},
		"in its last second":  {token, token.Audience, expires.Add(-1), nil},
		"expired":             {token, token.Audience, expires, ErrTokenExpired},
		"24 hours ahead":      {token, token.Audience, expires.Add(-24 * time.Hour), nil},
		"and a bit":           {token, token.Audience, expires.Add(-24*time.Hour - 1), ErrToken},
		"another port":        {token, "https://push.example.net:8443", expires.Add(-time.Hour), ErrAudience},
		"another signature":   {forged, token.Audience, expires.Add(-time.Hour), ErrSignature},
		"signed by other key": {badKey, token.Audience, expires.Add(-time.Hour), ErrSignature},
		"no token":            {Token{}, "", expires, ErrTokenExpired},
	} {
		if err := test.token.Verify(t.Context(), Verify, test.audience, test.now); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

// TestTokenRoundTrip: what VAPID makes passes Verify, for as long as a clock
// may be wrong.
func TestTokenRoundTrip(t *testing.T) {
	key, err := GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	for _, subject := range []string{"", "mailto:push@example.com"} {
		vapid := newVAPID(t, NewSigner(key), subject)
		endpoint := newEndpoint(t, "http://localhost:8089/wpush/v2/abc")
		now := time.Now()
		authorization, err := vapid.authorization(t.Context(), endpoint, now)
		if err != nil {
			t.Fatal(err)
		}
		token, err := ParseAuthorization(authorization)
		if err != nil {
			t.Fatal(err)
		}
		if token.Key != key.Public() || token.Subject != subject {
			t.Errorf("%+v", token)
		}
		for _, clock := range []time.Duration{-12 * time.Hour, 0, tokenUse, 2*tokenUse - time.Second} {
			if err := token.Verify(t.Context(), Verify, endpoint.Origin(), now.Add(clock)); err != nil {
				t.Errorf("%v later: %v", clock, err)
			}
		}
	}
}

func TestParseAuthorizationForms(t *testing.T) {
	v, authorization := rfcToken(t)
	want, err := ParseAuthorization(authorization)
	if err != nil {
		t.Fatal(err)
	}
	jwt, key := v.text(t, "t"), v.text(t, "k")
	for _, form := range []string{
		"VAPID t=" + jwt + ",k=" + key,
		"vapid k=" + key + ", t=" + jwt,
		"vapid  K=" + key + "= ,\tT=" + jwt,
		`vapid t="` + jwt + `", k="` + key + `"`,
		"vapid t=" + jwt + ", k=" + key + ", unknown=1",
	} {
		got, err := ParseAuthorization(form)
		if err != nil || got.Key != want.Key || got.signed != want.signed || !bytes.Equal(got.signature, want.signature) {
			t.Errorf("%.20s…: %+v, %v", form, got, err)
		}
	}
}

func TestParseAuthorizationRefuses(t *testing.T) {
	v, authorization := rfcToken(t)
	jwt, key := v.text(t, "t"), v.text(t, "k")
	parts := strings.Split(jwt, ".")
	with := func(jose, claims, signature string) string {
		return "vapid t=" + jose + "." + claims + "." + signature + ", k=" + key
	}
	part := func(json string) string { return encodeBase64([]byte(json)) }
	for name, header := range map[string]string{
		"empty":             "",
		"scheme only":       "vapid",
		"other scheme":      "WebPush" + authorization[len("vapid"):],
		"no t":              "vapid k=" + key,
		"no k":              "vapid t=" + jwt,
		"bad k":             "vapid t=" + jwt + ", k=AA",
		"two parts":         "vapid t=" + parts[0] + "." + parts[1] + ", k=" + key,
		"four parts":        "vapid t=" + jwt + ".AA, k=" + key,
		"header not base64": with("!", parts[1], parts[2]),
		"header not JSON":   with(part("{"), parts[1], parts[2]),
		"not signed":        with(part(`{"typ":"JWT","alg":"none"}`), parts[1], ""),
		"HMAC":              with(part(`{"typ":"JWT","alg":"HS256"}`), parts[1], parts[2]),
		"claims not JSON":   with(parts[0], part("nothing"), parts[2]),
		"claims an array":   with(parts[0], part("[]"), parts[2]),
		"aud an array":      with(parts[0], part(`{"aud":["a"],"exp":1}`), parts[2]),
		"exp a string":      with(parts[0], part(`{"aud":"a","exp":"1"}`), parts[2]),
		"exp negative":      with(parts[0], part(`{"aud":"a","exp":-1}`), parts[2]),
		"exp far away":      with(parts[0], part(`{"aud":"a","exp":253402300800}`), parts[2]),
		"exp too far away":  with(parts[0], part(`{"aud":"a","exp":1e308}`), parts[2]),
		"short signature":   with(parts[0], parts[1], encodeBase64(make([]byte, 63))),
		"long signature":    with(parts[0], parts[1], encodeBase64(make([]byte, 65))),
	} {
		if token, err := ParseAuthorization(header); !errors.Is(err, ErrToken) {
			t.Errorf("%s: %+v, %v", name, token, err)
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	key, err := GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	message := []byte("message")
	signature, err := NewSigner(key).Sign(t.Context(), message)
	if err != nil {
		t.Fatal(err)
	}
	if err := Verify(t.Context(), key.Public(), message, signature); err != nil {
		t.Error(err)
	}
	for name, test := range map[string]struct {
		key                PublicKey
		message, signature []byte
		want               error
	}{
		"other message":   {key.Public(), []byte("Message"), signature, ErrSignature},
		"no signature":    {key.Public(), message, nil, ErrSignature},
		"short signature": {key.Public(), message, signature[:63], ErrSignature},
		"long signature":  {key.Public(), message, append(bytes.Clone(signature), 0), ErrSignature},
		"zeros":           {key.Public(), message, make([]byte, 64), ErrSignature},
		"r and s swapped": {key.Public(), message, append(bytes.Clone(signature[32:]), signature[:32]...), ErrSignature},
		"no key":          {PublicKey{}, message, signature, ErrPublicKey},
	} {
		if err := Verify(t.Context(), test.key, test.message, test.signature); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
	if _, err := NewSigner(ApplicationServerKey{}).Sign(t.Context(), message); !errors.Is(err, ErrApplicationServerKey) {
		t.Errorf("signer without key: %v", err)
	}
}

func FuzzParseAuthorization(f *testing.F) {
	v, authorization := rfcToken(f)
	f.Add(authorization)
	f.Add("vapid k=" + v.text(f, "k") + `,t="` + v.text(f, "t") + `"`)
	f.Add("vapid t=e30.e30.e30, k=" + v.text(f, "k"))
	f.Fuzz(func(t *testing.T, header string) {
		token, err := ParseAuthorization(header)
		if err != nil {
			if !errors.Is(err, ErrToken) {
				t.Fatalf("undocumented error %v", err)
			}
			return
		}
		again, err := ParseAuthorization("vapid t=" + token.signed + "." + encodeBase64(token.signature) + ", k=" + token.Key.String())
		if err != nil || again.Audience != token.Audience || again.Subject != token.Subject || !again.Expires.Equal(token.Expires) ||
			again.Key != token.Key || again.signed != token.signed || !bytes.Equal(again.signature, token.signature) {
			t.Fatalf("%+v reads back as %+v, %v", token, again, err)
		}
	})
}
