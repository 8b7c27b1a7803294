package pushlab

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"pushcall/webpush"
)

// firefox is a user agent with Firefox's protocol.
type firefox struct {
	t    *testing.T
	conn *websocket.Conn
	uaid string
}

// object is a JSON object, so that tests have the text on the wire, independent of the
// lab's own types.
type object = map[string]any

// startFirefox connects and says hello, with the uaid of an earlier run or "".
func startFirefox(t *testing.T, l *Lab, uaid string) *firefox {
	t.Helper()
	url := l.FirefoxPrefs()["dom.push.serverURL"].(string)
	conn, _, err := websocket.Dial(t.Context(), url, &websocket.DialOptions{
		Subprotocols: []string{"push-notification"},
		HTTPHeader:   http.Header{"Origin": {"wss://push.services.mozilla.com/"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if conn.Subprotocol() != "push-notification" {
		t.Errorf("subprotocol %q", conn.Subprotocol())
	}
	f := &firefox{t: t, conn: conn, uaid: uaid}
	hello := object{"messageType": "hello", "broadcasts": object{}, "use_webpush": true}
	if uaid != "" {
		hello["uaid"] = uaid
	}
	f.send(hello)
	answer := f.receive("hello")
	if answer["status"] != 200.0 || answer["use_webpush"] != true {
		t.Errorf("hello was answered with %v", answer)
	}
	f.uaid = answer["uaid"].(string)
	return f
}

func (f *firefox) stop() { f.conn.CloseNow() }

func (f *firefox) send(frame object) {
	f.t.Helper()
	text, err := json.Marshal(frame)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := f.conn.Write(f.t.Context(), websocket.MessageText, text); err != nil {
		f.t.Fatal(err)
	}
}

// receive reads the next frame, which must be of the type.
func (f *firefox) receive(messageType string) object {
	f.t.Helper()
	kind, text, err := f.conn.Read(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	var frame object
	if err := json.Unmarshal(text, &frame); err != nil || kind != websocket.MessageText {
		f.t.Fatalf("%v frame %q: %v", kind, text, err)
	}
	if got, _ := frame["messageType"].(string); got != messageType {
		f.t.Fatalf("got %s, want a frame of type %q", text, messageType)
	}
	return frame
}

// subscribe registers a channel and returns its subscription.
func (f *firefox) subscribe(channel string, key webpush.PublicKey) (receiver, webpush.Subscription) {
	f.t.Helper()
	padded := base64.URLEncoding.EncodeToString(key.Bytes())
	f.send(object{"messageType": "register", "channelID": channel, "key": padded})
	answer := f.receive("register")
	if answer["status"] != 200.0 || answer["channelID"] != channel {
		f.t.Fatalf("register was answered with %v", answer)
	}
	r := newReceiver(f.t)
	return r, r.subscription(f.t, answer["pushEndpoint"].(string))
}

// receiveMessage reads a notification and returns its version and its text.
func (f *firefox) receiveMessage(r receiver) (version, text string) {
	f.t.Helper()
	frame := f.receive("notification")
	version = frame["version"].(string)
	if frame["data"] == nil {
		return version, ""
	}
	if encoding := frame["headers"].(object)["encoding"]; encoding != "aes128gcm" {
		f.t.Errorf("encoding %v", encoding)
	}
	body, err := base64.RawURLEncoding.DecodeString(frame["data"].(string))
	if err != nil {
		f.t.Fatal(err)
	}
	return version, r.decrypt(f.t, body)
}

func (f *firefox) ack(version string, code int) {
	f.t.Helper()
	f.send(object{"messageType": "ack", "updates": []object{{"channelID": "c", "version": version, "code": code}}})
}

func TestFirefoxReceives(t *testing.T) {
	l := startLab(t)
	f := startFirefox(t, l, "")
	key := newKey(t)
	r, sub := f.subscribe("c", key.Public())

	options := webpush.Options{TTL: time.Minute, Urgency: webpush.UrgencyHigh, Topic: "call"}
	response := push(t, l, sub, key, "ring ring", options)
	version, text := f.receiveMessage(r)
	if text != "ring ring" {
		t.Errorf("received %q", text)
	}
	if got := response.Header.Get("Location"); !strings.HasSuffix(got, "/m/"+version) {
		t.Errorf("Location %q does not name the message %s", got, version)
	}
	if got := response.Header.Get("TTL"); got != "60" {
		t.Errorf("TTL %q", got)
	}
	f.ack(version, 100)

	record := waitForRecord(t, l, "acked", isAcked)
	if record.ID != version || record.Service != Mozilla || record.Status != 201 || record.AckCode != 100 ||
		*record.TTL != 60 || record.Urgency != "high" || record.Topic != "call" || record.Octets != 256+103 {
		t.Errorf("record %+v", record)
	}
	if !strings.HasSuffix(sub.Endpoint.String(), "/wpush/v2/"+record.Token) || len(record.Token) != 183 {
		t.Errorf("token %q of endpoint %v", record.Token, sub.Endpoint)
	}
	if record.Delivered.Before(record.Received.Time) || record.Acked.Before(record.Delivered.Time) {
		t.Errorf("times out of order: %v, %v, %v", record.Received, record.Delivered, record.Acked)
	}
}

func TestFirefoxWorkerFails(t *testing.T) {
	l := startLab(t)
	f := startFirefox(t, l, "")
	key := newKey(t)
	r, sub := f.subscribe("c", key.Public())
	push(t, l, sub, key, "x", webpush.Options{TTL: time.Minute})
	version, _ := f.receiveMessage(r)
	f.ack(version, 100)
	f.send(object{"messageType": "nack", "version": version, "code": 302})
	waitForRecord(t, l, "with code 302", func(r Record) bool { return r.AckCode == 302 })
}

func TestFirefoxAway(t *testing.T) {
	l := startLab(t)
	f := startFirefox(t, l, "")
	key := newKey(t)
	r, sub := f.subscribe("c", key.Public())
	f.stop()
	push(t, l, sub, key, "while you were out", webpush.Options{TTL: time.Minute})

	again := startFirefox(t, l, f.uaid)
	if again.uaid != f.uaid {
		t.Fatalf("the uaid changed from %s to %s", f.uaid, again.uaid)
	}
	version, text := again.receiveMessage(r)
	if text != "while you were out" {
		t.Errorf("received %q", text)
	}
	again.stop() // without an ack

	third := startFirefox(t, l, f.uaid)
	if second, _ := third.receiveMessage(r); second != version {
		t.Errorf("received message %s, want %s again", second, version)
	}
	third.ack(version, 100)
	waitForRecord(t, l, "acked", isAcked)
}

func TestFirefoxUnknownUAID(t *testing.T) {
	l := startLab(t)
	const stranger = "00112233445566778899aabbccddeeff"
	if f := startFirefox(t, l, stranger); f.uaid == stranger || len(f.uaid) != 32 {
		t.Errorf("a stranger's uaid was answered with %q", f.uaid)
	}
}

func TestFirefoxPing(t *testing.T) {
	f := startFirefox(t, startLab(t), "")
	f.send(object{})
	f.receive("")
	f.send(object{"messageType": "broadcast_subscribe", "broadcasts": object{}}) // has no answer
	f.send(object{})
	f.receive("")
}

func TestFirefoxWithoutKey(t *testing.T) {
	f := startFirefox(t, startLab(t), "")
	f.send(object{"messageType": "register", "channelID": "c"})
	if answer := f.receive("register"); answer["status"] != 400.0 || answer["pushEndpoint"] != nil {
		t.Errorf("a subscription for anyone was answered with %v", answer)
	}
}

func TestFirefoxUnsubscribes(t *testing.T) {
	l := startLab(t)
	f := startFirefox(t, l, "")
	key := newKey(t)
	_, sub := f.subscribe("c", key.Public())
	f.send(object{"messageType": "unregister", "channelID": "c", "code": 200})
	if answer := f.receive("unregister"); answer["status"] != 200.0 || answer["channelID"] != "c" {
		t.Errorf("unregister was answered with %v", answer)
	}
	response, err := client(t, l).Do(newRequest(t, sub, key, "x", webpush.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusGone {
		t.Errorf("the ended subscription's endpoint answered %s", response.Status)
	}
}

func TestFirefoxMustSayHello(t *testing.T) {
	l := startLab(t)
	conn, _, err := websocket.Dial(t.Context(), l.FirefoxPrefs()["dom.push.serverURL"].(string), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	conn.Write(t.Context(), websocket.MessageText, []byte(`{"messageType":"register","channelID":"c"}`))
	if _, text, err := conn.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
		t.Errorf("register before hello was answered with %q, %v", text, err)
	}
}
