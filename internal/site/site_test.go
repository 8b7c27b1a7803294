package site

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func built() fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"index.html":                            "<!doctype html><title>Pushcall</title>",
		"index.html.br":                         "page in brotli",
		"index.html.gz":                         "the page in gzip",
		"service-worker.js":                     "addEventListener('push', ring)",
		"web/config.json":                       `{"relays":["relay"]}`,
		"web/boot.0123abcd.js":                  "boot()",
		"web/pushcall.0123abcd.wasm":            "\x00asm, which is the longest of the three",
		"web/pushcall.0123abcd.wasm.br":         "brotli",
		"web/pushcall.0123abcd.wasm.gz":         "gzip, longer",
		"web/manifest.0123abcd4567.webmanifest": "{}",
		"web/.secret":                           "secret",
		".git/config":                           "secret",
		"web/only.br":                           "no twin of anything",
		"_headers":                              "for other hosts",
		"SHA256SUMS":                            "sums",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func handler(t *testing.T, files fs.FS) http.Handler {
	h, err := Handler(files, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// get asks for a path with header fields given as name, value, name, value.
func get(h http.Handler, method, path string, fields ...string) (*http.Response, string) {
	r := httptest.NewRequest(method, "/", nil)
	r.URL.Path = path
	for field := range slices.Chunk(fields, 2) {
		r.Header.Add(field[0], field[1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body, _ := io.ReadAll(w.Result().Body)
	return w.Result(), string(body)
}

func TestHeader(t *testing.T) {
	const forever, anew = "public, max-age=31536000, immutable", "no-cache"
	for _, test := range []struct{ path, contentType, cacheControl, vary string }{
		{"/", "text/html; charset=utf-8", anew, "Accept-Encoding"},
		{"/index.html", "text/html; charset=utf-8", anew, "Accept-Encoding"},
		{"/service-worker.js", "text/javascript; charset=utf-8", anew, ""},
		{"/web/config.json", "application/json", anew, ""},
		{"/web/boot.0123abcd.js", "text/javascript; charset=utf-8", forever, ""},
		{"/web/pushcall.0123abcd.wasm", "application/wasm", forever, "Accept-Encoding"},
		{"/web/manifest.0123abcd4567.webmanifest", "application/manifest+json", forever, ""},
	} {
		answer, _ := get(handler(t, built()), "GET", test.path)
		for name, want := range map[string]string{
			"Content-Type":           test.contentType,
			"Cache-Control":          test.cacheControl,
			"Vary":                   test.vary,
			"Referrer-Policy":        "no-referrer",
			"X-Content-Type-Options": "nosniff",
			"Permissions-Policy":     "camera=(self), microphone=(self), display-capture=(self)",
			"Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
				"img-src 'self' data: blob:; connect-src 'self' https:; " +
				"manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		} {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", test.path, name, got, want)
			}
		}
		if answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Header.Get("ETag"), `"`) {
			t.Errorf("%s: %s, ETag %s", test.path, answer.Status, answer.Header.Get("ETag"))
		}
	}
}

// The document has the same policy, for hosts that send no header fields. It
// says nothing of frames, which is for a header only (Content Security Policy
// Level 3, Section 3.3), and lets a page that is tried on its reader's machine
// reach push services there.
func TestPolicyInDocument(t *testing.T) {
	page, err := os.ReadFile("../../index.html")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join(contentSecurityPolicy[:len(contentSecurityPolicy)-1], "; ")
	want = strings.Replace(want, "https:", "https:"+loopback, 1)
	meta := `<meta http-equiv="Content-Security-Policy" content="` + want + `">`
	head, _, found := strings.Cut(string(page), meta)
	if !found || strings.Contains(head, "<script") || strings.Contains(head, "<link") || contentSecurityPolicy[len(contentSecurityPolicy)-1] != "frame-ancestors 'none'" {
		t.Errorf("index.html has no %s before all that it loads", meta)
	}
}

func TestEncoding(t *testing.T) {
	for _, test := range []struct{ accept, want string }{
		{"", ""},
		{"gzip, deflate, br, zstd", "br"},
		{"gzip, deflate", "gzip"},
		{"GZIP", "gzip"},
		{"br;q=0.5, gzip", "gzip"},
		{"br;q=0.5, gzip;q=0.5", "br"},
		{"br ; q = 0.5 ,gzip;q=0.4", "br"},
		{"*", "br"},
		{"*;q=0.1", "br"},
		{"*, br;q=0", "gzip"},
		{"br;q=0", ""},
		{"identity", ""},
		{"identity, br;q=0.9", ""},
		{"identity;q=0.5, br;q=0.5", "br"},
		{"identity;q=0.2, gzip;q=0.3", "gzip"},
		{"identity;q=0, *;q=0", ""},
		{"br;q=0.001", "br"},
		{"br;q=2, gzip", "gzip"},
		{"br;q=nan, gzip", "gzip"},
		{"br;q=, gzip", "gzip"},
		{"br;level=1, gzip", "gzip"},
		{"brotli, x-gzip", ""},
		{",;,;q=1,", ""},
	} {
		answer, body := get(handler(t, built()), "GET", "/web/pushcall.0123abcd.wasm", "Accept-Encoding", test.accept)
		want := map[string]string{"": "\x00asm, which is the longest of the three", "br": "brotli", "gzip": "gzip, longer"}[test.want]
		if got := answer.Header.Get("Content-Encoding"); got != test.want || body != want {
			t.Errorf("%q: got %q, %q; want %q", test.accept, got, body, test.want)
		}
	}
	answer, _ := get(handler(t, built()), "GET", "/", "Accept-Encoding", "deflate", "Accept-Encoding", "gzip")
	if got := answer.Header.Get("Content-Encoding"); got != "gzip" {
		t.Errorf("with two fields: got %q", got)
	}
}

func TestNotModified(t *testing.T) {
	h := handler(t, built())
	const path = "/web/pushcall.0123abcd.wasm"
	etags := map[string]string{}
	for _, coding := range []string{"identity", "br", "gzip"} {
		answer, _ := get(h, "GET", path, "Accept-Encoding", coding)
		etag := answer.Header.Get("ETag")
		etags[etag] = coding
		for match, want := range map[string]int{
			etag:                    304,
			"W/" + etag:             304,
			`"other", ` + etag:      304,
			"*":                     304,
			`"other"`:               200,
			strings.Trim(etag, `"`): 200,
		} {
			answer, body := get(h, "GET", path, "Accept-Encoding", coding, "If-None-Match", match)
			if answer.StatusCode != want || want == 304 && body != "" {
				t.Errorf("%s, If-None-Match %s: %s", coding, match, answer.Status)
			}
			if answer.Header.Get("Vary") == "" || answer.Header.Get("Cache-Control") == "" || answer.Header.Get("ETag") != etag {
				t.Errorf("%s, If-None-Match %s: the header is %v", coding, match, answer.Header)
			}
		}
	}
	if len(etags) != 3 {
		t.Errorf("codings share an ETag: %v", etags)
	}
}

func TestHead(t *testing.T) {
	h := handler(t, built())
	for _, coding := range []string{"identity", "br"} {
		got, _ := get(h, "GET", "/", "Accept-Encoding", coding)
		head, body := get(h, "HEAD", "/", "Accept-Encoding", coding)
		if body != "" || head.StatusCode != 200 || head.Header.Get("Content-Length") == "" ||
			!maps.EqualFunc(got.Header, head.Header, slices.Equal) {
			t.Errorf("HEAD has %v and %q, GET has %v", head.Header, body, got.Header)
		}
	}
}

func TestNotServed(t *testing.T) {
	h := handler(t, built())
	for _, path := range []string{
		"/web", "/web/", "/web/.secret", "/.git/config", "/.git", "/web/only.br", "/_headers",
		"/index.html.br", "/index.html/", "//index.html", "/./index.html", "/web/../index.html",
		"/../index.html", "/../../etc/passwd", "/web/..%2f..%2fetc/passwd", `/web\config.json`,
		"/Index.html", "/index.html\x00", "/nothing",
	} {
		answer, _ := get(h, "GET", path)
		if answer.StatusCode != http.StatusNotFound || answer.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%q: %s", path, answer.Status)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		answer, _ := get(h, method, "/")
		if answer.StatusCode != http.StatusMethodNotAllowed || answer.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %s", method, answer.Status)
		}
	}
}

func TestSymbolicLinksAreNotServed(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "passwd")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	answer, _ := get(handler(t, os.DirFS(dir)), "GET", "/passwd")
	if answer.StatusCode != http.StatusNotFound {
		t.Errorf("the status is %s", answer.Status)
	}
}

func TestConfig(t *testing.T) {
	const lab = `{"relays":[]}`
	h, err := Handler(built(), Options{Config: []byte(lab)})
	if err != nil {
		t.Fatal(err)
	}
	answer, body := get(h, "GET", "/web/config.json", "Accept-Encoding", "br")
	if body != lab || answer.Header.Get("Content-Encoding") != "" {
		t.Errorf("got %q, %v", body, answer.Header)
	}
}

// TestLocal: only with Options.Local may the page connect to the visitor's own machine.
func TestLocal(t *testing.T) {
	for local, want := range map[bool]string{false: "connect-src 'self' https:;", true: "connect-src 'self' https: http://127.0.0.1:* http://localhost:*;"} {
		h, err := Handler(built(), Options{Local: local})
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := get(h, "GET", "/")
		if got := answer.Header.Get("Content-Security-Policy"); !strings.Contains(got, want) {
			t.Errorf("local %v: %s", local, got)
		}
	}
}

// TestHeadersFile: a host that follows the file answers as Handler does.
func TestHeadersFile(t *testing.T) {
	names := []string{"index.html", "service-worker.js", "web/config.json", "web/boot.0123abcd.js", "web/pushcall.0123abcd.wasm"}
	rules := make(map[string]map[string]string)
	var rule map[string]string
	for line := range strings.Lines(string(HeadersFile(names))) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), ": "); found && strings.HasPrefix(line, "  ") {
			rule[name] = value
			continue
		}
		rule = make(map[string]string)
		rules[strings.TrimSpace(line)] = rule
	}
	if len(rules) != len(names)+1 {
		t.Fatalf("there are %d rules", len(rules))
	}
	for _, name := range names {
		path := "/" + strings.TrimPrefix(name, "index.html")
		answer, _ := get(handler(t, built()), "GET", path)
		told := maps.Clone(rules["/*"])
		maps.Copy(told, rules[path])
		for _, field := range []string{
			"Content-Security-Policy", "Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options", "Cache-Control", "Content-Type",
		} {
			if got, want := told[field], answer.Header.Get(field); got != want || got == "" {
				t.Errorf("%s: %s is %q in the file, and %q by the handler", name, field, got, want)
			}
		}
	}
}

func TestNotBuilt(t *testing.T) {
	if _, err := Handler(fstest.MapFS{}, Options{}); !errors.Is(err, ErrNotBuilt) {
		t.Errorf("got %v, want ErrNotBuilt", err)
	}
	if _, err := Handler(os.DirFS(filepath.Join(t.TempDir(), "none")), Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want ErrNotExist", err)
	}
}

func FuzzParseAccept(f *testing.F) {
	f.Add("gzip, deflate, br;q=0.9, *;q=0")
	f.Fuzz(func(t *testing.T, field string) {
		for coding, weight := range parseAccept(field) {
			if coding == "" || !(weight >= 0 && weight <= 1) {
				t.Errorf("%q has weight %v", coding, weight)
			}
		}
	})
}
