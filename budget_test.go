package pushcall_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	maxProgram = 875_000 // octets of the page's program, in brotli
	maxWorker  = 24_000  // octets of the service worker, 2 % above its size: a quarter caches the page, a half checks push messages as the page does, a quarter has notifications in all languages
)

// TestProgramSize measures the program in build/site, which make test builds first.
func TestProgramSize(t *testing.T) {
	if os.Getenv("PUSHCALL_TEST_ALL") != "1" {
		t.Skip("what is built may be compressed in haste; make test measures it")
	}
	programs, err := filepath.Glob("build/site/web/pushcall.*.wasm.br")
	if err != nil {
		t.Fatal(err)
	}
	if len(programs) != 1 {
		t.Fatalf("the built page has %d programs", len(programs))
	}
	info, err := os.Stat(programs[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d octets of %d", info.Size(), maxProgram)
	if info.Size() > maxProgram {
		t.Errorf("the program has %d octets in brotli, and may have %d", info.Size(), maxProgram)
	}
}

// TestProgramImports refuses imports that add much to the program for little use.
// pion and other modules also import encoding/json, but the linker drops nearly all
// of it: only using it adds to the program.
func TestProgramImports(t *testing.T) {
	program := list(t, "js", "wasm", "-deps", "./wasm")
	for _, p := range program {
		if p.ImportPath == "net/http" {
			t.Error("the program contains net/http: 870 kB of brotli")
		}
		ours := strings.HasPrefix(p.ImportPath, "pushcall/")
		for _, path := range p.Imports {
			if ours && path == "encoding/json" {
				t.Errorf("%s imports encoding/json: 120 kB of brotli", p.ImportPath)
			}
		}
	}
	if len(program) == 0 {
		t.Error("there is no program")
	}
}

// TestServiceWorkerSize measures the worker's source. The build does not minify it,
// and only adds the 13 octets of a hash to each file name in it.
func TestServiceWorkerSize(t *testing.T) {
	info, err := os.Stat("service-worker.js")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d octets of %d", info.Size(), maxWorker)
	if info.Size() > maxWorker {
		t.Errorf("service-worker.js has %d octets, and may have %d", info.Size(), maxWorker)
	}
}
