package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

var filler = strings.Repeat("/* as much as makes compressing worth it */\n", 40)

// sources are those of a page that has one reference of each kind.
func sources() map[string]string {
	return map[string]string{
		"go.mod":       "module fixture\n\ngo 1.26.0\n",
		"wasm/main.go": "package main\n\nfunc main() {}\n",
		"index.html": `<link rel="stylesheet" href="web/style.css"><link rel=manifest href='web/app.webmanifest'>
<script src="web/boot.js" type="module" data-wasm="web/pushcall.wasm" data-exec="./web/wasm_exec.js"></script>
<link rel="preload" href="web/config.json"><a href="https://example.com/web/boot.js">text.js</a><use href="web/icons.svg#ring"/>`,
		"service-worker.js":   "const BUILD = '__BUILD__'; show({ icon: 'web/icon.png' }); fetch('./');",
		"web/style.css":       "@import 'more.css'; body { background: url(icon.png); scale: calc(1.5) } i { background: url('../web/icons.svg#ring') }" + filler,
		"web/more.css":        "p { color: red }",
		"web/app.webmanifest": `{"start_url":"../","icons":[{"src":"icon.png"}]}`,
		"web/boot.js":         "import './deep/part.js'; navigator.serviceWorker.register('./service-worker.js'); fetch(`web/icon.png`); 'a.b'",
		"web/deep/part.js":    "fetch('web/config.json')",
		"web/icon.png":        "\x89PNG" + filler,
		"web/icons.svg":       "<svg/>",
		"web/config.json":     "{}",
		"web/.hidden":         "hidden",
	}
}

func write(t *testing.T, dir string, files map[string]string) {
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, dir string) map[string]string {
	files := make(map[string]string)
	tree := os.DirFS(dir)
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(tree, name)
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// buildFixture builds the fixture page in a new folder, with brotli's lowest quality,
// which is fast. The quality does not affect these tests.
func buildFixture(t *testing.T, files map[string]string) (options, map[string]string) {
	dir := t.TempDir()
	write(t, dir, files)
	o := options{dir, filepath.Join(dir, "build", "site"), filepath.Join(dir, "build", "cache"), 0}
	if err := build(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	return o, read(t, o.out)
}

func TestBuild(t *testing.T) {
	o, page := buildFixture(t, sources())

	t.Run("names", func(t *testing.T) {
		hash := regexp.MustCompile(`\.[0-9a-f]{12}\.`)
		var names []string
		for name := range page {
			names = append(names, hash.ReplaceAllString(name, ".#."))
		}
		slices.Sort(names)
		want := []string{
			"SHA256SUMS", "_headers",
			"index.html",
			"service-worker.js",
			"web/app.#.webmanifest",
			"web/boot.#.js",
			"web/config.json",
			"web/deep/part.#.js",
			"web/icon.#.png",
			"web/icons.#.svg",
			"web/more.#.css",
			"web/pushcall.#.wasm", "web/pushcall.#.wasm.br", "web/pushcall.#.wasm.gz",
			"web/style.#.css", "web/style.#.css.br", "web/style.#.css.gz",
			"web/wasm_exec.#.js", "web/wasm_exec.#.js.br", "web/wasm_exec.#.js.gz",
		}
		if !slices.Equal(names, want) {
			t.Errorf("got  %q\nwant %q", names, want)
		}
	})

	t.Run("references", func(t *testing.T) {
		name := func(pattern string) string { return published(t, page, pattern) }
		base := func(pattern string) string { return filepath.Base(name(pattern)) }
		for from, want := range map[string]string{
			"index.html": `<link rel="stylesheet" href="` + name("web/style.*.css") + `"><link rel=manifest href='` + name("web/app.*.webmanifest") + `'>
<script src="` + name("web/boot.*.js") + `" type="module" data-wasm="` + name("web/pushcall.*.wasm") + `" data-exec="./` + name("web/wasm_exec.*.js") + `"></script>
<link rel="preload" href="web/config.json"><a href="https://example.com/web/boot.js">text.js</a><use href="` + name("web/icons.*.svg") + `#ring"/>`,
			"service-worker.js":           "const BUILD = '" + digest([]byte(page["index.html"])) + "'; show({ icon: '" + name("web/icon.*.png") + "' }); fetch('./');",
			name("web/style.*.css"):       "@import '" + base("web/more.*.css") + "'; body { background: url(" + base("web/icon.*.png") + "); scale: calc(1.5) } i { background: url('../" + name("web/icons.*.svg") + "#ring') }" + filler,
			name("web/app.*.webmanifest"): `{"start_url":"../","icons":[{"src":"` + base("web/icon.*.png") + `"}]}`,
			name("web/boot.*.js"): "import './deep/" + base("web/deep/part.*.js") + "'; navigator.serviceWorker.register('./service-worker.js'); fetch(`" +
				name("web/icon.*.png") + "`); 'a.b'",
		} {
			if page[from] != want {
				t.Errorf("%s is\n%s\nwant\n%s", from, page[from], want)
			}
		}
	})

	t.Run("twins", func(t *testing.T) {
		for name, twin := range page {
			var r io.Reader
			switch filepath.Ext(name) {
			case ".br":
				r = brotli.NewReader(strings.NewReader(twin))
			case ".gz":
				var err error
				if r, err = gzip.NewReader(strings.NewReader(twin)); err != nil {
					t.Fatal(err)
				}
			default:
				continue
			}
			text, err := io.ReadAll(r)
			if err != nil || string(text) != page[strings.TrimSuffix(name, filepath.Ext(name))] {
				t.Errorf("%s is not a twin: %v", name, err)
			}
		}
	})

	t.Run("sums", func(t *testing.T) {
		checked := 0
		for line := range strings.Lines(page["SHA256SUMS"]) {
			sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
			if fmt.Sprintf("%x", sha256.Sum256([]byte(page[name]))) != sum {
				t.Errorf("%s has another sum", name)
			}
			checked++
		}
		if checked != len(page)-1 {
			t.Errorf("of %d files %d have sums", len(page), checked)
		}
	})

	t.Run("headers", func(t *testing.T) {
		for _, rule := range []string{"/\n", "/service-worker.js\n", "/" + published(t, page, "web/style.*.css") + "\n"} {
			if strings.Count(page["_headers"], "\n"+rule) != 1 {
				t.Errorf("%q is not in %s", rule, page["_headers"])
			}
		}
		if strings.Contains(page["_headers"], ".br\n") {
			t.Error("twins have rules")
		}
	})

	t.Run("again", func(t *testing.T) {
		write(t, o.out, map[string]string{"web/old.0123abcd.js": "of an earlier build"})
		if err := build(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		if again := read(t, o.out); !maps.Equal(again, page) {
			t.Errorf("the second build has %q", slices.Sorted(maps.Keys(again)))
		}
	})

	t.Run("elsewhere", func(t *testing.T) {
		if _, elsewhere := buildFixture(t, sources()); !maps.Equal(elsewhere, page) {
			t.Error("the same sources in another folder give another page")
		}
	})
}

// published returns the one name that matches.
func published(t *testing.T, page map[string]string, pattern string) string {
	var found []string
	for name := range page {
		if match, _ := filepath.Match(pattern, name); match {
			found = append(found, name)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s matches %q", pattern, found)
	}
	return found[0]
}

func TestChangesSpread(t *testing.T) {
	publishSources := func(change map[string]string) map[string][]byte {
		files := make(map[string][]byte)
		for name, text := range sources() {
			files[name] = []byte(text)
		}
		files[wasmName], files[execName] = []byte("wasm"), []byte("exec")
		for name, text := range change {
			files[name] = []byte(text)
		}
		page, err := publish(files)
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	before := publishSources(nil)
	after := publishSources(map[string]string{"web/more.css": "p { color: green }"})
	if bytes.Equal(before["index.html"], after["index.html"]) {
		t.Error("a change two references away does not reach the page")
	}
	if bytes.Equal(before["service-worker.js"], after["service-worker.js"]) {
		t.Error("a change of the page does not reach the service worker")
	}
}

func TestBrokenSources(t *testing.T) {
	for _, test := range []struct {
		name, file, text string
		want             error
	}{
		{"page refers to nothing", "index.html", `<img src="web/none.png">`, errMissing},
		{"style sheet refers to nothing", "web/style.css", "a { background: url(none.png) }", errMissing},
		{"script refers to nothing", "web/boot.js", "fetch('web/none.js')", errMissing},
		{"service worker refers to nothing", "service-worker.js", "show('web/none.png')", errMissing},
		{"circle of one", "web/more.css", "@import 'more.css'", errCircular},
		{"circle of two", "web/more.css", "@import 'style.css'", errCircular},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := map[string][]byte{wasmName: nil, execName: nil}
			for name, text := range sources() {
				files[name] = []byte(text)
			}
			files[test.file] = []byte(test.text)
			if _, err := publish(files); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
	t.Run("does not compile", func(t *testing.T) {
		dir := t.TempDir()
		files := sources()
		files["wasm/main.go"] = "package main\n\nfunc main() { undefined() }\n"
		write(t, dir, files)
		err := build(t.Context(), options{dir, filepath.Join(dir, "site"), filepath.Join(dir, "cache"), 0})
		if err == nil || !strings.Contains(err.Error(), "undefined: undefined") {
			t.Errorf("the compiler's words are missing: %v", err)
		}
	})
	t.Run("no page", func(t *testing.T) {
		if _, err := readSources(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v, want ErrNotExist", err)
		}
	})
}

func TestCacheIsPruned(t *testing.T) {
	cache := twinCache{t.TempDir(), 0}
	if _, err := cache.compress("new.js", []byte("new"), codings[0]); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(cache.dir, "old.br")
	write(t, cache.dir, map[string]string{"old.br": "old"})
	if err := os.Chtimes(old, time.Unix(0, 0), time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	if err := cache.prune(); err != nil {
		t.Fatal(err)
	}
	if left := read(t, cache.dir); len(left) != 1 || left["old.br"] != "" {
		t.Errorf("left are %q", slices.Sorted(maps.Keys(left)))
	}
}
