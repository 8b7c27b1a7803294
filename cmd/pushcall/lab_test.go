package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// labLine is a lab's one line of JSON, as programs in other languages read it.
type labLine struct {
	Page, Control string
	Faults        string
	Firefox       struct{ Prefs map[string]any }
	Chromium      struct{ Args []string }
}

func readLabLine(t *testing.T, p *process) (line labLine) {
	t.Helper()
	if err := json.Unmarshal([]byte(p.line), &line); err != nil {
		t.Fatalf("it printed %q: %v", p.line, err)
	}
	return line
}

func TestLabJSON(t *testing.T) {
	p := start(t, pushcall(t, "lab", "--addr", "localhost:0", "--json", "--dir", builtPage(t)))
	guide := readLabLine(t, p)
	if !strings.HasPrefix(guide.Page, "http://localhost:") || !strings.HasSuffix(guide.Page, "/") ||
		!strings.HasPrefix(guide.Control, "http://127.0.0.1:") || !strings.HasSuffix(guide.Control, "/lab") {
		t.Errorf("the page is %s, the control API %s", guide.Page, guide.Control)
	}
	if url, _ := guide.Firefox.Prefs["dom.push.serverURL"].(string); !strings.HasPrefix(url, "ws://127.0.0.1:") {
		t.Errorf("Firefox's preferences are %v", guide.Firefox.Prefs)
	}
	if !slices.ContainsFunc(guide.Chromium.Args, func(arg string) bool {
		return strings.HasPrefix(arg, "--gcm-mcs-endpoint=https://localhost:")
	}) {
		t.Errorf("Chromium's arguments are %q", guide.Chromium.Args)
	}

	for url, want := range map[string]string{
		guide.Page:                     "the page",
		guide.Page + "web/config.json": labConfig,
		guide.Control + "/messages":    "[]\n",
	} {
		if answer, body := do(t, http.MethodGet, url, ""); answer.StatusCode != http.StatusOK || body != want {
			t.Errorf("%s is %s %q, want %q", url, answer.Status, body, want)
		}
	}
	// The relay reaches the lab under the services' own names, and trusts it.
	for _, endpoint := range []string{"https://jmt17.google.com/fcm/send/x", "https://fcm.googleapis.com/preprod/wp/x"} {
		answer, body := do(t, http.MethodPost, guide.Page+"relay", endpoint)
		if answer.StatusCode != http.StatusNotFound || answer.Header.Get("Push-Status") != "404" {
			t.Errorf("%s answers %s %q, %v", endpoint, answer.Status, body, answer.Header)
		}
	}
	p.stop(t)
}

func TestLabForPeople(t *testing.T) {
	command := pushcall(t, "lab", "--addr", "localhost:0", "--dir", builtPage(t), "--faults", "seed=7,drop=0.1")
	p := start(t, command)
	if !strings.HasPrefix(p.line, "The page is at http://localhost:") {
		t.Errorf("it printed %q", p.line)
	}
	var guide strings.Builder
	for last := "  " + p.url + "\n"; !strings.HasSuffix(guide.String(), last); {
		line, err := p.stdout.ReadString('\n')
		if err != nil {
			t.Fatalf("after %q: %v", &guide, err)
		}
		guide.WriteString(line)
	}
	for _, want := range []string{"--open firefox,chromium", `user_pref("dom.push.serverURL", "ws://127.0.0.1:`, "'--gcm-checkin-url=http://127.0.0.1:", "/lab/messages\n", "--faults seed=7,drop=0.1 says"} {
		if !strings.Contains(guide.String(), want) {
			t.Errorf("it does not tell %q: %s", want, &guide)
		}
	}
	p.stop(t)
}

func TestLabMistakes(t *testing.T) {
	for _, test := range []struct {
		want string
		args []string
	}{
		{"make", []string{"--dir", "nowhere"}},
		{"--config: open nowhere.json", []string{"--config", "nowhere.json", "--dir", builtPage(t)}},
		{`--faults: pushlab: bad fault: there is no fault "dorp"`, []string{"--faults", "dorp=0.1", "--dir", builtPage(t)}},
		{`"opera" is not a browser that --open knows`, []string{"--open", "opera", "--dir", builtPage(t)}},
	} {
		output, err := pushcall(t, append([]string{"lab"}, test.args...)...).CombinedOutput()
		if err == nil || !strings.Contains(string(output), test.want) || strings.Count(string(output), "\n") != 1 {
			t.Errorf("pushcall lab %q: %v, %q, want one line with %q", test.args, err, output, test.want)
		}
	}
}

// The lab follows the schedule of --faults, and its printed seed gives the same faults.
func TestLabFaults(t *testing.T) {
	for asked, want := range map[string]*regexp.Regexp{
		"":                 regexp.MustCompile(`^$`),
		"seed=7,drop=0.10": regexp.MustCompile(`^seed=7,drop=0\.1$`),
		"drop=0.1":         regexp.MustCompile(`^seed=[1-9]\d*,drop=0\.1$`),
	} {
		p := start(t, pushcall(t, "lab", "--addr", "localhost:0", "--json", "--dir", builtPage(t), "--faults", asked))
		if got := readLabLine(t, p).Faults; !want.MatchString(got) {
			t.Errorf("--faults %q makes %q, want %v", asked, got, want)
		}
		p.stop(t)
	}
}

// Browsers start with new profiles and end with the lab, and their profiles are
// removed.
func TestLabOpens(t *testing.T) {
	bin, temporary := t.TempDir(), t.TempDir()
	started := filepath.Join(t.TempDir(), "started")
	fake := "#!/bin/sh\necho \"$@\" >>" + started + "\nexec /bin/sleep 1000\n"
	if err := os.WriteFile(filepath.Join(bin, "chromium"), []byte(fake), 0o755); err != nil {
		t.Fatal(err)
	}
	command := pushcall(t, "lab", "--addr", "localhost:0", "--json", "--dir", builtPage(t), "--open", "firefox,chromium")
	command.Env = append(command.Env, "PATH="+bin, "TMPDIR="+temporary, "DISPLAY=:0")
	p := start(t, command)
	lines := waitForLines(t, started, 2)
	for _, line := range lines {
		if !strings.Contains(line, "--user-data-dir="+temporary) || !strings.HasSuffix(line, " "+readLabLine(t, p).Page) ||
			!strings.Contains(line, "--gcm-checkin-url=") || strings.Contains(line, "--headless") {
			t.Errorf("a browser was started with %s", line)
		}
	}
	p.stop(t)
	left, err := os.ReadDir(temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("the lab left %v, %v", left, err)
	}
}

// waitForLines waits until a file has that many lines.
func waitForLines(t *testing.T, file string, count int) []string {
	t.Helper()
	timeout := time.After(10 * time.Second)
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for {
		text, err := os.ReadFile(file)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if strings.Count(string(text), "\n") == count {
			return strings.Split(strings.TrimSpace(string(text)), "\n")
		}
		select {
		case <-look.C:
		case <-timeout:
			t.Fatalf("%q never had %d lines", text, count)
		}
	}
}
