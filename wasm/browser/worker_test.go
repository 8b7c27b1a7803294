//go:build js && wasm

package browser

import (
	"strings"
	"testing"
	"time"

	"github.com/hack-pad/safejs"

	"pushcall/app"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// Only what the service worker has kept, and found to be signed for a
// subscription, need not be read from the inbox.
func TestReadPush(t *testing.T) {
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	octets := func(b []byte) safejs.Value {
		array, err := js.NewUint8Array(b)
		if err != nil {
			t.Fatal(err)
		}
		buffer, err := array.Get("buffer")
		if err != nil {
			t.Fatal(err)
		}
		return buffer
	}
	receiver := octets(key.Public().Bytes())
	now := time.Now().UnixMilli()
	for _, test := range []struct {
		name string
		data any
		ok   bool
	}{
		{"a message", map[string]any{"key": 3, "payload": "{}", "receiver": receiver, "at": now}, true},
		{"not kept", map[string]any{"payload": "{}", "receiver": receiver, "at": now}, true},
		{"not kept, late", map[string]any{"payload": "{}", "receiver": receiver, "at": now - 2000}, true},
		{"not kept, not signed", map[string]any{"payload": "{}", "receiver": nil, "at": now}, true},
		{"not kept, no payload", map[string]any{"receiver": receiver, "at": now}, false},
		{"a key that is none", map[string]any{"key": "3", "payload": "{}", "receiver": receiver, "at": now}, false},
		{"not signed", map[string]any{"key": 3, "payload": "{}", "at": now}, false},
		{"not a key", map[string]any{"key": 3, "payload": "{}", "receiver": octets(make([]byte, 65)), "at": now}, false},
		{"not octets", map[string]any{"key": 3, "payload": "{}", "receiver": "x", "at": now}, false},
		{"no payload", map[string]any{"key": 3, "receiver": receiver, "at": now}, false},
		{"a payload that is none", map[string]any{"key": 3, "payload": 1, "receiver": receiver, "at": now}, false},
		{"late", map[string]any{"key": 3, "payload": "{}", "receiver": receiver, "at": now - 2000}, false},
		{"of no time", map[string]any{"key": 3, "payload": "{}", "receiver": receiver}, false},
		{"a click", "click", false},
		{"null", nil, false},
	} {
		event, err := safejs.ValueOf(map[string]any{})
		if err != nil {
			t.Fatal(err)
		}
		if err := event.Set("data", test.data); err != nil {
			t.Fatal(err)
		}
		a, by, err := readPush(event)
		if (err == nil) != test.ok {
			t.Errorf("%s gives %v", test.name, err)
		}
		want, signer := app.Arrival{Key: 3, Payload: "{}"}, key.Public()
		if strings.Contains(test.name, "not kept") {
			want.Key = 0
		}
		if strings.Contains(test.name, "not signed") {
			signer = webpush.PublicKey{}
		}
		if test.ok && (a != want || by != signer) {
			t.Errorf("%s is read as %+v for %v", test.name, a, by)
		}
	}
}
