//go:build js && wasm

package browser

import (
	"testing"

	"github.com/hack-pad/safejs"

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
		array, err := newUint8Array(b)
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
	for _, test := range []struct {
		name string
		data any
		want Arrival
	}{
		{"a message", map[string]any{"key": 3, "payload": "{}", "receiver": receiver}, Arrival{Key: 3, Payload: "{}"}},
		{"not kept", map[string]any{"payload": "{}", "receiver": receiver}, Arrival{}},
		{"not signed", map[string]any{"key": 3, "payload": "{}"}, Arrival{}},
		{"not a key", map[string]any{"key": 3, "payload": "{}", "receiver": octets(make([]byte, 65))}, Arrival{}},
		{"not octets", map[string]any{"key": 3, "payload": "{}", "receiver": "x"}, Arrival{}},
		{"no payload", map[string]any{"key": 3, "receiver": receiver}, Arrival{}},
		{"a payload that is none", map[string]any{"key": 3, "payload": 1, "receiver": receiver}, Arrival{}},
		{"a click", "click", Arrival{}},
		{"null", nil, Arrival{}},
	} {
		event, err := safejs.ValueOf(map[string]any{})
		if err != nil {
			t.Fatal(err)
		}
		if err := event.Set("data", test.data); err != nil {
			t.Fatal(err)
		}
		got, by := readPush(event)
		if got != test.want {
			t.Errorf("%s is read as %+v, want %+v", test.name, got, test.want)
		}
		if want := test.want.Payload != ""; (by == key.Public()) != want || by.IsZero() == want {
			t.Errorf("%s is for %v", test.name, by)
		}
	}
}
