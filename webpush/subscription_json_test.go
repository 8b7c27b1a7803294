//go:build !js

package webpush

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// plainSubscription is what a browser gives, without white space.
const plainSubscription = `{"endpoint":"https://push.example.net/p","expirationTime":null,"keys":{"p256dh":"` + pointText + `","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}`

// changed returns plainSubscription with one text in place of another.
func changed(t testing.TB, old, new string) string {
	t.Helper()
	if strings.Count(plainSubscription, old) != 1 {
		t.Fatalf("%q is not in the subscription once", old)
	}
	return strings.Replace(plainSubscription, old, new, 1)
}

// TestSubscriptionOfBrowsers reads what JSON.stringify made of a PushSubscription
// of the lab in Firefox 153 and in Chromium 156.
func TestSubscriptionOfBrowsers(t *testing.T) {
	for file, service := range map[string]string{"firefox": "loopback", "chromium": "FCM"} {
		text, err := os.ReadFile(filepath.Join("testdata", "subscription-"+file+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var sub Subscription
		if err := json.Unmarshal(text, &sub); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if sub.Endpoint.Service().Name != service {
			t.Errorf("%s: the service is %+v", file, sub.Endpoint.Service())
		}
		var want struct {
			Endpoint string
			Keys     struct{ P256dh, Auth string }
		}
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		if sub.Endpoint.String() != want.Endpoint || sub.UAPublic.String() != want.Keys.P256dh || encodeBase64(sub.AuthSecret[:]) != want.Keys.Auth {
			t.Errorf("%s: %v", file, sub)
		}
	}
}

func TestSubscriptionJSON(t *testing.T) {
	want, err := NewSubscription("https://push.example.net/p", pointText, "BTBZMqHH6r4Tts7J_aSIgg")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"as it is":                plainSubscription,
		"expires":                 changed(t, "null", "1790000000000"),
		"expires within a ms":     changed(t, "null", "1790000000000.25"),
		"without expirationTime":  changed(t, `"expirationTime":null,`, ""),
		"expirationTime no time":  changed(t, "null", `["soon"]`),
		"a member more":           changed(t, `"keys"`, `"vapid":{"privateKey":"x"},"options":[1,{"a":null}],"keys"`),
		"a key more":              changed(t, `"auth"`, `"x25519":"AAAA","auth"`),
		"a member of other case":  changed(t, `"keys"`, `"Endpoint":"x","KEYS":null,"keys"`),
		"an escape in a name":     changed(t, `"auth"`, `"\u0061uth"`),
		"escapes in a string":     changed(t, "https://", `https:\/\/`),
		"padded":                  changed(t, "aSIgg", "aSIgg=="),
		"in the other alphabet":   changed(t, "J_aSIgg", "J/aSIgg"),
		"white space":             " \n" + strings.NewReplacer(":{", " : {\n\t", ",", " ,\r\n").Replace(plainSubscription) + "\t",
		"keys before the others":  `{"keys":{"auth":"BTBZMqHH6r4Tts7J_aSIgg","p256dh":"` + pointText + `"},"endpoint":"https://push.example.net/p"}`,
		"endpoint in other cases": changed(t, "https://push.example.net", "https://PUSH.example.net:443"),
	} {
		var sub Subscription
		if err := json.Unmarshal([]byte(text), &sub); err != nil || sub != want {
			t.Errorf("%s: %v, %v", name, sub, err)
		}
	}

	text, err := json.Marshal(map[string]any{"sub": want, "at": &want})
	if err != nil {
		t.Fatal(err)
	}
	plain := changed(t, `"expirationTime":null,`, "")
	if got := string(text); got != `{"at":`+plain+`,"sub":`+plain+`}` {
		t.Errorf("written as %s", got)
	}
	var pointer *Subscription
	if err := json.Unmarshal([]byte("null"), &pointer); err != nil || pointer != nil {
		t.Errorf("a null for a pointer: %v, %v", pointer, err)
	}
}

func TestSubscriptionJSONRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want error // besides ErrSubscription
		says string
	}{
		"nothing":               {"", nil, ""},
		"null":                  {"null", nil, ""},
		"a string":              {`"https://push.example.net/p"`, nil, ""},
		"a list":                {"[" + plainSubscription + "]", nil, ""},
		"two objects":           {plainSubscription + plainSubscription, nil, ""},
		"cut":                   {plainSubscription[:len(plainSubscription)-1], nil, ""},
		"not UTF-8":             {changed(t, `"keys"`, "\"\xff\":1,\"keys\""), nil, ""},
		"an empty object":       {"{}", nil, "keys"},
		"no endpoint":           {changed(t, `"endpoint":"https://push.example.net/p",`, ""), nil, "endpoint is missing"},
		"no keys":               {`{"endpoint":"https://push.example.net/p"}`, nil, "keys is missing"},
		"no p256dh":             {changed(t, `"p256dh":"`+pointText+`",`, ""), nil, "p256dh is missing"},
		"no auth":               {changed(t, `,"auth":"BTBZMqHH6r4Tts7J_aSIgg"`, ""), nil, "auth is missing"},
		"neither key":           {`{"endpoint":"https://push.example.net/p","keys":{}}`, nil, "auth is missing"},
		"keys beside endpoint":  {`{"endpoint":"https://push.example.net/p","p256dh":"` + pointText + `","auth":"BTBZMqHH6r4Tts7J_aSIgg"}`, nil, "keys is missing"},
		"null endpoint":         {changed(t, `"https://push.example.net/p"`, "null"), nil, "endpoint is"},
		"null keys":             {`{"endpoint":"https://push.example.net/p","keys":null}`, nil, "keys is"},
		"keys in a list":        {`{"endpoint":"https://push.example.net/p","keys":[]}`, nil, "keys is"},
		"auth in a list":        {changed(t, `"BTBZMqHH6r4Tts7J_aSIgg"`, `["BTBZMqHH6r4Tts7J_aSIgg"]`), nil, "auth is"},
		"auth a number":         {changed(t, `"BTBZMqHH6r4Tts7J_aSIgg"`, "16"), nil, "auth is"},
		"empty p256dh":          {changed(t, pointText, ""), nil, "p256dh is"},
		"two endpoints":         {changed(t, `"keys"`, `"endpoint":"https://push.example.net/q","keys"`), nil, "endpoint"},
		"one endpoint twice":    {changed(t, `"keys"`, `"endpoint":"https://push.example.net/p","keys"`), nil, "endpoint"},
		"a second one, escaped": {changed(t, `"keys"`, `"\u0065ndpoint":"https://push.example.net/q","keys"`), nil, "endpoint"},
		"keys twice":            {changed(t, `"keys"`, `"keys":{},"keys"`), nil, "keys"},
		"expirationTime twice":  {changed(t, `"keys"`, `"expirationTime":1,"keys"`), nil, "expirationTime"},
		"auth twice":            {changed(t, `"auth"`, `"auth":"AAAAAAAAAAAAAAAAAAAAAA","auth"`), nil, "keys"},
		"http":                  {changed(t, "https:", "http:"), ErrInsecureEndpoint, ""},
		"an endpoint gone":      {changed(t, "push.example.net", "permanently-removed.invalid"), ErrDeadEndpoint, ""},
		"a relative endpoint":   {changed(t, "https://push.example.net", ""), ErrEndpoint, ""},
		"auth of 15 octets":     {changed(t, "BTBZMqHH6r4Tts7J_aSIgg", encodeBase64(make([]byte, 15))), ErrAuthSecret, "15 octets"},
		"auth of 17 octets":     {changed(t, "BTBZMqHH6r4Tts7J_aSIgg", encodeBase64(make([]byte, 17))), ErrAuthSecret, "17 octets"},
		"auth of 65 octets":     {changed(t, "BTBZMqHH6r4Tts7J_aSIgg", pointText), ErrAuthSecret, "65 octets"},
		"p256dh of 64 octets":   {changed(t, pointText, encodeBase64(make([]byte, 64))), ErrPublicKey, "64 octets"},
		"p256dh off the curve":  {changed(t, pointText, encodeBase64(append([]byte{4}, make([]byte, 64)...))), ErrPublicKey, ""},
		"p256dh not base64":     {changed(t, pointText, "!"), ErrPublicKey, ""},
	} {
		before := Subscription{AuthSecret: [authSecretSize]byte{1}}
		sub := before
		err := sub.UnmarshalJSON([]byte(test.text))
		if !errors.Is(err, ErrSubscription) || test.want != nil && !errors.Is(err, test.want) || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", name, err)
		}
		if sub != before {
			t.Errorf("%s: changed the subscription to %v", name, sub)
		}
		if json.Unmarshal([]byte(test.text), &sub) == nil {
			t.Errorf("%s: encoding/json reads %v", name, sub)
		}
	}

	good, err := NewSubscription("https://push.example.net/p", pointText, "BTBZMqHH6r4Tts7J_aSIgg")
	if err != nil {
		t.Fatal(err)
	}
	for name, sub := range map[string]Subscription{
		"nothing": {}, "no endpoint": {UAPublic: good.UAPublic}, "no key": {Endpoint: good.Endpoint},
	} {
		if text, err := json.Marshal(sub); !errors.Is(err, ErrSubscription) {
			t.Errorf("%s: %s, %v", name, text, err)
		}
	}
}

// FuzzSubscriptionJSON: what is read is written and read again as the same, and
// encoding/json finds the same strings in it.
func FuzzSubscriptionJSON(f *testing.F) {
	f.Add([]byte(plainSubscription))
	f.Add([]byte(changed(f, `"keys"`, `"\u0065ndpoint":"x","keys"`)))
	f.Add([]byte(changed(f, "null", `[{"endpoint":"x"},"}"]`)))
	f.Add([]byte(changed(f, "net/p", `net\/p?\u0061=\"`)))
	f.Fuzz(func(t *testing.T, text []byte) {
		var sub Subscription
		if err := sub.UnmarshalJSON(text); err != nil {
			if !errors.Is(err, ErrSubscription) || sub != (Subscription{}) {
				t.Fatalf("%v, %v", sub, err)
			}
			return
		}
		written, err := json.Marshal(sub)
		if err != nil {
			t.Fatal(err)
		}
		var again Subscription
		if err := json.Unmarshal(written, &again); err != nil || again != sub {
			t.Fatalf("%s is read as %v, %v", written, again, err)
		}

		var members, keys map[string]json.RawMessage
		if json.Unmarshal(text, &members) != nil {
			return // the parser is more lenient than encoding/json
		}
		if err := json.Unmarshal(members["keys"], &keys); err != nil {
			t.Fatal(err)
		}
		var found [3]string
		for i, raw := range [][]byte{members["endpoint"], keys["p256dh"], keys["auth"]} {
			if err := json.Unmarshal(bytes.TrimSpace(raw), &found[i]); err != nil {
				t.Fatal(err)
			}
		}
		if same, err := NewSubscription(found[0], found[1], found[2]); err != nil || same != sub {
			t.Fatalf("%v, and to encoding/json %v, %v", sub, same, err)
		}
	})
}
