package pushlab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pushcall/webpush"
)

// Tests with stock browsers: how a browser reacts to the lab's faults, which the user
// agents of the other tests cannot tell.

// browserTimeout is for a browser's start and for all that it does afterwards.
const browserTimeout = time.Minute

// site serves a page that subscribes, reports push messages, and sends requests.
type site struct {
	*httptest.Server
	begin        chan struct{} // closed when the page is to subscribe
	subscription chan string   // as JSON
	pushed       chan string
	toSend       chan string // a request as JSON
	sent         chan string // its status, or "failed"
}

const sitePage = `<!doctype html><meta charset="utf-8"><script type="module">
const report = (path, body) => fetch(path, {method: 'POST', body});
try {
  await navigator.serviceWorker.register('worker.js');
  const registration = await navigator.serviceWorker.ready;
  await fetch('begin');
  const subscription = await registration.pushManager.subscribe({userVisibleOnly: true, applicationServerKey: '%s'});
  await report('subscription', JSON.stringify(subscription));
} catch (error) {
  await report('subscription', String(error));
}
for (;;) {
  const {url, method, headers, body} = await (await fetch('send')).json();
  const octets = Uint8Array.from(atob(body), (c) => c.charCodeAt(0));
  const status = await fetch(url, {method, headers, body: octets}).then((answer) => String(answer.status), () => 'failed');
  await report('sent', status);
}
</script>`

const siteWorker = `
addEventListener('push', (event) => event.waitUntil(Promise.all([
  fetch('pushed', {method: 'POST', body: event.data.text()}),
  registration.showNotification('pushed', {tag: 'pushed'}),
])));`

func startSite(t *testing.T, key webpush.PublicKey) *site {
	t.Helper()
	s := &site{begin: make(chan struct{}), subscription: make(chan string, 1), pushed: make(chan string, 10), toSend: make(chan string, 1), sent: make(chan string, 1)}
	mux := http.NewServeMux()
	show := func(path, contentType, text string) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			io.WriteString(w, text)
		})
	}
	hear := func(path string, reports chan<- string) {
		mux.HandleFunc("POST "+path, func(_ http.ResponseWriter, r *http.Request) {
			text, _ := io.ReadAll(r.Body)
			reports <- string(text)
		})
	}
	show("/{$}", "text/html", fmt.Sprintf(sitePage, key))
	show("/worker.js", "text/javascript", siteWorker)
	hear("/subscription", s.subscription)
	hear("/pushed", s.pushed)
	hear("/sent", s.sent)
	mux.HandleFunc("GET /begin", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-s.begin:
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("GET /send", func(w http.ResponseWriter, r *http.Request) {
		select {
		case request := <-s.toSend:
			io.WriteString(w, request)
		case <-r.Context().Done():
		}
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s
}

// hear waits for a report of the page.
func hear(t *testing.T, what string, reports <-chan string) string {
	t.Helper()
	select {
	case report := <-reports:
		return report
	case <-time.After(browserTimeout):
		t.Fatalf("the browser never said %s", what)
		return ""
	}
}

// send makes the page send a request, and returns the answer as the page sees it.
func (s *site) send(t *testing.T, r *http.Request) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	headers := map[string]string{}
	for name := range r.Header {
		headers[name] = r.Header.Get(name)
	}
	request, err := json.Marshal(map[string]any{"url": r.URL.String(), "method": r.Method, "headers": headers, "body": body})
	if err != nil {
		t.Fatal(err)
	}
	s.toSend <- string(request)
	return hear(t, "what became of a request", s.sent)
}

// browse opens the page in a stock browser with a new profile, which allows notifications.
func browse(t *testing.T, l *Lab, kind string, page string) {
	t.Helper()
	program := map[string]string{"firefox": "firefox-esr", "chromium": "chromium"}[kind]
	if _, err := exec.LookPath(program); err != nil {
		t.Fatalf("%s is not installed, and PUSHCALL_TEST_ALL=1 wants every test", program)
	}
	profile := t.TempDir()
	var args []string
	switch kind {
	case "firefox":
		prefs := l.FirefoxPrefs()
		prefs["permissions.default.desktop-notification"] = 1
		prefs["alerts.useSystemBackend"] = false
		prefs["browser.aboutwelcome.enabled"] = false
		prefs["datareporting.policy.dataSubmissionEnabled"] = false
		prefs["termsofuse.bypassNotification"] = true // else no page is opened before they are agreed to
		var lines bytes.Buffer
		for name, value := range prefs {
			text, _ := json.Marshal(value)
			fmt.Fprintf(&lines, "user_pref(%q, %s);\n", name, text)
		}
		writeFile(t, filepath.Join(profile, "user.js"), lines.Bytes())
		args = []string{"--headless", "--no-remote", "--profile", profile, page}
	case "chromium":
		preferences := fmt.Sprintf(`{"profile":{"content_settings":{"exceptions":{"notifications":{"%s,*":{"setting":1}}}}}}`, strings.TrimSuffix(page, "/"))
		writeFile(t, filepath.Join(profile, "Default", "Preferences"), []byte(preferences))
		args = append([]string{"--headless=new", "--user-data-dir=" + profile, "--no-sandbox", "--disable-gpu", "--no-first-run",
			"--disable-component-update", "--disable-sync", page}, l.ChromiumArgs()...)
	}
	command := exec.Command(program, args...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that its helper processes end with it
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		command.Wait()
	})
}

func writeFile(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestBrowsers(t *testing.T) {
	if os.Getenv("PUSHCALL_TEST_ALL") != "1" {
		t.Skip("stock browsers are started only with PUSHCALL_TEST_ALL=1")
	}
	for _, kind := range []string{"firefox", "chromium"} {
		t.Run(kind, func(t *testing.T) {
			l, key := startLab(t), newKey(t)
			s := startSite(t, key.Public())
			browse(t, l, kind, s.URL+"/")
			if kind == "firefox" {
				waitForConnection(t, l.mozilla.store)
			}
			close(s.begin)
			sub := parseSubscription(t, hear(t, "that it has subscribed", s.subscription))
			t.Run("duplicate", func(t *testing.T) { testBrowserDuplicate(t, l, s, sub, key) })
			t.Run("reset", func(t *testing.T) { testBrowserReset(t, l, s) })
		})
	}
}

// waitForConnection waits until a browser has connected. Before that, subscribe()
// never returns in Firefox.
func waitForConnection(t *testing.T, s *store) {
	t.Helper()
	timeout := time.After(browserTimeout)
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for {
		s.mu.Lock()
		connected := len(s.agents) > 0
		s.mu.Unlock()
		if connected {
			return
		}
		select {
		case <-look.C:
		case <-timeout:
			t.Fatal("the browser never connected")
		}
	}
}

// parseSubscription parses what a PushSubscription is in JSON.
func parseSubscription(t *testing.T, text string) webpush.Subscription {
	t.Helper()
	var parsed struct {
		Endpoint string
		Keys     struct{ P256dh, Auth string }
	}
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	sub, err := webpush.NewSubscription(parsed.Endpoint, parsed.Keys.P256dh, parsed.Keys.Auth)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return sub
}

// A duplicate causes two push events in a browser.
func testBrowserDuplicate(t *testing.T, l *Lab, s *site, sub webpush.Subscription, key webpush.ApplicationServerKey) {
	if err := l.Faults().Add(Fault{Kind: Duplicate}); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"twice", "once"} {
		push(t, l, sub, key, text, webpush.Options{TTL: time.Minute})
	}
	got := map[string]int{} // two events at once may be reported in any order
	for range 3 {
		got[hear(t, "that it was pushed something", s.pushed)]++
	}
	if got["twice"] != 2 || got["once"] != 1 {
		t.Errorf("the worker was pushed %v", got)
	}
	waitForRecord(t, l, "acked", isAcked)
}

// A reset is one failed POST, which the browser does not repeat by itself.
func testBrowserReset(t *testing.T, l *Lab, s *site) {
	key := newKey(t)
	_, sub := startFirefox(t, l, "").subscribe("c", key.Public())
	before := len(l.Messages())
	if err := l.Faults().Add(Fault{}, Fault{Kind: Reset}, Fault{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"201", "failed", "201"} {
		if got := s.send(t, newRequest(t, sub, key, "x", webpush.Options{TTL: time.Minute})); got != want {
			t.Errorf("the page saw %q, want %q", got, want)
		}
	}
	if records := l.Messages()[before:]; len(records) != 3 || records[1].Fault != Reset {
		t.Errorf("three messages left %d records: %+v", len(records), records)
	}
}
