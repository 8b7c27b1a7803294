package main

import (
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../../.."

// The page's program is made with the stand-ins that there are, by a path that
// says nothing about where it is built.
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

// Every stand-in is in the program, and nothing else of pion but what it is
// worth having.
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

// The page's program has the stand-in for a package of the standard library,
// which brings nothing else along.
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

// What is said of pion/ice is true of it and of what stands in for it.
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
