package config

import (
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"

	"pushcall/internal/jsonobject"
	"pushcall/webpush"
)

func parse(t *testing.T, text, base string) (*Config, error) {
	t.Helper()
	page, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	return Parse([]byte(text), page)
}

func newKey(t *testing.T) (private, public string) {
	t.Helper()
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	text, err := key.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	return string(text), key.Public().String()
}

func TestParse(t *testing.T) {
	private, public := newKey(t)
	c, err := parse(t, `{
		"relays": ["relay", "https://relay.example/carry", "http://localhost:8081/"],
		"iceServers": [
			{"urls": "stun:stun.example"},
			{"urls": ["turn:turn.example:3478?transport=udp", "turns:turn.example"], "username": "u", "credential": "c"}
		],
		"applicationKeys": {"privateKey": "`+private+`", "publicKey": "`+public+`"},
		"contact": "mailto:operator@example.com"
	}`, "https://page.example/below/")
	if err != nil {
		t.Fatal(err)
	}
	var relays []string
	for _, relay := range c.Relays {
		relays = append(relays, relay.String())
	}
	if got := strings.Join(relays, " "); got != "https://page.example/below/relay https://relay.example/carry http://localhost:8081/" {
		t.Errorf("the relays are %s", got)
	}
	if len(c.ICEServers) != 2 || c.ICEServers[0].URLs[0] != "stun:stun.example" || len(c.ICEServers[1].URLs) != 2 ||
		c.ICEServers[1].Username != "u" || c.ICEServers[1].Credential != "c" || !c.TURN() {
		t.Errorf("the servers are %v", c.ICEServers)
	}
	if c.Key.Public().String() != public || c.Contact != "mailto:operator@example.com" {
		t.Errorf("the key is that of %s, the contact %s", c.Key.Public(), c.Contact)
	}
}

func TestDefaults(t *testing.T) {
	for base, contact := range map[string]string{"https://page.example:8443/below/": "https://page.example:8443", "http://localhost:8080/": ""} {
		c, err := parse(t, " {}\n", base)
		if err != nil {
			t.Fatal(err)
		}
		if c.Relays != nil || c.ICEServers != nil || !c.Key.IsZero() || c.Contact != contact || c.TURN() {
			t.Errorf("at %s: %+v", base, c)
		}
	}
}

func TestMistakes(t *testing.T) {
	private, _ := newKey(t)
	_, other := newKey(t)
	for text, want := range map[string]string{
		`{"relay": ["relay"]}`:                                     "relay: is none of the settings relays, iceServers, applicationKeys and contact",
		`{"relays": "relay"}`:                                      "relays: has to be a list of addresses",
		`{"relays": ["relay", 1]}`:                                 "relays: has to be a list of addresses",
		`{"relays": ["relay", ""]}`:                                "relays[1]: has to be an address that begins with https://, or one relative to the page",
		`{"relays": ["http://a.example"]}`:                         "relays[0]: has to be an address that begins with https://, or one relative to the page",
		`{"relays": ["https://"]}`:                                 "relays[0]: has to be an address that begins with https://, or one relative to the page",
		`{"relays": ["https://u:p@a.example/"]}`:                   "relays[0]: has to be an address that begins with https://, or one relative to the page",
		`{"relays": ["javascript:alert(1)"]}`:                      "relays[0]: has to be an address that begins with https://, or one relative to the page",
		`{"iceServers": {}}`:                                       "iceServers: has to be a list of objects",
		`{"iceServers": ["stun:a"]}`:                               "iceServers: has to be a list of objects",
		`{"iceServers": [{}]}`:                                     "iceServers[0].urls: has to be an address or a list of them",
		`{"iceServers": [{"urls": []}]}`:                           "iceServers[0].urls: has to be an address or a list of them",
		`{"iceServers": [{"urls": ["stun:a", 1]}]}`:                "iceServers[0].urls: has to be an address or a list of them",
		`{"iceServers": [{"url": "stun:a"}]}`:                      "iceServers[0].url: is none of the settings urls, username and credential",
		`{"iceServers": [{"urls": "a.example"}]}`:                  "iceServers[0].urls: has to be like stun:HOST:PORT or turn:HOST:PORT",
		`{"iceServers": [{"urls": "stun://a"}]}`:                   "iceServers[0].urls: has to be like stun:HOST:PORT or turn:HOST:PORT",
		`{"iceServers": [{"urls": "stun:a"}, {"urls": "turn:a"}]}`: "iceServers[1].username: is what a TURN server asks for",
		`{"iceServers": [{"urls": "turns:a", "username": "u"}]}`:   "iceServers[0].credential: is what a TURN server asks for",
		`{"applicationKeys": "x"}`:                                 "applicationKeys: has to be an object",
		`{"applicationKeys": {}}`:                                  "applicationKeys.privateKey: has to be a P-256 key of 32 octets in base64url",
		`{"applicationKeys": {"privateKey": "AAAA"}}`:              "applicationKeys.privateKey: has to be a P-256 key of 32 octets in base64url",
		`{"applicationKeys": {"secret": "AAAA"}}`:                  "applicationKeys.secret: is none of the settings privateKey and publicKey",
		`{"applicationKeys": {"privateKey": "` + private + `", "publicKey": "` + other + `"}}`: "applicationKeys.publicKey: is not the one of the private key",
		`{"contact": 1}`:                      "contact: has to be like mailto:somebody@example.com or https://example.com",
		`{"contact": "operator@example.com"}`: "contact: has to be like mailto:somebody@example.com or https://example.com",
		`{"contact": "mailto:"}`:              "contact: has to be like mailto:somebody@example.com or https://example.com",
	} {
		_, err := parse(t, text, "https://page.example/")
		if err == nil || err.Error() != want || !IsField(err) {
			t.Errorf("%s gives %v, want %s", text, err, want)
		}
		if err != nil && strings.Contains(err.Error(), private) {
			t.Error("the error tells the key")
		}
	}
	if _, err := parse(t, `{"relays": []`, "https://page.example/"); !errors.Is(err, jsonobject.ErrSyntax) {
		t.Errorf("half a file gives %v", err)
	}
}

// TestOwn: the repository's web/config.json is valid.
func TestOwn(t *testing.T) {
	text, err := os.ReadFile("../../web/config.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parse(t, string(text), "https://page.example/"); err != nil {
		t.Error(err)
	}
}

// TestServers: Parse accepts the servers that browsers accept, and no others.
func TestServers(t *testing.T) {
	for text, good := range map[string]bool{
		"stun:a": true, "stuns:a.example:5349": true, "turn:192.0.2.1": true, "turn:[2001:db8::1]:3478?transport=tcp": true, "turns:a_b-c.example:443": true,
		"turn:a?transport=udp": true, "turn:a:1": true, "turn:a:65535": true,
		"": false, "stun": false, "stun:": false, "a.example": false, "http:a": false, "STUN:a": false, "stun://a": false, "stun:a/b": false, "stun:u@a": false,
		"stun:a#b": false, "stun:a b": false, "stun:a:": false, "stun::1": false, "turn:a:0": false, "turn:a:65536": false, "turn:a:b": false,
		"stun:a?transport=udp": false, "turn:a?transport=sctp": false, "turn:a?": false, "turn:2001:db8::1": false, "turn:[a]": false, "turn:[192.0.2.1]": false,
		"turn:[fe80::1%25eth0]": false, "stun:ü.example": false, "stun:a%2eb": false,
	} {
		err := ICEServer{[]string{text}, "u", "c"}.check()
		if (err == nil) != good {
			t.Errorf("%q gives %v", text, err)
		}
	}
}

func TestWith(t *testing.T) {
	host, err := parse(t, `{"relays": ["relay"], "iceServers": [{"urls": "stun:host.example"}, {"urls": ["turn:host.example"], "username": "h", "credential": "secret"}]}`, "https://page.example/below/")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := host.Host(), (Own{Servers: "stun:host.example\nturn:host.example", Relay: "https://page.example/below/relay"}); got != want {
		t.Errorf("the host has %+v", got)
	}
	same, err := host.With(Own{Servers: " \n", Username: "u", Relay: " "})
	if err != nil || len(same.ICEServers) != 2 || same.Relays[0] != host.Relays[0] {
		t.Errorf("with nothing of one's own: %+v, %v", same, err)
	}
	own, err := host.With(Own{Servers: " stun:own.example\r\n\nturn:own.example ", Username: " u ", Credential: " c ", Relay: " https://own.example/relay\n"})
	if err != nil {
		t.Fatal(err)
	}
	if len(own.ICEServers) != 1 || strings.Join(own.ICEServers[0].URLs, " ") != "stun:own.example turn:own.example" ||
		own.ICEServers[0].Username != "u" || own.ICEServers[0].Credential != " c " || !own.TURN() {
		t.Errorf("the servers are %+v", own.ICEServers)
	}
	if len(own.Relays) != 1 || own.Relays[0].String() != "https://own.example/relay" || len(host.ICEServers) != 2 {
		t.Errorf("the relays are %v, and the host has %+v", own.Relays, host.ICEServers)
	}
	for field, own := range map[string]Own{
		OwnServers:    {Servers: "stun:a\nb.example"},
		OwnUsername:   {Servers: "turn:a", Credential: "c"},
		OwnCredential: {Servers: "stun:a turn:a", Username: "u"},
		OwnRelay:      {Relay: "relay.example"},
	} {
		var wrong *FieldError
		if _, err := host.With(own); !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%+v gives %v", own, err)
		}
	}
	for _, relay := range []string{"relay", "/relay", "//own.example/relay", "http://own.example", "own.example:443", "https://u:p@own.example/", "javascript:alert(1)//://"} {
		if _, err := host.With(Own{Relay: relay}); err == nil {
			t.Errorf("%q is a relay", relay)
		}
	}
}

// FuzzWith: With refuses a person's servers, or browsers accept them.
func FuzzWith(f *testing.F) {
	f.Add("turn:a:1\nstun:b", "u", "c", "https://a/")
	host, err := Parse([]byte("{}"), &url.URL{Scheme: "https", Host: "page.example", Path: "/"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, servers, username, credential, relay string) {
		c, err := host.With(Own{servers, username, credential, relay})
		if err != nil {
			return
		}
		for _, s := range c.ICEServers {
			if c.TURN() && (s.Username == "" || s.Credential == "") {
				t.Errorf("%q has nobody's name", servers)
			}
		}
		for _, relay := range c.Relays {
			if relay.Scheme != "https" && relay.Scheme != "http" || relay.Host == "" {
				t.Errorf("a relay is %q", relay)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(`{"relays": ["relay"], "iceServers": [{"urls": ["turn:a"], "username": "u", "credential": "c"}], "contact": "mailto:a@b"}`)
	page := &url.URL{Scheme: "https", Host: "page.example", Path: "/"}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse([]byte(text), page)
		if err != nil {
			return
		}
		for _, relay := range c.Relays {
			if relay.Scheme != "https" && relay.Scheme != "http" || relay.Host == "" {
				t.Errorf("a relay is %q", relay)
			}
		}
	})
}
