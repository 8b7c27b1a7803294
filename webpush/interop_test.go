//go:build !js

package webpush

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// node runs a function of testdata/interop.mjs over inputs. The npm packages
// come from the end-to-end tests, or from where PUSHCALL_NODE_MODULES says.
// Without them the test is skipped, unless PUSHCALL_TEST_ALL forbids that.
func node[Output, Input any](t *testing.T, function string, inputs []Input) []Output {
	t.Helper()
	nodeModules := cmp.Or(os.Getenv("PUSHCALL_NODE_MODULES"), "../e2e/node_modules")
	missing := func(what string) {
		if os.Getenv("PUSHCALL_TEST_ALL") == "1" {
			t.Fatalf("%s is not installed, and PUSHCALL_TEST_ALL=1 wants every test", what)
		}
		t.Skipf("%s is not installed; `make test` installs it", what)
	}
	if _, err := exec.LookPath("node"); err != nil {
		missing("node")
	}
	for _, name := range []string{"http_ece", "web-push"} {
		if _, err := os.Stat(filepath.Join(nodeModules, name)); errors.Is(err, fs.ErrNotExist) {
			missing("npm package " + name)
		}
	}

	input, err := json.Marshal(inputs)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "node", "testdata/interop.mjs", nodeModules, function)
	command.Stdin, command.Stderr = bytes.NewReader(input), os.Stderr
	printed, err := command.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	var outputs []Output
	if err := json.Unmarshal(printed, &outputs); err != nil {
		t.Fatalf("node printed %q: %v", printed, err)
	}
	if len(outputs) != len(inputs) {
		t.Fatalf("%d outputs of %d inputs", len(outputs), len(inputs))
	}
	return outputs
}

func TestHTTPECEDecrypts(t *testing.T) {
	type input struct {
		PrivateKey []byte `json:"privateKey"`
		AuthSecret []byte `json:"authSecret"`
		Body       []byte `json:"body"`
	}
	private, sub := newReceiver(t)
	var plaintexts [][]byte
	var inputs []input
	for _, n := range []int{0, 1, 255, 256, 257, 1472, MaxPlaintext} {
		plaintext := bytes.Repeat([]byte("é"), n)[:n]
		body, err := Encrypt(sub, plaintext)
		if err != nil {
			t.Fatal(err)
		}
		plaintexts = append(plaintexts, plaintext)
		inputs = append(inputs, input{private.Bytes(), sub.AuthSecret[:], body})
	}
	for i, got := range node[[]byte](t, "decrypt", inputs) {
		if !bytes.Equal(got, plaintexts[i]) {
			t.Errorf("%d octets come out as %d", len(plaintexts[i]), len(got))
		}
	}
}

func TestHTTPECEEncrypts(t *testing.T) {
	type input struct {
		UAPublic   []byte `json:"uaPublic"`
		AuthSecret []byte `json:"authSecret"`
		Plaintext  []byte `json:"plaintext"`
		RecordSize int    `json:"recordSize"`
		Padding    int    `json:"padding"`
	}
	private, sub := newReceiver(t)
	var inputs []input
	for _, plaintext := range []string{"", "r", "I am the walrus", string(make([]byte, 100))} {
		// Padding that fills a record and has more to come makes bodies that
		// http_ece does not read itself.
		for _, size := range []struct{ record, padding int }{{18, 0}, {19, 0}, {25, 0}, {25, 1}, {100, 50}, {4096, 0}, {4096, 50}} {
			inputs = append(inputs, input{sub.UAPublic.Bytes(), sub.AuthSecret[:], []byte(plaintext), size.record, size.padding})
		}
	}
	for i, body := range node[[]byte](t, "encrypt", inputs) {
		in := inputs[i]
		if got, err := Decrypt(private, sub.AuthSecret, body); err != nil || !bytes.Equal(got, in.Plaintext) {
			t.Errorf("%q, padded with %d, in records of %d: %q, %v", in.Plaintext, in.Padding, in.RecordSize, got, err)
		}
	}
}

// TestWebPushRequest: a user agent of ours reads what web-push sends, and we
// send the same header.
func TestWebPushRequest(t *testing.T) {
	type input struct {
		Subscription struct {
			Endpoint string            `json:"endpoint"`
			Keys     map[string]string `json:"keys"`
		} `json:"subscription"`
		Plaintext []byte `json:"plaintext"`
		Subject   string `json:"subject"`
		TTL       int    `json:"TTL"`
		Urgency   string `json:"urgency"`
		Topic     string `json:"topic"`
	}
	type output struct {
		Method string            `json:"method"`
		URL    string            `json:"url"`
		Header map[string]string `json:"header"`
		Body   []byte            `json:"body"`
		VAPID  struct {
			PublicKey  PublicKey            `json:"publicKey"`
			PrivateKey ApplicationServerKey `json:"privateKey"`
		} `json:"vapid"`
	}
	private, sub := newReceiver(t)
	in := input{Plaintext: []byte("ring"), Subject: "mailto:push@example.com", TTL: 45, Urgency: "high", Topic: "call-1"}
	in.Subscription.Endpoint = sub.Endpoint.String()
	in.Subscription.Keys = map[string]string{"p256dh": sub.UAPublic.String(), "auth": encodeBase64(sub.AuthSecret[:])}
	theirs := node[output](t, "request", []input{in})[0]

	if got, err := Decrypt(private, sub.AuthSecret, theirs.Body); err != nil || string(got) != "ring" {
		t.Errorf("decrypted %q, %v", got, err)
	}
	token, err := ParseAuthorization(theirs.Header["Authorization"])
	if err != nil {
		t.Fatal(err)
	}
	if token.Key != theirs.VAPID.PublicKey || token.Key != theirs.VAPID.PrivateKey.Public() || token.Subject != in.Subject {
		t.Errorf("token %+v", token)
	}
	if err := token.Verify(t.Context(), Verify, sub.Endpoint.Origin(), time.Now()); err != nil {
		t.Errorf("token: %v", err)
	}

	vapid := newVAPID(t, NewSigner(theirs.VAPID.PrivateKey), in.Subject)
	ours, err := NewRequest(t.Context(), sub, vapid, in.Plaintext, Options{TTL: 45 * time.Second, Urgency: UrgencyHigh, Topic: in.Topic})
	if err != nil {
		t.Fatal(err)
	}
	if ours.Method != theirs.Method || ours.URL != theirs.URL {
		t.Errorf("%s %s, want %s %s", ours.Method, ours.URL, theirs.Method, theirs.URL)
	}
	for field, value := range ours.Header {
		if field != "Authorization" && theirs.Header[field] != value {
			t.Errorf("%s: %s, want %s", field, value, theirs.Header[field])
		}
	}
}

// TestOpenSSLVerifies: another implementation finds our signatures good, and
// finds a bad one.
func TestOpenSSLVerifies(t *testing.T) {
	type input struct {
		PublicKey []byte `json:"publicKey"`
		Message   []byte `json:"message"`
		Signature []byte `json:"signature"`
	}
	key, err := GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	var inputs []input
	for i := range 64 { // one in 128 has an r or s that begins with a zero
		message := bytes.Repeat([]byte("m"), i)
		signature, err := NewSigner(key).Sign(t.Context(), message)
		if err != nil {
			t.Fatal(err)
		}
		inputs = append(inputs, input{key.Public().Bytes(), message, signature})
	}
	tampered := inputs[1]
	tampered.Message = []byte("M")
	for i, good := range node[bool](t, "verify", append(inputs, tampered)) {
		if want := i < len(inputs); good != want {
			t.Errorf("signature %d is good: %t, want %t", i, good, want)
		}
	}
}
