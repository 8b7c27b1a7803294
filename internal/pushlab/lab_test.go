package pushlab

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"pushcall/webpush"
)

// Tests in other languages parse the output of the control API, so its names and
// formats must not change.
func TestControlMessages(t *testing.T) {
	l := startLab(t)
	f := startFirefox(t, l, "")
	key := newKey(t)
	r, sub := f.subscribe("c", key.Public())
	push(t, l, sub, key, "x", webpush.Options{TTL: time.Minute, Urgency: webpush.UrgencyHigh})
	version, _ := f.receiveMessage(r)
	f.ack(version, 101)
	waitForRecord(t, l, "acked", isAcked)

	response, err := http.Get(l.Control() + "/messages")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if origin := response.Header.Get("Access-Control-Allow-Origin"); origin != "" {
		t.Errorf("pages of %s may read who was sent what", origin)
	}
	var records []object
	if err := json.NewDecoder(response.Body).Decode(&records); err != nil || len(records) != 1 {
		t.Fatalf("%v, %v", records, err)
	}
	record := records[0]
	for name, want := range map[string]any{
		"id": version, "service": "mozilla", "status": 201.0, "ttl": 60.0, "octets": 359.0, "ackCode": 101.0, "urgency": "high",
	} {
		if record[name] != want {
			t.Errorf("%s is %v, want %v", name, record[name], want)
		}
	}
	if header := record["header"].(object); header["Content-Encoding"] != "aes128gcm" || header["Ttl"] != "60" {
		t.Errorf("header %v", header)
	}
	for _, name := range []string{"received", "delivered", "acked"} {
		if text, _ := record[name].(string); !regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`).MatchString(text) {
			t.Errorf("%s is %v", name, record[name])
		}
	}
}

func TestControlNothingYet(t *testing.T) {
	l := startLab(t)
	response, err := http.Get(l.Control() + "/messages")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, _ := io.ReadAll(response.Body); strings.TrimSpace(string(text)) != "[]" {
		t.Errorf("no messages yet is %q", text)
	}
}

// controlFaults sends a request about faults to the control API and returns the answer.
func controlFaults(t *testing.T, l *Lab, method, body string, header http.Header) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, l.Control()+"/faults", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, strings.TrimSpace(string(text))
}

func TestControlFaults(t *testing.T) {
	onBoth(t, func(l line) {
		must := func(method, body string, want int, wantAnswer string) {
			t.Helper()
			if status, answer := controlFaults(t, l.lab, method, body, nil); status != want || answer != wantAnswer {
				l.Errorf("%s %s was answered %d %s, want %d %s", method, body, status, answer, want, wantAnswer)
			}
		}
		endpoint := l.sub.Endpoint.String()
		must("POST", `[{"fault":"drop"},{"fault":"429","retryAfter":30},{"fault":"none"}]`, 200, "{}")
		must("POST", ` [{"fault":"500","endpoint":"`+endpoint+`"}]`, 200, "{}")
		must("POST", `{"seed":7,"404":1}`, 200, `{"schedule":"seed=7,404=1"}`)
		l.mustPost("dropped", 201)
		if after := l.mustPost("too many", 429).Header.Get("Retry-After"); after != "30" {
			l.Errorf("Retry-After %q", after)
		}
		l.mustPost("1", 201)
		l.mustPost("server error", 500)
		l.mustPost("not found", 404)
		must("POST", `[{"fault":"delay","ms":50}]`, 200, "{}")
		must("DELETE", "", 204, "")
		l.mustPost("2", 201)
		l.want("1", "2")
		l.wantFaults(Drop, TooMany, "", ServerError, NotFound, "")
	})
}

func TestControlMistakes(t *testing.T) {
	l := startLab(t)
	for body, want := range map[string]string{
		``:                                    `bad fault: this is no list of faults in JSON: EOF`,
		`drop`:                                `bad fault: this is no list of faults in JSON: invalid character 'd' looking for beginning of value`,
		`{"seed":7`:                           `bad fault: this is no schedule in JSON: unexpected end of JSON input`,
		`{"seed":7,"dorp":1}`:                 `bad fault: there is no fault "dorp"; there are none, drop,`,
		`{"drop":"often"}`:                    `bad fault: this is no schedule in JSON: json: cannot unmarshal string into Go value of type float64`,
		`[{}]`:                                `bad fault: number 1 of the list has no "fault"`,
		`[{"fault":"none"},{"fault":"dorp"}]`: `bad fault: there is no fault "dorp"`,
		`[{"fault":"delay","seconds":1}]`:     `bad fault: this is no list of faults in JSON: json: unknown field "seconds"`,
		`[{"fault":"delay","ms":-1}]`:         `bad fault: -1ms is not between 0 and 1h0m0s`,
		`[{"fault":"drop"}] x`:                `bad fault: there is more after the list`,
		`[{"fault":"drop","endpoint":"http://127.0.0.1/x"}]`: `bad fault: nobody has the endpoint "http://127.0.0.1/x"`,
	} {
		status, answer := controlFaults(t, l, "POST", body, nil)
		if status != 400 || !strings.HasPrefix(answer, want) || strings.Contains(answer, "\n") {
			t.Errorf("%s was answered %d %s, want %s", body, status, answer, want)
		}
	}
	if queue := l.Faults().queue; len(queue) > 0 {
		t.Errorf("of lists with mistakes, %v was queued", queue)
	}
}

// A page cannot inject faults.
func TestControlFaultsOtherOrigin(t *testing.T) {
	l := startLab(t)
	for _, method := range []string{"POST", "DELETE"} {
		status, _ := controlFaults(t, l, method, `[]`, http.Header{"Origin": {"http://localhost:8080"}})
		if status != 403 {
			t.Errorf("%s by a page was answered %d", method, status)
		}
	}
}

func TestRecordRefused(t *testing.T) {
	record, err := json.Marshal(Record{})
	if err != nil {
		t.Fatal(err)
	}
	for _, absent := range []string{"delivered", "acked", "ackCode", "ttl", "fault", "copy"} {
		if strings.Contains(string(record), absent) {
			t.Errorf("%s has %q", record, absent)
		}
	}
}

func TestCertificate(t *testing.T) {
	l := startLab(t)
	roots := x509.NewCertPool()
	roots.AddCert(l.Authority())
	for _, address := range l.Addresses() {
		for _, host := range append(fcmHosts(), "localhost", "127.0.0.1") {
			conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots, ServerName: host})
			if err != nil {
				t.Errorf("%s: %v", host, err)
				continue
			}
			hash := sha256.Sum256(conn.ConnectionState().PeerCertificates[0].RawSubjectPublicKeyInfo)
			if want := base64.StdEncoding.EncodeToString(hash[:]); l.certificate.keyHash() != want {
				t.Errorf("key hash %s, want %s", l.certificate.keyHash(), want)
			}
			conn.Close()
		}
	}
}

func TestLabsDiffer(t *testing.T) {
	one, other := startLab(t), startLab(t)
	if one.certificate.keyHash() == other.certificate.keyHash() {
		t.Error("two labs have the same key")
	}
}

func TestCloseEndsConnections(t *testing.T) {
	l := startLab(t)
	f := startFirefox(t, l, "")
	c := startChromium(t, l)
	c.login()
	l.Close()
	if _, _, err := f.conn.Read(t.Context()); err == nil {
		t.Error("Firefox is still connected")
	}
	if _, err := c.reader.ReadByte(); err == nil {
		t.Error("Chromium is still connected")
	}
	if _, err := http.Get(l.Control() + "/messages"); err == nil {
		t.Error("the control API still answers")
	}
}
