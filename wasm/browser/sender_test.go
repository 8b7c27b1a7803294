//go:build js && wasm

package browser

import (
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/hack-pad/safejs"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/webpush"
)

// cardAt returns a card with another endpoint.
func cardAt(t *testing.T, endpoint string) signaling.Card {
	t.Helper()
	card := newCard(t, "Bob")
	var err error
	if card.Subscription.Endpoint, err = webpush.ParseEndpoint(endpoint); err != nil {
		t.Fatal(err)
	}
	return card
}

// watchFetch puts a function in the place of the browser's fetch, which
// answers nothing, and returns where to look what it was called with.
func watchFetch(t *testing.T) *[]safejs.Value {
	t.Helper()
	global := safejs.Global()
	real, err := global.Get("fetch")
	if err != nil {
		t.Fatal(err)
	}
	class, err := get("Promise")
	if err != nil {
		t.Fatal(err)
	}
	var called []safejs.Value
	stub, err := newCallback(func(args []safejs.Value) any {
		called = args
		failed, _ := class.Call("reject", "nobody listens")
		return failed
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := global.Set("fetch", stub.value()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := global.Set("fetch", real); err != nil {
			t.Error(err)
		}
		stub.release()
	})
	return &called
}

// hidePage says that the page goes away.
func hidePage(t *testing.T) {
	t.Helper()
	class, err := get("Event")
	if err != nil {
		t.Fatal(err)
	}
	event, err := class.New("pagehide")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := safejs.Global().Call("dispatchEvent", event); err != nil {
		t.Fatal(err)
	}
}

func TestPrepareSendsWhenThePageGoes(t *testing.T) {
	relay := &url.URL{Scheme: "https", Host: "relay.example", Path: "/relay"}
	sender := NewSender([]*url.URL{relay, {Scheme: "https", Host: "other.example"}}, "https://example.com", webpush.ApplicationServerKey{})
	called := watchFetch(t)
	for _, test := range []struct{ endpoint, address, relayed string }{
		{"https://updates.push.services.mozilla.com/wpush/v2/a", "https://updates.push.services.mozilla.com/wpush/v2/a", ""},
		{"https://fcm.googleapis.com/fcm/send/a", relay.String(), "https://fcm.googleapis.com/fcm/send/a"},
	} {
		*called = nil
		arm, err := sender.Prepare(t.Context(), cardAt(t, test.endpoint), []byte("payload"), webpush.Options{TTL: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		hidePage(t) // not armed yet
		disarm := arm()
		if *called != nil {
			t.Fatal("it was sent before its time")
		}
		disarm()
		hidePage(t)
		if *called != nil {
			t.Fatal("it was sent when it was not wanted any more")
		}
		arm()
		hidePage(t)
		if len(*called) < 2 {
			t.Fatal("it was not sent")
		}
		if address, err := (*called)[0].String(); address != test.address || err != nil {
			t.Errorf("it was sent to %s, %v", address, err)
		}
		options := object{value: (*called)[1]}
		if !options.truth("keepalive") || options.text("method") != "POST" || options.err != nil {
			t.Errorf("it was sent wrongly: %v", options.err)
		}
		headers, err := options.value.Get("headers")
		if err != nil {
			t.Fatal(err)
		}
		if ttl, err := stringOf(headers, "TTL"); ttl != "60" || err != nil {
			t.Errorf("TTL is %q, %v", ttl, err)
		}
		if relayed, _ := stringOf(headers, "Push-Endpoint"); relayed != test.relayed {
			t.Errorf("it was sent on to %q", relayed)
		}
		*called = nil
		if hidePage(t); *called != nil {
			t.Error("it was sent again")
		}
	}
}

func TestPrepareWithoutRelay(t *testing.T) {
	sender := NewSender(nil, "", webpush.ApplicationServerKey{})
	_, err := sender.Prepare(t.Context(), cardAt(t, "https://fcm.googleapis.com/fcm/send/a"), nil, webpush.Options{})
	if !errors.Is(err, ErrRelay) {
		t.Errorf("got %v, want %v", err, ErrRelay)
	}
}

func TestLocalEndpoints(t *testing.T) {
	here := NewSender(nil, "", webpush.ApplicationServerKey{})
	if !here.local { // wasmbrowsertest serves at 127.0.0.1
		t.Error("the page is not known to be on this machine")
	}
	elsewhere := NewSender(nil, "", webpush.ApplicationServerKey{})
	elsewhere.local = false
	called := watchFetch(t)
	for endpoint, local := range map[string]bool{
		"http://127.0.0.1:1234/push": true, "https://127.8.9.1/": true, "http://localhost/a": true, "https://[::1]:99/a": true,
		"http://a.localhost:5/": true, "https://localhost.example/": false, "https://updates.push.services.mozilla.com/a": false,
	} {
		card := cardAt(t, endpoint)
		if err := here.CanPush(card); err != nil {
			t.Errorf("%s from this machine: %v", endpoint, err)
		}
		if err := elsewhere.CanPush(card); errors.Is(err, ErrLocalEndpoint) != local {
			t.Errorf("%s from elsewhere: %v", endpoint, err)
		}
		if !local {
			continue
		}
		if err := elsewhere.Push(t.Context(), card, []byte("payload"), webpush.Options{}); !errors.Is(err, webpush.ErrRefused) {
			t.Errorf("pushing to %s gives %v", endpoint, err)
		}
		if _, err := elsewhere.Prepare(t.Context(), card, []byte("payload"), webpush.Options{}); !errors.Is(err, ErrLocalEndpoint) {
			t.Errorf("preparing for %s gives %v", endpoint, err)
		}
	}
	if *called != nil {
		t.Error("something was sent")
	}
}

func TestTokensAreBounded(t *testing.T) {
	sender := NewSender(nil, "", webpush.ApplicationServerKey{})
	for range maxTokens + 3 {
		if _, err := sender.vapid(t.Context(), newCard(t, "Bob")); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(sender.tokens); n != 3 {
		t.Errorf("keeps %d keys", n)
	}
}

// Of several busy relays the one that is free first decides.
func TestSooner(t *testing.T) {
	now := time.Now()
	var busy *call.BusyError
	for _, test := range []struct {
		status int
		after  string
		want   time.Duration
	}{
		{404, "1", 0}, {503, "1", 0}, {429, "30", 30 * time.Second}, {429, "40", 30 * time.Second}, {429, "", busyTime}, {404, "1", busyTime},
		{429, "3", 3 * time.Second},
	} {
		busy = sooner(busy, webpush.CheckResponse(test.status, test.after, now))
		if busy == nil && test.want != 0 || busy != nil && busy.RetryAfter != test.want {
			t.Errorf("after %d %q the wait is %v, want %v", test.status, test.after, busy, test.want)
		}
	}
}
