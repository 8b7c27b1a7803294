//go:build js && wasm

package browser

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hack-pad/safejs"

	"pushcall/app"
	"pushcall/call"
	"pushcall/signaling"
	"pushcall/wasm/js"
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

// replaceFetch puts a function in the place of the browser's fetch.
func replaceFetch(t *testing.T, f func(args []safejs.Value) any) {
	t.Helper()
	global := safejs.Global()
	real, err := global.Get("fetch")
	if err != nil {
		t.Fatal(err)
	}
	stub, err := js.NewCallback(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := global.Set("fetch", stub.Value()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := global.Set("fetch", real); err != nil {
			t.Error(err)
		}
		stub.Release()
	})
}

// settled returns a promise that is resolved or rejected with a value.
func settled(t *testing.T, how string, value any) any {
	t.Helper()
	class, err := js.Get("Promise")
	if err != nil {
		t.Fatal(err)
	}
	promise, err := class.Call(how, value)
	if err != nil {
		t.Fatal(err)
	}
	return promise
}

// watchFetch has the browser's fetch answer nothing, and returns where to look what
// it was called with.
func watchFetch(t *testing.T) *[]safejs.Value {
	t.Helper()
	var called []safejs.Value
	failed := settled(t, "reject", "nobody listens")
	replaceFetch(t, func(args []safejs.Value) any {
		called = args
		return failed
	})
	return &called
}

// A sent request is what fetch was called with.
type sent struct{ method, address, endpoint, authorization string }

// answerFetch has the browser's fetch answer what answer returns: a status, 0 for
// none that the page may read, and header fields. It returns the requests so far.
func answerFetch(t *testing.T, answer func(sent) (status int, header map[string]any)) *[]sent {
	t.Helper()
	class, err := js.Get("Response")
	if err != nil {
		t.Fatal(err)
	}
	var all []sent
	property := func(value safejs.Value, name string) string { text, _ := js.StringOf(value, name); return text }
	replaceFetch(t, func(args []safejs.Value) any {
		address, _ := args[0].String()
		request := sent{property(args[1], "method"), address, "", ""}
		if headers, err := args[1].Get("headers"); err == nil && !headers.IsUndefined() {
			request.endpoint, request.authorization = property(headers, "Push-Endpoint"), property(headers, "Authorization")
		}
		all = append(all, request)
		status, header := answer(request)
		if status == 0 {
			return settled(t, "reject", "not for pages")
		}
		response, err := class.New(nil, map[string]any{"status": status, "headers": header})
		if err != nil {
			t.Error(err)
		}
		return settled(t, "resolve", response)
	})
	return &all
}

// addresses says where requests went, and which endpoint a relay was told.
func addresses(all []sent) string {
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "%s %s %s\n", s.method, s.address, s.endpoint)
	}
	return b.String()
}

// A refused token is answered with a new one, once; what is refused then is told
// apart by the clock of the page's host.
func TestRefusedToken(t *testing.T) {
	const service = "https://updates.push.services.mozilla.com/wpush/v2/a"
	for _, test := range []struct {
		answers []int         // of the push service
		posts   int           // that it gets
		clock   time.Duration // of the page's host, compared with this one; 1: it says none
		want    error         // nil: it was sent
		wrong   bool          // the clock is
	}{
		{[]int{201}, 1, 0, nil, false},
		{[]int{403, 201}, 2, 0, nil, false},
		{[]int{401, 201}, 2, 13 * time.Hour, nil, false},
		{[]int{403, 403, 201}, 2, 0, webpush.ErrUnauthorized, false},
		{[]int{401, 401, 201}, 2, 10 * time.Hour, webpush.ErrUnauthorized, false},
		{[]int{401, 401, 201}, 2, 13 * time.Hour, webpush.ErrUnauthorized, true},
		{[]int{403, 401, 201}, 2, -40 * time.Hour, webpush.ErrUnauthorized, true},
		{[]int{403, 403, 201}, 2, 1, webpush.ErrUnauthorized, false},
		{[]int{403, 410}, 2, 13 * time.Hour, webpush.ErrGone, false},
		{[]int{403, 0, 0}, 2, 13 * time.Hour, call.ErrUndelivered, false},
		{[]int{400, 201}, 1, 0, webpush.ErrRefused, false},
		{[]int{413, 201}, 1, 0, webpush.ErrTooLarge, false},
	} {
		sender := NewSender(nil, "", webpush.ApplicationServerKey{})
		answers := test.answers
		tokens := map[string]bool{}
		posts := 0
		answerFetch(t, func(s sent) (int, map[string]any) {
			if s.method == "HEAD" {
				header := map[string]any{}
				if test.clock != 1 {
					header["Date"] = time.Now().Add(test.clock).UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
				}
				return 200, header
			}
			status := answers[0]
			answers = answers[1:]
			tokens[s.authorization] = true
			posts++
			return status, map[string]any{}
		})
		err := sender.Push(t.Context(), cardAt(t, service), []byte("payload"), webpush.Options{TTL: time.Minute})
		if !errors.Is(err, test.want) || errors.Is(err, app.ErrClock) != test.wrong {
			t.Errorf("%v, clock %v: %v", test.answers, test.clock, err)
		}
		if posts != test.posts || len(tokens) != test.posts {
			t.Errorf("%v: %d posts with %d tokens", test.answers, posts, len(tokens))
		}
	}
}

// To a push service that is not known the page posts by itself first. What it does
// not take, relays may; and if they say that they do not, that is what is told.
func TestUnknownPushServices(t *testing.T) {
	const direct, carried = "POST %[1]s \n", "POST https://relay.example/relay %[1]s\n"
	relay := &url.URL{Scheme: "https", Host: "relay.example", Path: "/relay"}
	other := &url.URL{Scheme: "https", Host: "other.example", Path: "/"}
	const also = "POST https://other.example/ %[1]s\n"
	for name, test := range map[string]struct {
		endpoint string
		relays   []*url.URL
		unasked  bool
		straight int      // what the push service answers to a page
		relayed  [2]int   // what the relays answer
		pushed   string   // what the push service answers to a relay, if that asks it
		sent     []string // the first time, and the second
		want     error
	}{
		"it lets pages post":             {"https://up.example.net:8443/a", []*url.URL{relay}, false, 201, [2]int{}, "", []string{direct, direct}, nil},
		"the subscription is gone":       {"https://up.example.net/a", []*url.URL{relay}, false, 410, [2]int{}, "", []string{direct, direct}, webpush.ErrGone},
		"a relay carries":                {"https://up.example.net/a", []*url.URL{relay}, false, 0, [2]int{201}, "201", []string{direct + carried, carried}, nil},
		"the relay does not carry":       {"https://up.example.net/a", []*url.URL{relay}, false, 0, [2]int{403}, "", []string{direct + carried, direct + carried}, call.ErrUncarried},
		"nor to that port":               {"https://kaios.example.net:8443/a", []*url.URL{relay}, false, 0, [2]int{400}, "", []string{direct + carried, direct + carried}, call.ErrUncarried},
		"nor does any":                   {"https://up.example.net/a", []*url.URL{relay, other}, false, 0, [2]int{403, 400}, "", []string{direct + carried + also, direct + carried + also}, call.ErrUncarried},
		"another carries":                {"https://up.example.net/a", []*url.URL{relay, other}, false, 0, [2]int{403, 201}, "201", []string{direct + carried + also, carried + also}, nil},
		"another cannot be reached":      {"https://up.example.net/a", []*url.URL{relay, other}, false, 0, [2]int{403, 0}, "", []string{direct + carried + also, direct + carried + also}, app.ErrRelay},
		"there is no relay":              {"https://up.example.net/a", nil, false, 0, [2]int{}, "", []string{direct, direct}, call.ErrUncarried},
		"nobody was asked":               {"https://up.example.net/a", []*url.URL{relay}, true, 201, [2]int{403}, "", []string{carried, carried}, call.ErrUncarried},
		"a name of the person's network": {"https://up.lan/a", []*url.URL{relay}, false, 201, [2]int{403}, "", []string{carried, carried}, call.ErrUncarried},
		"an address there":               {"https://192.168.1.1/a", []*url.URL{relay}, false, 201, [2]int{400}, "", []string{carried, carried}, call.ErrUncarried},
		"an old relay and FCM":           {"https://fcm.googleapis.com/a", []*url.URL{relay}, false, 0, [2]int{403}, "", []string{carried, carried}, call.ErrUncarried},
		"no relay and FCM":               {"https://fcm.googleapis.com/a", nil, false, 0, [2]int{}, "", []string{"", ""}, call.ErrUncarried},
		"no network and Mozilla":         {"https://updates.push.services.mozilla.com/a", nil, false, 0, [2]int{}, "", []string{direct, direct}, app.ErrRelay},
		"a relay of other services only": {"https://updates.push.services.mozilla.com/a", []*url.URL{relay}, false, 0, [2]int{403}, "", []string{direct + carried, direct + carried}, app.ErrRelay},
	} {
		sender := NewSender(test.relays, "", webpush.ApplicationServerKey{})
		requests := answerFetch(t, func(s sent) (int, map[string]any) {
			status := test.straight
			switch s.address {
			case relay.String():
				status = test.relayed[0]
			case other.String():
				status = test.relayed[1]
			}
			header := map[string]any{}
			if s.endpoint != "" && status == 201 {
				header["Push-Status"] = test.pushed
			}
			return status, header
		})
		card := cardAt(t, test.endpoint)
		ctx := t.Context()
		if test.unasked {
			ctx = call.Unasked(ctx)
		}
		for _, form := range test.sent {
			want := ""
			if form != "" {
				want = fmt.Sprintf(form, test.endpoint)
			}
			*requests = nil
			err := sender.Push(ctx, card, []byte("payload"), webpush.Options{})
			if !errors.Is(err, test.want) || test.want == app.ErrRelay && errors.Is(err, call.ErrUncarried) {
				t.Errorf("%s: %v, want %v", name, err, test.want)
			}
			if got := addresses(*requests); got != want {
				t.Errorf("%s: sent\n%swant\n%s", name, got, want)
			}
		}
	}
}

func TestLearntServicesAreBounded(t *testing.T) {
	sender := NewSender(nil, "", webpush.ApplicationServerKey{})
	for i := range maxTokens + 3 {
		sender.learn(cardAt(t, fmt.Sprintf("https://up%d.example.net/", i)).Subscription.Endpoint, true)
	}
	if n := len(sender.straight); n != 3 {
		t.Errorf("remembers %d services", n)
	}
}

// A service that wants a contact is told of one that is public, or of none.
func TestContact(t *testing.T) {
	const apple, google = "https://web.push.apple.com/Q", "https://fcm.googleapis.com/a"
	for contact, good := range map[string]bool{
		"https://pushcall.example.net:8443": true, "mailto:host@example.com": true,
		"": false, "https://localhost:8443": false, "https://pushcall.local": false, "https://192.168.1.7": false, "mailto:me@pushcall": false, "http://localhost:8080": false,
	} {
		sender := NewSender(nil, contact, webpush.ApplicationServerKey{})
		if err := sender.CanPush(cardAt(t, apple)); (err == nil) != good || !good && !errors.Is(err, webpush.ErrSubject) {
			t.Errorf("%q to Apple: %v", contact, err)
		}
		if err := sender.Push(t.Context(), cardAt(t, apple), []byte("payload"), webpush.Options{}); errors.Is(err, webpush.ErrSubject) == good {
			t.Errorf("%q, pushed to Apple: %v", contact, err)
		}
		if err := sender.CanPush(cardAt(t, google)); err != nil {
			t.Errorf("%q to Google: %v", contact, err)
		}
	}
}

// hidePage says that the page goes away.
func hidePage(t *testing.T) {
	t.Helper()
	class, err := js.Get("Event")
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
		options := (*called)[1]
		if method, err := js.StringOf(options, "method"); method != "POST" || !js.IsTrue(options, "keepalive") {
			t.Errorf("it was sent by %q, %v", method, err)
		}
		headers, err := options.Get("headers")
		if err != nil {
			t.Fatal(err)
		}
		if ttl, err := js.StringOf(headers, "TTL"); ttl != "60" || err != nil {
			t.Errorf("TTL is %q, %v", ttl, err)
		}
		if relayed, _ := js.StringOf(headers, "Push-Endpoint"); relayed != test.relayed {
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
	if !errors.Is(err, app.ErrRelay) {
		t.Errorf("got %v, want %v", err, app.ErrRelay)
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
		if err := elsewhere.CanPush(card); errors.Is(err, app.ErrLocalEndpoint) != local {
			t.Errorf("%s from elsewhere: %v", endpoint, err)
		}
		if !local {
			continue
		}
		if err := elsewhere.Push(t.Context(), card, []byte("payload"), webpush.Options{}); !errors.Is(err, webpush.ErrRefused) {
			t.Errorf("pushing to %s gives %v", endpoint, err)
		}
		if _, err := elsewhere.Prepare(t.Context(), card, []byte("payload"), webpush.Options{}); !errors.Is(err, app.ErrLocalEndpoint) {
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
