package signaling

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"pushcall/webpush"
)

// Endpoints as push services give them, with tokens of the length that theirs
// have.
var (
	fcmEndpoint     = "https://fcm.googleapis.com/fcm/send/" + strings.Repeat("c", 11) + ":APA91b" + strings.Repeat("x", 134)
	mozillaEndpoint = "https://updates.push.services.mozilla.com/wpush/v2/" + strings.Repeat("g", 183)
	appleEndpoint   = "https://web.push.apple.com/" + strings.Repeat("Q", 171)
	windowsEndpoint = "https://wns2-am3p.notify.windows.com/w/?token=" + strings.Repeat("BQ%2b", 40) + "%3d"
)

func withURL(t testing.TB, card Card, endpoint string) Card {
	t.Helper()
	var err error
	if card.Subscription.Endpoint, err = webpush.ParseEndpoint(endpoint); err != nil {
		t.Fatal(err)
	}
	return card
}

// A typical card takes 327 to 355 characters in a link, where its JSON has 528
// to 574: with an address before it a QR code of version 12 or 13, at most 69
// by 69 modules.
func TestLinkSize(t *testing.T) {
	full := mustParseCard(t, fullJSON)
	full.Name = "Grace"
	for _, test := range []struct {
		name, endpoint string
		short, json    int
	}{
		{"FCM", fcmEndpoint, 327, 528},
		{"Mozilla", mozillaEndpoint, 355, 574},
		{"Apple", appleEndpoint, 343, 538},
		{"Windows", windowsEndpoint, 487, 589},
		{"unknown", "https://push.example.com/send?to=" + strings.Repeat("x", 100), 304, 473},
	} {
		card := withURL(t, full, test.endpoint)
		short, json := card.Short(), card.JSON()
		if len(short) != test.short || len(json) != test.json {
			t.Errorf("%s: %d characters, and %d of JSON; want %d and %d", test.name, len(short), len(json), test.short, test.json)
		}
		if back, err := ParseCard(short); err != nil || back != card {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestShortForms(t *testing.T) {
	full, plain := mustParseCard(t, fullJSON), mustParseCard(t, plainJSON)
	onlyKey, onlyIdentity := full, full
	onlyKey.Identity = webpush.PublicKey{}
	onlyIdentity.Key = webpush.ApplicationServerKey{}
	longest := full
	longest.Name = strings.Repeat("😀", maxName)
	most := "https://push.example/" + strings.Repeat("-/", (webpush.MaxEndpoint-21)/2) + "x"
	for name, card := range map[string]Card{
		"full": full, "plain": plain, "key": onlyKey, "identity": onlyIdentity, "longest name": longest,
		"origin":           withURL(t, full, "https://push.example/"),
		"loopback":         withURL(t, full, "http://localhost:1234/x?y=z"),
		"Chromium's own":   withURL(t, full, "https://jmt17.google.com/fcm/send/a:b"),
		"newer FCM":        withURL(t, full, "https://fcm.googleapis.com/wp/a:b"),
		"runs of each":     withURL(t, full, "https://updates.push.services.mozilla.com/wpush/v2/a.bb..ccc...dddd"),
		"ends in no run":   withURL(t, full, "https://web.push.apple.com/abc=="),
		"longest endpoint": withURL(t, full, most[:webpush.MaxEndpoint]),
		"one less":         withURL(t, full, most[:webpush.MaxEndpoint-1]),
	} {
		short := card.Short()
		for form, text := range map[string]string{
			"by itself":   short,
			"a URL":       CardScheme + short,
			"in words":    "Call me: <" + CardScheme + short + ">\n\nGrace",
			"handed over": CardFragment + strings.NewReplacer("+", "%2B", ":", "%3A").Replace(CardScheme) + short,
			"copied":      "\n “" + short + "”\r\n",
			"link":        "https://pushcall.example/" + "#card=" + short,
			"with words":  "Call me: <https://pushcall.example/app/?x=1#card=" + short + ">. Grace",
			"with a line": "https://pushcall.example/#card=" + short + "\n\n-- \nGrace",
		} {
			if back, err := ParseCard(text); err != nil || back != card {
				t.Errorf("%s, %s: %v", name, form, err)
			}
		}
	}
	const base = "https://pushcall.example/app/"
	if got := full.Link(base + "#card=old"); got != base+"#card="+full.Short() {
		t.Errorf("the link is %s", got)
	}
	if hash := "https://pushcall.example/#card="; mustParseCard(t, replaceOnce(t, fullJSON, "Zoë", hash)).Name != hash+` "Z" 😀` {
		t.Error("a name that looks like a link is a name all the same")
	}
}

func TestShortRefuses(t *testing.T) {
	full := mustParseCard(t, fullJSON)
	summed := func(octets []byte) string {
		sum := sha256.Sum256(octets)
		return base64.RawURLEncoding.EncodeToString(append(octets, sum[:shortSum]...))
	}
	changed := func(change func([]byte) []byte) string { return summed(change(full.short())) }
	short := full.Short()
	for name, text := range map[string]string{
		"empty":              "",
		"cut":                short[:len(short)-1],
		"cut by a group":     short[:len(short)-4],
		"half":               short[:len(short)/2],
		"longer":             short + "AAAA",
		"letter changed":     short[:50] + string(short[50]^1) + short[51:],
		"key by itself":      identity,
		"nothing":            summed(nil),
		"other version":      changed(func(b []byte) []byte { b[0] += 1 << 4; return b }),
		"unknown part":       changed(func(b []byte) []byte { b[0] |= 1 << 2; return b }),
		"p256dh off curve":   changed(func(b []byte) []byte { b[1] = 5; return b }),
		"no private key":     changed(func(b []byte) []byte { clear(b[50:82]); return b }),
		"identity off curve": changed(func(b []byte) []byte { b[82] = 0; return b }),
		"unknown prefix":     changed(func(b []byte) []byte { b[115] = byte(len(endpointPrefixes)); return b }),
		"another prefix":     changed(func(b []byte) []byte { b[115] = 2; return b[:116] }),
		"name not clean":     changed(func(b []byte) []byte { return append(b, ' ') }),
		"name not UTF-8":     changed(func(b []byte) []byte { return append(b, 0xff) }),
		"first octet":        summed([]byte{shortVersion | shortKey | shortIdentity}),
		"octets of nothing":  summed(make([]byte, 100)),
		"long run":           changed(func(b []byte) []byte { return append(b[:116], 0xff, 0xff, 0x7f) }),
		"endless run": changed(func(b []byte) []byte {
			return append(b[:116], 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1)
		}),
	} {
		card, err := ParseCard("https://pushcall.example/#card=" + text)
		if !errors.Is(err, ErrShortCard) || card != (Card{}) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (strings.Contains(err.Error(), privateKey) || strings.Contains(err.Error(), endpoint)) {
			t.Errorf("%s: the error tells a secret: %v", name, err)
		}
	}
}

// FuzzShortCard: octets with a sum of their own are read into a card that is
// written as the same octets, or not at all.
func FuzzShortCard(f *testing.F) {
	full := mustParseCard(f, fullJSON)
	f.Add(full.short())
	f.Add(mustParseCard(f, plainJSON).short())
	for _, endpoint := range []string{fcmEndpoint, mozillaEndpoint, appleEndpoint, windowsEndpoint, "http://localhost:1/x"} {
		f.Add(withURL(f, full, endpoint).short())
	}
	f.Fuzz(func(t *testing.T, octets []byte) {
		sum := sha256.Sum256(octets)
		text := base64.RawURLEncoding.EncodeToString(append(octets[:len(octets):len(octets)], sum[:shortSum]...))
		card, err := ParseCard("https://x/#card=" + text)
		if err != nil {
			if card != (Card{}) {
				t.Fatalf("%v with %+v", err, card)
			}
			return
		}
		if card.Short() != text {
			t.Fatalf("%s became %s", text, card.Short())
		}
		if back := mustParseCard(t, string(card.JSON())); back != card {
			t.Fatalf("%s is another card in JSON", text)
		}
	})
}
