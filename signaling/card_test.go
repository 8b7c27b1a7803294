package signaling

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"pushcall/webpush"
)

// The keys of RFC 8291, Appendix A, and of RFC 8292, Section 2.4.
const (
	p256dh     = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
	auth       = "BTBZMqHH6r4Tts7J_aSIgg"
	privateKey = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
	identity   = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
	endpoint   = "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABn"

	plainJSON = `{"endpoint":"` + endpoint + `","keys":{"p256dh":"` + p256dh + `","auth":"` + auth + `"}}`
	fullJSON  = `{"endpoint":"` + endpoint + `","keys":{"p256dh":"` + p256dh + `","auth":"` + auth + `"},` +
		`"vapid":{"privateKey":"` + privateKey + `"},"identity":"` + identity + `","name":"Zoë \"Z\" 😀"}`
)

func mustParseCard(t testing.TB, text string) Card {
	t.Helper()
	card, err := ParseCard(text)
	if err != nil {
		t.Fatal(err)
	}
	return card
}

func TestParseCard(t *testing.T) {
	card := mustParseCard(t, fullJSON)
	if card.Subscription.Endpoint.String() != endpoint || card.Subscription.UAPublic.String() != p256dh || card.Subscription.AuthSecret[0] != 5 {
		t.Errorf("%+v", card.Subscription)
	}
	if key, err := card.Key.MarshalText(); err != nil || string(key) != privateKey || card.Identity.String() != identity {
		t.Errorf("%s, %v, %s", key, err, card.Identity)
	}
	if card.Name != `Zoë "Z" 😀` {
		t.Errorf("name %q", card.Name)
	}
	if got := string(card.JSON()); got != fullJSON {
		t.Errorf("JSON is %s", got)
	}
	plain := mustParseCard(t, plainJSON)
	if plain != (Card{Subscription: card.Subscription}) {
		t.Errorf("%+v", plain)
	}
	if got := string(plain.JSON()); got != plainJSON {
		t.Errorf("JSON is %s", got)
	}
}

func TestParseCardTolerates(t *testing.T) {
	plain := mustParseCard(t, plainJSON)
	for name, text := range map[string]string{
		"toJSON of a browser": strings.Replace(plainJSON, `"keys"`, `"expirationTime":null,"keys"`, 1),
		"unknown members":     strings.Replace(plainJSON, `"keys"`, `"x":[{"endpoint":1}],"keys"`, 1),
		"escapes":             strings.ReplaceAll(plainJSON, "/", `\/`),
		"padding":             strings.Replace(plainJSON, auth, auth+"==", 1),
		"white space":         "\ufeff \n" + plainJSON + "\u00a0\r\n",
		"lines":               strings.ReplaceAll(plainJSON, ",", ",\n\t"),
		"fence":               "```\n" + plainJSON + "\n```\n",
		"fence with language": "```json\n" + plainJSON + "\n```",
		"code":                "`" + plainJSON + "`",
		"console":             "'" + plainJSON + "'",
		"quotes":              "“" + plainJSON + "”",
		"name of no string":   strings.Replace(plainJSON, `"keys"`, `"name":7,"keys"`, 1),
		"name of nothing":     strings.Replace(plainJSON, `"keys"`, `"name":" \u202e\n","keys"`, 1),
	} {
		if card, err := ParseCard(text); err != nil || card != plain {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseCardRefuses(t *testing.T) {
	replace := func(old, new string) string { return replaceOnce(t, fullJSON, old, new) }
	for _, test := range []struct {
		name, text string
		want       error
	}{
		{"nothing", "", ErrNotJSON},
		{"text", "hello", ErrNotJSON},
		{"quotes", "``````", ErrNotJSON},
		{"URL", endpoint, ErrNotJSON},
		{"array", "[" + plainJSON + "]", ErrNotJSON},
		{"two", plainJSON + plainJSON, ErrNotJSON},
		{"cut short", plainJSON[:len(plainJSON)-1], ErrNotJSON},
		{"twice", replace(`{"p256dh"`, `{"auth":"","p256dh"`), ErrNotSubscription},
		{"twice above", replace(`{"endpoint"`, `{"endpoint":"","endpoint"`), ErrNotJSON},
		{"not UTF-8", replace("Zoë", "Zo\xeb"), ErrNotJSON},
		{"empty", "{}", ErrNotSubscription},
		{"no endpoint", replace(`"endpoint"`, `"end"`), webpush.ErrEndpoint},
		{"endpoint of no string", replace(`"`+endpoint+`"`, `1`), webpush.ErrEndpoint},
		{"http endpoint", replace("https:", "http:"), webpush.ErrInsecureEndpoint},
		{"endpoint of script", replace("https:", "javascript:"), webpush.ErrEndpoint},
		{"no keys", replace(`"keys"`, `"key"`), webpush.ErrPublicKey},
		{"keys of null", `{"endpoint":"` + endpoint + `","keys":null}`, webpush.ErrPublicKey},
		{"p256dh off the curve", replace(p256dh, p256dh[:86]+"0"), webpush.ErrPublicKey},
		{"short p256dh", replace(p256dh, p256dh[:86]), webpush.ErrPublicKey},
		{"no auth", replace(`"auth"`, `"a"`), webpush.ErrAuthSecret},
		{"short auth", replace(auth, auth[:20]), webpush.ErrAuthSecret},
		{"vapid of no object", replace(`{"privateKey":"`+privateKey+`"}`, `"x"`), ErrPrivateKey},
		{"vapid without key", replace("privateKey", "key"), ErrPrivateKey},
		{"short private key", replace(privateKey, privateKey[:42]), ErrPrivateKey},
		{"private key of zero", replace(privateKey, strings.Repeat("A", 43)), ErrPrivateKey},
		{"empty identity", replace(identity, ""), ErrIdentity},
		{"identity of no string", replace(`"`+identity+`"`, "null"), ErrIdentity},
		{"identity off the curve", replace(identity, identity[:86]+"0"), ErrIdentity},
	} {
		card, err := ParseCard(test.text)
		ours := errors.Is(err, ErrNotJSON) || errors.Is(err, ErrNotSubscription) || errors.Is(err, ErrPrivateKey) || errors.Is(err, ErrIdentity)
		if !ours || !errors.Is(err, test.want) || card != (Card{}) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
		for _, secret := range []string{privateKey, auth, endpoint} {
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error tells %s", test.name, secret)
			}
		}
	}
}

func TestCleanName(t *testing.T) {
	for name, want := range map[string]string{
		"":                                       "",
		"Ann":                                    "Ann",
		"  Ann \t\n B.  ":                        "Ann B.",
		"Ann\u00a0\u2003\u3000\u2800B":           "Ann B",
		"\u2800\u2800":                           "",
		"Ann\x00\x1b[31m\x7f":                    "Ann[31m",
		"a\u202eb\u2066c\u200fd":                 "abcd",
		"a\u200bb\u00adc\ufeffd":                 "abcd",
		"\u3164\u115f\uffa0\u034f":               "",
		"a\ufffdb\xffc":                          "abc",
		"a\ue000b":                               "ab",
		"\U000e0041a":                            "a",
		"Zoe\u0308":                              "Zoe\u0308",
		"\u0308Zoe":                              "Zoe",
		"a \u0308b":                              "a b",
		"a\u0301\u0302\u0303\u0304\u0305b\u0301": "a\u0301\u0302\u0303b\u0301",
		"❤\ufe0f":                                "❤\ufe0f",
		"👩\u200d🚀":                               "👩🚀",
		"Łukasz Żółć":                            "Łukasz Żółć",
		"محمد":                                   "محمد",
		"山田太郎":                                   "山田太郎",
		strings.Repeat("x", 39):                  strings.Repeat("x", 39),
		strings.Repeat("é", 40):                  strings.Repeat("é", 40),
		strings.Repeat("é", 41):                  strings.Repeat("é", 40),
		strings.Repeat("x", 39) + " y":           strings.Repeat("x", 39),
		strings.Repeat("x", 38) + " y":           strings.Repeat("x", 38) + " y",
	} {
		if got := CleanName(name); got != want {
			t.Errorf("CleanName(%q) = %q, want %q", name, got, want)
		}
	}
}

// JSON and Short also clean the name, so that a card survives a round trip.
func TestCardNameIsClean(t *testing.T) {
	card := mustParseCard(t, fullJSON)
	card.Name = " \u202eAnn\x00"
	if back := mustParseCard(t, string(card.JSON())); back.Name != "Ann" {
		t.Errorf("name %q", back.Name)
	}
}

func FuzzParseCard(f *testing.F) {
	f.Add(fullJSON)
	f.Add(plainJSON)
	f.Add("```json\n" + plainJSON + "\n```")
	f.Add(`{"endpoint":"http://localhost:1/x?y=\u0026","keys":{"p256dh":"` + p256dh + `","auth":"` + auth + `"},"name":"a\u0301\u0301\u0301\u0301"}`)
	f.Fuzz(func(t *testing.T, text string) {
		card, err := ParseCard(text)
		if err != nil {
			if card != (Card{}) {
				t.Fatalf("%v with %+v", err, card)
			}
			return
		}
		json := string(card.JSON())
		if back := mustParseCard(t, json); back != card {
			t.Fatalf("%q became %q", text, json)
		}
		if !utf8.ValidString(json) {
			t.Fatalf("%q is not UTF-8", json)
		}
	})
}

func FuzzCleanName(f *testing.F) {
	f.Add("  Ann \u202e\u0301 B.")
	f.Add("a\u0301\u0302\u0303\u200b\u0304")
	f.Fuzz(func(t *testing.T, name string) {
		clean := CleanName(name)
		if again := CleanName(clean); again != clean || utf8.RuneCountInString(clean) > maxName {
			t.Fatalf("%q became %q, then %q", name, clean, again)
		}
	})
}
