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

// What the control API prints is read by tests in other languages: names and
// formats count.
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

func TestRecordRefused(t *testing.T) {
	record, err := json.Marshal(Record{})
	if err != nil {
		t.Fatal(err)
	}
	for _, absent := range []string{"delivered", "acked", "ackCode", "ttl"} {
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
