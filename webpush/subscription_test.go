package webpush

import (
	"errors"
	"testing"
)

func TestNewSubscription(t *testing.T) {
	const endpoint, auth = "https://push.example.net/p", "BTBZMqHH6r4Tts7J_aSIgg"
	sub, err := NewSubscription(endpoint, pointText, auth)
	if err != nil {
		t.Fatal(err)
	}
	if sub.Endpoint.String() != endpoint || sub.UAPublic.String() != pointText || encodeBase64(sub.AuthSecret[:]) != auth {
		t.Errorf("%v", sub)
	}
	for _, text := range spellings(auth) {
		if same, err := NewSubscription(endpoint, pointText, text); err != nil || same != sub {
			t.Errorf("auth %s: %v", text, err)
		}
	}

	for name, test := range map[string]struct {
		endpoint, p256dh, auth string
		want                   error
	}{
		"no endpoint":    {"", pointText, auth, ErrEndpoint},
		"no p256dh":      {endpoint, "", auth, ErrPublicKey},
		"no auth":        {endpoint, pointText, "", ErrAuthSecret},
		"auth, no text":  {endpoint, pointText, "!", ErrAuthSecret},
		"auth 15 octets": {endpoint, pointText, encodeBase64(make([]byte, 15)), ErrAuthSecret},
		"auth 17 octets": {endpoint, pointText, encodeBase64(make([]byte, 17)), ErrAuthSecret},
	} {
		if sub, err := NewSubscription(test.endpoint, test.p256dh, test.auth); !errors.Is(err, test.want) || sub != (Subscription{}) {
			t.Errorf("%s: %v, %v", name, sub, err)
		}
	}
}
