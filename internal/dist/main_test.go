package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// packed builds the distribution of a page with one file and one compressed file.
func packed(t *testing.T, source string) (out string, sums map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"index.html": "the page", "_headers": "headers", "web/a.0123abcd.js": "script", "web/a.0123abcd.js.br": "twin", "web/config.json": "{}",
	} {
		file := filepath.Join(dir, "site", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out = filepath.Join(dir, "dist")
	if err := pack(t.Context(), options{source, filepath.Join(dir, "site"), out, []string{runtime.GOOS + "/" + runtime.GOARCH}}); err != nil {
		t.Fatal(err)
	}
	return out, readSums(t, out)
}

// readSums reads SHA256SUMS, and checks that it lists exactly the files.
func readSums(t *testing.T, out string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(out, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	sums := make(map[string]string)
	for line := range strings.Lines(string(text)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		content, err := os.ReadFile(filepath.Join(out, name))
		if err != nil || fmt.Sprintf("%x", sha256.Sum256(content)) != sum {
			t.Errorf("%s has another sum, %v", name, err)
		}
		sums[name] = sum
	}
	return sums
}

func TestPack(t *testing.T) {
	out, sums := packed(t, root)
	program := "pushcall-" + runtime.GOOS + "-" + runtime.GOARCH
	for _, name := range []string{program, "site/index.html", "site/_headers", "site/web/a.0123abcd.js.br", "Caddyfile", "nginx.conf", "pushcall.service"} {
		if sums[name] == "" {
			t.Errorf("there is no %s in %q", name, slices.Sorted(maps.Keys(sums)))
		}
	}

	t.Run("serves the page within", func(t *testing.T) {
		command := exec.Command(filepath.Join(out, program), "serve", "--addr", "localhost:0")
		command.Dir = t.TempDir() // where there is no build/site
		stdout, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { command.Process.Kill(); command.Wait() })
		line, err := bufio.NewReader(stdout).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		url := regexp.MustCompile(`http://\S+`).FindString(line)
		for path, want := range map[string]string{"": "the page", "web/a.0123abcd.js": "script", "web/config.json": "{}"} {
			answer, err := http.Get(url + path)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(answer.Body)
			answer.Body.Close()
			if err != nil || string(body) != want || answer.Header.Get("Content-Security-Policy") == "" {
				t.Errorf("%s is %s %q, %v", path, answer.Status, body, err)
			}
		}
	})

	t.Run("is the same from elsewhere", func(t *testing.T) {
		elsewhere := t.TempDir()
		for _, name := range []string{"go.mod", "go.sum", "cmd", "deploy", "internal", "relay", "signaling", "webpush"} {
			from := filepath.Join(root, name)
			if info, err := os.Stat(from); err != nil {
				t.Fatal(err)
			} else if info.IsDir() {
				if err := os.CopyFS(filepath.Join(elsewhere, name), os.DirFS(from)); err != nil {
					t.Fatal(err)
				}
				continue
			}
			text, err := os.ReadFile(from)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(elsewhere, name), text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if _, again := packed(t, elsewhere); !maps.Equal(again, sums) {
			for name := range sums {
				if sums[name] != again[name] {
					t.Errorf("%s differs", name)
				}
			}
		}
	})
}

func TestPackWithoutPage(t *testing.T) {
	dir := t.TempDir()
	err := pack(t.Context(), options{root, dir, filepath.Join(dir, "dist"), nil})
	if err == nil || !strings.Contains(err.Error(), "make site builds it") {
		t.Errorf("got %v", err)
	}
}
