package main

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../../.."

// The page's go.mod has the existing stand-ins, by paths that do not contain the
// folder of the build.
func TestModules(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"go.mod":                    "module fixture",
		"go.sum":                    "sums",
		standIns[2].dir + "/go.mod": "module stand-in",
	})
	if err := writeModules(dir, filepath.Join(dir, "cache", "page.mod")); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"page.mod": "module fixture\nreplace github.com/pion/ice/v2 => ./internal/site/standin/ice\n",
		"page.sum": "sums",
	}
	if got := read(t, filepath.Join(dir, "cache")); !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The program has every stand-in, and of pion's other packages only the permitted ones.
func TestProgramModules(t *testing.T) {
	modules := filepath.Join(t.TempDir(), "page.mod")
	if err := writeModules(root, modules); err != nil {
		t.Fatal(err)
	}
	output, err := goCommand(t.Context(), root, "list", "-modfile="+modules, "-deps",
		"-f", "{{with .Module}}{{.Path}} {{with .Replace}}{{.Path}}{{end}}{{end}}", "./wasm")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(string(output)) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "github.com/pion/") {
			got = append(got, line)
		}
	}
	want := []string{"github.com/pion/randutil", "github.com/pion/sdp/v3", "github.com/pion/webrtc/v3"}
	for _, s := range standIns {
		want = append(want, s.module+" ./"+s.dir)
	}
	slices.Sort(got)
	slices.Sort(want)
	if got = slices.Compact(got); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// The page's program has the stand-in for a package of the standard library, without
// its imports.
func TestOverlay(t *testing.T) {
	known, err := isKnownGo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !known {
		t.Skip("of another Go the library is taken as it is")
	}
	arguments, err := writeOverlay(t.Context(), root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	listed, err := goCommand(t.Context(), root, append([]string{"list", "-deps"}, append(arguments, "internal/godebug")...)...)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Fields(string(listed)); slices.Contains(got, "internal/bisect") || !slices.Contains(got, "internal/godebug") {
		t.Errorf("it depends on %q", got)
	}
	if arguments, err := writeOverlay(t.Context(), t.TempDir(), t.TempDir()); err != nil || arguments != nil {
		t.Errorf("without a stand-in: %q, %v", arguments, err)
	}
}

// A library that has not the texts which are to be replaced is not taken half edited.
func TestEditLibrary(t *testing.T) {
	library, files := t.TempDir(), map[string]string{}
	for _, e := range standardEdits {
		files[e.file] += strings.Repeat(e.text+"\n", e.times)
	}
	files[standardEdits[0].file] += standardEdits[0].text
	write(t, library, files)
	replace := map[string]string{}
	if err := editLibrary(library, t.TempDir(), replace); err == nil || len(replace) != 0 {
		t.Errorf("%v, and %d files are replaced", err, len(replace))
	}
}

// The tests of the stand-in for pion/ice also pass with pion/ice.
func TestStandIn(t *testing.T) {
	read(t, filepath.Join(root, "internal/site/standin/ice")) // has go test run this again when something changes there
	modules := filepath.Join(t.TempDir(), "page.mod")
	if err := writeModules(root, modules); err != nil {
		t.Fatal(err)
	}
	for name, modfile := range map[string]string{"pion": "", "stand-in": modules} {
		t.Run(name, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), "go", "test", "-modfile="+modfile, "./internal/site/standin/ice/ice_test.go")
			command.Dir = root
			if output, err := command.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, output)
			}
		})
	}
}

// An unknown version of Go builds the page only with --any-go.
func TestUnknownGo(t *testing.T) {
	for version, known := range map[string]bool{
		"go1.26": true, "go1.26.0": true, "go1.26.11": true, "go1.26rc1": true, "go1.26.8 X:nogreenteagc": true, "go1.26-custom": true,
		"go1.25.4": false, "go1.27.0": false, "go1.260": false, "go1.2": false, "go2.1.26": false, "devel go1.27-0123456789": false, "": false,
	} {
		t.Run(version, func(t *testing.T) {
			saysVersion(t, version)
			err := checkGo(t.Context())
			if known != (err == nil) || !known && !errors.Is(err, errUnknownGo) {
				t.Fatalf("known: %v", err)
			}
			for _, said := range []string{version, "go1.26", "GOTOOLCHAIN=go1.26.0", "--any-go"} {
				if !known && !strings.Contains(err.Error(), said) {
					t.Errorf("%q does not say %q", err, said)
				}
			}
		})
	}

	saysVersion(t, "go1.27.0")
	dir := t.TempDir()
	write(t, dir, sources())
	out := filepath.Join(dir, "site")
	args := []string{"--source", dir, "--out", out, "--cache", filepath.Join(dir, "cache"), "--quality", "0"}
	if err := run(t.Context(), args); !errors.Is(err, errUnknownGo) {
		t.Errorf("built by default: %v", err)
	}
	if _, err := os.Stat(out); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a page is left: %v", err)
	}
	if err := run(t.Context(), append(args, "--any-go")); err != nil {
		t.Fatal(err)
	}
	published(t, read(t, out), "web/pushcall.*.wasm")
}

// A Go that fails is not an unknown version, so --any-go does not build with it.
func TestNoGo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if err := checkGo(t.Context()); err == nil || errors.Is(err, errUnknownGo) {
		t.Errorf("without go: %v", err)
	}
	if known, err := isKnownGo(t.Context()); known || err == nil {
		t.Errorf("without go: %v, %v", known, err)
	}
}

// saysVersion puts a go command before the real one in PATH. It reports another
// version, and otherwise runs the real one.
func saysVersion(t *testing.T, version string) {
	real, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script := "#!/bin/sh\nif [ \"$*\" = 'env GOVERSION' ]; then echo '" + version + "'; else exec '" + real + "' \"$@\"; fi\n"
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}
