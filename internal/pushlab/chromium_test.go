package pushlab

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"pushcall/webpush"
)

// chromium is a user agent with Chromium's protocols.
type chromium struct {
	t      *testing.T
	lab    *Lab
	args   map[string]string
	device device

	conn     *tls.Conn
	reader   *bufio.Reader
	received int // frames, the LoginResponse included
}

// startChromium starts a new profile: it checks in and does not log in yet.
func startChromium(t *testing.T, l *Lab) *chromium {
	t.Helper()
	c := &chromium{t: t, lab: l, args: map[string]string{}}
	for _, arg := range l.ChromiumArgs() {
		name, value, _ := strings.Cut(arg, "=")
		c.args[name] = value
	}
	c.device = c.checkin(device{})
	return c
}

// checkin checks in with a login, zero at first, and returns the login to use.
func (c *chromium) checkin(d device) device {
	c.t.Helper()
	body := protobuf{}.number(2, d.id).bytes(4, nil).fixed64(13, d.secret).number(14, 3)
	response, err := http.Post(c.args["--gcm-checkin-url"], "application/x-protobuf", bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != 200 {
		c.t.Fatalf("check-in: %s, %v", response.Status, err)
	}
	fields := c.parse(answer)
	if fields[1].number != 1 || fields[3].number == 0 {
		c.t.Errorf("check-in was answered with %v", fields)
	}
	return device{id: fields[7].number, secret: fields[8].number}
}

// registration posts a form to register3 and returns the answer.
func (c *chromium) registration(form url.Values) string {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), "POST", c.args["--gcm-registration-url"], strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "AidLogin "+c.device.name()+":"+c.device.password())
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return string(answer)
}

const testSubtype = "wp:http://localhost:8080/#3B8C1F2A-0000-4000-8000-000000000000-V2"

// form is a registration as Chromium sends it.
func (c *chromium) form(sender string) url.Values {
	return url.Values{
		"app":       {"org.chromium.linux"},
		"X-subtype": {testSubtype},
		"appid":     {"dAYJ8H2oB0s"},
		"sender":    {sender},
		"scope":     {"GCM"},
		"device":    {c.device.name()},
	}
}

// subscribe registers and returns the subscription, its endpoint at the base URL.
func (c *chromium) subscribe(base string, key webpush.PublicKey) (receiver, webpush.Subscription) {
	c.t.Helper()
	answer := c.registration(c.form(key.String()))
	token, ok := strings.CutPrefix(answer, "token=")
	if !ok {
		c.t.Fatalf("registration was answered with %q", answer)
	}
	r := newReceiver(c.t)
	return r, r.subscription(c.t, base+token)
}

// login connects to MCS; acked are the messages that a former connection did not acknowledge.
func (c *chromium) login(acked ...string) (ok bool) {
	c.t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(c.lab.Authority())
	conn, err := tls.Dial("tcp", strings.TrimPrefix(c.args["--gcm-mcs-endpoint"], "https://"), &tls.Config{RootCAs: roots})
	if err != nil {
		c.t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	c.t.Cleanup(func() { conn.Close() })
	c.conn, c.reader, c.received = conn, bufio.NewReader(conn), 0

	request := protobuf{}.text(1, "chrome-156").text(2, "mcs.android.com").
		text(3, c.device.name()).text(4, c.device.name()).text(5, c.device.password())
	for _, id := range acked {
		request = request.text(10, id)
	}
	c.write(append([]byte{mcsVersion}, appendFrame(nil, tagLoginRequest, request.number(14, 1).number(16, 2))...))
	if version, err := c.reader.ReadByte(); err != nil || version != mcsVersion {
		c.t.Fatalf("MCS version %d, %v", version, err)
	}
	response := c.readFrame(tagLoginResponse)
	return response[3].text == nil
}

func (c *chromium) write(octets []byte) {
	c.t.Helper()
	if _, err := c.conn.Write(octets); err != nil {
		c.t.Fatal(err)
	}
}

// readFrame reads a frame that must have the tag, and returns its fields; of a
// repeated one the last.
func (c *chromium) readFrame(tag byte) map[protowire.Number]protobufField {
	c.t.Helper()
	got, message, err := readFrame(c.reader)
	if err != nil {
		c.t.Fatal(err)
	}
	if got != tag {
		c.t.Fatalf("got a frame with tag %d, want %d", got, tag)
	}
	c.received++
	return c.parse(message)
}

func (c *chromium) parse(message []byte) map[protowire.Number]protobufField {
	c.t.Helper()
	list, err := parseProtobuf(message)
	if err != nil {
		c.t.Fatal(err)
	}
	fields := map[protowire.Number]protobufField{}
	for _, field := range list {
		fields[field.id] = field
	}
	return fields
}

// receiveMessage reads a DataMessageStanza and returns its ID and its text.
func (c *chromium) receiveMessage(r receiver) (id, text string) {
	c.t.Helper()
	fields := c.readFrame(tagDataMessage)
	if string(fields[5].text) != "org.chromium.linux" || fields[24].number != 1 || fields[18].number == 0 {
		c.t.Errorf("message %v", fields)
	}
	if body := fields[21].text; body != nil {
		if got := c.parse(fields[7].text); string(got[1].text) != "content-encoding" || string(got[2].text) != "aes128gcm" {
			c.t.Errorf("app data %q", fields[7].text)
		}
		text = r.decrypt(c.t, body)
	} else if got := c.parse(fields[7].text); string(got[1].text) != "subtype" || string(got[2].text) != testSubtype {
		c.t.Errorf("app data %q", fields[7].text)
	}
	return string(fields[9].text), text
}

// ack acknowledges every frame so far.
func (c *chromium) ack() {
	c.t.Helper()
	extension := protobuf{}.number(1, 13).bytes(2, nil) // StreamAck
	iq := protobuf{}.number(2, 1).text(3, "").bytes(7, extension).number(10, uint64(c.received))
	c.write(appendFrame(nil, tagIqStanza, iq))
}

const debianEndpoint = "https://jmt17.google.com/fcm/send/"

func TestChromiumReceives(t *testing.T) {
	for _, base := range []string{debianEndpoint, "https://fcm.googleapis.com/fcm/send/", "https://fcm.googleapis.com/preprod/wp/"} {
		t.Run(base, func(t *testing.T) {
			l := startLab(t)
			c := startChromium(t, l)
			if !c.login() {
				t.Fatal("the login was refused")
			}
			key := newKey(t)
			r, sub := c.subscribe(base, key.Public())

			response := push(t, l, sub, key, "ring ring", webpush.Options{TTL: time.Minute, Topic: "call"})
			id, text := c.receiveMessage(r)
			if text != "ring ring" {
				t.Errorf("received %q", text)
			}
			if got := response.Header.Get("Location"); !strings.HasSuffix(got, "/"+id) {
				t.Errorf("Location %q does not name the message %s", got, id)
			}
			c.ack()
			record := waitForRecord(t, l, "acked", isAcked)
			if record.ID != id || record.Service != FCM || record.Status != 201 || record.AckCode != 0 ||
				*record.TTL != 60 || record.Topic != "call" || record.Octets != 256+103 || len(record.Token) != 152 {
				t.Errorf("record %+v", record)
			}
		})
	}
}

func TestChromiumAway(t *testing.T) {
	l := startLab(t)
	c := startChromium(t, l)
	key := newKey(t)
	r, sub := c.subscribe(debianEndpoint, key.Public())
	push(t, l, sub, key, "while you were out", webpush.Options{TTL: time.Minute})

	c.login()
	id, text := c.receiveMessage(r)
	if text != "while you were out" {
		t.Errorf("received %q", text)
	}
	c.conn.Close() // without an ack

	c.login()
	if again, _ := c.receiveMessage(r); again != id {
		t.Errorf("received message %s, want %s again", again, id)
	}
	c.conn.Close()

	c.login(id)
	record := waitForRecord(t, l, "acked", isAcked)
	if record.ID != id {
		t.Errorf("record of %s, want %s", record.ID, id)
	}
}

// Every frame of the browser acknowledges the frames before it, and no others.
func TestChromiumAcksInOrder(t *testing.T) {
	l := startLab(t)
	c := startChromium(t, l)
	key := newKey(t)
	r, sub := c.subscribe(debianEndpoint, key.Public())
	c.login()
	push(t, l, sub, key, "1", webpush.Options{TTL: time.Minute})
	push(t, l, sub, key, "2", webpush.Options{TTL: time.Minute})
	c.receiveMessage(r)
	upToFirst := c.received
	second, _ := c.receiveMessage(r)
	c.write(appendFrame(nil, tagHeartbeatPing, protobuf{}.number(2, uint64(upToFirst))))
	if got := c.readFrame(tagHeartbeatAck)[2].number; got != 2 {
		t.Errorf("the service has %d frames, want the login and the ping", got)
	}
	c.conn.Close()

	c.login()
	if id, _ := c.receiveMessage(r); id != second {
		t.Errorf("received message %s, want the second, %s, again", id, second)
	}
}

func TestChromiumEmptyMessage(t *testing.T) {
	l := startLab(t)
	c := startChromium(t, l)
	key := newKey(t)
	r, sub := c.subscribe(debianEndpoint, key.Public())
	c.login()
	request := newRequest(t, sub, key, "x", webpush.Options{})
	request.Body, request.ContentLength = http.NoBody, 0
	request.Header.Del("Content-Encoding")
	response, err := client(t, l).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 201 {
		t.Fatal(response.Status)
	}
	if _, text := c.receiveMessage(r); text != "" {
		t.Errorf("received %q", text)
	}
}

func TestChromiumUnsubscribes(t *testing.T) {
	l := startLab(t)
	c := startChromium(t, l)
	key := newKey(t)
	_, sub := c.subscribe(debianEndpoint, key.Public())
	form := c.form("*")
	form.Set("scope", "*")
	form.Set("delete", "true")
	if got := c.registration(form); got != "token=org.chromium.linux" {
		t.Errorf("unregistration was answered with %q", got)
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

func TestChromiumRegistrations(t *testing.T) {
	c := startChromium(t, startLab(t))
	browsers := url.Values{"app": {"com.google.android.gms"}, "X-subtype": {"745476177629"}, "sender": {"745476177629"}}
	if got := c.registration(browsers); !strings.HasPrefix(got, "token=") {
		t.Errorf("the browser's own registration was answered with %q", got)
	}
	if got := c.registration(c.form("745476177629")); got != "Error=INVALID_SENDER" {
		t.Errorf("a page's registration without an application server key was answered with %q", got)
	}
	c.device.secret++
	if got := c.registration(c.form(newKey(t).Public().String())); got != "Error=AUTHENTICATION_FAILED" {
		t.Errorf("a stranger's registration was answered with %q", got)
	}
}

func TestChromiumChecksInAgain(t *testing.T) {
	c := startChromium(t, startLab(t))
	if again := c.checkin(c.device); again != c.device {
		t.Errorf("the device changed from %v to %v", c.device, again)
	}
	stranger := device{id: c.device.id, secret: c.device.secret + 1}
	if got := c.checkin(stranger); got.id == stranger.id || got.id == 0 || got.secret == 0 {
		t.Errorf("who has not the secret became %v", got)
	}
}

func TestMCSRefusesStrangers(t *testing.T) {
	c := startChromium(t, startLab(t))
	c.device.secret++
	if c.login() {
		t.Error("a login with a wrong secret was let in")
	}
	if _, err := c.reader.ReadByte(); err != io.EOF {
		t.Errorf("read after the refusal: %v, want the end", err)
	}
}

func TestMCSRefusesOtherProtocols(t *testing.T) {
	for name, octets := range map[string][]byte{
		"HTTP":               []byte("GET / HTTP/1.1\r\n\r\n"),
		"a frame before all": append([]byte{mcsVersion}, appendFrame(nil, tagHeartbeatPing, nil)...),
		"an endless frame":   {mcsVersion, tagLoginRequest, 0xff, 0xff, 0xff, 0xff, 0x0f},
	} {
		t.Run(name, func(t *testing.T) {
			l := startLab(t)
			conn, err := tls.Dial("tcp", l.mcs.Addr().String(), &tls.Config{InsecureSkipVerify: true})
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(loginTimeout / 2))
			conn.Write(octets)
			answer, err := io.ReadAll(conn)
			if len(answer) > 0 || errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("answered with %q, %v", answer, err)
			}
		})
	}
}
