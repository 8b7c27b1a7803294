package signaling

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

// declaration is what the declarative push message parser of the W3C Push API
// returns: see there, "Declarative push message", and create a notification in the
// Notifications Standard.
type declaration struct {
	title    string
	navigate string
	data     string
	mutable  bool
}

// parseDeclaration is that parser, as far as the members go that Declare writes.
// scope is that of the service worker. It fails with false.
func parseDeclaration(text []byte, scope string) (d declaration, ok bool) {
	var message map[string]any
	if json.Unmarshal(text, &message) != nil || message["web_push"] != 8030.0 {
		return d, false
	}
	notification, ok := message["notification"].(map[string]any)
	if !ok {
		return d, false
	}
	title, hasTitle := notification["title"].(string)
	navigate, hasNavigate := notification["navigate"].(string)
	base, err := url.Parse(scope)
	if !hasTitle || !hasNavigate || err != nil {
		return d, false
	}
	target, err := base.Parse(navigate)
	if err != nil {
		return d, false
	}
	d = declaration{title: title, navigate: target.String()}
	d.data, _ = notification["data"].(string)
	d.mutable, _ = message["mutable"].(bool)
	inWebKit, _ := notification["mutable"].(bool)
	return d, d.mutable == inWebKit
}

func TestDeclare(t *testing.T) {
	alice, bob := newParty(t), newParty(t)
	hostile := alice.card
	hostile.Name = `"},"web_push":1,"title":"The Bank` // as far as it is a name
	for _, test := range []struct {
		message Message
		title   string
	}{
		{Message{Type: Offer, Description: described(ActPass)}, "Incoming call"},
		{Message{Type: Offer, Card: &hostile, Description: described(ActPass)}, "Incoming call"},
		{Message{Type: Cancel}, "Missed call"},
	} {
		test.message.Call, test.message.Time = CallID{1}, sealed
		payload := seal(t, test.message, alice, bob)
		for scope, page := range map[string]string{
			"https://example.com/":           "https://example.com/",
			"https://example.com/some/page/": "https://example.com/some/page/",
			"http://localhost:8080/":         "http://localhost:8080/",
		} {
			d, ok := parseDeclaration(Declare(payload, test.message.Type), scope)
			if want := (declaration{test.title, page, string(payload), true}); !ok || d != want {
				t.Errorf("%s: %+v, want %+v", test.message.Type, d, want)
			}
		}
	}
	for _, m := range []Message{{Type: Busy}, {Type: Decline}, {Type: Test}, {Type: Answer, Description: described(Active)}, {Type: CardChanged, Card: &alice.card}} {
		m.Call, m.Time = CallID{1}, sealed
		if payload := seal(t, m, alice, bob); string(Declare(payload, m.Type)) != string(payload) {
			t.Errorf("%s is declared, and nobody has to be told of it", m.Type)
		}
	}
}

// A payload too large to be wrapped stays unchanged.
func TestDeclareSize(t *testing.T) {
	empty := len(Declare(nil, Offer))
	for n, want := range map[int]int{MaxPayload - empty - 1: MaxPayload - 1, MaxPayload - empty: MaxPayload, MaxPayload - empty + 1: MaxPayload - empty + 1} {
		if got := len(Declare([]byte(strings.Repeat("x", n)), Offer)); got != want {
			t.Errorf("%d octets become %d, want %d", n, got, want)
		}
	}
	alice, bob := newParty(t), newParty(t)
	card := withEndpoint(t, alice.card, "https://web.push.apple.com/", 150)
	for _, test := range []struct {
		name          string
		card          *Card
		payload, body int
	}{
		{"known", nil, 624, 1127},
		{"with a card", card, 1046, 1575},
	} {
		payload := Declare(seal(t, Message{Type: Offer, Call: NewCallID(), Time: sealed, Card: test.card, Description: described(ActPass)}, alice, bob), Offer)
		if body := bodySize(t, payload, bob); len(payload) != test.payload || body != test.body {
			t.Errorf("%s: payload of %d octets and body of %d, want %d and %d", test.name, len(payload), body, test.payload, test.body)
		}
	}
}
